/* Curses under libuv, on /dev/tty, with its output in memory first. */
#include "ui/terminal.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/crash.h"
#include "ui/input.h"
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <uv.h>

#define LAST_BYTES_LIMIT_MS 1000
#define LAST_BYTES_TRIES    10
#define ESCAPE_DELAY_MS     25

static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH};

/* Owns everything. Lives until the last handle of the loop has been closed. */
struct terminal {
    uv_poll_t poll;
    uv_signal_t signals[sizeof signals / sizeof signals[0]];
    unsigned open_handles;
    int tty;
    int frame;    /* memory that curses writes to */
    FILE *output; /* on `frame` */
    FILE *input;  /* on a copy of `tty` */
    SCREEN *screen;
    WINDOW *keypad;       /* reading from a window repaints it, from this one it costs nothing */
    struct termios shell; /* settings to give back */
    struct termios raw;
    struct text restore; /* bytes that undo curses' mode */
    struct text unsent;
    size_t sent;
    bool drawing; /* in curses mode, not stopped */
    bool closed;
    const char *ended_by;
    void (*on_event)(enum terminal_event event, void *context);
    void *context;
};

/* ---- output ---- */

static void watch(struct terminal *terminal);

/* Takes what curses has written so far. */
static void collect(struct terminal *terminal)
{
    fflush(terminal->output);
    off_t size = lseek(terminal->frame, 0, SEEK_CUR);
    char chunk[4096];
    for (off_t at = 0; at < size;) {
        ssize_t got = pread(terminal->frame, chunk, sizeof chunk, at);
        if (got <= 0)
            break;
        text_append_bytes(&terminal->unsent, chunk, (size_t)got);
        at += got;
    }
    if (ftruncate(terminal->frame, 0) == 0)
        lseek(terminal->frame, 0, SEEK_SET);
}

/* Sends as much as the terminal takes now; true when nothing is left. A terminal that is gone takes everything. */
static bool send_some(struct terminal *terminal)
{
    while (terminal->sent < terminal->unsent.size) {
        ssize_t written =
            write(terminal->tty, terminal->unsent.bytes + terminal->sent, terminal->unsent.size - terminal->sent);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0 && errno == EAGAIN)
            return false;
        if (written < 0)
            break;
        terminal->sent += (size_t)written;
    }
    terminal->sent = 0;
    text_clear(&terminal->unsent);
    return true;
}

/* The last bytes. A terminal that has stopped reading gets only those that restore it, before all else that waits for
 * it. */
static void send_all(struct terminal *terminal)
{
    for (int tries = 0; tries < LAST_BYTES_TRIES; tries++) {
        if (send_some(terminal))
            return;
        struct pollfd ready = {.fd = terminal->tty, .events = POLLOUT};
        poll(&ready, 1, LAST_BYTES_LIMIT_MS / LAST_BYTES_TRIES);
    }
    tcflush(terminal->tty, TCOFLUSH);
    text_clear(&terminal->unsent);
    terminal->sent = 0;
    text_append(&terminal->unsent, text_peek(&terminal->restore));
    send_some(terminal);
    text_clear(&terminal->unsent);
    terminal->sent = 0;
}

void *terminal_begin(struct terminal *terminal)
{
    if (!terminal->drawing || terminal->unsent.size > 0)
        return NULL;
    werase(stdscr);
    return stdscr;
}

void terminal_end(struct terminal *terminal)
{
    wnoutrefresh(stdscr);
    doupdate();
    collect(terminal);
    if (!send_some(terminal))
        watch(terminal);
}

void terminal_forget(struct terminal *terminal)
{
    (void)terminal;
    clearok(curscr, TRUE);
}

/* ---- modes ---- */

static void take(struct terminal *terminal)
{
    tcsetattr(terminal->tty, TCSANOW, &terminal->raw);
    clearok(curscr, TRUE); /* the next frame goes back to the alternate screen and draws all of it */
    curs_set(0);
    terminal->drawing = true;
}

static void give_back(struct terminal *terminal)
{
    if (!terminal->drawing)
        return;
    terminal->drawing = false;
    curs_set(1);
    endwin();
    collect(terminal);
    send_all(terminal);
    tcsetattr(terminal->tty, TCSANOW, &terminal->shell);
}

