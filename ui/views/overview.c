/* Everything about the release on one screen, what needs a look on top. */
#include "base/i18n.h"
#include "base/memory.h"
#include "ui/concerns.h"
#include "ui/keys.h"
#include "ui/screen.h"
#include "ui/theme.h"
#include "ui/views/views.h"
#include "ui/widgets/table.h"
#include <stdlib.h>

static const struct {
    const struct pane *pane;
    enum action opens;
} shown[OVERVIEW_PANES] = {
    [OVERVIEW_COMPONENTS] = {&pane_components, ACTION_COMPONENTS},
    [OVERVIEW_APIS] = {&pane_apis, ACTION_API},
    [OVERVIEW_DATABASES] = {&pane_databases, ACTION_DATABASES},
    [OVERVIEW_WORKLOADS] = {&pane_workloads, ACTION_WORKLOADS},
    [OVERVIEW_EVENTS] = {&pane_events, ACTION_EVENTS},
};

struct state {
    struct table tables[OVERVIEW_PANES];
    enum overview_pane focus;
    bool visible[OVERVIEW_PANES];
};

static void *open_view(const struct scene *scene, const struct view_request *request)
{
    (void)scene;
    (void)request;
    struct state *state = memory_new(sizeof *state);
    for (int pane = 0; pane < OVERVIEW_PANES; pane++)
        state->visible[pane] = true;
    return state;
}

static void close_view(void *opened)
{
    struct state *state = opened;
    for (int pane = 0; pane < OVERVIEW_PANES; pane++)
        table_release(&state->tables[pane]);
    free(state);
}

/* ---- the lines on top ---- */

#define WORD_COLUMNS 13 /* so that the sentences stand under each other */

static void draw_line(struct canvas *canvas, int row, const char *word, unsigned style, const char *text,
                      const char *more)
{
    int columns = canvas->area.columns;
    int at = 1 + canvas_text(canvas, row, 1, columns - 1, style, word) + 2;
    at = at < WORD_COLUMNS ? WORD_COLUMNS : at;
    int room = columns - at - 1 - (more[0] != '\0' ? text_width(more) + 2 : 0);
    canvas_text(canvas, row, at, room, STYLE_PLAIN, text);
    canvas_right(canvas, row, at, columns - at - 1, STYLE_KEY, more);
}

static void append_more(const struct scene *scene, size_t count, struct text *more)
{
    if (count == 0)
        return;
    text_append_format(more, _("+%zu more "), count);
    struct text key = {0};
    keys_append_first(scene->keys, ACTION_CONCERNS, &key);
    if (key.size > 0)
        text_append_format(more, "(%s)", text_peek(&key));
    text_release(&key);
}

/* Always the same number of lines, so that what is below does not move. */
static void draw_concerns(const struct scene *scene, struct canvas *canvas)
{
    struct array concerns;
    struct text text = {0};
    struct text more = {0};
    const char *word = "";
    unsigned style = STYLE_PLAIN;
    size_t room = (size_t)canvas->area.rows - 1;
    concerns_collect(scene, &concerns);
    for (size_t i = 0; i < room && i < concerns.count; i++) {
        const struct concern *concern = concerns.items[i];
        if (i + 1 == room)
            append_more(scene, concerns.count - room, &more);
        draw_line(canvas, (int)i, concern->word, concern->style, concern->text, text_peek(&more));
    }
    if (concerns.count == 0) {
        concerns_describe_calm(scene, &word, &style, &text);
        draw_line(canvas, 0, word, style, text_peek(&text), "");
        text_clear(&text);
    }
    concerns_describe_change(scene, &word, &style, &text);
    draw_line(canvas, canvas->area.rows - 1, word, style, text_peek(&text), "");
    text_release(&text);
    text_release(&more);
    array_release(&concerns);
}

/* ---- panes ---- */

