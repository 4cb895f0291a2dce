/* hashes: a fingerprint per component at two revisions and live, and what differs. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "command/command.h"
#include "command/gather.h"
#include "command/output.h"
#include "session/hash_store.h"
#include "situation/json.h"

enum { SHORT_HASH = 8 };

static void short_hash(struct output_table *table, const struct fingerprint *fingerprint)
{
    CLEANUP_FREE char *text = fingerprint->present ? memory_text_part(fingerprint->config_hash, SHORT_HASH) : NULL;
    output_table_cell(table, OUTPUT_PLAIN, text);
}

static const char *live_word(const struct component_change *change, const struct picture_component *component)
{
    if (component->drift == DRIFT_YES)
        return _("drift");
    if (!component->live.present)
        return component->part.state == PART_UNKNOWN ? _("unknown") : "-";
    /* What lives in values shows in its pods by its image alone. */
    bool same = change->identity.values == NULL ? text_equal(component->live.config_hash, change->from.config_hash)
                                                : text_equal(component->live.image_hash, change->from.image_hash);
    return same ? _("same") : _("differs");
}

static void print_row(struct output_table *table, const struct component_change *change, const struct picture_component *component)
{
    bool changed = change->change != CHANGE_SAME;
    output_table_cell(table, OUTPUT_STRONG, change->identity.name);
    output_table_cell(table, OUTPUT_PLAIN, change->identity.stateful ? _("stateful") : _("stateless"));
    short_hash(table, &change->from);
    short_hash(table, &change->to);
    output_table_cell(table, OUTPUT_PLAIN, live_word(change, component));
    output_table_cell(table, changed ? OUTPUT_ALARM : OUTPUT_PLAIN, change_kind_name(change->change));
    output_table_cell(table, OUTPUT_PLAIN, changed ? risk_name(change->risk) : "");
    output_table_cell(table, OUTPUT_PLAIN, changed || change->labels_only ? change->summary : NULL);
}

static void print_fields(struct output *output, const struct component_change *change)
{
    for (size_t i = 0; i < change->field_count; i++) {
        const struct field_change *field = &change->fields[i];
        CLEANUP_FREE char *path = text_clean(field->path, false, 0);
        CLEANUP_FREE char *from = text_clean(field->from != NULL ? field->from : _("(absent)"), false, 200);
        CLEANUP_FREE char *to = text_clean(field->to != NULL ? field->to : _("(absent)"), false, 200);
        output_line(output, "  %s %s: %s → %s", change->identity.name, path, from, to);
    }
}

static void print_others(struct output *output, const struct change_set *changes)
{
    if (changes->other_count > 0)
        output_line(output, "\n%s", _("Other objects that differ:"));
    for (size_t i = 0; i < changes->other_count; i++) {
        const struct object_change *other = &changes->others[i];
        CLEANUP_FREE char *name = text_clean(other->name, false, 0);
        output_line(output, "  %s %s: %s", other->kind, name, change_kind_name(other->change));
    }
}

static void print(struct output *output, const struct picture *picture)
{
    const struct change_set *changes = picture->changes;
    if (changes->to != 0)
        output_line(output, _("Revision %d → %d. %s"), changes->from, changes->to, picture->to_reason);
    else
        output_line(output, _("Revision %d, compared with none. %s"), changes->from, picture->to_reason);
    struct output_table *table = output_table_new(8);
    const char *const titles[] = {_("COMPONENT"), _("STATE"), _("FROM"), _("TO"), _("LIVE"), _("CHANGE"), _("RISK"), _("WHAT")};
    for (size_t i = 0; i < LENGTH_OF(titles); i++)
        output_table_cell(table, OUTPUT_STRONG, titles[i]);
    for (size_t i = 0; i < changes->component_count; i++)
        print_row(table, &changes->components[i], &picture->components[i]);
    output_table_print(output, table);
    for (size_t i = 0; i < changes->component_count; i++)
        print_fields(output, &changes->components[i]);
    print_others(output, changes);
    if (picture->skew != NULL && picture->skew[0] != '\0')
        output_line(output, "\n%s", picture->skew);
    if (changes->equal)
        output_line(output, "\n%s", _("The two manifests are equal."));
}

