#include "base/array.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/access.h"
#include "unit/kube/rig.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_client(void);

/* One answer of the server's script; the last is repeated. */
struct line {
    int status; /* 0: hang up in the middle of a head, −1: say nothing */
    const char *headers;
    const char *body;
};

struct bench {
    struct rig rig;
    const struct line *script;
    size_t lines;
    struct exchange *last;
    struct kube_call *call;
    bool seen;
    bool done;
    int calls;
    int status;
    struct error error;
    char *reason;
    char *body;
    bool expired;
    int64_t retry_after_ms;
    struct text warnings;
    bool free_client_when_done;
};

static void handle(struct exchange *exchange, void *context)
{
    struct bench *bench = context;
    const struct line *line = &bench->script[exchange->number < bench->lines ? exchange->number : bench->lines - 1];
    bench->last = exchange;
    bench->seen = true;
    if (line->status > 0) {
        server_answer(exchange, line->status, line->headers != NULL ? line->headers : "",
                      line->body != NULL ? line->body : "{}");
    } else if (line->status == 0) {
        server_send(exchange, "HTTP/1.1 200 OK\r\nContent-");
        server_hang_up(exchange);
    }
}

static void on_done(const struct kube_answer *answer, void *context)
{
    struct bench *bench = context;
    bench->done = true;
    bench->calls++;
    bench->status = answer->status;
    bench->expired = answer->expired;
    bench->retry_after_ms = answer->retry_after_ms;
    error_release(&bench->error);
    if (answer->error != NULL)
        error_copy(&bench->error, answer->error);
    free(bench->reason);
    bench->reason = memory_text(answer->reason);
    free(bench->body);
    bench->body = kube_answer_take_body(answer);
    if (bench->free_client_when_done) {
        kube_client_free(bench->rig.client);
        bench->rig.client = NULL;
    }
}

static void on_warning(const char *text, void *context)
{
    struct bench *bench = context;
    text_append_format(&bench->warnings, "[%s]", text);
}

static void bench_open(struct bench *bench, enum kube_access access, const struct line *script, size_t lines)
{
    bench->script = script;
    bench->lines = lines;
    const struct kube_client_options options = {.access = access, .on_warning = on_warning, .context = bench};
    rig_open(&bench->rig, handle, bench, &options);
}

#define OPEN(bench, access, ...)                                                                                       \
    static const struct line script_[] = {__VA_ARGS__};                                                                \
    bench_open(&(bench), access, script_, LENGTH_OF(script_))

static void bench_close(struct bench *bench)
{
    rig_close(&bench->rig);
    error_release(&bench->error);
    free(bench->reason);
    free(bench->body);
    text_release(&bench->warnings);
}

static void start(struct bench *bench, const char *method, const char *path)
{
    const struct kube_request request = {.method = method, .path = path, .on_done = on_done, .context = bench};
    bench->done = false;
    bench->seen = false;
    bench->call = kube_client_start(bench->rig.client, &request);
    ck_assert(!bench->done);
}

static void ask(struct bench *bench, const char *method, const char *path)
{
    start(bench, method, path);
    rig_wait(&bench->rig, &bench->done);
}

START_TEST(an_answer_arrives)
{
    struct bench bench = {0};
    OPEN(bench, KUBE_READ_WRITE, {200, NULL, "{\"a\":1}"});
    ask(&bench, "GET", "/api/v1/pods?limit=1");
    ck_assert_int_eq(bench.status, 200);
    ck_assert_int_eq(bench.error.code, ERROR_NONE);
    ck_assert_str_eq(bench.body, "{\"a\":1}");
    ck_assert_str_eq(bench.last->path, "/api/v1/pods?limit=1");
    ck_assert_ptr_nonnull(strstr(bench.last->head, "\r\nUser-Agent: rollback-console/"));
    ck_assert_ptr_nonnull(strstr(bench.last->head, "\r\nAccept: application/json\r\n"));
    ck_assert_ptr_nonnull(strstr(bench.last->head, "\r\nAccept-Encoding: gzip\r\n"));
    ck_assert_ptr_null(strcasestr(bench.last->head, "authorization"));
    ck_assert_uint_gt(kube_client_received(bench.rig.client), 7);
    bench_close(&bench);
}
END_TEST

