#include "base/text.h"
#include "net/process.h"
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *suite_process(void);

#define LIMIT 30000

struct watch {
    struct loop *loop;
    struct process *process;
    bool done;
    struct error error;
    int status;
    struct text output;
    struct text errors;
    struct text lines;
    bool cancel_at_line;
};

static void on_line(const char *line, void *context)
{
    struct watch *watch = context;
    text_append_format(&watch->lines, "[%s]", line);
    if (watch->cancel_at_line)
        process_cancel(watch->process);
}

static void on_done(const struct process_result *result, void *context)
{
    struct watch *watch = context;
    ck_assert(!watch->done);
    watch->done = true;
    watch->status = result->status;
    text_append_bytes(&watch->output, result->output, result->output_size);
    text_append(&watch->errors, result->errors);
    if (result->error != NULL)
        error_copy(&watch->error, result->error);
}

/* Runs `script` in a shell: tests may, the program never does. */
static void run(struct watch *watch, const char *script, const struct process_request *more)
{
    const char *const arguments[] = {"sh", "-c", script, NULL};
    struct process_request request = *more;
    request.arguments = arguments;
    request.on_done = on_done;
    request.context = watch;
    watch->loop = loop_new(NULL);
    watch->process = process_start(watch->loop, &request, &watch->error);
    ck_assert_ptr_nonnull(watch->process);
    ck_assert(!watch->done);
    if (!watch->cancel_at_line)
        ck_assert(loop_run_until(watch->loop, &watch->done, LIMIT));
}

static void release(struct watch *watch)
{
    loop_run(watch->loop);
    loop_free(watch->loop);
    error_release(&watch->error);
    text_release(&watch->output);
    text_release(&watch->errors);
    text_release(&watch->lines);
}

START_TEST(collects_output_and_status)
{
    struct watch watch = {0};
    run(&watch, "echo out; echo err >&2; cat; exit 7", &(struct process_request){0}); /* cat: stdin is empty */
    ck_assert_int_eq(watch.status, 7);
    ck_assert_str_eq(text_peek(&watch.output), "out\n");
    ck_assert_str_eq(text_peek(&watch.errors), "err\n");
    ck_assert_int_eq(watch.error.code, ERROR_NONE);
    release(&watch);
}
END_TEST

START_TEST(tells_lines_also_the_last_without_newline)
{
    struct watch watch = {0};
    run(&watch, "printf 'one\\n\\nthree'", &(struct process_request){.on_line = on_line});
    ck_assert_str_eq(text_peek(&watch.lines), "[one][][three]");
    release(&watch);
}
END_TEST

START_TEST(adds_to_the_environment)
{
    setenv("NET_TEST_KEPT", "kept", 1);
    setenv("NET_TEST_REPLACED", "old", 1);
    const char *const environment[] = {"NET_TEST_REPLACED=new", "NET_TEST_ADDED=added", NULL};
    struct watch watch = {0};
    run(&watch, "echo $NET_TEST_KEPT $NET_TEST_REPLACED $NET_TEST_ADDED; pwd",
        &(struct process_request){.environment = environment, .folder = "/"});
    ck_assert_str_eq(text_peek(&watch.output), "kept new added\n/\n");
    release(&watch);
}
END_TEST

START_TEST(ends_what_does_not_end)
{
    struct watch watch = {0};
    run(&watch, "trap '' TERM; sleep 1000 & wait; sleep 1000", &(struct process_request){.timeout_ms = 50});
    ck_assert_int_eq(watch.error.code, ERROR_UNREACHABLE);
    ck_assert_ptr_nonnull(strstr(watch.error.message, "sh did not finish"));
    ck_assert_int_eq(watch.status, 128 + SIGKILL);
    release(&watch);
}
END_TEST

START_TEST(ends_what_writes_too_much)
{
    struct watch watch = {0};
    run(&watch, "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaa; done", &(struct process_request){.output_limit = 100000});
    ck_assert_int_eq(watch.error.code, ERROR_INVALID);
    ck_assert_uint_eq(watch.output.size, 100000);
    release(&watch);
}
END_TEST

START_TEST(does_not_wait_for_a_grandchild_that_keeps_the_pipe)
{
    struct watch watch = {0};
    run(&watch, "sleep 1000 & echo $!", &(struct process_request){0});
    ck_assert_int_eq(watch.status, 0);
    kill((pid_t)atol(text_peek(&watch.output)), SIGKILL);
    release(&watch);
}
END_TEST

START_TEST(cancelled_never_calls_back)
{
    struct watch watch = {.cancel_at_line = true};
    run(&watch, "echo $$; echo more; sleep 1000 & sleep 1000", &(struct process_request){.on_line = on_line});
    loop_run(watch.loop); /* ends: the group was killed */
    ck_assert(!watch.done);
    ck_assert_ptr_null(strstr(text_peek(&watch.lines), "more"));
    release(&watch);
}
END_TEST

START_TEST(says_what_cannot_be_started)
{
    static const struct {
        const char *program;
        const char *folder;
        const char *word;
    } cases[] = {
        {"no-such-program-here", NULL, "no-such-program-here was not found"},
        {"/nowhere/at/all", NULL, "/nowhere/at/all was not found"},
        {"/etc/passwd", NULL, "may not be executed"},
        {"sh", "/nowhere", "/nowhere"},
    };
    const char *const arguments[] = {cases[_i].program, NULL};
    struct loop *loop = loop_new(NULL);
    struct error error = {0};
    ck_assert_ptr_null(process_start(
        loop, &(struct process_request){.arguments = arguments, .folder = cases[_i].folder, .on_done = on_done},
        &error));
    ck_assert_int_eq(error.code, ERROR_NOT_FOUND);
    ck_assert_msg(strstr(error.message, cases[_i].word) != NULL, "%s", error.message);
    error_release(&error);
    loop_free(loop);
}
END_TEST

Suite *suite_process(void)
{
    Suite *suite = suite_create("process");
    TCase *tests = tcase_create("process");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, collects_output_and_status);
    tcase_add_test(tests, tells_lines_also_the_last_without_newline);
    tcase_add_test(tests, adds_to_the_environment);
    tcase_add_test(tests, ends_what_does_not_end);
    tcase_add_test(tests, ends_what_writes_too_much);
    tcase_add_test(tests, does_not_wait_for_a_grandchild_that_keeps_the_pipe);
    tcase_add_test(tests, cancelled_never_calls_back);
    tcase_add_loop_test(tests, says_what_cannot_be_started, 0, 4);
    suite_add_tcase(suite, tests);
    return suite;
}
