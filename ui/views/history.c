/* The release's revisions, newest first, and the facts of their records. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "session/session.h"
#include "ui/list_view.h"
#include "ui/screen.h"
#include "ui/theme.h"
#include "ui/views/views.h"
#include "ui/words.h"
#include <stdlib.h>

enum {
    COLUMN_REVISION,
    COLUMN_MARK,
    COLUMN_STATUS,
    COLUMN_UPDATED,
    COLUMN_CHART,
    COLUMN_APP,
    COLUMN_ONCE,
    COLUMN_DESCRIPTION
};

static const struct pane_column columns[] = {
    [COLUMN_REVISION] = {.title = "", .least = 3, .right = true},
    [COLUMN_MARK] = {.title = "", .least = 6},
    [COLUMN_STATUS] = {.title = N_("status"), .least = 10, .most = 16},
    [COLUMN_UPDATED] = {.title = N_("updated, UTC"), .least = 16, .right = true},
    [COLUMN_CHART] = {.title = N_("chart"), .least = 10, .most = 40, .tail = true, .drop = 2},
    [COLUMN_APP] = {.title = N_("app"), .least = 5, .most = 16, .drop = 4},
    [COLUMN_ONCE] = {.title = N_("once deployed"), .least = 8, .drop = 3},
    [COLUMN_DESCRIPTION] = {.title = N_("description"), .least = 12, .most = 24, .drop = 1},
};

static size_t count(const struct scene *scene)
{
    return scene->picture->revision_count;
}

static const struct picture_revision *revision_at(const struct scene *scene, size_t row)
{
    return &scene->picture->revisions[scene->picture->revision_count - 1 - row];
}

static void key(const struct scene *scene, size_t row, struct text *text)
{
    text_append_format(text, "r%d", revision_at(scene, row)->revision);
}

static unsigned status_style(const struct picture_revision *revision)
{
    if (text_equal(revision->status, "deployed"))
        return STYLE_GOOD;
    return text_equal(revision->status, "superseded") ? STYLE_DIM : STYLE_BAD;
}

static const char *once_word(const struct picture_revision *revision)
{
    if (text_equal(revision->once_deployed, "yes"))
        return _("yes");
    return text_equal(revision->once_deployed, "no") ? _("NO") : _("unproven");
}

static void cell(const struct scene *scene, size_t row, size_t column, struct pane_cell *cell)
{
    const struct picture_revision *revision = revision_at(scene, row);
    switch (column) {
    case COLUMN_REVISION:
        pane_cell_format(cell, STYLE_STRONG, "r%d", revision->revision);
        break;
    case COLUMN_MARK:
        if (revision->live)
            pane_cell_format(cell, STYLE_STRONG, "%s", _("LIVE"));
        else if (revision->target)
            pane_cell_format(cell, STYLE_INFO, "%s", _("target"));
        break;
    case COLUMN_STATUS:
        pane_cell_format(cell, status_style(revision), "%s", revision->status);
        break;
    case COLUMN_UPDATED:
        words_append_time(&cell->text, revision->updated_ms, scene->wall_ms);
        break;
    case COLUMN_CHART:
        text_append(&cell->text, revision->chart != NULL ? revision->chart : "-");
        break;
    case COLUMN_APP:
        text_append(&cell->text, revision->app_version != NULL ? revision->app_version : "-");
        break;
    case COLUMN_ONCE:
        pane_cell_format(cell, text_equal(revision->once_deployed, "yes") ? STYLE_PLAIN : STYLE_WARN, "%s",
                         once_word(revision));
        break;
    default:
        if (revision->error != NULL)
            pane_cell_format(cell, STYLE_BAD, "%s", revision->error);
        else
            text_append(&cell->text, revision->description != NULL ? revision->description : "");
        break;
    }
}

static const struct part *part(const struct scene *scene)
{
    return &scene->picture->history_part;
}

static void title_note(const struct scene *scene, struct text *note, unsigned *style)
{
    *style = STYLE_DIM;
    if (scene->picture->revision_count > 0)
        text_append_format(note, ngettext("%zu revision", "%zu revisions", scene->picture->revision_count),
                           scene->picture->revision_count);
}

static void empty(const struct scene *scene, struct text *sentence)
{
    (void)scene;
    text_append(sentence,
                _("There is no record of this release: it was uninstalled, or Helm keeps its records elsewhere "
                  "(HELM_DRIVER)."));
}

static void describe_place(const struct scene *scene, const struct picture_revision *revision,
                           struct document *document)
{
    if (revision->live)
        document_field(document, _("place"), STYLE_STRONG, "%s", _("LIVE: the newest that may have applied objects"));
    else if (revision->target)
        document_field(document, _("place"), STYLE_INFO, _("target: %s"),
                       scene->picture->target_reason != NULL ? scene->picture->target_reason : "");
    if (revision->content != 0 && revision->content != revision->revision)
        document_field(document, _("content"), STYLE_PLAIN, _("that of r%d, which it rolled back to"),
                       revision->content);
}

static void detail(const struct scene *scene, size_t row, struct document *document)
{
    const struct picture_revision *revision = revision_at(scene, row);
    describe_place(scene, revision, document);
    document_field(document, _("status"), status_style(revision), "%s", revision->status);
    if (revision->updated_ms != CLOCK_UNKNOWN) {
        char time[40] = "";
        struct text ago = {0};
        clock_format(revision->updated_ms, time, sizeof time);
        words_append_ago(&ago, revision->updated_ms, scene->wall_ms);
        document_field(document, _("updated"), STYLE_PLAIN, "%s (%s)", time, text_peek(&ago));
        text_release(&ago);
    }
    if (revision->error != NULL)
        document_field(document, _("damaged"), STYLE_BAD, "%s", revision->error);
    document_field(document, _("chart"), STYLE_PLAIN, "%s",
                   revision->chart != NULL ? revision->chart : _("record not read yet"));
    document_field(document, _("app version"), STYLE_PLAIN, "%s",
                   revision->app_version != NULL ? revision->app_version : "");
    document_field(document, _("description"), STYLE_PLAIN, "%s",
                   revision->description != NULL ? revision->description : "");
    document_field(document, _("applied by"), STYLE_PLAIN, "%s",
                   revision->apply_method != NULL ? revision->apply_method : "");
    document_field(document, _("once deployed"), STYLE_PLAIN, "%s", once_word(revision));
}

static const struct pane pane_history = {
    .title = N_("History"),
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

/* ---- the view ---- */

