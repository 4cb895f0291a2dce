/* What differs between two revisions' manifests, or between the live one and what lives: object by object, unchanged
 * lines folded. */
#include "base/i18n.h"
#include "base/memory.h"
#include "session/session.h"
#include "ui/screen.h"
#include "ui/theme.h"
#include "ui/views/views.h"
#include "ui/widgets/document.h"
#include "ui/widgets/viewer.h"
#include "ui/words.h"
#include <stdlib.h>

struct state {
    struct session *session;
    struct screen *screen;
    struct situation *situation;  /* that was asked; it may be gone when the view is closed */
    struct situation_diff *asked; /* NULL: answered */
    bool live;
    int from, to;      /* 0 until known */
    char *kind, *name; /* the object to begin at; NULL: the first */
    bool failed;
    struct error error;
    size_t object_count, added, removed;
    struct document document;
    struct viewer viewer;
};

/* ---- the document ---- */

static void add_object(struct state *state, const struct object_diff *object)
{
    size_t added = 0;
    size_t removed = 0;
    for (size_t i = 0; i < object->line_count; i++) {
        added += object->lines[i].kind == DIFF_ADDED;
        removed += object->lines[i].kind == DIFF_REMOVED;
    }
    const char *namespace = object->namespace != NULL ? object->namespace : "";
    document_heading(&state->document, "%s %s%s%s  %s  +%zu -%zu", object->kind, namespace,
                     namespace[0] != '\0' ? "/" : "", object->name, words_change(object->change), added, removed);
    for (size_t i = 0; i < object->line_count; i++) {
        const struct diff_line *line = &object->lines[i];
        static const char signs[] = {[DIFF_CONTEXT] = ' ', [DIFF_REMOVED] = '-', [DIFF_ADDED] = '+'};
        static const unsigned styles[] = {
            [DIFF_CONTEXT] = STYLE_PLAIN, [DIFF_REMOVED] = STYLE_REMOVED, [DIFF_ADDED] = STYLE_ADDED};
        CLEANUP_FREE char *text = memory_format("%c %s", signs[line->kind], line->text);
        document_add(&state->document, line->kind == DIFF_CONTEXT ? LINE_CONTEXT : LINE_CHANGE, styles[line->kind],
                     text);
    }
    state->added += added;
    state->removed += removed;
}

static void take(struct state *state, const struct object_diffs *diffs)
{
    size_t begin = 0;
    for (size_t i = 0; i < diffs->count; i++) {
        const struct object_diff *object = &diffs->objects[i];
        if (state->name != NULL && text_equal(object->name, state->name) && text_equal(object->kind, state->kind))
            begin = state->document.lines.count;
        add_object(state, object);
    }
    state->object_count = diffs->count;
    viewer_go(&state->viewer, &state->document, begin);
}

static void on_done(struct object_diffs *diffs, int from, int to, const struct error *error, void *context)
{
    struct state *state = context;
    state->asked = NULL;
    if (from > 0)
        state->from = from;
    if (to > 0)
        state->to = to;
    if (diffs != NULL) {
        take(state, diffs);
        object_diffs_free(diffs);
    } else {
        state->failed = true;
        if (error != NULL)
            error_copy(&state->error, error);
    }
    screen_dirty(state->screen);
}

/* ---- life ---- */

static void *open_view(const struct scene *scene, const struct view_request *request)
{
    struct state *state = memory_new(sizeof *state);
    state->session = scene->session;
    state->screen = scene->screen;
    state->live = request->live;
    state->from = request->from;
    state->to = request->to;
    state->kind = memory_text(request->kind);
    state->name = memory_text(request->name);
    state->viewer.folds = true;
    document_init(&state->document, 0);
    state->situation = session_situation(scene->session);
    if (state->situation == NULL) {
        state->failed = true;
        error_set(&state->error, ERROR_NOT_FOUND, _("no release is being watched"));
        return state;
    }
    state->asked = situation_diff_start(state->situation, request->from, request->to, request->live, on_done, state);
    return state;
}

