/*
 * A part of the screen to draw on. All text passes here on its way to the terminal, and here it is cleaned: control
 * characters, direction overrides and broken UTF-8 arrive as visible escapes, whoever draws. Everything is clipped to
 * the part; rows and columns count from its corner.
 */
#pragma once

#include "ui/layout.h"
#include "ui/theme.h"

struct canvas {
    void *window; /* curses' */
    const struct theme *theme;
    struct rect area; /* of the window */
};

struct canvas canvas_part(const struct canvas *canvas, struct rect part); /* `part` in the canvas' own coordinates */
struct rect canvas_whole(const struct canvas *canvas);                    /* in its own coordinates */

/* Draw in at most `columns`; what does not fit is cut with '…'. Returns the columns drawn. */
int canvas_text(struct canvas *canvas, int row, int column, int columns, unsigned style, const char *text);
int canvas_tail(struct canvas *canvas, int row, int column, int columns, unsigned style,
                const char *text); /* the end stays */
int canvas_right(struct canvas *canvas, int row, int column, int columns, unsigned style, const char *text);
int canvas_format(struct canvas *canvas, int row, int column, int columns, unsigned style, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

void canvas_fill(struct canvas *canvas, struct rect part, unsigned style, char character);

/* A pane's title row: "─ Title ── note ───". Returns the first column that is free on it. */
int canvas_rule(struct canvas *canvas, int row, const char *title, bool focused, unsigned note_style, const char *note);
void canvas_box(struct canvas *canvas, struct rect box, const char *title);