struct state {
    struct list_view list; /* first: the list's own functions take the state */
    int base;              /* compare from here; 0: the live revision */
};

static void *open_view(const struct scene *scene, const struct view_request *request)
{
    (void)request;
    struct state *state = memory_new(sizeof *state);
    struct situation *situation = session_situation(scene->session);
    if (situation != NULL)
        situation_want_facts(situation);
    list_view_init(&state->list, &pane_history);
    return state;
}

static void compare(const struct state *state, const struct scene *scene, int revision)
{
    int from = state->base != 0 ? state->base : scene->picture->live_revision;
    if (from == revision)
        screen_open_diff(scene->screen,
                         &(struct view_request){0}); /* itself with itself says nothing: live and target then */
    else
        screen_open_diff(scene->screen, &(struct view_request){.from = from, .to = revision});
}

static bool act(void *opened, const struct scene *scene, enum action action)
{
    struct state *state = opened;
    size_t row = 0;
    bool pointed = scene->picture != NULL && table_row(&state->list.table, &row) && row < count(scene);
    if (action == ACTION_OPEN && pointed) {
        compare(state, scene, revision_at(scene, row)->revision);
        return true;
    }
    if (action == ACTION_BASE && pointed) {
        int revision = revision_at(scene, row)->revision;
        state->base = state->base == revision ? 0 : revision;
        if (state->base != 0)
            screen_say(scene->screen, _("Comparing from r%d now; Enter on another revision shows the difference."),
                       revision);
        else
            screen_say(scene->screen, _("Comparing from the live revision again."));
        return true;
    }
    return list_view_act(&state->list, scene, action);
}

const struct view view_history = {
    .name = "history",
    .number = 4,
    .scope = SCOPE_LIST,
    .footer = {ACTION_BASE, ACTION_DRIFT, ACTION_NEXT_PANE, ACTION_NONE},
    .open = open_view,
    .close = list_view_close,
    .draw = list_view_draw_state,
    .act = act,
    .filter = list_view_filter_state,
    .filtered_by = list_view_filtered_by,
};
