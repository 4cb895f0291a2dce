/* A view: one screenful under the header. One file exports one constant table of these functions; its state is its own.
 */
#pragma once

#include "ui/actions.h"
#include "ui/canvas.h"
#include "ui/scene.h"
#include <stdbool.h>

#define VIEW_FOOTER_MAX 8

/* What an overlay is opened for; borrowed for the call. */
struct view_request {
    int from, to;            /* diff: revisions; 0: live and target */
    bool live;               /* diff: the live revision against what lives */
    const char *kind, *name; /* diff: begin at this object; NULL: at the first */
};

struct view {
    const char *name;                    /* of the action that shows it, too; "" when there is none */
    int number;                          /* in the footer; 0: none */
    bool forced;                         /* the session shows it: there is nowhere else to go */
    enum action_scope scope;             /* which further keys hold */
    enum action footer[VIEW_FOOTER_MAX]; /* its own, the most useful first; ACTION_NONE at the end */
    void *(*open)(const struct scene *scene, const struct view_request *request);
    void (*close)(void *state);
    void (*draw)(void *state, const struct scene *scene, struct canvas *canvas);
    bool (*act)(void *state, const struct scene *scene, enum action action); /* false: it is not for this view */
    /* Filter or search as it is typed; NULL text: forget it. `kept`: Enter was pressed. NULL function: the view has
     * nothing to filter. */
    void (*filter)(void *state, const struct scene *scene, const char *text, bool kept);
    const char *(*filtered_by)(const void *state); /* "" when not filtered */
};
