/* Terminal, screen and session on one loop: keys are drawn at once, news at most fifty times a second, the clock once a
 * second. */
#include "ui/console.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "session/session.h"
#include "ui/keys.h"
#include "ui/screen.h"
#include "ui/terminal.h"
#include "ui/theme.h"
#include <stdlib.h>
#include <unistd.h>

#define FRAME_MS  20
#define SECOND_MS 1000

struct console {
    struct session *session;
    struct loop *loop;
    struct terminal *terminal;
    struct screen *screen;
    struct keys *keys;
    struct theme theme;
    struct loop_timer *frame;  /* NULL: nothing waits to be drawn */
    struct loop_timer *second; /* the clock in the header */
    bool undrawn;              /* the terminal was busy when there was something to draw */
};

/* ---- drawing ---- */

static void on_second(void *context);

/* The next tick falls on the next second of the clock that is shown. */
static void wait_for_second(struct console *console)
{
    int64_t past = clock_wall_ms(session_clock(console->session)) % SECOND_MS;
    loop_timer_cancel(console->second);
    console->second = loop_timer_start(console->loop, SECOND_MS - past, 0, on_second, console);
}

static void draw(struct console *console)
{
    int rows = 0;
    int columns = 0;
    loop_timer_cancel(STEAL(console->frame));
    void *window = terminal_begin(console->terminal);
    console->undrawn = window == NULL;
    if (window == NULL)
        return;
    terminal_size(console->terminal, &rows, &columns);
    screen_draw(console->screen, window, rows, columns);
    terminal_end(console->terminal);
}

static void on_second(void *context)
{
    struct console *console = context;
    draw(console);
    wait_for_second(console);
}

static void on_frame(void *context)
{
    draw(context);
}

/* News come in bursts: what arrives within a frame is drawn together. */
static void draw_soon(void *context)
{
    struct console *console = context;
    if (console->frame == NULL)
        console->frame = loop_timer_start(console->loop, FRAME_MS, 0, on_frame, console);
}

static void on_session(void *context)
{
    struct console *console = context;
    screen_session_changed(console->screen);
    draw_soon(console);
}

/* ---- events ---- */

static void read_keys(struct console *console)
{
    for (uint32_t key = terminal_key(console->terminal); key != 0; key = terminal_key(console->terminal)) {
        switch (screen_key(console->screen, key)) {
        case SCREEN_EXIT:
            loop_stop(console->loop);
            return;
        case SCREEN_SUSPEND:
            terminal_suspend(console->terminal);
            break;
        case SCREEN_REDRAW:
            terminal_forget(console->terminal);
            break;
        case SCREEN_NOTHING:
            break;
        }
    }
    draw(console);
}

static void on_terminal(enum terminal_event event, void *context)
{
    struct console *console = context;
    switch (event) {
    case TERMINAL_INPUT:
        read_keys(console);
        break;
    case TERMINAL_RESIZED:
    case TERMINAL_RESUMED:
        draw(console);
        break;
    case TERMINAL_READY:
        if (console->undrawn)
            draw(console);
        break;
    case TERMINAL_ENDED:
        loop_stop(console->loop);
        break;
    }
}

/* ---- life ---- */

static char *own_keys_file(void)
{
    const char *config = getenv("XDG_CONFIG_HOME");
    if (config != NULL && config[0] == '/')
        return memory_format("%s/rollback-console/keys", config);
    CLEANUP_FREE char *home = file_home();
    return home != NULL ? memory_format("%s/.config/rollback-console/keys", home) : NULL;
}

/* The built-in keys, then the shipped file, then the person's own. */
static bool load_keys(struct keys *keys, const char *given, struct error *error)
{
    CLEANUP_FREE char *shipped = file_data("keys");
    CLEANUP_FREE char *own = own_keys_file();
    if (shipped != NULL && access(shipped, R_OK) == 0 && !keys_load(keys, shipped, error))
        return false;
    if (given != NULL)
        return keys_load(keys, given, error);
    return own == NULL || access(own, F_OK) != 0 || keys_load(keys, own, error);
}

static bool start(struct console *console, const struct console_options *options, struct error *error)
{
    console->keys = keys_new();
    if (!load_keys(console->keys, options->keys, error) ||
        !terminal_open(loop_uv(console->loop), on_terminal, console, &console->terminal, error))
        return false;
    static const enum theme_color colors[] = {[CONSOLE_COLOR_AUTO] = THEME_COLOR_AUTO,
                                              [CONSOLE_COLOR_ALWAYS] = THEME_COLOR_ALWAYS,
                                              [CONSOLE_COLOR_NEVER] = THEME_COLOR_NEVER};
    theme_init(&console->theme, colors[options->color]);
    const struct screen_options screen = {.session = console->session,
                                          .clock = session_clock(console->session),
                                          .keys = console->keys,
                                          .theme = &console->theme,
                                          .on_dirty = draw_soon,
                                          .context = console};
    console->screen = screen_new(&screen);
    session_observe(console->session, on_session, console);
    return true;
}

bool console_run(struct session *session, struct loop *loop, const struct console_options *options, struct error *error)
{
    struct console console = {.session = session, .loop = loop};
    bool ended_well = start(&console, options, error);
    if (ended_well) {
        draw(&console);
        wait_for_second(&console);
        loop_run(loop);
        session_observe(session, NULL, NULL);
        const char *by = terminal_ended_by(console.terminal);
        if (by != NULL)
            ended_well = by[0] != '\0' ? error_set(error, ERROR_CANCELLED, _("the console was ended by %s"), by)
                                       : error_set(error, ERROR_CANCELLED, _("the terminal is gone"));
    }
    loop_timer_cancel(console.frame);
    loop_timer_cancel(console.second);
    screen_free(console.screen);
    terminal_close(console.terminal);
    keys_free(console.keys);
    return ended_well;
}

bool console_parse_color(const char *word, enum console_color *ret_color, struct error *error)
{
    static const char *const words[] = {"auto", "always", "never"};
    for (size_t i = 0; i < LENGTH_OF(words); i++)
        if (text_equal(words[i], word)) {
            *ret_color = (enum console_color)i;
            return true;
        }
    CLEANUP_FREE char *shown = text_clean(word, false, 40);
    return error_set(error, ERROR_USAGE, _("--color takes auto, always or never, not '%s'"), shown);
}

char *console_keys_file(void)
{
    return keys_default_file();
}

char *console_keys_manual(void)
{
    return keys_manual();
}
