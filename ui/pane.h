/* A pane: rows and columns of one part of the picture, what stands in its title, and why it is empty. Constant; the
 * picture comes with the scene. */
#pragma once

#include "base/text.h"
#include "ui/scene.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PANE_COLUMNS_MAX 12
#define PANE_DROP_NICE   3 /* from here on a column is hidden before any other is cut */

struct canvas;
struct document;
struct table;

struct pane_column {
    const char *title; /* N_() */
    int least;         /* it is not cut to fewer columns; when that does not fit either, it is hidden */
    int most;          /* 0: as wide as its widest cell */
    bool right;        /* numbers */
    bool tail;         /* its end says most (a version): cut from the front */
    int drop;          /* 0: stays; of the others the highest goes first when there is no room (see PANE_DROP_NICE) */
};

struct pane_cell {
    struct text text;
    unsigned style;
    double bar;     /* 0 … 1: a bar instead of the text; negative: none */
    bool unwatched; /* changes by itself (an age), so its changes are not marked */
};

struct pane {
    const char *title; /* N_() */
    bool of_session;   /* its rows come from the session, there need be no picture */
    const struct pane_column *columns;
    size_t column_count; /* at most PANE_COLUMNS_MAX */
    size_t (*count)(const struct scene *scene);
    void (*key)(const struct scene *scene, size_t row, struct text *key); /* what the row is, whatever its place */
    void (*cell)(const struct scene *scene, size_t row, size_t column, struct pane_cell *cell);
    const struct part *(*part)(const struct scene *scene);                             /* NULL: nothing to say yet */
    void (*title_note)(const struct scene *scene, struct text *note, unsigned *style); /* may be NULL */
    void (*empty)(const struct scene *scene, struct text *sentence);                   /* why, and what would fill it */
    void (*detail)(const struct scene *scene, size_t row, struct document *document);  /* may be NULL */
};

/* Title row, headings and rows (or why there are none). `focused`: keys go here; `pointed`: show the pointer. */
void pane_draw(const struct pane *pane, struct table *table, const struct scene *scene, struct canvas *canvas,
               bool focused, bool pointed);

/* For a pane's `cell`: append to its text. */
void pane_cell_format(struct pane_cell *cell, unsigned style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