/* --store writes the ConfigMaps of every revision that can be decoded; --prune keeps the newest N of them. What was done before a failure is told. */
static bool keep_hashes(struct command_run *run, struct session *session, int keep, struct hash_store_result *stored, struct error *error)
{
    bool store = command_line_has(run->line, "store");
    bool ok = gather_part(&session_picture(session)->hashes_part, error) &&
              (!store || hash_store_write(session, run->loop, keep, stored, error)) &&
              (keep == 0 || hash_store_prune(session, run->loop, keep, stored, error));
    if (!ok && stored->written + stored->deleted > 0)
        error_hint(error, _("before that, %d were written and %d deleted; the same command goes on from there"), stored->written, stored->deleted);
    if (ok && !run->output->json)
        output_line(run->output, _("Hash ConfigMaps: %d written, %d already right, %d deleted."), stored->written, stored->unchanged,
                    stored->deleted);
    return ok;
}

static json_t *to_json(struct session *session, const struct hash_store_result *stored)
{
    const struct session_identity identity = session_identity(session);
    json_t *document = situation_json_hashes(session_picture(session), identity.release, identity.namespace);
    if (stored != NULL)
        json_object_set_new(document, "stored", json_pack("{s:i, s:i, s:i}", "written", stored->written, "unchanged", stored->unchanged, "deleted",
                                                          stored->deleted));
    return document;
}

static bool no_changes(const struct picture *picture, struct error *error)
{
    error_set(error, ERROR_NOT_FOUND, _("there is no revision to compare with: %s"), picture->target_reason);
    return error_hint(error, _("name one with --to N; 'rollback-console history' lists them"));
}

static bool run(struct command_run *run, struct error *error)
{
    bool store = command_line_has(run->line, "store");
    struct session_options options = {
        .wants = SITUATION_HISTORY | SITUATION_COMPONENTS | SITUATION_LIVE | SITUATION_STORED_HASHES,
        .decode_all = store,
    };
    int keep = 0;
    struct session *session = NULL;
    if (!command_line_number(run->line, "from", 1, &options.from, error) || !command_line_number(run->line, "to", 1, &options.to, error) ||
        !command_line_number(run->line, "prune", 1, &keep, error) || !gather(run, &options, &session, error))
        return false;
    const struct picture *picture = session_picture(session);
    struct hash_store_result stored = {0};
    bool keeps = store || keep > 0; /* also where there is nothing to compare: a first revision's hashes are worth keeping */
    bool ok = gather_part(&picture->history_part, error) && (!keeps || keep_hashes(run, session, keep, &stored, error));
    if (ok && !(keeps && picture->changes == NULL))
        ok = gather_part(&picture->components_part, error) && (picture->changes != NULL || no_changes(picture, error));
    if (ok && run->output->json)
        ok = output_json(run->output, to_json(session, keeps ? &stored : NULL), false, error);
    else if (ok && picture->changes != NULL)
        print(run->output, picture);
    session_close(session);
    return ok;
}

static const struct command_option options[] = {
    {"from", 0, N_("N"), false, N_("revision to compare (default: the one that lives)")},
    {"to", 0, N_("N"), false, N_("revision to compare with (default: the proposed target)")},
    {"store", 0, NULL, false, N_("write the hashes of every stored revision into ConfigMaps")},
    {"prune", 0, N_("N"), false, N_("keep the hash ConfigMaps of the newest N revisions only")},
    {0},
};

const struct command command_hashes = {
    .name = "hashes",
    .arguments = "",
    .summary = N_("compare the components of two revisions by their hashes"),
    .options = options,
    .run = run,
};
