/* Which release? All that were found, those that a playbook knows first. */
#include "base/i18n.h"
#include "base/memory.h"
#include "session/session.h"
#include "ui/list_view.h"
#include "ui/theme.h"
#include "ui/views/views.h"
#include "ui/words.h"

enum { COLUMN_NAME, COLUMN_REVISION, COLUMN_STATUS, COLUMN_UPDATED, COLUMN_PLAYBOOK };

static const struct pane_column columns[] = {
    [COLUMN_NAME] = {.title = "", .least = 24, .most = 80},
    [COLUMN_REVISION] = {.title = N_("revision"), .least = 4, .right = true, .drop = PANE_DROP_NICE},
    [COLUMN_STATUS] = {.title = N_("status"), .least = 15},
    [COLUMN_UPDATED] = {.title = N_("updated, UTC"), .least = 16, .right = true},
    [COLUMN_PLAYBOOK] = {.title = N_("playbook"), .least = 10, .most = 24, .drop = 1},
};

static size_t count(const struct scene *scene)
{
    return session_release_count(scene->session);
}

static void key(const struct scene *scene, size_t row, struct text *text)
{
    struct session_release release = session_release_at(scene->session, row);
    text_append_format(text, "%s/%s", release.namespace, release.name);
}

static void cell(const struct scene *scene, size_t row, size_t column, struct pane_cell *cell)
{
    struct session_release release = session_release_at(scene->session, row);
    switch (column) {
    case COLUMN_NAME:
        pane_cell_format(cell, STYLE_STRONG, "%s/%s", release.namespace, release.name);
        break;
    case COLUMN_REVISION:
        pane_cell_format(cell, STYLE_PLAIN, "r%d", release.revision);
        break;
    case COLUMN_STATUS:
        pane_cell_format(cell, text_equal(release.status, "deployed") ? STYLE_GOOD : STYLE_BAD, "%s", release.status);
        break;
    case COLUMN_UPDATED:
        words_append_time(&cell->text, release.updated_ms, scene->wall_ms);
        break;
    default:
        pane_cell_format(cell, STYLE_INFO, "%s", release.playbook);
        break;
    }
}

static void empty(const struct scene *scene, struct text *sentence)
{
    const struct error *error = session_error(scene->session);
    if (error != NULL && error->message != NULL)
        text_append_format(sentence, "%s. %s", error->message, error->hint != NULL ? error->hint : "");
    else
        text_append(sentence, _("No Helm release was found. One that Helm installs appears here by itself."));
}

static const struct pane pane_releases = {
    .title = N_("Which release?"),
    .of_session = true,
    .columns = columns,
    .column_count = LENGTH_OF(columns),
    .count = count,
    .key = key,
    .cell = cell,
    .empty = empty,
};

static void *open_view(const struct scene *scene, const struct view_request *request)
{
    (void)scene;
    (void)request;
    struct list_view *list = memory_new(sizeof *list);
    list_view_init(list, &pane_releases);
    return list;
}

static bool act(void *state, const struct scene *scene, enum action action)
{
    struct list_view *list = state;
    size_t row = 0;
    table_update(&list->table, &pane_releases, scene);
    if (action != ACTION_OPEN)
        return list_view_act(list, scene, action);
    if (table_row(&list->table, &row))
        session_choose(scene->session, row);
    return true;
}

const struct view view_picker = {
    .name = "",
    .scope = SCOPE_LIST,
    .forced = true,
    .footer = {ACTION_OPEN, ACTION_QUIT, ACTION_NONE},
    .open = open_view,
    .close = list_view_close,
    .draw = list_view_draw_state,
    .act = act,
    .filter = list_view_filter_state,
    .filtered_by = list_view_filtered_by,
};
