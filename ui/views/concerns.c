/* Everything that needs a look, most urgent first; Enter goes where there is more. */
#include "ui/concerns.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "ui/screen.h"
#include "ui/views/views.h"
#include "ui/widgets/document.h"
#include "ui/widgets/viewer.h"
#include <stdlib.h>

struct state {
    struct document document; /* of the last frame */
    struct viewer viewer;
    enum action *where; /* the view that each line of the document leads to */
    size_t count;
};

static void *open_view(const struct scene *scene, const struct view_request *request)
{
    (void)scene;
    (void)request;
    struct state *state = memory_new(sizeof *state);
    document_init(&state->document, 0);
    return state;
}

static void close_view(void *opened)
{
    struct state *state = opened;
    document_release(&state->document);
    viewer_release(&state->viewer);
    free(state->where);
    free(state);
}

/* The lines that were added for one concern all lead to the same place, and its word stands out. */
static void lead(struct state *state, unsigned style, enum action where)
{
    state->where = memory_resize(state->where, state->document.lines.count, sizeof *state->where);
    for (; state->count < state->document.lines.count; state->count++) {
        struct document_line *line = state->document.lines.items[state->count];
        line->label_style = style;
        state->where[state->count] = where;
    }
}

static void make_document(struct state *state, const struct scene *scene, int columns)
{
    struct array concerns;
    concerns_collect(scene, &concerns);
    document_release(&state->document);
    document_init(&state->document, columns);
    state->count = 0;
    for (size_t i = 0; i < concerns.count; i++) {
        const struct concern *concern = concerns.items[i];
        document_field(&state->document, concern->word, STYLE_PLAIN, "%s", concern->text);
        lead(state, concern->style, concern->where);
    }
    if (concerns.count == 0) {
        const char *word = "";
        unsigned style = STYLE_PLAIN;
        struct text text = {0};
        concerns_describe_calm(scene, &word, &style, &text);
        document_field(&state->document, word, STYLE_PLAIN, "%s", text_peek(&text));
        lead(state, style, ACTION_OVERVIEW);
        text_release(&text);
    }
    state->viewer.stale = true;
    array_release(&concerns);
}

static void draw(void *opened, const struct scene *scene, struct canvas *canvas)
{
    struct state *state = opened;
    make_document(state, scene, canvas->area.columns - 2);
    struct canvas inner = canvas_part(canvas, (struct rect){1, 0, canvas->area.rows - 1, canvas->area.columns});
    viewer_draw(&state->viewer, &state->document, &inner, true);
    struct text note = {0};
    viewer_note(&state->viewer, &note);
    canvas_rule(canvas, 0, _("What needs a look"), true, STYLE_DIM, text_peek(&note));
    text_release(&note);
}

static bool act(void *opened, const struct scene *scene, enum action action)
{
    struct state *state = opened;
    if (action == ACTION_OPEN && state->viewer.position < state->count) {
        screen_do(scene->screen, state->where[state->viewer.position]);
        return true;
    }
    return viewer_act(&state->viewer, &state->document, action);
}

const struct view view_concerns = {
    .name = "concerns",
    .scope = SCOPE_LIST,
    .footer = {ACTION_OPEN, ACTION_NONE},
    .open = open_view,
    .close = close_view,
    .draw = draw,
    .act = act,
};