START_TEST(the_servers_words_become_errors)
{
    static const struct {
        int status;
        const char *body;
        enum error_code code;
        const char *reason;
        const char *word;
    } rows[] = {
        {403, "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"message\":\"pods is forbidden: no\"}", ERROR_FORBIDDEN,
         "Forbidden", "pods is forbidden: no"},
        {404, "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"message\":\"pods \\\"x\\\" not found\"}", ERROR_NOT_FOUND,
         "NotFound", "pods \"x\" not found"},
        {404, "404 page not found", ERROR_NOT_FOUND, "", "does not know /api/v1/pods"},
        {409, "{\"kind\":\"Status\",\"reason\":\"Conflict\",\"message\":\"modified\"}", ERROR_REFUSED, "Conflict",
         "modified"},
        {422, "{\"kind\":\"Status\",\"reason\":\"Invalid\",\"message\":\"m\\u001b[2Jn\"}", ERROR_REFUSED, "Invalid",
         "m\\x1b[2Jn"},
        {400, "{\"kind\":\"Pod\",\"message\":\"mine\"}", ERROR_REFUSED, "", "answered 400 to GET /api/v1/pods"},
        {400, "{\"kind\":\"Status\"", ERROR_REFUSED, "", "answered 400"},
        {400, "[[[[", ERROR_REFUSED, "", "answered 400"},
        {410, "{\"kind\":\"Status\",\"reason\":\"Expired\",\"message\":\"too old\"}", ERROR_UNREACHABLE, "Expired",
         "too old"},
        {401, "{\"kind\":\"Status\",\"reason\":\"Unauthorized\",\"message\":\"Unauthorized\"}", ERROR_UNREACHABLE, "",
         "does not accept who user 'me'"},
        {400, "Client sent an HTTP request to an HTTPS server.\n", ERROR_REFUSED, "",
         "pods: Client sent an HTTP request to an HTTPS server."},
        {502, "<html>\nBad Gateway</html>", ERROR_UNREACHABLE, "", "answered 502 to GET /api/v1/pods."},
        {302, "", ERROR_UNREACHABLE, "", "answered 302"},
    };
    struct bench bench = {0};
    const struct line line = {rows[_i].status, NULL, rows[_i].body};
    bench_open(&bench, KUBE_READ_WRITE, &line, 1);
    const struct kube_request request = {
        .method = "GET", .path = "/api/v1/pods?limit=1", .attempts = 1, .on_done = on_done, .context = &bench};
    kube_client_start(bench.rig.client, &request);
    rig_wait(&bench.rig, &bench.done);
    ck_assert_int_eq(bench.status, rows[_i].status);
    ck_assert_int_eq(bench.error.code, rows[_i].code);
    ck_assert_msg(strstr(bench.error.message, rows[_i].word) != NULL, "%s", bench.error.message);
    if (rows[_i].status != 401)
        ck_assert_str_eq(bench.reason, rows[_i].reason);
    ck_assert_int_eq(bench.expired, rows[_i].status == 410);
    ck_assert_uint_eq(server_requests(bench.rig.server), 1);
    bench_close(&bench);
}
END_TEST

START_TEST(too_many_requests_wait_as_told)
{
    struct bench bench = {0};
    OPEN(bench, KUBE_READ_WRITE, {429, "Retry-After: 7\r\n", NULL}, {200, NULL, NULL});
    start(&bench, _i == 0 ? "GET" : "PUT", "/api/v1/namespaces/x/pods/p");
    rig_wait(&bench.rig, &bench.seen);
    rig_settle(&bench.rig);
    rig_pass(&bench.rig, 6900);
    ck_assert_uint_eq(server_requests(bench.rig.server), 1);
    rig_pass(&bench.rig, 200);
    rig_wait(&bench.rig, &bench.done);
    ck_assert_int_eq(bench.status, 200);
    ck_assert_uint_eq(server_requests(bench.rig.server), 2);
    bench_close(&bench);
}
END_TEST

