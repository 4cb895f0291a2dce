/* Every workload of the live revision's manifest. */
#include "base/i18n.h"
#include "base/memory.h"
#include "ui/list_view.h"
#include "ui/theme.h"
#include "ui/views/views.h"
#include "ui/words.h"

enum { COLUMN_NAME, COLUMN_READY, COLUMN_STATE, COLUMN_REASON, COLUMN_KIND, COLUMN_COMPONENT };

static const struct pane_column columns[] = {
    [COLUMN_NAME] = {.title = "", .least = 12, .most = 48},
    [COLUMN_READY] = {.title = N_("ready"), .least = 5, .right = true},
    [COLUMN_STATE] = {.title = N_("state"), .least = 10},
    [COLUMN_REASON] = {.title = N_("why"), .least = 20, .most = 60, .drop = 1},
    [COLUMN_KIND] = {.title = N_("kind"), .least = 11, .drop = 4},
    [COLUMN_COMPONENT] = {.title = N_("component"), .least = 9, .most = 20, .drop = 3},
};

static size_t count(const struct scene *scene)
{
    return scene->picture->workload_count;
}

static void key(const struct scene *scene, size_t row, struct text *text)
{
    const struct picture_workload *workload = &scene->picture->workloads[row];
    text_append_format(text, "%s %s/%s", workload->kind, workload->namespace, workload->name);
}

static void cell(const struct scene *scene, size_t row, size_t column, struct pane_cell *cell)
{
    const struct picture_workload *workload = &scene->picture->workloads[row];
    bool short_of = workload->ready >= 0 && workload->ready < workload->desired;
    switch (column) {
    case COLUMN_NAME:
        pane_cell_format(cell, STYLE_STRONG, "%s", workload->name);
        break;
    case COLUMN_READY:
        words_append_ready(&cell->text, workload->ready, workload->desired);
        cell->style = short_of ? STYLE_BAD : STYLE_PLAIN;
        break;
    case COLUMN_STATE:
        if (workload->part.state != PART_LIVE && workload->part.state != PART_UNUSED) {
            words_append_part(&cell->text, &workload->part, scene->boot_ms);
            cell->style = words_part_style(workload->part.state);
            cell->unwatched = true;
        } else {
            pane_cell_format(cell, words_rollout_style(workload->rollout), "%s", words_rollout(workload->rollout));
        }
        break;
    case COLUMN_REASON:
        text_append(&cell->text, workload->reason);
        break;
    case COLUMN_KIND:
        pane_cell_format(cell, STYLE_DIM, "%s", workload->kind);
        break;
    default:
        pane_cell_format(cell, STYLE_DIM, "%s", workload->component);
        break;
    }
}

/* They come with the components: the manifest names them. */
static const struct part *part(const struct scene *scene)
{
    return &scene->picture->components_part;
}

static void title_note(const struct scene *scene, struct text *note, unsigned *style)
{
    size_t total = scene->picture->workload_count;
    size_t well = 0;
    for (size_t i = 0; i < total; i++) {
        const struct picture_workload *workload = &scene->picture->workloads[i];
        well += workload->rollout == ROLLOUT_DONE && workload->ready >= workload->desired;
    }
    *style = well < total ? STYLE_WARN : STYLE_DIM;
    if (total > 0)
        text_append_format(note, _("%zu of %zu ready"), well, total);
}

static void empty(const struct scene *scene, struct text *sentence)
{
    (void)scene;
    text_append(sentence, _("The live revision's manifest has no Deployment, StatefulSet, DaemonSet or CronJob."));
}

static void detail(const struct scene *scene, size_t row, struct document *document)
{
    const struct picture_workload *workload = &scene->picture->workloads[row];
    document_field(document, _("state"), words_rollout_style(workload->rollout), "%s",
                   words_rollout(workload->rollout));
    document_field(document, _("why"), STYLE_PLAIN, "%s", workload->reason);
    if (workload->desired >= 0)
        document_field(document, _("pods"), STYLE_PLAIN, _("%d of %d ready, %d updated"), workload->ready,
                       workload->desired, workload->updated);
    document_field(document, _("component"), STYLE_PLAIN, "%s", workload->component);
    struct text reason = {0};
    words_append_part_reason(&reason, &workload->part, scene->boot_ms);
    document_field(document, _("data"), words_part_style(workload->part.state), "%s", text_peek(&reason));
    text_release(&reason);
}

const struct pane pane_workloads = {
    .title = N_("Workloads"),
    .columns = columns,
    .column_count = LENGTH_OF(columns),
    .count = count,
    .key = key,
    .cell = cell,
    .part = part,
    .title_note = title_note,
    .empty = empty,
    .detail = detail,
};

static void *open_view(const struct scene *scene, const struct view_request *request)
{
    (void)scene;
    (void)request;
    struct list_view *list = memory_new(sizeof *list);
    list_view_init(list, &pane_workloads);
    return list;
}

const struct view view_workloads = {
    .name = "workloads",
    .scope = SCOPE_LIST,
    .footer = {ACTION_NEXT_PANE, ACTION_NONE},
    .open = open_view,
    .close = list_view_close,
    .draw = list_view_draw_state,
    .act = list_view_act_state,
    .filter = list_view_filter_state,
    .filtered_by = list_view_filtered_by,
};
