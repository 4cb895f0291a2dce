#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "session/session.h"
#include "unit/net/server.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *suite_asking(void);

/* Sessions of a server that does what the test wants, at times that the test sets. */
static struct session *session;
static struct error error;
static struct clock_manual now;
static struct loop *loop;
static struct server *server;
static bool refuses;
static int warnings;
static char config_path[] = "/tmp/check_session.XXXXXX";

static void answer_list(struct exchange *exchange, void *context)
{
    (void)context;
    if (strstr(exchange->path, "/secrets") == NULL) {
        server_answer(exchange, 404, "", "{}");
        return;
    }
    if (refuses) {
        server_answer(exchange, 403, "", "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"message\":\"secrets is forbidden\",\"code\":403}");
        return;
    }
    struct text headers = {0};
    for (int i = 0; i < warnings; i++)
        text_append_format(&headers, "Warning: 299 - \"v%d is deprecated\"\r\n", i % 120);
    server_answer(exchange, 200, text_peek(&headers),
                  "{\"kind\":\"PartialObjectMetadataList\",\"metadata\":{\"resourceVersion\":\"7\"},\"items\":["
                  "{\"metadata\":{\"name\":\"sh.helm.release.v1.a.v1\",\"namespace\":\"x\",\"labels\":{\"owner\":\"helm\",\"name\":\"a\","
                  "\"version\":\"1\",\"status\":\"deployed\"}}},"
                  "{\"metadata\":{\"name\":\"sh.helm.release.v1.b.v1\",\"namespace\":\"x\",\"labels\":{\"owner\":\"helm\",\"name\":\"b\","
                  "\"version\":\"1\",\"status\":\"failed\"}}}]}");
    text_release(&headers);
}

static void setup(void)
{
    setenv("ROLLBACK_CONSOLE_PLAYBOOKS", "", 1);
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    clock_manual_init(&now, 1795230000000);
    loop = loop_new(&now.clock);
    server = server_new(loop, answer_list, NULL);
    CLEANUP_FREE char *url = server_url(server, "");
    CLEANUP_FREE char *text = memory_format("apiVersion: v1\nkind: Config\ncurrent-context: test\nclusters:\n- name: test\n  cluster: {server: \"%s\"}\n"
                                            "users:\n- name: me\n  user: {}\ncontexts:\n- name: test\n  context: {cluster: test, user: me}\n",
                                            url);
    int file = mkstemp(config_path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
}

static void teardown(void)
{
    session_close(session);
    server_free(server);
    loop_free(loop);
    unlink(config_path);
}

static void open_scripted(bool once)
{
    const struct session_options options = {.kubeconfig = config_path, .wants = SITUATION_HISTORY, .once = once};
    bool opened = session_open(loop, &options, &session, &error);
    ck_assert_msg(opened, "%s", opened ? "" : error.message);
}

static void note(void *context)
{
    bool *changed = context;
    *changed = true;
}

/* Until the session is in that phase, without the clock moving. */
static void reach(enum session_phase phase)
{
    bool changed = false;
    session_observe(session, note, &changed);
    while (session_phase(session) != phase) {
        changed = false;
        ck_assert_msg(loop_run_until(loop, &changed, 20000), "nothing changes in phase %d", session_phase(session));
    }
    session_observe(session, NULL, NULL);
}

static void settle(void)
{
    bool never = false;
    loop_run_until(loop, &never, 50);
}

START_TEST(a_screen_asks_again_after_a_failure)
{
    refuses = true;
    open_scripted(false);
    reach(SESSION_FAILED);
    ck_assert_int_eq(session_error(session)->code, ERROR_FORBIDDEN);
    ck_assert(session_complete(session));
    refuses = false;
    clock_manual_advance(&now, 10000);
    reach(SESSION_PICKING);
    ck_assert_ptr_null(session_error(session));
    ck_assert_uint_eq(session_release_count(session), 2);
    ck_assert_str_eq(session_release_at(session, 1).status, "failed");
}
END_TEST

START_TEST(a_command_does_not_ask_again)
{
    refuses = true;
    open_scripted(true);
    reach(SESSION_FAILED);
    size_t requests = server_requests(server);
    clock_manual_advance(&now, 10000);
    settle();
    ck_assert_uint_eq(server_requests(server), requests);
}
END_TEST

START_TEST(asking_by_hand_takes_the_place_of_asking_again)
{
    refuses = true;
    open_scripted(false);
    reach(SESSION_FAILED);
    refuses = false;
    session_repick(session);
    session_repick(session); /* an impatient person */
    reach(SESSION_PICKING);
    settle();
    size_t requests = server_requests(server);
    clock_manual_advance(&now, 10000);
    settle();
    ck_assert_uint_eq(server_requests(server), requests);
    ck_assert_int_eq(session_phase(session), SESSION_PICKING);
}
END_TEST

START_TEST(warnings_are_kept_once_and_bounded)
{
    warnings = 3;
    open_scripted(false);
    reach(SESSION_PICKING);
    ck_assert_uint_eq(session_warning_count(session), 3);
    ck_assert_str_eq(session_warning_at(session, 0), "v2 is deprecated");
    session_repick(session);
    reach(SESSION_PICKING);
    ck_assert_uint_eq(session_warning_count(session), 3);
    warnings = 120;
    session_repick(session);
    reach(SESSION_PICKING);
    ck_assert_uint_eq(session_warning_count(session), 100);
}
END_TEST

START_TEST(closing_while_it_searches)
{
    open_scripted(false);
    session_close(session);
    session = NULL;
    settle();
}
END_TEST

Suite *suite_asking(void)
{
    Suite *suite = suite_create("asking");
    TCase *tests = tcase_create("asking");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_screen_asks_again_after_a_failure);
    tcase_add_test(tests, a_command_does_not_ask_again);
    tcase_add_test(tests, asking_by_hand_takes_the_place_of_asking_again);
    tcase_add_test(tests, warnings_are_kept_once_and_bounded);
    tcase_add_test(tests, closing_while_it_searches);
    suite_add_tcase(suite, tests);
    return suite;
}
