/* Kubernetes events about the release's objects, newest first. */
#include "base/i18n.h"
#include "base/memory.h"
#include "ui/list_view.h"
#include "ui/theme.h"
#include "ui/views/views.h"
#include "ui/words.h"

enum { COLUMN_TIME, COLUMN_KIND, COLUMN_REASON, COLUMN_MESSAGE, COLUMN_OBJECT, COLUMN_TIMES };

static const struct pane_column columns[] = {
    [COLUMN_TIME] = {.title = "", .least = 5, .right = true},
    [COLUMN_KIND] = {.title = "", .least = 7},
    [COLUMN_REASON] = {.title = N_("reason"), .least = 12, .most = 18},
    [COLUMN_MESSAGE] = {.title = N_("message"), .least = 16, .most = 60},
    [COLUMN_OBJECT] = {.title = N_("object"), .least = 12, .most = 44, .drop = 3},
    [COLUMN_TIMES] = {.title = N_("times"), .least = 5, .right = true, .drop = 4},
};

static size_t count(const struct scene *scene)
{
    return scene->picture->event_count;
}

static void key(const struct scene *scene, size_t row, struct text *text)
{
    const struct picture_event *event = &scene->picture->events[row];
    text_append_format(text, "%s %s %s %s", event->namespace, event->object, event->reason, event->message);
}

static void cell(const struct scene *scene, size_t row, size_t column, struct pane_cell *cell)
{
    const struct picture_event *event = &scene->picture->events[row];
    switch (column) {
    case COLUMN_TIME:
        words_append_time(&cell->text, event->last_ms, scene->wall_ms);
        break;
    case COLUMN_KIND:
        pane_cell_format(cell, STYLE_WARN, "%s", event->warning ? _("Warning") : "");
        break;
    case COLUMN_REASON:
        text_append(&cell->text, event->reason);
        break;
    case COLUMN_MESSAGE:
        text_append(&cell->text, event->message);
        break;
    case COLUMN_OBJECT:
        pane_cell_format(cell, STYLE_DIM, "%s", event->object);
        break;
    default:
        pane_cell_format(cell, STYLE_DIM, "%d", event->count);
        break;
    }
}

static const struct part *part(const struct scene *scene)
{
    return &scene->picture->events_part;
}

static void empty(const struct scene *scene, struct text *sentence)
{
    (void)scene;
    text_append(sentence, _("Kubernetes has no event about these objects; it keeps events for an hour."));
}

static void detail(const struct scene *scene, size_t row, struct document *document)
{
    const struct picture_event *event = &scene->picture->events[row];
    struct text when = {0};
    words_append_time(&when, event->last_ms, scene->wall_ms);
    text_append(&when, " UTC, ");
    words_append_ago(&when, event->last_ms, scene->wall_ms);
    document_field(document, _("last seen"), STYLE_PLAIN, "%s", text_peek(&when));
    document_field(document, _("times"), STYLE_PLAIN, "%d", event->count);
    document_field(document, _("object"), STYLE_PLAIN, "%s %s %s", event->object, _("in"), event->namespace);
    document_field(document, _("reason"), event->warning ? STYLE_WARN : STYLE_PLAIN, "%s", event->reason);
    document_field(document, _("message"), STYLE_PLAIN, "%s", event->message);
    text_release(&when);
}

const struct pane pane_events = {
    .title = N_("Events"),
    .columns = columns,
    .column_count = LENGTH_OF(columns),
    .count = count,
    .key = key,
    .cell = cell,
    .part = part,
    .empty = empty,
    .detail = detail,
};

static void *open_view(const struct scene *scene, const struct view_request *request)
{
    (void)scene;
    (void)request;
    struct list_view *list = memory_new(sizeof *list);
    list_view_init(list, &pane_events);
    return list;
}

const struct view view_events = {
    .name = "events",
    .scope = SCOPE_LIST,
    .footer = {ACTION_NEXT_PANE, ACTION_NONE},
    .open = open_view,
    .close = list_view_close,
    .draw = list_view_draw_state,
    .act = list_view_act_state,
    .filter = list_view_filter_state,
    .filtered_by = list_view_filtered_by,
};