static void measure(struct terminal *terminal)
{
    struct winsize size = {0};
    if (ioctl(terminal->tty, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
        resizeterm(size.ws_row, size.ws_col);
}

void terminal_size(const struct terminal *terminal, int *ret_rows, int *ret_columns)
{
    (void)terminal;
    getmaxyx(stdscr, *ret_rows, *ret_columns);
}

/* Gathers the bytes that undo curses' mode, and arms the crash guard with them: cursor, attributes, colours, keypad,
 * alternate screen. */
static void arm_guard(struct terminal *terminal)
{
    static const char *const names[] = {"cnorm", "sgr0", "op", "rmkx", "rmcup"};
    for (size_t i = 0; i < LENGTH_OF(names); i++) {
        const char *bytes = tigetstr(names[i]);
        if (bytes == NULL || bytes == (char *)-1)
            continue;
        for (; *bytes != '\0'; bytes++) {
            const char *end = bytes[0] == '$' && bytes[1] == '<' ? strchr(bytes, '>') : NULL;
            if (end != NULL)
                bytes = end; /* padding, of no use to a terminal of today */
            else
                text_append_char(&terminal->restore, *bytes);
        }
    }
    crash_guard(terminal->tty, &terminal->shell, text_peek(&terminal->restore), terminal->restore.size);
}

/* ---- events ---- */

static void tell(struct terminal *terminal, enum terminal_event event)
{
    if (!terminal->closed)
        terminal->on_event(event, terminal->context);
}

static void end(struct terminal *terminal, const char *by)
{
    terminal->ended_by = by;
    tell(terminal, TERMINAL_ENDED);
}

const char *terminal_ended_by(const struct terminal *terminal)
{
    return terminal->ended_by;
}

uint32_t terminal_key(struct terminal *terminal)
{
    return terminal->drawing ? input_read(terminal->keypad) : 0;
}

static void on_poll(uv_poll_t *handle, int status, int events)
{
    struct terminal *terminal = handle->data;
    struct termios settings;
    if (status < 0 || tcgetattr(terminal->tty, &settings) != 0) {
        uv_poll_stop(handle); /* gone for good: it would be readable for ever */
        end(terminal, "");
        return;
    }
    if ((events & UV_WRITABLE) != 0 && terminal->unsent.size > 0 && send_some(terminal)) {
        watch(terminal);
        tell(terminal, TERMINAL_READY);
    }
    if ((events & UV_READABLE) != 0)
        tell(terminal, TERMINAL_INPUT);
}

static void watch(struct terminal *terminal)
{
    int events = UV_READABLE | (terminal->unsent.size > 0 ? UV_WRITABLE : 0);
    uv_poll_start(&terminal->poll, events, on_poll);
}

static void resume(struct terminal *terminal)
{
    take(terminal);
    measure(terminal);
    tell(terminal, TERMINAL_RESUMED);
}

static void on_signal(uv_signal_t *handle, int number);

/* Stops with the default action of SIGTSTP, which only the kernel can do right (an orphaned job is not stopped at all).
 */
static void stop(struct terminal *terminal, pid_t target)
{
    uv_signal_t *handle = NULL;
    for (size_t i = 0; i < LENGTH_OF(signals); i++)
        if (signals[i] == SIGTSTP)
            handle = &terminal->signals[i];
    give_back(terminal);
    uv_signal_stop(handle);
    kill(target, SIGTSTP);
    uv_signal_start(handle, on_signal, SIGTSTP);
    resume(terminal);
}

void terminal_suspend(struct terminal *terminal)
{
    stop(terminal, 0);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct terminal *terminal = handle->data;
    switch (number) {
    case SIGWINCH:
        if (terminal->drawing)
            measure(terminal);
        tell(terminal, TERMINAL_RESIZED);
        break;
    case SIGTSTP:
        stop(terminal, getpid());
        break;
    case SIGCONT:
        resume(terminal); /* whoever had the terminal meanwhile may have changed it */
        break;
    case SIGINT:
        end(terminal, "SIGINT");
        break;
    case SIGHUP:
        end(terminal, "SIGHUP");
        break;
    default:
        end(terminal, "SIGTERM");
        break;
    }
}

/* ---- life ---- */

static void on_handle_closed(uv_handle_t *handle)
{
    struct terminal *terminal = handle->data;
    if (--terminal->open_handles == 0)
        free(terminal);
}

static void release(struct terminal *terminal)
{
    terminal->closed = true;
    crash_unguard();
    if (terminal->keypad != NULL)
        delwin(terminal->keypad);
    if (terminal->screen != NULL)
        delscreen(terminal->screen);
    if (terminal->output != NULL)
        fclose(terminal->output);
    if (terminal->input != NULL)
        fclose(terminal->input);
    text_release(&terminal->unsent);
    text_release(&terminal->restore);
    if (terminal->open_handles == 0) {
        if (terminal->tty >= 0)
            close(terminal->tty);
        free(terminal);
        return;
    }
    uv_close((uv_handle_t *)&terminal->poll, on_handle_closed);
    for (size_t i = 0; i < LENGTH_OF(signals); i++)
        uv_close((uv_handle_t *)&terminal->signals[i], on_handle_closed);
    close(terminal->tty); /* not watched any more from uv_close() on */
}

void terminal_close(struct terminal *terminal)
{
    if (terminal == NULL)
        return;
    give_back(terminal);
    release(terminal);
}

static bool open_files(struct terminal *terminal, struct error *error)
{
    terminal->tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (terminal->tty < 0 || tcgetattr(terminal->tty, &terminal->shell) != 0) {
        error_set(error, ERROR_USAGE, _("there is no terminal to draw on: /dev/tty: %s"), strerror(errno));
        return error_hint(error, _("Without a terminal, use a command such as 'rollback-console status'."));
    }
    terminal->frame = memfd_create("frame", MFD_CLOEXEC);
    int copy = fcntl(terminal->tty, F_DUPFD_CLOEXEC, 0);
    terminal->output = terminal->frame >= 0 ? fdopen(terminal->frame, "w") : NULL;
    terminal->input = copy >= 0 ? fdopen(copy, "r") : NULL;
    if (terminal->output == NULL || terminal->input == NULL)
        return error_set(error, ERROR_INTERNAL, _("the terminal cannot be opened: %s"), strerror(errno));
    return true;
}

/* Known here, and able to place the cursor. */
static bool can_place_text(const char *type, int fd)
{
    int status = 0;
    if (type == NULL || type[0] == '\0' || setupterm(type, fd, &status) != OK)
        return false;
    const char *place = tigetstr("cup");
    bool can = place != NULL && place != (char *)-1;
    del_curterm(cur_term);
    return can;
}

static bool start_curses(struct terminal *terminal, struct error *error)
{
    const char *type = getenv("TERM");
    /* The size comes from the terminal, always; these would freeze it. */
    unsetenv("LINES");
    unsetenv("COLUMNS");
    if (can_place_text(type, terminal->tty))
        terminal->screen = newterm(type, terminal->output, terminal->input);
    if (terminal->screen == NULL) {
        CLEANUP_FREE char *shown = text_clean(type != NULL ? type : "", false, 60);
        error_set(error, ERROR_USAGE, _("the terminal type '%s' (TERM) is not known here, or cannot place text"),
                  shown);
        return error_hint(error,
                          _("Set TERM to what your terminal is, for example TERM=xterm-256color, or use a command "
                            "such as 'rollback-console status'."));
    }
    terminal->raw = terminal->shell;
    cfmakeraw(&terminal->raw);
    set_escdelay(ESCAPE_DELAY_MS);
    typeahead(-1);
    terminal->keypad = newpad(1, 1);
    keypad(terminal->keypad, TRUE);
    nodelay(terminal->keypad, TRUE);
    return true;
}

/* Before curses starts, so that it finds its signals taken and leaves them alone. */
static void start_handles(struct terminal *terminal, uv_loop_t *loop)
{
    uv_poll_init(loop, &terminal->poll, terminal->tty);
    terminal->poll.data = terminal;
    terminal->open_handles = 1;
    for (size_t i = 0; i < LENGTH_OF(signals); i++) {
        uv_signal_init(loop, &terminal->signals[i]);
        terminal->signals[i].data = terminal;
        uv_signal_start(&terminal->signals[i], on_signal, signals[i]);
        terminal->open_handles++;
    }
}

bool terminal_open(struct uv_loop_s *loop, void (*on_event)(enum terminal_event event, void *context), void *context,
                   struct terminal **ret_terminal, struct error *error)
{
    struct terminal *terminal = memory_new(sizeof *terminal);
    terminal->tty = -1;
    terminal->frame = -1;
    terminal->on_event = on_event;
    terminal->context = context;
    if (!open_files(terminal, error)) {
        release(terminal);
        return false;
    }
    start_handles(terminal, loop);
    if (!start_curses(terminal, error)) {
        release(terminal);
        return false;
    }
    arm_guard(terminal);
    measure(terminal);
    take(terminal);
    watch(terminal);
    *ret_terminal = terminal;
    return true;
}