START_TEST(an_absurd_retry_after_is_not_waited_for)
{
    static const char *const headers[] = {"Retry-After: 99999999999999999999999\r\n", "Retry-After: 86400\r\n"};
    struct bench bench = {0};
    const struct line script[] = {{429, headers[_i], NULL}, {200, NULL, NULL}};
    bench_open(&bench, KUBE_READ_WRITE, script, 2);
    start(&bench, "GET", "/api/v1/pods");
    rig_wait(&bench.rig, &bench.done);
    ck_assert_int_eq(bench.status, 429);
    ck_assert_int_eq(bench.retry_after_ms, 60000);
    bench_close(&bench);
}
END_TEST

START_TEST(retries_end_while_a_person_waits)
{
    struct bench bench = {0};
    OPEN(bench, KUBE_READ_WRITE, {503, "Retry-After: 12\r\n", NULL});
    start(&bench, "GET", "/api/v1/pods");
    for (int i = 0; i < 40 && !bench.done; i++)
        rig_pass(&bench.rig, 1000);
    ck_assert_uint_eq(server_requests(bench.rig.server), 3); /* at 0, 12 and 24 s */
    ck_assert_int_eq(bench.status, 503);
    ck_assert_int_eq(bench.retry_after_ms, 12000);
    bench_close(&bench);
}
END_TEST

static bool swallow(const void *bytes, size_t size, void *context)
{
    (void)bytes;
    (void)size;
    (void)context;
    return true;
}

/* And when a watch falls silent, the actions' connection is not trusted any more either. */
START_TEST(watches_share_no_connection_with_actions)
{
    struct bench bench = {0};
    OPEN(bench, KUBE_READ_WRITE, {200, NULL, NULL}, {-1, NULL, NULL}, {200, NULL, NULL});
    ask(&bench, "GET", "/api/v1/pods");
    const struct kube_request watch = {.method = "GET",
                                       .path = "/api/v1/pods?watch=true",
                                       .watch = true,
                                       .attempts = 1,
                                       .idle_timeout_ms = 90000,
                                       .on_data = swallow,
                                       .on_done = on_done,
                                       .context = &bench};
    bench.seen = bench.done = false;
    kube_client_start(bench.rig.client, &watch);
    rig_wait(&bench.rig, &bench.seen);
    ck_assert_uint_eq(bench.last->connection, 1);
    ask(&bench, "GET", "/api/v1/pods");
    ck_assert_uint_eq(bench.last->connection, 0);
    bench.done = false;
    rig_pass(&bench.rig, 3600000);
    rig_wait(&bench.rig, &bench.done);
    ck_assert_int_eq(bench.error.code, ERROR_UNREACHABLE);
    ask(&bench, "GET", "/api/v1/pods");
    ck_assert_uint_eq(bench.last->connection, 2);
    bench_close(&bench);
}
END_TEST

START_TEST(server_errors_back_off_and_end)
{
    struct bench bench = {0};
    OPEN(bench, KUBE_READ_WRITE, {503, NULL, "{\"kind\":\"Status\",\"message\":\"etcd is away\"}"});
    start(&bench, "GET", "/api/v1/pods");
    int64_t waited = 0;
    for (; !bench.done && waited < 60000; waited += 50)
        rig_pass(&bench.rig, 50);
    ck_assert(bench.done);
    ck_assert_uint_eq(server_requests(bench.rig.server), 5);
    ck_assert_int_ge(waited, 100 + 200 + 400 + 800); /* the lower halves of 200 ms, doubled each time */
    ck_assert_int_eq(bench.error.code, ERROR_UNREACHABLE);
    ck_assert_ptr_nonnull(strstr(bench.error.message, "etcd is away"));
    ck_assert_ptr_nonnull(bench.error.hint);
    bench_close(&bench);
}
END_TEST

START_TEST(writes_are_not_repeated)
{
    static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE"};
    struct bench bench = {0};
    if (_i % 2 == 0) {
        OPEN(bench, KUBE_READ_WRITE, {500, NULL, NULL});
    } else {
        OPEN(bench, KUBE_READ_WRITE, {0, NULL, NULL});
    }
    ask(&bench, methods[_i / 2], "/api/v1/namespaces/x/pods/p");
    rig_pass(&bench.rig, 60000);
    ck_assert_int_eq(bench.error.code, ERROR_UNREACHABLE);
    ck_assert_uint_eq(server_requests(bench.rig.server), 1);
    bench_close(&bench);
}
END_TEST

