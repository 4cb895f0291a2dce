/* Components: what differs between the live revision and the target, and how each of them runs. */
#include "base/i18n.h"
#include "base/memory.h"
#include "ui/list_view.h"
#include "ui/screen.h"
#include "ui/theme.h"
#include "ui/views/views.h"
#include "ui/words.h"
#include <string.h>

enum {
    COLUMN_NAME,
    COLUMN_KIND,
    COLUMN_IMAGE,
    COLUMN_NOW,
    COLUMN_TARGET,
    COLUMN_DIFFERENCE,
    COLUMN_READY,
    COLUMN_LIVE
};

static const struct pane_column columns[] = {
    [COLUMN_NAME] = {.title = "", .least = 8, .most = 24},
    [COLUMN_KIND] = {.title = N_("state"), .least = 9, .drop = 2},
    [COLUMN_IMAGE] = {.title = N_("image"), .tail = true, .least = 14, .most = 44, .drop = 3},
    [COLUMN_NOW] = {.title = N_("now"), .least = 8, .drop = 1},
    [COLUMN_TARGET] = {.title = N_("target"), .least = 8, .drop = 1},
    [COLUMN_DIFFERENCE] = {.title = N_("difference"), .least = 14, .most = 40},
    [COLUMN_READY] = {.title = N_("ready"), .least = 5, .right = true},
    [COLUMN_LIVE] = {.title = N_("live"), .least = 7, .most = 48},
};

static size_t count(const struct scene *scene)
{
    return scene->picture->changes != NULL ? scene->picture->changes->component_count : 0;
}

static const struct component_change *change_at(const struct scene *scene, size_t row)
{
    return &scene->picture->changes->components[row];
}

static void key(const struct scene *scene, size_t row, struct text *text)
{
    text_append(text, change_at(scene, row)->identity.name);
}

/* "repository:tag" without the registry's path. */
static const char *short_image(const char *image)
{
    const char *slash = strrchr(image, '/');
    return slash != NULL ? slash + 1 : image;
}

static const char *tag_of(const char *image)
{
    const char *colon = strchr(short_image(image), ':');
    return colon != NULL ? colon + 1 : short_image(image);
}

static void append_images(const struct component_change *change, struct text *text)
{
    const char *from = change->from.present ? change->from.image : "";
    const char *to = change->to.present ? change->to.image : "";
    text_append(text, short_image(from[0] != '\0' ? from : to));
    if (from[0] != '\0' && to[0] != '\0' && !text_equal(from, to))
        text_append_format(text, " → %s", tag_of(to));
}

static void cell_kind(const struct component_identity *identity, struct pane_cell *cell)
{
    if (identity->stateful)
        pane_cell_format(cell, STYLE_STRONG, "%s", _("STATEFUL"));
    else if (identity->restarts_clusters)
        pane_cell_format(cell, STYLE_STRONG, "%s", _("clusters!"));
    else
        pane_cell_format(cell, STYLE_DIM, "%s", _("stateless"));
}

static void cell_difference(const struct component_change *change, struct pane_cell *cell)
{
    const char *word = words_change(change->change);
    bool said = change->change == CHANGE_SAME || change->summary == NULL || change->summary[0] == '\0' ||
                text_equal(change->summary, "changed") || text_equal(change->summary, word);
    cell->style = change->labels_only ? STYLE_INFO : words_change_style(change->change);
    if (change->change == CHANGE_SAME)
        text_append(&cell->text, change->summary != NULL && change->summary[0] != '\0' ? change->summary : word);
    else
        pane_cell_format(cell, cell->style, "%s%s%s", word, said ? "" : " ", said ? "" : change->summary);
}

