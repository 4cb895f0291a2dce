/* Rectangles out of sizes; nothing here knows what is drawn in them. */
#include "ui/layout.h"
#include <string.h>

#define HEADER_ROWS          2
#define FOOTER_ROWS          1
#define SIDE_BY_SIDE_COLUMNS 100
#define GAP_COLUMNS          1

static int least(int a, int b)
{
    return a < b ? a : b;
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

static int between(int low, int value, int high)
{
    return most(low, least(value, high));
}

struct layout_screen layout_screen(int rows, int columns)
{
    struct layout_screen screen = {.too_small = rows < LAYOUT_ROWS_MIN || columns < LAYOUT_COLUMNS_MIN};
    if (screen.too_small)
        return screen;
    screen.header = (struct rect){0, 0, HEADER_ROWS, columns};
    screen.body = (struct rect){HEADER_ROWS, 0, rows - HEADER_ROWS - FOOTER_ROWS, columns};
    screen.footer = (struct rect){rows - FOOTER_ROWS, 0, FOOTER_ROWS, columns};
    return screen;
}

/* APIs and workloads on the left, databases beside them, events over the whole width below: their messages are long. */
static void side_by_side(struct rect rest, const int needs[OVERVIEW_PANES], struct layout_overview *layout)
{
    int left = rest.columns * 48 / 100;
    int right = rest.columns - left - GAP_COLUMNS;
    int apis = 1 + most(2, needs[OVERVIEW_APIS]);
    int workloads = 1 + most(2, needs[OVERVIEW_WORKLOADS]);
    int events = 1 + between(2, needs[OVERVIEW_EVENTS], rest.rows / 2 - 1);
    int band = least(most(apis + workloads, 1 + needs[OVERVIEW_DATABASES]), rest.rows - events);
    apis = between(3, apis, most(band / 2, band - workloads));
    workloads = band - apis;
    events = rest.rows - band;
    layout->panes[OVERVIEW_APIS] = (struct rect){rest.row, rest.column, apis, left};
    layout->panes[OVERVIEW_WORKLOADS] = (struct rect){rest.row + apis, rest.column, workloads, left};
    layout->panes[OVERVIEW_DATABASES] = (struct rect){rest.row, rest.column + left + GAP_COLUMNS, band, right};
    layout->panes[OVERVIEW_EVENTS] = (struct rect){rest.row + band, rest.column, events, rest.columns};
}

/* One below the other: the most important ones that fit, then spare lines to who needs them, in the same order. */
static void one_column(struct rect rest, const int needs[OVERVIEW_PANES], struct layout_overview *layout)
{
    static const enum overview_pane importance[] = {OVERVIEW_APIS, OVERVIEW_EVENTS, OVERVIEW_DATABASES,
                                                    OVERVIEW_WORKLOADS};
    int heights[OVERVIEW_PANES] = {0};
    int count = (int)(sizeof importance / sizeof importance[0]);
    int smallest = 0;
    for (int i = 0; i < count; i++)
        smallest += 1 + between(1, needs[importance[i]], 3);
    bool all = smallest <= rest.rows;
    int available = all ? rest.rows : rest.rows - 1;
    for (int i = 0; i < count; i++) {
        int height = 1 + between(1, needs[importance[i]], 3);
        if (height > available)
            break;
        heights[importance[i]] = height;
        available -= height;
    }
    for (int i = 0; i < count && available > 0; i++) {
        enum overview_pane pane = importance[i];
        int more = heights[pane] > 0 ? between(0, 1 + needs[pane] - heights[pane], available) : 0;
        heights[pane] += more;
        available -= more;
    }
    heights[OVERVIEW_EVENTS] += heights[OVERVIEW_EVENTS] > 0 ? available : 0;
    int row = rest.row;
    for (int pane = OVERVIEW_APIS; pane < OVERVIEW_PANES; pane++)
        if (heights[pane] > 0) {
            layout->panes[pane] = (struct rect){row, rest.column, heights[pane], rest.columns};
            row += heights[pane];
        }
    if (!all)
        layout->elsewhere = (struct rect){rest.row + rest.rows - 1, rest.column, 1, rest.columns};
}

void layout_overview(struct rect body, const int needs[OVERVIEW_PANES], struct layout_overview *ret_layout)
{
    struct layout_overview layout;
    memset(&layout, 0, sizeof layout);
    int concerns = body.rows >= 33 ? 4 : 2;
    layout.concerns = (struct rect){body.row, body.column, concerns, body.columns};
    int components = 1 + between(1, needs[OVERVIEW_COMPONENTS], body.rows / 3);
    layout.panes[OVERVIEW_COMPONENTS] = (struct rect){body.row + concerns, body.column, components, body.columns};
    struct rect rest = {body.row + concerns + components, body.column, body.rows - concerns - components, body.columns};
    if (body.columns >= SIDE_BY_SIDE_COLUMNS)
        side_by_side(rest, needs, &layout);
    else
        one_column(rest, needs, &layout);
    *ret_layout = layout;
}

void layout_split(struct rect body, int list_lines, struct rect *ret_list, struct rect *ret_detail)
{
    int list = 1 + between(1, list_lines, most(3, body.rows * 2 / 5));
    *ret_list = (struct rect){body.row, body.column, list, body.columns};
    *ret_detail = (struct rect){body.row + list, body.column, body.rows - list, body.columns};
}

struct rect layout_dialog(struct rect body, int lines, int columns)
{
    struct rect box = {0, 0, least(lines + 2, body.rows), least(columns + 4, body.columns)};
    box.row = body.row + (body.rows - box.rows) / 2;
    box.column = body.column + (body.columns - box.columns) / 2;
    return box;
}