START_TEST(a_broken_answer_to_a_read_is_asked_for_again)
{
    struct bench bench = {0};
    OPEN(bench, KUBE_READ_WRITE, {0, NULL, NULL}, {200, NULL, NULL});
    start(&bench, "GET", "/api/v1/pods");
    rig_wait(&bench.rig, &bench.seen);
    rig_settle(&bench.rig);
    rig_pass(&bench.rig, 200);
    rig_wait(&bench.rig, &bench.done);
    ck_assert_int_eq(bench.status, 200);
    bench_close(&bench);
}
END_TEST

START_TEST(a_server_that_is_down_is_told_at_once)
{
    struct bench bench = {0};
    OPEN(bench, KUBE_READ_WRITE, {200, NULL, NULL});
    free(bench.rig.config->server);
    bench.rig.config->server = memory_text("http://127.0.0.1:1");
    ask(&bench, "GET", "/api/v1/pods");
    ck_assert_int_eq(bench.error.code, ERROR_UNREACHABLE);
    ck_assert_ptr_nonnull(strstr(bench.error.message, "http://127.0.0.1:1 cannot be reached"));
    ck_assert_ptr_nonnull(bench.error.hint);
    ck_assert_int_eq(bench.status, 0);
    bench_close(&bench);
}
END_TEST

START_TEST(a_swallowed_request_times_out)
{
    struct bench bench = {0};
    OPEN(bench, KUBE_READ_WRITE, {-1, NULL, NULL});
    start(&bench, "GET", "/api/v1/pods");
    rig_wait(&bench.rig, &bench.seen);
    rig_pass(&bench.rig, 29000);
    ck_assert(!bench.done);
    rig_pass(&bench.rig, 3600000);
    rig_wait(&bench.rig, &bench.done);
    ck_assert_int_eq(bench.error.code, ERROR_UNREACHABLE);
    ck_assert_ptr_nonnull(strstr(bench.error.message, "did not answer"));
    bench_close(&bench);
}
END_TEST

START_TEST(warnings_are_told_once_and_clean)
{
    struct bench bench = {0};
    OPEN(bench, KUBE_READ_WRITE,
         {200,
          "Warning: 299 - \"v1 is deprecated\"\r\n"
          "Warning: 299 k8s \"say \\\"v2\\\" \\\\o/\", 299 - \"second\"\r\n"
          "Warning: 299 - \"\x01 escape\"\r\n"
          "Warning: 199 - \"not for people\"\r\n"
          "Warning: 299 - no quotes\r\n"
          "Warning: 299 - \"v1 is deprecated\" \"Sat, 21 Nov 2026 01:00:00 GMT\"\r\n",
          NULL});
    ask(&bench, "GET", "/api/v1/pods");
    const char *expected = "[v1 is deprecated][say \"v2\" \\o/][second]";
    ck_assert_msg(strncmp(text_peek(&bench.warnings), expected, strlen(expected)) == 0, "%s",
                  text_peek(&bench.warnings));
    ck_assert_ptr_null(strchr(text_peek(&bench.warnings), '\x01'));
    ck_assert_ptr_null(strstr(text_peek(&bench.warnings), "not for people"));
    size_t told = bench.warnings.size;
    ask(&bench, "GET", "/api/v1/pods");
    ck_assert_uint_eq(bench.warnings.size, told);
    bench_close(&bench);
}
END_TEST

START_TEST(a_read_only_console_sends_nothing_else)
{
    struct bench bench = {0};
    OPEN(bench, KUBE_READ_ONLY, {200, NULL, NULL});
    ask(&bench, "PUT", "/api/v1/namespaces/x/pods/p");
    ck_assert_int_eq(bench.error.code, ERROR_REFUSED);
    ck_assert_uint_eq(server_requests(bench.rig.server), 0);
    ask(&bench, "GET", "/api/v1/namespaces/x/pods/p");
    ck_assert_int_eq(bench.status, 200);
    bench_close(&bench);
}
END_TEST