/* The one thing about what lives that matters most. */
static void cell_live(const struct picture_component *component, struct pane_cell *cell)
{
    bool settled = component->rollout == ROLLOUT_DONE || component->rollout == ROLLOUT_UNKNOWN;
    if (component->part.state == PART_STALE || component->part.state == PART_WAITING)
        pane_cell_format(cell, words_part_style(component->part.state), "%s",
                         component->part.state == PART_STALE ? _("stale") : _("waiting"));
    else if (!settled)
        pane_cell_format(cell, words_rollout_style(component->rollout), "%s%s%s", words_rollout(component->rollout),
                         component->rollout_reason[0] != '\0' ? ": " : "", component->rollout_reason);
    else if (component->stored_hash_wrong)
        pane_cell_format(cell, STYLE_WARN, "%s", _("stored hash WRONG"));
    else if (component->drift == DRIFT_YES)
        pane_cell_format(cell, STYLE_WARN, _("DRIFT: %s"), component->drift_reason);
    else if (component->skewed)
        pane_cell_format(cell, STYLE_WARN, "%s", _("version skew"));
    else if (component->drift == DRIFT_NONE)
        pane_cell_format(cell, STYLE_PLAIN, "%s", _("same"));
    else
        pane_cell_format(cell, STYLE_DIM, "%s", component->part.state == PART_UNUSED ? "-" : _("unknown"));
    cell->unwatched = component->drift == DRIFT_YES;
}

static void cell(const struct scene *scene, size_t row, size_t column, struct pane_cell *cell)
{
    const struct component_change *change = change_at(scene, row);
    const struct picture_component *component = &scene->picture->components[row];
    switch (column) {
    case COLUMN_NAME:
        pane_cell_format(cell, STYLE_STRONG, "%s", change->identity.name);
        break;
    case COLUMN_KIND:
        cell_kind(&change->identity, cell);
        break;
    case COLUMN_IMAGE:
        append_images(change, &cell->text);
        break;
    case COLUMN_NOW:
        words_append_hash(&cell->text, change->from.present ? change->from.config_hash : "");
        break;
    case COLUMN_TARGET:
        words_append_hash(&cell->text, change->to.present ? change->to.config_hash : "");
        cell->style = change->change == CHANGE_SAME ? STYLE_DIM : STYLE_PLAIN;
        break;
    case COLUMN_DIFFERENCE:
        cell_difference(change, cell);
        break;
    case COLUMN_READY:
        words_append_ready(&cell->text, component->ready, component->desired);
        cell->style = component->ready < component->desired ? STYLE_BAD : STYLE_PLAIN;
        break;
    default:
        cell_live(component, cell);
        break;
    }
}

static const struct part *part(const struct scene *scene)
{
    return &scene->picture->components_part;
}

static void empty(const struct scene *scene, struct text *sentence)
{
    if (scene->picture->changes == NULL && scene->picture->target_reason != NULL)
        text_append_format(sentence, _("Nothing to compare: %s"), scene->picture->target_reason);
    else
        text_append(
            sentence,
            _("Neither revision has a component: the playbook names none that is in the manifests, or there is no "
              "Deployment, StatefulSet, DaemonSet or CronJob."));
}

/* ---- detail ---- */

static void describe_fingerprint(struct document *document, const char *label, const struct fingerprint *fingerprint)
{
    if (!fingerprint->present) {
        document_field(document, label, STYLE_DIM, "%s", _("not in this revision"));
        return;
    }
    document_field(document, label, STYLE_PLAIN, "%s",
                   fingerprint->image[0] != '\0' ? fingerprint->image : _("no image"));
    document_field(document, "", STYLE_DIM, _("image %.12s, configuration %.12s"), fingerprint->image_hash,
                   fingerprint->config_hash);
    for (size_t i = 1; i < fingerprint->container_count; i++)
        document_field(document, "", STYLE_DIM, "%s: %s", fingerprint->containers[i].name,
                       fingerprint->containers[i].image);
}

static void describe_fields(struct document *document, const struct field_change *fields, size_t field_count,
                            const char *nothing)
{
    if (field_count == 0)
        document_text(document, STYLE_DIM, "  %s", nothing);
    for (size_t i = 0; i < field_count; i++) {
        document_text(document, STYLE_PLAIN, "  %s", fields[i].path);
        document_text(document, STYLE_REMOVED, "    - %s", fields[i].from != NULL ? fields[i].from : _("(not there)"));
        document_text(document, STYLE_ADDED, "    + %s", fields[i].to != NULL ? fields[i].to : _("(not there)"));
    }
}

static void describe_running(struct document *document, const struct picture_component *component)
{
    for (size_t i = 0; i < component->running_count; i++)
        document_field(document, i == 0 ? _("running") : "", STYLE_PLAIN,
                       ngettext("%d pod: %s %s", "%d pods: %s %s", (unsigned long)component->running[i].pods),
                       component->running[i].pods, component->running[i].image, component->running[i].digest);
    if (component->desired >= 0)
        document_field(document, _("rollout"), words_rollout_style(component->rollout),
                       _("%s: %d of %d ready, %d updated%s%s"), words_rollout(component->rollout), component->ready,
                       component->desired, component->updated, component->rollout_reason[0] != '\0' ? "; " : "",
                       component->rollout_reason);
}

