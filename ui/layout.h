/* Where everything goes: pure functions from the window's size, and from how much there is to show, to rectangles. */
#pragma once

#include <stdbool.h>

#define LAYOUT_ROWS_MIN    24
#define LAYOUT_COLUMNS_MIN 80

struct rect {
    int row;
    int column;
    int rows; /* 0: not shown */
    int columns;
};

struct layout_screen {
    bool too_small; /* the rectangles are then not to be used */
    struct rect header;
    struct rect body;
    struct rect footer;
};

struct layout_screen layout_screen(int rows, int columns);

enum overview_pane {
    OVERVIEW_COMPONENTS,
    OVERVIEW_APIS,
    OVERVIEW_DATABASES,
    OVERVIEW_WORKLOADS,
    OVERVIEW_EVENTS,
    OVERVIEW_PANES,
};

struct layout_overview {
    struct rect concerns;
    struct rect panes[OVERVIEW_PANES]; /* each with its title row */
    struct rect elsewhere;             /* one line that names the panes without room here */
};

/* `needs` are the lines that each pane has to show. Panes side by side from 100 columns on. A pane that gets no useful
 * height is left out. */
void layout_overview(struct rect body, const int needs[OVERVIEW_PANES], struct layout_overview *ret_layout);

/* A list above (with its title), what the pointer is on below; the list gets what it needs, at most two fifths when
 * there is more. */
void layout_split(struct rect body, int list_lines, struct rect *ret_list, struct rect *ret_detail);

/* A box in the middle of the body, so that header and clocks stay visible. */
struct rect layout_dialog(struct rect body, int lines, int columns);
