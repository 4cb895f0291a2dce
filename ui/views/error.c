/* Why there is nothing to watch, and what to do about it. */
#include "base/i18n.h"
#include "base/memory.h"
#include "session/session.h"
#include "ui/theme.h"
#include "ui/views/views.h"
#include "ui/widgets/document.h"
#include "ui/widgets/viewer.h"
#include <stdlib.h>

struct state {
    struct document document; /* of the last frame */
    struct viewer viewer;
};

static void *open_view(const struct scene *scene, const struct view_request *request)
{
    (void)scene;
    (void)request;
    struct state *state = memory_new(sizeof *state);
    state->viewer.no_pointer = true;
    document_init(&state->document, 0);
    return state;
}

static void close_view(void *opened)
{
    struct state *state = opened;
    document_release(&state->document);
    viewer_release(&state->viewer);
    free(state);
}

static void make_document(struct state *state, const struct scene *scene, int columns)
{
    const struct error *error = session_error(scene->session);
    struct session_identity who = session_identity(scene->session);
    document_release(&state->document);
    document_init(&state->document, columns);
    document_blank(&state->document);
    document_field(&state->document, _("what"), STYLE_BAD, "%s",
                   error != NULL && error->message != NULL ? error->message : _("no reason told"));
    if (error != NULL && error->hint != NULL)
        document_field(&state->document, _("what to do"), STYLE_PLAIN, "%s", error->hint);
    document_blank(&state->document);
    document_field(&state->document, _("context"), STYLE_PLAIN, "%s", who.context);
    document_field(&state->document, _("server"), STYLE_PLAIN, "%s", who.server);
    document_field(&state->document, _("user"), STYLE_PLAIN, "%s", who.user);
    document_field(&state->document, _("namespace"), STYLE_PLAIN, "%s", who.namespace);
    document_field(&state->document, _("release"), STYLE_PLAIN, "%s", who.release);
    if (error != NULL && error->code == ERROR_UNREACHABLE) {
        document_blank(&state->document);
        document_text(&state->document, STYLE_DIM, "%s",
                      _("The console goes on trying; this screen gives way as soon as the server answers."));
    }
    state->viewer.stale = true;
}

static void draw(void *opened, const struct scene *scene, struct canvas *canvas)
{
    struct state *state = opened;
    make_document(state, scene, canvas->area.columns);
    struct canvas inner = canvas_part(canvas, (struct rect){1, 0, canvas->area.rows - 1, canvas->area.columns});
    viewer_draw(&state->viewer, &state->document, &inner, false);
    canvas_rule(canvas, 0, _("Nothing can be watched"), true, STYLE_DIM, "");
}

static bool act(void *opened, const struct scene *scene, enum action action)
{
    struct state *state = opened;
    (void)scene;
    return viewer_act(&state->viewer, &state->document, action);
}

const struct view view_error = {
    .name = "",
    .scope = SCOPE_LIST,
    .forced = true,
    .footer = {ACTION_QUIT, ACTION_NONE},
    .open = open_view,
    .close = close_view,
    .draw = draw,
    .act = act,
};