START_TEST(cancelled_calls_never_call_back)
{
    struct bench bench = {0};
    OPEN(bench, KUBE_READ_ONLY, {-1, NULL, NULL});
    start(&bench, "PUT", "/refused");
    kube_call_cancel(bench.call);
    start(&bench, "GET", "/api/v1/pods");
    rig_wait(&bench.rig, &bench.seen);
    kube_call_cancel(bench.call);
    kube_call_cancel(NULL);
    start(&bench, "GET", "/api/v1/pods"); /* cancelled with the client */
    rig_pass(&bench.rig, 3600000);
    ck_assert_int_eq(bench.calls, 1); /* the last one's timeout */
    bench_close(&bench);
}
END_TEST

START_TEST(the_client_may_be_freed_by_an_answer)
{
    struct bench bench = {.free_client_when_done = true};
    OPEN(bench, KUBE_READ_WRITE, {200, NULL, NULL});
    start(&bench, "GET", "/api/v1/a");
    ask(&bench, "GET", "/api/v1/b");
    rig_settle(&bench.rig);
    ck_assert_int_eq(bench.calls, 1);
    bench_close(&bench);
}
END_TEST

START_TEST(impersonation_is_sent)
{
    static char *groups[] = {"system:a", "b", NULL};
    static char *extra[] = {"reason%2fwhy=on call", NULL};
    struct bench bench = {0};
    OPEN(bench, KUBE_READ_WRITE, {200, NULL, NULL});
    struct kube_config config = *bench.rig.config;
    config.as_user = "jane";
    config.as_uid = "u-1";
    config.as_groups = groups;
    config.as_extra = extra;
    kube_client_free(bench.rig.client);
    bench.rig.client = kube_client_new(bench.rig.loop, &config, &(struct kube_client_options){0});
    ask(&bench, "GET", "/api/v1/pods");
    ck_assert_ptr_nonnull(strstr(bench.last->head, "\r\nImpersonate-User: jane\r\n"));
    ck_assert_ptr_nonnull(strstr(bench.last->head, "\r\nImpersonate-Uid: u-1\r\n"));
    ck_assert_ptr_nonnull(strstr(bench.last->head, "\r\nImpersonate-Group: system:a\r\n"));
    ck_assert_ptr_nonnull(strstr(bench.last->head, "\r\nImpersonate-Group: b\r\n"));
    ck_assert_ptr_nonnull(strstr(bench.last->head, "\r\nImpersonate-Extra-reason%2fwhy: on call\r\n"));
    config.as_user = "jane\r\nX-Smuggled: yes";
    ask(&bench, "GET", "/api/v1/pods");
    ck_assert_int_eq(bench.error.code, ERROR_UNREACHABLE);
    ck_assert_uint_eq(server_requests(bench.rig.server), 1);
    kube_client_free(bench.rig.client);
    bench.rig.client = NULL;
    bench_close(&bench);
}
END_TEST

/* ---- access reviews ---- */

static void on_checked(bool allowed, const char *reason, const struct error *error, void *context)
{
    struct bench *bench = context;
    bench->done = true;
    bench->status = allowed;
    free(bench->reason);
    bench->reason = memory_text(reason);
    if (error != NULL)
        error_copy(&bench->error, error);
}

static void on_named(const char *user, const struct error *error, void *context)
{
    struct bench *bench = context;
    bench->done = true;
    free(bench->body);
    bench->body = memory_text(user);
    if (error != NULL)
        error_copy(&bench->error, error);
}

