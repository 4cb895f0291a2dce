/* All views, one file each, and the panes that more than one of them shows. */
#pragma once

#include "ui/pane.h"
#include "ui/view.h"

extern const struct view view_overview;
extern const struct view view_components;
extern const struct view view_api;
extern const struct view view_history;
extern const struct view view_workloads;
extern const struct view view_databases;
extern const struct view view_events;
extern const struct view view_concerns;
extern const struct view view_diff;   /* over the others */
extern const struct view view_help;   /* over the others */
extern const struct view view_picker; /* while the session asks for a release */
extern const struct view view_error;  /* while the session has failed */

extern const struct pane pane_components;
extern const struct pane pane_apis;
extern const struct pane pane_workloads;
extern const struct pane pane_databases;
extern const struct pane pane_events;

/* Those that a key or ':' goes to, in the order of their numbers. */
size_t views_count(void);
const struct view *views_at(size_t index);
