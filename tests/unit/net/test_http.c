#include "base/array.h"
#include "base/gzip.h"
#include "base/memory.h"
#include "base/text.h"
#include "net/http.h"
#include "unit/net/server.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_http(void);

#define LIMIT 20000

/* One client with one server, and what came of a transfer. */
struct bench {
    struct clock_manual clock;
    struct loop *loop;
    struct server *server;
    struct http *http;
    struct http_transfer *transfer;
    void (*handle)(struct exchange *exchange, struct bench *bench);
    struct exchange *held;
    bool seen; /* the server got a request */
    bool done;
    int calls;
    enum http_failure failure;
    int status;
    struct text reason;
    struct text body;
    struct text stream;
    struct text header;
    size_t refuse_after;
    bool cancel_in_data;
    bool free_in_data;
    bool free_when_done;
};

static void handle(struct exchange *exchange, void *context)
{
    struct bench *bench = context;
    bench->seen = true;
    bench->held = exchange;
    bench->handle(exchange, bench);
}

static void bench_open(struct bench *bench, void (*handler)(struct exchange *exchange, struct bench *bench))
{
    clock_manual_init(&bench->clock, 0);
    bench->loop = loop_new(&bench->clock.clock);
    bench->handle = handler;
    bench->server = server_new(bench->loop, handle, bench);
    bench->http = http_new(bench->loop);
}

static void bench_close(struct bench *bench)
{
    http_free(bench->http);
    server_free(bench->server);
    loop_free(bench->loop);
    text_release(&bench->reason);
    text_release(&bench->body);
    text_release(&bench->stream);
    text_release(&bench->header);
}

static void on_done(const struct http_answer *answer, void *context)
{
    struct bench *bench = context;
    bench->done = true;
    bench->calls++;
    bench->failure = answer->failure;
    bench->status = answer->status;
    text_clear(&bench->reason);
    text_append(&bench->reason, answer->reason);
    text_clear(&bench->body);
    text_append_bytes(&bench->body, answer->body, answer->size);
    text_append(&bench->header, http_answer_header(answer, "x-test", 0));
    ck_assert(answer->failure == HTTP_OK ? answer->reason == NULL : answer->reason != NULL && *answer->reason != '\0');
    if (bench->free_when_done)
        http_free(STEAL(bench->http));
}

static bool on_data(const void *bytes, size_t size, void *context)
{
    struct bench *bench = context;
    text_append_bytes(&bench->stream, bytes, size);
    if (bench->cancel_in_data)
        http_cancel(STEAL(bench->transfer));
    if (bench->free_in_data)
        http_free(STEAL(bench->http));
    return bench->refuse_after == 0 || bench->stream.size < bench->refuse_after;
}

static void start(struct bench *bench, const struct http_request *more)
{
    struct http_request request = *more;
    CLEANUP_FREE char *url = server_url(bench->server, "/path?q=1");
    request.url = request.url != NULL ? request.url : url;
    request.method = request.method != NULL ? request.method : "GET";
    request.on_done = on_done;
    request.context = bench;
    bench->done = false;
    bench->transfer = http_start(bench->http, &request);
    ck_assert(!bench->done);
}

static void wait_for(struct bench *bench, const bool *what)
{
    ck_assert(loop_run_until(bench->loop, what, LIMIT));
}

static void fetch(struct bench *bench, const struct http_request *more)
{
    start(bench, more);
    wait_for(bench, &bench->done);
}

static void answer_hello(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_answer(exchange, 200, "X-Test:  value \r\n", "hello");
}

START_TEST(gets_an_answer_and_keeps_the_connection)
{
    struct bench bench = {0};
    bench_open(&bench, answer_hello);
    fetch(&bench, &(struct http_request){0});
    ck_assert_int_eq(bench.failure, HTTP_OK);
    ck_assert_int_eq(bench.status, 200);
    ck_assert_str_eq(text_peek(&bench.body), "hello");
    ck_assert_str_eq(text_peek(&bench.header), "value");
    ck_assert_str_eq(bench.held->path, "/path?q=1");
    uint64_t received = http_received(bench.http);
    ck_assert_uint_gt(received, 5);
    fetch(&bench, &(struct http_request){0});
    ck_assert_uint_eq(server_connections(bench.server), 1);
    ck_assert_uint_eq(http_received(bench.http), 2 * received);
    bench_close(&bench);
}
END_TEST