START_TEST(asks_what_one_may_do)
{
    struct bench bench = {0};
    OPEN(bench, KUBE_READ_ONLY, {201, NULL, "{\"status\":{\"allowed\":true,\"reason\":\"RBAC\"}}"},
         {201, NULL, "{\"status\":{\"allowed\":\"yes\"}}"}, {201, NULL, "garbage"},
         {403, NULL, "{\"kind\":\"Status\",\"message\":\"no\"}"});
    const struct kube_resource *resource = kube_resource_find("apps/v1", "Deployment");
    static const bool expected[] = {true, false, false, false};
    static const enum error_code codes[] = {ERROR_NONE, ERROR_NONE, ERROR_UNREACHABLE, ERROR_FORBIDDEN};
    for (size_t i = 0; i < 4; i++) {
        bench.done = false;
        error_release(&bench.error);
        kube_access_check(bench.rig.client, "patch", resource, "x", "d", on_checked, &bench);
        rig_wait(&bench.rig, &bench.done);
        ck_assert_int_eq(bench.status, expected[i]);
        ck_assert_int_eq(bench.error.code, codes[i]);
        if (i == 0)
            ck_assert_str_eq(bench.reason, "RBAC");
    }
    ck_assert_str_eq(bench.last->path, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews");
    ck_assert_ptr_nonnull(strstr(bench.last->body,
                                 "\"resourceAttributes\":{\"verb\":\"patch\",\"group\":\"apps\",\"version\":\"v1\","
                                 "\"resource\":\"deployments\",\"namespace\":\"x\",\"name\":\"d\"}"));
    struct kube_question *question =
        kube_access_check(bench.rig.client, "get", resource, NULL, NULL, on_checked, &bench);
    bench.done = false;
    kube_question_cancel(question);
    rig_settle(&bench.rig);
    ck_assert(!bench.done);
    bench_close(&bench);
}
END_TEST

START_TEST(a_name_that_is_not_text_never_widens_the_question)
{
    struct bench bench = {0};
    OPEN(bench, KUBE_READ_ONLY, {400, NULL, "{\"kind\":\"Status\",\"message\":\"no body\"}"});
    kube_access_check(bench.rig.client, "get", kube_resource_find("v1", "Pod"), "\xff", NULL, on_checked, &bench);
    rig_wait(&bench.rig, &bench.done);
    ck_assert(!bench.status);
    ck_assert_str_eq(bench.last->body, "");
    bench_close(&bench);
}
END_TEST

START_TEST(asks_who_one_is)
{
    struct bench bench = {0};
    OPEN(bench, KUBE_READ_ONLY, {201, NULL, "{\"status\":{\"userInfo\":{\"username\":\"jane\"}}}"}, {201, NULL, "{}"});
    kube_access_whoami(bench.rig.client, on_named, &bench);
    rig_wait(&bench.rig, &bench.done);
    ck_assert_str_eq(bench.body, "jane");
    bench.done = false;
    kube_access_whoami(bench.rig.client, on_named, &bench);
    rig_wait(&bench.rig, &bench.done);
    ck_assert_ptr_null(bench.body);
    ck_assert_int_eq(bench.error.code, ERROR_UNREACHABLE);
    bench_close(&bench);
}
END_TEST

Suite *suite_client(void)
{
    Suite *suite = suite_create("client");
    TCase *tests = tcase_create("client");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, an_answer_arrives);
    tcase_add_loop_test(tests, the_servers_words_become_errors, 0, 13);
    tcase_add_loop_test(tests, too_many_requests_wait_as_told, 0, 2);
    tcase_add_loop_test(tests, an_absurd_retry_after_is_not_waited_for, 0, 2);
    tcase_add_test(tests, retries_end_while_a_person_waits);
    tcase_add_test(tests, watches_share_no_connection_with_actions);
    tcase_add_test(tests, server_errors_back_off_and_end);
    tcase_add_loop_test(tests, writes_are_not_repeated, 0, 8);
    tcase_add_test(tests, a_broken_answer_to_a_read_is_asked_for_again);
    tcase_add_test(tests, a_server_that_is_down_is_told_at_once);
    tcase_add_test(tests, a_swallowed_request_times_out);
    tcase_add_test(tests, warnings_are_told_once_and_clean);
    tcase_add_test(tests, a_read_only_console_sends_nothing_else);
    tcase_add_test(tests, cancelled_calls_never_call_back);
    tcase_add_test(tests, the_client_may_be_freed_by_an_answer);
    tcase_add_test(tests, impersonation_is_sent);
    tcase_add_test(tests, asks_what_one_may_do);
    tcase_add_test(tests, a_name_that_is_not_text_never_widens_the_question);
    tcase_add_test(tests, asks_who_one_is);
    suite_add_tcase(suite, tests);
    return suite;
}