static void describe_drift(struct document *document, const struct picture_component *component)
{
    bool drifted = component->drift == DRIFT_YES;
    const char *otherwise =
        component->drift == DRIFT_NONE ? _("none: it lives as the live revision says") : _("unknown");
    document_field(document, _("drift"), drifted ? STYLE_WARN : STYLE_PLAIN, "%s",
                   component->drift_reason[0] != '\0' ? component->drift_reason : otherwise);
    if (component->stored_hash_wrong)
        document_field(document, _("stored hash"), STYLE_WARN, "%s",
                       _("says something else than the release's record"));
    if (component->skewed)
        document_field(document, _("version"), STYLE_WARN, "%s", _("its tag is not that of the release"));
}

static void detail(const struct scene *scene, size_t row, struct document *document)
{
    const struct change_set *changes = scene->picture->changes;
    const struct component_change *change = change_at(scene, row);
    const struct picture_component *component = &scene->picture->components[row];
    const struct component_identity *identity = &change->identity;
    document_field(document, _("what"), STYLE_PLAIN, "%s, %s%s",
                   identity->title != NULL ? identity->title : identity->name,
                   identity->stateful ? _("stateful") : _("stateless"),
                   identity->restarts_clusters ? _("; a new image restarts every database cluster") : "");
    if (identity->kind != NULL)
        document_field(document, _("workload"), STYLE_PLAIN, "%s %s/%s", identity->kind,
                       identity->namespace != NULL ? identity->namespace : "", identity->workload);
    document_field(document, _("difference"), words_change_style(change->change), "%s%s%s",
                   words_change(change->change), change->summary[0] != '\0' ? ": " : "", change->summary);
    if (change->change != CHANGE_SAME)
        document_field(document, _("risk"), words_risk_style(change->risk), "%s%s%s", words_risk(change->risk),
                       change->risk_reason != NULL ? ": " : "", change->risk_reason != NULL ? change->risk_reason : "");
    CLEANUP_FREE char *now = memory_format(_("now r%d"), changes->from);
    CLEANUP_FREE char *target = memory_format(_("target r%d"), changes->to);
    describe_fingerprint(document, now, &change->from);
    describe_fingerprint(document, target, &change->to);
    describe_running(document, component);
    describe_drift(document, component);
    document_blank(document);
    document_heading(document, _("Fields that differ, r%d (-) → r%d (+)"), changes->from, changes->to);
    describe_fields(document, change->fields, change->field_count, _("none"));
    if (component->drift_field_count > 0) {
        document_blank(document);
        document_heading(document, _("Drift, r%d (-) → what lives (+)"), changes->from);
        describe_fields(document, component->drift_fields, component->drift_field_count, _("none"));
    }
}

const struct pane pane_components = {
    .title = N_("Components"),
    .columns = columns,
    .column_count = LENGTH_OF(columns),
    .count = count,
    .key = key,
    .cell = cell,
    .part = part,
    .empty = empty,
    .detail = detail,
};

/* ---- the view ---- */

static void *open_view(const struct scene *scene, const struct view_request *request)
{
    (void)scene;
    (void)request;
    struct list_view *list = memory_new(sizeof *list);
    list_view_init(list, &pane_components);
    return list;
}

static bool act(void *state, const struct scene *scene, enum action action)
{
    struct list_view *list = state;
    size_t row = 0;
    if (action == ACTION_OPEN && scene->picture != NULL && table_row(&list->table, &row) && row < count(scene)) {
        const struct component_identity *identity = &change_at(scene, row)->identity;
        screen_open_diff(scene->screen, &(struct view_request){.kind = identity->kind, .name = identity->workload});
        return true;
    }
    return list_view_act(list, scene, action);
}

const struct view view_components = {
    .name = "components",
    .number = 2,
    .scope = SCOPE_LIST,
    .footer = {ACTION_DIFF, ACTION_DRIFT, ACTION_NEXT_PANE, ACTION_NONE},
    .open = open_view,
    .close = list_view_close,
    .draw = list_view_draw_state,
    .act = act,
    .filter = list_view_filter_state,
    .filtered_by = list_view_filtered_by,
};