/* "elsewhere: workloads (w) 5 of 5 ready": what has no room here is still told in a word. */
static void draw_elsewhere(const struct state *state, const struct scene *scene, struct canvas *canvas)
{
    struct text line = {0};
    for (int pane = 0; pane < OVERVIEW_PANES; pane++) {
        if (state->visible[pane])
            continue;
        struct text note = {0};
        unsigned style = STYLE_DIM;
        if (scene->picture != NULL && shown[pane].pane->title_note != NULL)
            shown[pane].pane->title_note(scene, &note, &style);
        if (line.size > 0)
            text_append(&line, "   ");
        keys_append_first(scene->keys, shown[pane].opens, &line);
        text_append_format(&line, " %s", _(shown[pane].pane->title));
        if (note.size > 0)
            text_append_format(&line, ": %s", text_peek(&note));
        text_release(&note);
    }
    int at = canvas_text(canvas, 0, 1, canvas->area.columns - 1, STYLE_DIM, _("also: ")) + 1;
    canvas_text(canvas, 0, at, canvas->area.columns - at, STYLE_PLAIN, text_peek(&line));
    text_release(&line);
}

static void draw(void *opened, const struct scene *scene, struct canvas *canvas)
{
    struct state *state = opened;
    int needs[OVERVIEW_PANES];
    struct layout_overview layout;
    for (int pane = 0; pane < OVERVIEW_PANES; pane++) {
        table_update(&state->tables[pane], shown[pane].pane, scene);
        /* An empty pane gets two lines to say why. */
        needs[pane] = state->tables[pane].total > 0 ? (int)state->tables[pane].total : 2;
    }
    layout_overview(canvas_whole(canvas), needs, &layout);
    for (int pane = 0; pane < OVERVIEW_PANES; pane++)
        state->visible[pane] = layout.panes[pane].rows > 0;
    if (!state->visible[state->focus])
        state->focus = OVERVIEW_COMPONENTS;
    struct canvas top = canvas_part(canvas, layout.concerns);
    draw_concerns(scene, &top);
    for (int pane = 0; pane < OVERVIEW_PANES; pane++) {
        struct canvas part = canvas_part(canvas, layout.panes[pane]);
        bool focused = (int)state->focus == pane;
        if (state->visible[pane])
            pane_draw(shown[pane].pane, &state->tables[pane], scene, &part, focused, focused);
    }
    if (layout.elsewhere.rows > 0) {
        struct canvas line = canvas_part(canvas, layout.elsewhere);
        draw_elsewhere(state, scene, &line);
    }
}

static void move_focus(struct state *state, int by)
{
    do
        state->focus = (enum overview_pane)(((int)state->focus + OVERVIEW_PANES + by) % OVERVIEW_PANES);
    while (!state->visible[state->focus]);
}

static bool act(void *opened, const struct scene *scene, enum action action)
{
    struct state *state = opened;
    switch (action) {
    case ACTION_NEXT_PANE:
    case ACTION_RIGHT:
        move_focus(state, 1);
        return true;
    case ACTION_PREVIOUS_PANE:
    case ACTION_LEFT:
        move_focus(state, -1);
        return true;
    case ACTION_OPEN:
        screen_do(scene->screen, shown[state->focus].opens);
        return true;
    default:
        table_update(&state->tables[state->focus], shown[state->focus].pane, scene);
        return table_act(&state->tables[state->focus], shown[state->focus].pane, scene, action);
    }
}

static void filter(void *opened, const struct scene *scene, const char *text, bool kept)
{
    struct state *state = opened;
    (void)scene;
    (void)kept;
    table_filter(&state->tables[state->focus], text);
}

static const char *filtered_by(const void *opened)
{
    const struct state *state = opened;
    const char *text = state->tables[state->focus].filter;
    return text != NULL ? text : "";
}

const struct view view_overview = {
    .name = "overview",
    .number = 1,
    .scope = SCOPE_LIST,
    .footer = {ACTION_OPEN, ACTION_NEXT_PANE, ACTION_NONE},
    .open = open_view,
    .close = close_view,
    .draw = draw,
    .act = act,
    .filter = filter,
    .filtered_by = filtered_by,
};
