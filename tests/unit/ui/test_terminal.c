#include "ui/keys.h"
#include "ui/terminal.h"
#include <check.h>
#include <curses.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

Suite *suite_terminal(void);

#define FRAMES 300

/* What the child found, as its exit status. */
enum { ALL_WELL, NOT_OPENED, NEVER_BUSY, NOT_READY_AGAIN, WRONG_KEYS };

struct seen {
    int ready;
    int inputs;
};

static void on_event(enum terminal_event event, void *context)
{
    struct seen *seen = context;
    seen->ready += event == TERMINAL_READY;
    seen->inputs += event == TERMINAL_INPUT;
}

/* Frames that have nothing in common with the one before, so that each is as long as the screen. */
static void draw(struct terminal *terminal, WINDOW *window, int frame)
{
    int rows = 0;
    int columns = 0;
    terminal_size(terminal, &rows, &columns);
    terminal_forget(terminal);
    for (int row = 0; row < rows; row++)
        mvwhline(window, row, 0, (chtype)('a' + (frame + row) % 26), columns);
    terminal_end(terminal);
}

/* Draws as long as the terminal takes it, and closes it while it takes nothing. */
static int draw_on_a_stalled_terminal(void)
{
    uv_loop_t loop;
    struct terminal *terminal = NULL;
    struct error error = {0};
    struct seen seen = {0};
    bool busy = false;
    uv_loop_init(&loop);
    if (!terminal_open(&loop, on_event, &seen, &terminal, &error))
        return NOT_OPENED;
    for (int frame = 0; frame < FRAMES; frame++) {
        WINDOW *window = terminal_begin(terminal);
        busy = busy || window == NULL;
        if (window != NULL)
            draw(terminal, window, frame);
        uv_run(&loop, UV_RUN_NOWAIT);
    }
    terminal_close(terminal);
    uv_run(&loop, UV_RUN_DEFAULT);
    return busy ? ALL_WELL : NEVER_BUSY;
}

static int draw_until_taken_again(void)
{
    uv_loop_t loop;
    struct terminal *terminal = NULL;
    struct error error = {0};
    struct seen seen = {0};
    uv_loop_init(&loop);
    if (!terminal_open(&loop, on_event, &seen, &terminal, &error))
        return NOT_OPENED;
    WINDOW *window = NULL;
    for (int frame = 0; (window = terminal_begin(terminal)) != NULL; frame++)
        draw(terminal, window, frame);
    while (seen.ready == 0)
        uv_run(&loop, UV_RUN_ONCE);
    bool again = terminal_begin(terminal) != NULL;
    terminal_close(terminal);
    uv_run(&loop, UV_RUN_DEFAULT);
    return again ? ALL_WELL : NOT_READY_AGAIN;
}

static int read_keys(void)
{
    static const uint32_t expected[] = {'a', 0x8cc7, KEYS_UP, KEYS_ESCAPE, 3};
    uv_loop_t loop;
    struct terminal *terminal = NULL;
    struct error error = {0};
    struct seen seen = {0};
    size_t count = 0;
    uv_loop_init(&loop);
    if (!terminal_open(&loop, on_event, &seen, &terminal, &error))
        return NOT_OPENED;
    if (write(STDOUT_FILENO, "ready", 5) != 5)
        return WRONG_KEYS;
    bool right = true;
    while (count < 5) {
        uv_run(&loop, UV_RUN_ONCE);
        for (uint32_t key = terminal_key(terminal); key != 0 && count < 5; key = terminal_key(terminal))
            right = right && key == expected[count++];
    }
    terminal_close(terminal);
    uv_run(&loop, UV_RUN_DEFAULT);
    return right ? ALL_WELL : WRONG_KEYS;
}

/* The child has a terminal of its own; the returned end of it is ours. */
static int fork_on_terminal(int (*child)(void), pid_t *ret_pid)
{
    int end = -1;
    struct winsize size = {.ws_row = 60, .ws_col = 200};
    pid_t pid = forkpty(&end, NULL, NULL, &size);
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        setenv("TERM", "xterm-256color", 1);
        _exit(child());
    }
    *ret_pid = pid;
    return end;
}

static int status_of(pid_t pid)
{
    int status = 0;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(a_terminal_that_stops_reading_stops_nothing)
{
    pid_t pid = 0;
    int end = fork_on_terminal(draw_on_a_stalled_terminal, &pid);
    ck_assert_int_eq(status_of(pid), ALL_WELL); /* nobody has read a byte */
    close(end);
}
END_TEST

START_TEST(frames_go_on_when_it_reads_again)
{
    pid_t pid = 0;
    char bytes[65536];
    int end = fork_on_terminal(draw_until_taken_again, &pid);
    while (read(end, bytes, sizeof bytes) > 0)
        ; /* until the child has closed its side */
    ck_assert_int_eq(status_of(pid), ALL_WELL);
    close(end);
}
END_TEST

START_TEST(keys_arrive_as_they_were_typed)
{
    static const char typed[] = "a\xe8\xb3\x87\x1bOA\x1b\x03"; /* the second Escape begins no sequence */
    pid_t pid = 0;
    char bytes[65536];
    char tail[6] = "";
    int end = fork_on_terminal(read_keys, &pid);
    while (strcmp(tail, "ready") != 0) {
        ssize_t got = read(end, bytes, sizeof bytes);
        ck_assert_int_gt(got, 0);
        for (ssize_t i = 0; i < got; i++) {
            memmove(tail, tail + 1, 4);
            tail[4] = bytes[i];
        }
    }
    ck_assert_int_eq(write(end, typed, sizeof typed - 1), sizeof typed - 1);
    while (read(end, bytes, sizeof bytes) > 0)
        ;
    ck_assert_int_eq(status_of(pid), ALL_WELL);
    close(end);
}
END_TEST

Suite *suite_terminal(void)
{
    Suite *suite = suite_create("terminal");
    TCase *tests = tcase_create("terminal");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_terminal_that_stops_reading_stops_nothing);
    tcase_add_test(tests, frames_go_on_when_it_reads_again);
    tcase_add_test(tests, keys_arrive_as_they_were_typed);
    suite_add_tcase(suite, tests);
    return suite;
}
