/*
 * The screen as a whole: which view is looked at, what keys do, what is typed at the bottom. Knows neither the terminal
 * nor the loop: it is given keys and a window, and says when it wants to be drawn.
 */
#pragma once

#include "ui/actions.h"
#include "ui/theme.h"
#include "ui/view.h"
#include <stdbool.h>
#include <stdint.h>

struct clock;
struct keys;
struct screen;
struct session;

struct screen_options {
    struct session *session; /* borrowed, as are all here */
    const struct clock *clock;
    const struct keys *keys;
    const struct theme *theme;
    void (*on_dirty)(void *context); /* something changed without a key */
    void *context;
};

/* What the screen cannot do itself. */
enum screen_wish { SCREEN_NOTHING, SCREEN_EXIT, SCREEN_SUSPEND, SCREEN_REDRAW };

struct screen *screen_new(const struct screen_options *options);
void screen_free(struct screen *screen);

void screen_session_changed(struct screen *screen); /* the session's observer told so: its phase may be another one */
enum screen_wish screen_key(struct screen *screen, uint32_t key);
void screen_draw(struct screen *screen, void *window, int rows, int columns);

/* ---- for views ---- */

void screen_do(struct screen *screen, enum action action); /* as if its key had been pressed */
void screen_open_diff(struct screen *screen, const struct view_request *request);
void screen_dirty(struct screen *screen);
void screen_say(struct screen *screen, const char *format, ...)
    __attribute__((format(printf, 2, 3))); /* until the next key */