START_TEST(sends_method_headers_and_body)
{
    struct bench bench = {0};
    bench_open(&bench, answer_hello);
    const char *const headers[] = {"Content-Type: application/json", "X-One: 1", NULL};
    fetch(&bench, &(struct http_request){.method = "PATCH", .headers = headers, .body = "{}", .body_size = 2});
    ck_assert_str_eq(bench.held->method, "PATCH");
    ck_assert_str_eq(bench.held->body, "{}");
    ck_assert_ptr_nonnull(strstr(bench.held->head, "\r\nX-One: 1\r\n"));
    ck_assert_ptr_nonnull(strstr(bench.held->head, "\r\nContent-Type: application/json\r\n"));
    ck_assert_ptr_null(strstr(bench.held->head, "Expect"));
    fetch(&bench, &(struct http_request){.method = "DELETE"});
    ck_assert_str_eq(bench.held->method, "DELETE");
    ck_assert_ptr_null(strcasestr(bench.held->head, "content-type"));
    fetch(&bench, &(struct http_request){.method = "POST"});
    ck_assert_str_eq(bench.held->method, "POST");
    ck_assert_ptr_nonnull(strstr(bench.held->head, "Content-Length: 0"));
    bench_close(&bench);
}
END_TEST

START_TEST(a_write_that_must_not_repeat_has_its_own_connection)
{
    struct bench bench = {0};
    bench_open(&bench, answer_hello);
    fetch(&bench, &(struct http_request){0});
    fetch(&bench, &(struct http_request){.method = "PUT", .body = "{}", .body_size = 2, .only_once = true});
    ck_assert_uint_eq(server_connections(bench.server), 2);
    bench_close(&bench);
}
END_TEST

START_TEST(refuses_a_smuggled_header)
{
    static const char *const lines[] = {"X-A: b\r\nX-C: d", "X-A: b\nX-C: d", "no colon", ": empty", "X-A: \x7f"};
    const char *const headers[] = {lines[_i], NULL};
    struct bench bench = {0};
    bench_open(&bench, answer_hello);
    fetch(&bench, &(struct http_request){.headers = headers});
    ck_assert_int_eq(bench.failure, HTTP_REFUSED);
    ck_assert_uint_eq(server_requests(bench.server), 0);
    bench_close(&bench);
}
END_TEST

START_TEST(refuses_what_is_no_web_address)
{
    static const char *const urls[] = {"file:///etc/passwd", "gopher://127.0.0.1/", "http://127.0.0.1:99999/",
                                       "http://a b/", ""};
    struct bench bench = {0};
    bench_open(&bench, answer_hello);
    fetch(&bench, &(struct http_request){.url = urls[_i]});
    ck_assert_int_ne(bench.failure, HTTP_OK);
    ck_assert_int_eq(bench.status, 0);
    bench_close(&bench);
}
END_TEST

static void answer_redirect(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_answer(exchange, 302, "Location: /elsewhere\r\n", "moved");
}

START_TEST(does_not_follow_redirects)
{
    struct bench bench = {0};
    bench_open(&bench, answer_redirect);
    fetch(&bench, &(struct http_request){0});
    ck_assert_int_eq(bench.status, 302);
    ck_assert_uint_eq(server_requests(bench.server), 1);
    bench_close(&bench);
}
END_TEST

