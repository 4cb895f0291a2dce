/* What most views are: a pane's table above, and what the pointer is on below. */
#pragma once

#include "ui/pane.h"
#include "ui/view.h"
#include "ui/widgets/document.h"
#include "ui/widgets/table.h"
#include "ui/widgets/viewer.h"

/* Embedded in a view's state. */
struct list_view {
    const struct pane *pane;
    struct table table;
    struct document detail; /* of the last frame */
    struct viewer reader;
    char *read;     /* key of the row that `reader` was scrolled for */
    bool in_detail; /* keys go to the detail */
};

void list_view_init(struct list_view *list, const struct pane *pane);
void list_view_release(struct list_view *list);
void list_view_draw(struct list_view *list, const struct scene *scene, struct canvas *canvas);
bool list_view_act(struct list_view *list, const struct scene *scene, enum action action);
void list_view_filter(struct list_view *list, const char *text);

/* The functions of a view that is nothing else but a list; `state` is a struct list_view. */
void list_view_close(void *state);
void list_view_draw_state(void *state, const struct scene *scene, struct canvas *canvas);
bool list_view_act_state(void *state, const struct scene *scene, enum action action);
void list_view_filter_state(void *state, const struct scene *scene, const char *text, bool kept);
const char *list_view_filtered_by(const void *state);
