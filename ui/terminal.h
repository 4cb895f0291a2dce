/*
 * The terminal: opened, drawn on, given back whole.
 *
 * Input and signals arrive as events of the loop. Output is composed in memory by curses and sent when the terminal
 * takes it, so that a terminal that stops reading (a broken connection, a paused window) never stops the loop. While a
 * frame is on its way no new one is begun.
 */
#pragma once

#include "base/error.h"
#include <stdbool.h>
#include <stdint.h>

struct uv_loop_s;
struct terminal;

enum terminal_event {
    TERMINAL_INPUT, /* keys may be there: read until there are none */
    TERMINAL_RESIZED,
    TERMINAL_READY,   /* the last frame has been taken, a new one may be drawn */
    TERMINAL_RESUMED, /* after a stop: draw everything */
    TERMINAL_ENDED,   /* told to end, or the terminal is gone */
};

/* The terminal of this process (/dev/tty), whatever standard input and output are. Setting the locale is the caller's,
 * before. `on_event` is called on the loop, first after this returned. ERROR_USAGE when there is no terminal or it
 * cannot place text (TERM). */
bool terminal_open(struct uv_loop_s *loop, void (*on_event)(enum terminal_event event, void *context), void *context,
                   struct terminal **ret_terminal, struct error *error);

/* Gives it back as it was; waits at most a second for a terminal that does not take its last bytes. */
void terminal_close(struct terminal *terminal);

void terminal_size(const struct terminal *terminal, int *ret_rows, int *ret_columns);
const char *terminal_ended_by(const struct terminal *terminal); /* NULL: it was not; "SIGTERM", …; "" when it is gone */

/* A frame: begin (the window to draw on, empty; NULL while the last frame is on its way), draw, end. */
void *terminal_begin(struct terminal *terminal);
void terminal_end(struct terminal *terminal);
void terminal_forget(struct terminal *terminal); /* draw everything anew in the next frame */

/* The next key that was typed (see keys.h), or 0. */
uint32_t terminal_key(struct terminal *terminal);

/* Stop the whole job as Ctrl-Z does in a shell; returns when it goes on. TERMINAL_RESUMED follows. */
void terminal_suspend(struct terminal *terminal);