static void answer_half(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_send(exchange, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this");
    server_hang_up(exchange);
}

static void answer_half_head(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_send(exchange, "HTTP/1.1 200 OK\r\nContent-Le");
    server_hang_up(exchange);
}

static void answer_half_chunk(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_stream(exchange);
    server_send(exchange, "fff\r\nabc");
    server_hang_up(exchange);
}

static void answer_garbage(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_send(exchange, "\x16\x03\x01 this is not HTTP at all\r\n\r\n");
    server_hang_up(exchange);
}

static void answer_bad_chunk(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_stream(exchange);
    server_send(exchange, "zzzz\r\n");
}

static void answer_nothing(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_hang_up(exchange);
}

static void answer_damaged_gzip(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_send(exchange, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\nnot gzip");
}

START_TEST(tells_broken_answers)
{
    static void (*const handlers[])(struct exchange *, struct bench *) = {
        answer_half,      answer_half_head, answer_half_chunk,   answer_garbage,
        answer_bad_chunk, answer_nothing,   answer_damaged_gzip,
    };
    struct bench bench = {0};
    bench_open(&bench, handlers[_i]);
    fetch(&bench, &(struct http_request){.compressed = true});
    ck_assert_msg(bench.failure == HTTP_BROKEN, "failure %d: %s", (int)bench.failure, text_peek(&bench.reason));
    ck_assert_int_eq(bench.calls, 1);
    bench_close(&bench);
}
END_TEST

static void answer_many_headers(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    struct text text = {0};
    text_append(&text, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 10000; i++)
        text_append_format(&text, "X-Header-%d: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", i);
    text_append(&text, "Content-Length: 0\r\n\r\n");
    server_send(exchange, text_peek(&text));
    text_release(&text);
}

START_TEST(bounds_headers)
{
    struct bench bench = {0};
    bench_open(&bench, answer_many_headers);
    fetch(&bench, &(struct http_request){0});
    ck_assert_int_ne(bench.failure, HTTP_OK);
    bench_close(&bench);
}
END_TEST

static void answer_bomb(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    size_t size = 32 * 1024 * 1024;
    CLEANUP_FREE char *zeros = memory_new(size);
    CLEANUP_FREE char *packed = NULL;
    size_t packed_size = 0;
    gzip_pack(zeros, size, &packed, &packed_size);
    CLEANUP_FREE char *head =
        memory_format("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n", packed_size);
    server_send(exchange, head);
    server_send_bytes(exchange, packed, packed_size);
}

START_TEST(a_gzip_bomb_stops_at_the_limit)
{
    struct bench bench = {0};
    bench_open(&bench, answer_bomb);
    fetch(&bench, &(struct http_request){.compressed = true, .body_limit = 1000000});
    ck_assert_int_eq(bench.failure, HTTP_TOO_LARGE);
    ck_assert_uint_le(bench.body.size, 1000000);
    ck_assert_ptr_nonnull(strstr(bench.held->head, "Accept-Encoding: gzip"));
    bench_close(&bench);
}
END_TEST

START_TEST(a_packed_answer_is_left_as_it_came)
{
    struct bench bench = {0};
    bench_open(&bench, answer_bomb);
    fetch(&bench, &(struct http_request){.packed = true});
    ck_assert_int_eq(bench.failure, HTTP_OK);
    ck_assert(gzip_is(bench.body.bytes, bench.body.size));
    ck_assert_uint_lt(bench.body.size, 100000);
    bench_close(&bench);
}
END_TEST

START_TEST(no_gzip_unless_asked)
{
    struct bench bench = {0};
    bench_open(&bench, answer_hello);
    fetch(&bench, &(struct http_request){0});
    ck_assert_ptr_null(strcasestr(bench.held->head, "accept-encoding"));
    bench_close(&bench);
}
END_TEST

static void hold(struct exchange *exchange, struct bench *bench)
{
    (void)exchange;
    (void)bench;
}

START_TEST(whole_transfer_times_out_by_the_clock)
{
    struct bench bench = {0};
    bench_open(&bench, hold);
    start(&bench, &(struct http_request){.timeout_ms = 30000});
    wait_for(&bench, &bench.seen);
    clock_manual_advance(&bench.clock, 29999);
    ck_assert(!loop_run_until(bench.loop, &bench.done, 20));
    clock_manual_advance(&bench.clock, 1);
    wait_for(&bench, &bench.done);
    ck_assert_int_eq(bench.failure, HTTP_TIMEOUT);
    bench_close(&bench);
}
END_TEST

/* A listening socket that nobody accepts from: connecting works, the request is swallowed. With a full queue even that
 * does not. */
START_TEST(silence_is_found_and_its_connection_not_used_again)
{
    struct bench bench = {0};
    bench_open(&bench, hold);
    start(&bench, &(struct http_request){.idle_timeout_ms = 90000, .on_data = on_data});
    wait_for(&bench, &bench.seen);
    clock_manual_advance(&bench.clock, 60000);
    server_stream(bench.held);
    server_chunk(bench.held, "event");
    while (bench.stream.size == 0)
        uv_run(loop_uv(bench.loop), UV_RUN_ONCE);
    clock_manual_advance(&bench.clock, 89999); /* since the last byte */
    ck_assert(!loop_run_until(bench.loop, &bench.done, 20));
    clock_manual_advance(&bench.clock, 3600000);
    wait_for(&bench, &bench.done);
    ck_assert_int_eq(bench.failure, HTTP_IDLE);
    ck_assert_int_eq(bench.status, 200);
    bench.handle = answer_hello;
    fetch(&bench, &(struct http_request){0});
    ck_assert_int_eq(bench.failure, HTTP_OK);
    ck_assert_uint_eq(server_connections(bench.server), 2);
    bench_close(&bench);
}
END_TEST

START_TEST(a_stream_whose_head_never_comes_times_out)
{
    struct bench bench = {0};
    bench_open(&bench, _i == 0 ? hold : answer_hello);
    start(&bench, &(struct http_request){.head_timeout_ms = 30000, .on_data = on_data});
    wait_for(&bench, _i == 0 ? &bench.seen : &bench.done);
    clock_manual_advance(&bench.clock, 30000);
    wait_for(&bench, &bench.done);
    ck_assert_int_eq(bench.failure, _i == 0 ? HTTP_TIMEOUT : HTTP_OK);
    bench_close(&bench);
}
END_TEST

START_TEST(a_renewed_pool_uses_new_connections)
{
    struct bench bench = {0};
    bench_open(&bench, answer_hello);
    fetch(&bench, &(struct http_request){0});
    http_renew(bench.http);
    fetch(&bench, &(struct http_request){0});
    ck_assert_uint_eq(server_connections(bench.server), 2);
    bench_close(&bench);
}
END_TEST

START_TEST(a_connection_that_never_comes_times_out)
{
    struct bench bench = {0};
    bench_open(&bench, hold);
    /* A listener whose queue is full: further connections are neither taken nor refused. */
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(listen(listener, 0), 0);
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    int fillers[4];
    for (int i = 0; i < 4; i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        connect(fillers[i], (struct sockaddr *)&address, size);
    }
    CLEANUP_FREE char *url = memory_format("http://127.0.0.1:%d/", ntohs(address.sin_port));
    start(&bench, &(struct http_request){.url = url});
    ck_assert(!loop_run_until(bench.loop, &bench.done, 20));
    clock_manual_advance(&bench.clock, 10000);
    wait_for(&bench, &bench.done);
    ck_assert_int_eq(bench.failure, HTTP_TIMEOUT);
    ck_assert_ptr_nonnull(strstr(text_peek(&bench.reason), "connection"));
    bench_close(&bench);
}
END_TEST

START_TEST(refused_and_unknown_hosts_are_told_apart)
{
    struct bench bench = {0};
    bench_open(&bench, hold);
    fetch(&bench, &(struct http_request){.url = "http://127.0.0.1:1/"});
    ck_assert_int_eq(bench.failure, HTTP_CONNECT);
    fetch(&bench, &(struct http_request){.url = "http://nowhere.invalid/"});
    ck_assert_int_eq(bench.failure, HTTP_RESOLVE);
    fetch(&bench, &(struct http_request){.url = "https://localhost:1/"});
    ck_assert_int_eq(bench.failure, HTTP_CONNECT);
    bench_close(&bench);
}
END_TEST

START_TEST(plain_answer_to_tls_is_a_tls_failure)
{
    struct bench bench = {0};
    bench_open(&bench, hold);
    CLEANUP_FREE char *plain = server_url(bench.server, "/");
    CLEANUP_FREE char *url = memory_format("https%s", plain + strlen("http"));
    struct http_peer peer = {.ca_pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"};
    fetch(&bench, &(struct http_request){.url = url, .peer = &peer});
    ck_assert_int_eq(bench.failure, HTTP_TLS);
    bench_close(&bench);
}
END_TEST

static void answer_as_proxy(struct exchange *exchange, struct bench *bench)
{
    if (strcmp(exchange->method, "CONNECT") == 0)
        server_answer(exchange, 403, "", "not through here");
    else
        answer_hello(exchange, bench);
}

START_TEST(a_given_proxy_is_used_whatever_the_environment_says)
{
    setenv("NO_PROXY", "*", 1);
    setenv("no_proxy", "*", 1);
    struct bench bench = {0};
    bench_open(&bench, answer_as_proxy);
    CLEANUP_FREE char *url = server_url(bench.server, "");
    CLEANUP_FREE char *with_user = memory_format("http://jane:secret@%s", url + strlen("http://"));
    struct http_peer peer = {.proxy = with_user};
    fetch(&bench, &(struct http_request){.url = "http://cluster.invalid:8080/path", .peer = &peer});
    ck_assert_int_eq(bench.failure, HTTP_OK);
    ck_assert_str_eq(bench.held->path, "http://cluster.invalid:8080/path");
    ck_assert_ptr_nonnull(strstr(bench.held->head, "Proxy-Authorization: Basic amFuZTpzZWNyZXQ="));
    fetch(&bench, &(struct http_request){.url = "https://cluster.invalid:6443/", .peer = &peer});
    ck_assert_int_eq(bench.failure, HTTP_CONNECT);
    ck_assert_str_eq(bench.held->method, "CONNECT");
    ck_assert_str_eq(bench.held->path, "cluster.invalid:6443"); /* the proxy finds the name, not this machine */
    ck_assert_int_eq(bench.status, 0);
    ck_assert_ptr_null(strstr(text_peek(&bench.reason), "secret"));
    bench_close(&bench);
}
END_TEST

START_TEST(the_environments_proxy_is_not_used_for_this_machine)
{
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("HTTP_PROXY", "http://127.0.0.1:1", 1);
    struct bench bench = {0};
    bench_open(&bench, answer_hello);
    fetch(&bench, &(struct http_request){0});
    ck_assert_int_eq(bench.failure, HTTP_OK);
    fetch(&bench, &(struct http_request){.url = "http://cluster.invalid/"});
    ck_assert_int_eq(bench.failure, HTTP_CONNECT);
    bench_close(&bench);
}
END_TEST

static void answer_stream(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_stream(exchange);
    server_chunk(exchange, "one ");
    server_chunk(exchange, "two");
    server_chunk_end(exchange);
}

START_TEST(streams_come_as_they_are_sent)
{
    struct bench bench = {0};
    bench_open(&bench, answer_stream);
    fetch(&bench, &(struct http_request){.on_data = on_data});
    ck_assert_int_eq(bench.failure, HTTP_OK);
    ck_assert_str_eq(text_peek(&bench.stream), "one two");
    ck_assert_uint_eq(bench.body.size, 0);
    bench_close(&bench);
}
END_TEST

static void answer_forbidden(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_answer(exchange, 403, "", "no");
}

START_TEST(a_refused_stream_has_a_body)
{
    struct bench bench = {0};
    bench_open(&bench, answer_forbidden);
    fetch(&bench, &(struct http_request){.on_data = on_data});
    ck_assert_int_eq(bench.status, 403);
    ck_assert_uint_eq(bench.stream.size, 0);
    ck_assert_str_eq(text_peek(&bench.body), "no");
    bench_close(&bench);
}
END_TEST

START_TEST(a_stream_can_be_refused_midway)
{
    struct bench bench = {.refuse_after = 1};
    bench_open(&bench, answer_stream);
    fetch(&bench, &(struct http_request){.on_data = on_data});
    ck_assert_int_eq(bench.failure, HTTP_REFUSED);
    bench_close(&bench);
}
END_TEST

START_TEST(cancelled_never_calls_back)
{
    struct bench bench = {0};
    bench_open(&bench, hold);
    start(&bench, &(struct http_request){0});
    http_cancel(bench.transfer); /* before it left */
    start(&bench, &(struct http_request){0});
    wait_for(&bench, &bench.seen);
    http_cancel(bench.transfer); /* under way */
    http_cancel(NULL);
    ck_assert(!loop_run_until(bench.loop, &bench.done, 20));
    bench.cancel_in_data = true;
    bench.handle = answer_stream;
    start(&bench, &(struct http_request){.on_data = on_data}); /* within libcurl's own call */
    ck_assert(!loop_run_until(bench.loop, &bench.done, 50));
    ck_assert_str_eq(text_peek(&bench.stream), "one ");
    ck_assert_int_eq(bench.calls, 0);
    bench_close(&bench);
}
END_TEST

START_TEST(the_pool_may_be_freed_from_any_call)
{
    struct bench bench = {.free_in_data = _i == 0, .free_when_done = _i == 1};
    bench_open(&bench, answer_stream);
    struct http_request request = {.on_data = on_data};
    start(&bench, &request);
    start(&bench, &request);
    loop_run_until(bench.loop, &bench.done, _i == 0 ? 50 : LIMIT);
    loop_run_until(bench.loop, &bench.free_in_data, 20);
    ck_assert_ptr_null(bench.http);
    ck_assert_int_eq(bench.calls, _i);
    bench_close(&bench);
}
END_TEST

START_TEST(an_idle_pool_does_not_keep_the_loop_running)
{
    struct bench bench = {0};
    bench_open(&bench, answer_hello);
    fetch(&bench, &(struct http_request){0});
    server_free(bench.server);
    bench.server = NULL;
    loop_run(bench.loop); /* returns */
    http_free(bench.http);
    loop_free(bench.loop);
    text_release(&bench.reason);
    text_release(&bench.body);
    text_release(&bench.header);
}
END_TEST

Suite *suite_http(void)
{
    Suite *suite = suite_create("http");
    TCase *tests = tcase_create("http");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, gets_an_answer_and_keeps_the_connection);
    tcase_add_test(tests, sends_method_headers_and_body);
    tcase_add_test(tests, a_write_that_must_not_repeat_has_its_own_connection);
    tcase_add_loop_test(tests, refuses_a_smuggled_header, 0, 5);
    tcase_add_loop_test(tests, refuses_what_is_no_web_address, 0, 5);
    tcase_add_test(tests, does_not_follow_redirects);
    tcase_add_loop_test(tests, tells_broken_answers, 0, 7);
    tcase_add_test(tests, bounds_headers);
    tcase_add_test(tests, a_gzip_bomb_stops_at_the_limit);
    tcase_add_test(tests, a_packed_answer_is_left_as_it_came);
    tcase_add_test(tests, no_gzip_unless_asked);
    tcase_add_test(tests, whole_transfer_times_out_by_the_clock);
    tcase_add_test(tests, silence_is_found_and_its_connection_not_used_again);
    tcase_add_loop_test(tests, a_stream_whose_head_never_comes_times_out, 0, 2);
    tcase_add_test(tests, a_renewed_pool_uses_new_connections);
    tcase_add_test(tests, a_connection_that_never_comes_times_out);
    tcase_add_test(tests, refused_and_unknown_hosts_are_told_apart);
    tcase_add_test(tests, plain_answer_to_tls_is_a_tls_failure);
    tcase_add_test(tests, a_given_proxy_is_used_whatever_the_environment_says);
    tcase_add_test(tests, the_environments_proxy_is_not_used_for_this_machine);
    tcase_add_test(tests, streams_come_as_they_are_sent);
    tcase_add_test(tests, a_refused_stream_has_a_body);
    tcase_add_test(tests, a_stream_can_be_refused_midway);
    tcase_add_test(tests, cancelled_never_calls_back);
    tcase_add_loop_test(tests, the_pool_may_be_freed_from_any_call, 0, 2);
    tcase_add_test(tests, an_idle_pool_does_not_keep_the_loop_running);
    suite_add_tcase(suite, tests);
    return suite;
}
