/* api-versions: which versions of the system's custom resources are in use, and by what evidence. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "command/command.h"
#include "command/gather.h"
#include "command/output.h"
#include "situation/json.h"

static const char *flags_of(const struct picture_api_version *version, struct text *text)
{
    const char *const flags[] = {
        version->served ? NULL : _("not served"), version->storage ? _("storage version") : NULL, version->deprecated ? _("deprecated") : NULL};
    text_clear(text);
    for (size_t i = 0; i < LENGTH_OF(flags); i++)
        if (flags[i] != NULL)
            text_append_format(text, "%s%s", text->size > 0 ? ", " : "", flags[i]);
    return text_peek(text);
}

static const char *ready_word(int ready)
{
    return ready > 0 ? _("yes") : ready == 0 ? _("no") : "-";
}

static void print_objects(struct output *output, const struct picture_api *api)
{
    struct output_table *table = output_table_new(7);
    const char *const titles[] = {_("NAMESPACE"), _("NAME"), _("VERSION"), _("EVIDENCE"), _("READY"), _("READY FOR NEXT"), _("LAST WRITTEN BY")};
    for (size_t i = 0; i < 7; i++)
        output_table_cell(table, OUTPUT_STRONG, titles[i]);
    for (size_t i = 0; i < api->object_count; i++) {
        const struct picture_api_object *object = &api->objects[i];
        output_table_cell(table, OUTPUT_PLAIN, object->namespace);
        output_table_cell(table, OUTPUT_STRONG, object->name);
        output_table_cell(table, OUTPUT_PLAIN, object->version);
        output_table_cell(table, OUTPUT_PLAIN, object->evidence);
        output_table_cell(table, OUTPUT_PLAIN, object->ready);
        output_table_cell(table, OUTPUT_PLAIN, ready_word(object->ready_for_next));
        output_table_cell(table, OUTPUT_PLAIN, object->last_written_by);
    }
    output_table_print(output, table);
}

static void print_api(struct output *output, const struct picture_api *api, const struct picture *picture)
{
    struct text flags = {0};
    output_line(output, "%s", api->crd);
    struct output_table *table = output_table_new(3);
    output_table_right(table, 1);
    const char *const titles[] = {_("VERSION"), _("OBJECTS"), _("STATE")};
    for (size_t i = 0; i < LENGTH_OF(titles); i++)
        output_table_cell(table, OUTPUT_STRONG, titles[i]);
    for (size_t i = 0; i < api->version_count; i++) {
        const struct picture_api_version *version = &api->versions[i];
        output_table_cell(table, OUTPUT_STRONG, version->name);
        output_table_number(table, (long long)version->count);
        output_table_cell(table, version->deprecated ? OUTPUT_ALARM : OUTPUT_PLAIN, flags_of(version, &flags));
    }
    output_table_print(output, table);
    text_release(&flags);
    if (api->object_count > 0) {
        output_line(output, "%s", "");
        print_objects(output, api);
    }
    for (size_t i = 0; api->orphaned != NULL && api->orphaned[i] != NULL; i++)
        output_line(output, _("revision %d does not serve the version of %s"), picture->target_revision, api->orphaned[i]);
}

static bool run(struct command_run *run, struct error *error)
{
    struct session_options options = {.wants = SITUATION_HISTORY | SITUATION_COMPONENTS | SITUATION_APIS};
    struct session *session = NULL;
    if (!command_line_number(run->line, "to", 1, &options.to, error) || !gather(run, &options, &session, error))
        return false;
    const struct picture *picture = session_picture(session);
    bool ok = gather_part(&picture->history_part, error);
    for (size_t i = 0; ok && i < picture->api_count; i++)
        ok = gather_part(&picture->apis[i].part, error);
    if (ok && run->output->json)
        ok = output_json(run->output, situation_json_apis(picture), false, error);
    else if (ok && picture->api_count == 0)
        output_line(run->output, _("This release brings no custom resources, and its playbook names none."));
    for (size_t i = 0; ok && !run->output->json && i < picture->api_count; i++)
        print_api(run->output, &picture->apis[i], picture);
    session_close(session);
    return ok;
}

static const struct command_option options[] = {
    {"to", 0, N_("N"), false, N_("revision whose served versions are compared (default: the proposed target)")},
    {0},
};

const struct command command_api_versions = {
    .name = "api-versions",
    .arguments = "",
    .summary = N_("show which API versions the system's objects use"),
    .options = options,
    .run = run,
};
