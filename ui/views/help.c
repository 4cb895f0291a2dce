/* The keys, from the table of actions and what is bound now, and what the words on the screen mean. */
#include "base/i18n.h"
#include "base/memory.h"
#include "ui/keys.h"
#include "ui/theme.h"
#include "ui/views/views.h"
#include "ui/widgets/document.h"
#include "ui/widgets/viewer.h"
#include <stdlib.h>

#define HELP_LABEL_COLUMNS 20

struct state {
    struct document document;
    struct viewer viewer;
    int columns;
};

/* Words that a person who has never seen the console may stumble over at night. */
static const struct {
    const char *word;
    const char *meaning;
} glossary[] = {
    {N_("live revision"), N_("the newest that may have applied objects, whatever its status says")},
    {N_("target"), N_("the newest earlier revision that was once deployed: where a rollback would go")},
    {N_("now, target"),
     N_("the first digits of the hash over a component's configuration and images in these two revisions")},
    {N_("CHANGED"), N_("the component differs between the two: a rollback would touch it")},
    {N_("labels only"), N_("nothing but labels differ; the pods would restart all the same")},
    {N_("clusters!"), N_("a new image of this component restarts every database cluster")},
    {N_("DRIFT"), N_("what lives is not what the live revision says: somebody changed it by hand")},
    {N_("STALE"), N_("the server has been silent: what is shown was true then, and may not be now")},
    {N_("UNKNOWN"), N_("it cannot be seen, and the reason stands beside it; unknown is not all right")},
    {N_("NOT SERVED"), N_("the target's API does not know this version: its objects would be out of reach")},
    {N_("underlined"), N_("changed within the last three seconds")},
};

static void make_document(struct state *state, const struct keys *keys)
{
    struct document *document = &state->document;
    for (int scope = 0; scope < SCOPE_COUNT; scope++) {
        if (scope > 0)
            document_blank(document);
        document_heading(document, "%s", action_scope_title((enum action_scope)scope));
        for (int action = 0; action < ACTION_COUNT; action++) {
            const struct action_info *info = action_info((enum action)action);
            struct text bound = {0};
            keys_append(keys, (enum action)action, ", ", &bound);
            if (info->scope == (enum action_scope)scope)
                document_field(document, bound.size > 0 ? text_peek(&bound) : "-", STYLE_PLAIN, "%s (:%s)",
                               _(info->help), info->name);
            text_release(&bound);
        }
    }
    document_blank(document);
    document_heading(document, "%s", _("What the words mean"));
    for (size_t i = 0; i < LENGTH_OF(glossary); i++)
        document_field(document, _(glossary[i].word), STYLE_PLAIN, "%s", _(glossary[i].meaning));
}

static void *open_view(const struct scene *scene, const struct view_request *request)
{
    (void)scene;
    (void)request;
    return memory_new(sizeof(struct state));
}

static void close_view(void *opened)
{
    struct state *state = opened;
    document_release(&state->document);
    viewer_release(&state->viewer);
    free(state);
}

static void draw(void *opened, const struct scene *scene, struct canvas *canvas)
{
    struct state *state = opened;
    if (state->columns != canvas->area.columns) {
        state->columns = canvas->area.columns;
        document_release(&state->document);
        document_init(&state->document, state->columns - 2);
        state->document.label_columns = HELP_LABEL_COLUMNS;
        make_document(state, scene->keys);
        state->viewer.stale = true;
    }
    struct canvas inner = canvas_part(canvas, (struct rect){1, 0, canvas->area.rows - 1, canvas->area.columns});
    viewer_draw(&state->viewer, &state->document, &inner, true);
    struct text note = {0};
    viewer_note(&state->viewer, &note);
    canvas_rule(canvas, 0, _("Help"), true, STYLE_DIM, text_peek(&note));
    text_release(&note);
}

static bool act(void *opened, const struct scene *scene, enum action action)
{
    struct state *state = opened;
    (void)scene;
    return action != ACTION_OPEN && viewer_act(&state->viewer, &state->document, action);
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

const struct view view_help = {
    .name = "",
    .scope = SCOPE_TEXT,
    .footer = {ACTION_NEXT_OBJECT, ACTION_BACK, ACTION_NONE},
    .open = open_view,
    .close = close_view,
    .draw = draw,
    .act = act,
    .filter = filter,
    .filtered_by = filtered_by,
};
