/*
 * A table with a pointer: draws a pane's rows, keeps the pointer on the same thing while rows come and go, filters,
 * scrolls.
 *
 * Columns never become narrower while a table is looked at, so that nothing moves under the eye.
 */
#pragma once

#include "ui/actions.h"
#include "ui/canvas.h"
#include "ui/pane.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Embedded; owns its texts and rows. Start with zeros. */
struct table {
    char *filter;    /* NULL: none */
    char *selected;  /* key of the row that the pointer is on; NULL: the first */
    size_t position; /* the pointer, among the rows that the filter lets through */
    size_t top;      /* the first of them that is shown */
    size_t *rows;    /* rows of the pane that pass; NULL: all do */
    size_t count;
    size_t total;
    size_t shown;                 /* rows that fit when it was drawn last */
    uint64_t known_version;       /* of the picture that the rows were taken from */
    bool known;                   /* false: take them again */
    int wanted[PANE_COLUMNS_MAX]; /* widest cell so far */
    int fitted_columns;           /* the width that `wanted` was gathered for */
    /* A further condition of the view, or NULL; after a change of what it rests on, set `known` to false. */
    bool (*accepts)(const struct scene *scene, size_t row, const void *context);
    const void *accepts_context;
};

void table_release(struct table *table);

/* Take the picture's rows: to be called before drawing and before acting; costs nothing when neither picture nor filter
 * have changed. */
void table_update(struct table *table, const struct pane *pane, const struct scene *scene);

/* Rows only, no title. `place` tells tables apart for the marks of changed cells; `pointed`: show the pointer. */
void table_draw(struct table *table, const struct pane *pane, const struct scene *scene, struct canvas *canvas,
                bool pointed);

/* The headings of its columns on a row that starts at `from`, as table_draw laid them out last. */
void table_headings(const struct table *table, const struct pane *pane, struct canvas *canvas, int row, int from);

bool table_act(struct table *table, const struct pane *pane, const struct scene *scene, enum action action);
void table_filter(struct table *table, const char *text); /* NULL: none */

/* The pane's row under the pointer; false when there is none. */
bool table_row(const struct table *table, size_t *ret_row);

/* The widths of columns in `columns`, one column apart; 0: hidden. Pure. */
void table_fit(const struct pane_column *columns, size_t count, const int *wanted, int available, int *ret_widths);