static void close_view(void *opened)
{
    struct state *state = opened;
    /* With its situation the request has gone, too. */
    if (state->asked != NULL && session_situation(state->session) == state->situation)
        situation_diff_cancel(state->asked);
    document_release(&state->document);
    viewer_release(&state->viewer);
    error_release(&state->error);
    free(state->kind);
    free(state->name);
    free(state);
}

/* ---- drawing ---- */

static void append_title(const struct state *state, struct text *title)
{
    if (state->live && state->from > 0)
        text_append_format(title, _("Drift: r%d (-) → what lives (+)"), state->from);
    else if (state->live)
        text_append(title, _("Drift: live revision (-) → what lives (+)"));
    else if (state->from > 0 && state->to > 0)
        text_append_format(title, _("Diff r%d (-) → r%d (+)"), state->from, state->to);
    else
        text_append(title, _("Diff live (-) → target (+)"));
}

static void draw_message(const struct state *state, struct canvas *canvas)
{
    struct document lines;
    document_init(&lines, canvas->area.columns);
    if (state->asked != NULL) {
        document_text(&lines, STYLE_INFO, "%s", _("Comparing …"));
    } else if (state->failed) {
        document_text(&lines, STYLE_BAD, _("This cannot be compared: %s."),
                      state->error.message != NULL ? state->error.message : _("no reason told"));
        if (state->error.hint != NULL)
            document_text(&lines, STYLE_PLAIN, "%s", state->error.hint);
    } else {
        document_text(&lines, STYLE_GOOD, "%s",
                      state->live ? _("Nothing has drifted: every object lives as the live revision's manifest says.")
                                  : _("Nothing differs: the two manifests are equal."));
    }
    for (int row = 0; row < (int)lines.lines.count; row++) {
        const struct document_line *line = document_line(&lines, (size_t)row);
        canvas_text(canvas, row + 1, 1, canvas->area.columns - 1, line->style, line->text);
    }
    document_release(&lines);
}

static void draw(void *opened, const struct scene *scene, struct canvas *canvas)
{
    struct state *state = opened;
    (void)scene;
    struct text title = {0};
    struct text note = {0};
    append_title(state, &title);
    if (state->object_count == 0) {
        draw_message(state, canvas);
    } else {
        struct canvas inner = canvas_part(canvas, (struct rect){1, 0, canvas->area.rows - 1, canvas->area.columns});
        viewer_draw(&state->viewer, &state->document, &inner, true);
        text_append_format(&note, ngettext("%zu object, +%zu -%zu", "%zu objects, +%zu -%zu", state->object_count),
                           state->object_count, state->added, state->removed);
        text_append(&note, " · ");
        viewer_note(&state->viewer, &note);
    }
    canvas_rule(canvas, 0, text_peek(&title), true, STYLE_DIM, text_peek(&note));
    text_release(&title);
    text_release(&note);
}

static bool act(void *opened, const struct scene *scene, enum action action)
{
    struct state *state = opened;
    (void)scene;
    return viewer_act(&state->viewer, &state->document, action);
}

static void filter(void *opened, const struct scene *scene, const char *text, bool kept)
{
    struct state *state = opened;
    (void)scene;
    (void)kept;
    viewer_search(&state->viewer, &state->document, text);
}

static const char *filtered_by(const void *opened)
{
    const struct state *state = opened;
    return state->viewer.wanted != NULL ? state->viewer.wanted : "";
}

const struct view view_diff = {
    .name = "",
    .scope = SCOPE_TEXT,
    .footer = {ACTION_NEXT_CHANGE, ACTION_NEXT_OBJECT, ACTION_FOLD, ACTION_BACK, ACTION_NONE},
    .open = open_view,
    .close = close_view,
    .draw = draw,
    .act = act,
    .filter = filter,
    .filtered_by = filtered_by,
};
