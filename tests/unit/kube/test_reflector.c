#include "base/gzip.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "kube/reflector.h"
#include "unit/kube/rig.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_reflector(void);

struct bench;
typedef void (*answer)(struct exchange *exchange, struct bench *bench);

/* A server that answers each of the three kinds of request by its own function, and what the reflector told. */
struct bench {
    struct rig rig;
    answer on_stream; /* a streaming list */
    answer on_watch;  /* a watch from a version */
    answer on_list;
    size_t streams, watches, lists;
    struct exchange *held; /* the last streaming list or watch */
    char *last_path;

    struct kube_reflector *reflector;
    struct text story; /* "+name *name -name" and " [freshness]" */
    enum kube_change free_on;
    bool free_in_change;
    bool free_in_state;
    bool contexts_freed;
};

static void serve(struct exchange *exchange, void *context)
{
    struct bench *bench = context;
    bool watch = strstr(exchange->path, "watch=true") != NULL;
    bool stream = strstr(exchange->path, "sendInitialEvents=true") != NULL;
    free(bench->last_path);
    bench->last_path = memory_text(exchange->path);
    if (watch)
        bench->held = exchange;
    if (stream) {
        bench->streams++;
        bench->on_stream(exchange, bench);
    } else if (watch) {
        bench->watches++;
        bench->on_watch(exchange, bench);
    } else {
        bench->lists++;
        bench->on_list(exchange, bench);
    }
}

static void *keep_color(const json_t *object, const void *context)
{
    (void)context;
    return memory_text(tree_text(object, "color"));
}

static void free_reflector(struct bench *bench)
{
    kube_reflector_free(bench->reflector);
    bench->reflector = NULL;
}

static void on_change(enum kube_change change, const struct kube_item *now, const void *before, void *context)
{
    struct bench *bench = context;
    static const char marks[] = {[KUBE_ADDED] = '+', [KUBE_MODIFIED] = '*', [KUBE_DELETED] = '-'};
    text_append_format(&bench->story, "%c%s%s%s ", marks[change], now->name, before != NULL ? "<" : "",
                       before != NULL ? (const char *)before : "");
    if (bench->free_in_change)
        free_reflector(bench);
}

static void on_state(void *context)
{
    struct bench *bench = context;
    static const char *const words[] = {"waiting", "live", "stale", "unknown"};
    text_append_format(&bench->story, "[%s] ", words[kube_reflector_freshness(bench->reflector)]);
    if (bench->free_in_state)
        free_reflector(bench);
}

static void on_context_freed(void *context)
{
    ((struct bench *)context)->contexts_freed = true;
}

static void open_with(struct bench *bench, const struct kube_reflector_options *more)
{
    if (bench->rig.loop == NULL)
        rig_open(&bench->rig, serve, bench, NULL);
    struct kube_reflector_options options = *more;
    options.resource = *kube_resource_find("v1", "Pod");
    options.projection = (struct kube_projection){keep_color, free, bench, on_context_freed};
    options.on_change = on_change;
    options.on_state = on_state;
    options.context = bench;
    bench->reflector = kube_reflector_new(bench->rig.client, &options);
    ck_assert_uint_eq(bench->story.size, 0);
}

static void open_bench(struct bench *bench)
{
    open_with(bench, &(struct kube_reflector_options){0});
}

static void close_bench(struct bench *bench)
{
    free_reflector(bench);
    rig_close(&bench->rig);
    ck_assert(bench->contexts_freed);
    text_release(&bench->story);
    free(bench->last_path);
}

/* Turns the loop until the story contains `part`. */
static void until_told(struct bench *bench, const char *part)
{
    int64_t end = clock_boot_ms(clock_system()) + RIG_LIMIT_MS;
    while (strstr(text_peek(&bench->story), part) == NULL && clock_boot_ms(clock_system()) < end) {
        bool never = false;
        loop_run_until(bench->rig.loop, &never, 2);
        clock_manual_advance(&bench->rig.clock, 1); /* what gathers for a moment goes on */
    }
    ck_assert_msg(strstr(text_peek(&bench->story), part) != NULL, "'%s' is not in '%s'", part,
                  text_peek(&bench->story));
}

static void until_count(struct bench *bench, const size_t *count, size_t wanted)
{
    int64_t end = clock_boot_ms(clock_system()) + RIG_LIMIT_MS;
    while (*count < wanted && clock_boot_ms(clock_system()) < end) {
        bool never = false;
        loop_run_until(bench->rig.loop, &never, 2);
        clock_manual_advance(&bench->rig.clock, 1);
    }
    ck_assert_uint_ge(*count, wanted);
}

/* Lets up to two minutes pass, in small steps: a watch that says nothing for longer than 90 s is stale again. */
static void until_live(struct bench *bench)
{
    for (int i = 0; i < 120 && kube_reflector_freshness(bench->reflector) != KUBE_LIVE; i++)
        rig_pass(&bench->rig, 1000);
    ck_assert_int_eq(kube_reflector_freshness(bench->reflector), KUBE_LIVE);
}

static void tell(struct bench *bench, const char *type, const char *name, const char *version, const char *color)
{
    CLEANUP_FREE char *line = memory_format(
        "{\"type\":\"%s\",\"object\":{\"metadata\":{\"namespace\":\"n\",\"name\":\"%s\",\"uid\":\"uid-of-%s\","
        "\"resourceVersion\":\"%s\"},\"color\":\"%s\"}}\n",
        type, name, name, version, color);
    server_chunk(bench->held, line);
}

static void tell_bookmark(struct bench *bench, const char *version, bool end)
{
    CLEANUP_FREE char *line =
        memory_format("{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"%s\"%s}}}\n", version,
                      end ? ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}" : "");
    server_chunk(bench->held, line);
}

static void tell_error(struct bench *bench, int code)
{
    CLEANUP_FREE char *line = memory_format(
        "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":%d,\"message\":\"told in the stream\"}}\n", code);
    server_chunk(bench->held, line);
}

/* ---- answers ---- */

static void refuse(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_answer(exchange, 422, "",
                  "{\"kind\":\"Status\",\"reason\":\"Invalid\",\"message\":\"sendInitialEvents is forbidden\"}");
}

static void forbid(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_answer(exchange, 403, "",
                  "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"message\":\"pods is forbidden\"}");
}

static void hold(struct exchange *exchange, struct bench *bench)
{
    (void)exchange;
    (void)bench;
}

static void open_stream(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_stream(exchange);
}

/* a and b, then a watch that says nothing yet. */
static void stream_a_and_b(struct exchange *exchange, struct bench *bench)
{
    server_stream(exchange);
    tell(bench, "ADDED", "b", "2", "blue");
    tell(bench, "ADDED", "a", "1", "red");
    tell_bookmark(bench, "10", true);
}

#define OBJECT(name, version)                                                                                          \
    "{\"metadata\":{\"namespace\":\"n\",\"name\":\"" name "\",\"uid\":\"uid-of-" name                                  \
    "\",\"resourceVersion\":\"" version "\"},\"color\":\"" name version "\"}"
#define LIST(version, token, ...)                                                                                      \
    "{\"metadata\":{\"resourceVersion\":\"" version "\",\"continue\":\"" token "\"},\"items\":[" __VA_ARGS__ "]}"

static void list_a_and_b(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_answer(exchange, 200, "", LIST("20", "", OBJECT("a", "1") "," OBJECT("b", "2")));
}

static void list_b_and_c(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_answer(exchange, 200, "", LIST("30", "", OBJECT("b", "25") "," OBJECT("c", "26")));
}

static void never_asked(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    ck_abort_msg("nobody should ask for %s", exchange->path);
}

static const char *color_of(const struct bench *bench, const char *name)
{
    const struct kube_item *item = kube_reflector_find(bench->reflector, "n", name);
    return item != NULL ? item->item : NULL;
}

/* ---- lists ---- */

START_TEST(a_streamed_list_becomes_a_watch)
{
    struct bench bench = {.on_stream = stream_a_and_b, .on_watch = never_asked, .on_list = never_asked};
    open_with(&bench,
              &(struct kube_reflector_options){.namespace = "n", .label_selector = "a=b", .field_selector = "c=d"});
    ck_assert_int_eq(kube_reflector_freshness(bench.reflector), KUBE_WAITING);
    ck_assert(!kube_reflector_complete(bench.reflector));
    ck_assert_int_eq(kube_reflector_heard_ms(bench.reflector), -1);
    until_told(&bench, "[live]");
    ck_assert_str_eq(text_peek(&bench.story), "[live] "); /* the first list is no change */
    ck_assert(kube_reflector_complete(bench.reflector));
    ck_assert_uint_eq(kube_reflector_count(bench.reflector), 2);
    ck_assert_str_eq(kube_reflector_at(bench.reflector, 0)->name, "a");
    ck_assert_ptr_null(kube_reflector_at(bench.reflector, 2));
    ck_assert_str_eq(color_of(&bench, "a"), "red");
    tell(&bench, "MODIFIED", "a", "11", "green");
    tell(&bench, "ADDED", "c", "12", "white");
    tell(&bench, "DELETED", "b", "13", "blue");
    until_told(&bench, "-b");
    ck_assert_str_eq(text_peek(&bench.story), "[live] *a<red +c -b<blue ");
    ck_assert_str_eq(color_of(&bench, "a"), "green");
    ck_assert_ptr_null(kube_reflector_find(bench.reflector, "n", "b"));
    ck_assert_ptr_null(kube_reflector_reason(bench.reflector));
    ck_assert_int_ge(kube_reflector_heard_ms(bench.reflector), 0);
    ck_assert_ptr_nonnull(
        strstr(bench.last_path, "/api/v1/namespaces/n/pods?labelSelector=a%3Db&fieldSelector=c%3Dd&watch=true"));
    ck_assert_ptr_nonnull(strstr(bench.last_path, "allowWatchBookmarks=true"));
    ck_assert_ptr_nonnull(strstr(bench.last_path, "resourceVersionMatch=NotOlderThan"));
    ck_assert_ptr_nonnull(strstr(bench.last_path, "timeoutSeconds=300")); /* chance gives the least */
    close_bench(&bench);
}
END_TEST

static void stream_an_error(struct exchange *exchange, struct bench *bench)
{
    server_stream(exchange);
    tell(bench, "ADDED", "gone", "1", "red");
    tell_error(bench, 500);
}

START_TEST(a_refused_stream_becomes_a_list)
{
    struct bench bench = {
        .on_stream = _i == 0 ? refuse : stream_an_error, .on_watch = open_stream, .on_list = list_a_and_b};
    open_bench(&bench);
    until_told(&bench, "[live]");
    until_count(&bench, &bench.watches, 1);
    ck_assert_str_eq(text_peek(&bench.story), "[live] ");
    ck_assert_uint_eq(kube_reflector_count(bench.reflector), 2);
    ck_assert_ptr_nonnull(strstr(bench.last_path, "resourceVersion=20&") != NULL
                              ? bench.last_path
                              : strstr(bench.last_path, "resourceVersion=20"));
    tell(&bench, "DELETED", "a", "21", "");
    until_told(&bench, "-a<a1");
    close_bench(&bench);
}
END_TEST

static void stream_without_an_end(struct exchange *exchange, struct bench *bench)
{
    server_stream(exchange);
    tell(bench, "ADDED", "a", "1", "red");
}

/* A server that waits for ever, and one of old that sends what there is and never says that it was all. */
START_TEST(a_stream_that_says_nothing_becomes_a_list)
{
    struct bench bench = {
        .on_stream = _i == 0 ? hold : stream_without_an_end, .on_watch = open_stream, .on_list = list_a_and_b};
    open_bench(&bench);
    until_count(&bench, &bench.streams, 1);
    rig_settle(&bench.rig);
    rig_pass(&bench.rig, 4000);
    ck_assert_uint_eq(bench.lists, 0);
    rig_pass(&bench.rig, 1000);
    until_told(&bench, "[live]");
    ck_assert_uint_eq(kube_reflector_count(bench.reflector), 2);
    ck_assert_uint_eq(bench.streams, 1);
    close_bench(&bench);
}
END_TEST

static void stream_too_much(struct exchange *exchange, struct bench *bench)
{
    server_stream(exchange);
    char *color = memory_new(100001);
    memset(color, 'x', 100000);
    for (int i = 0; i < 60; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%d", i);
        tell(bench, "ADDED", name, "1", color);
    }
    free(color);
}

START_TEST(a_large_stream_becomes_pages)
{
    struct bench bench = {.on_stream = stream_too_much, .on_watch = open_stream, .on_list = list_a_and_b};
    open_bench(&bench);
    until_told(&bench, "[live]");
    ck_assert_str_eq(text_peek(&bench.story), "[live] "); /* not a failure */
    ck_assert_uint_eq(kube_reflector_count(bench.reflector), 2);
    close_bench(&bench);
}
END_TEST

static void list_pages(struct exchange *exchange, struct bench *bench)
{
    ck_assert_ptr_nonnull(strstr(exchange->path, "limit=500"));
    if (bench->lists == 1)
        server_answer(exchange, 200, "", LIST("20", "to&ken", OBJECT("c", "3")));
    else if (strstr(exchange->path, "continue=to%26ken") != NULL)
        server_answer(exchange, 200, "", LIST("20", "last", OBJECT("b", "2")));
    else if (strstr(exchange->path, "continue=last") != NULL)
        server_answer(exchange, 200, "", LIST("20", "", OBJECT("a", "1")));
    else
        ck_abort_msg("%s", exchange->path);
}

START_TEST(pages_are_put_together)
{
    struct bench bench = {.on_stream = refuse, .on_watch = open_stream, .on_list = list_pages};
    open_bench(&bench);
    until_told(&bench, "[live]");
    ck_assert_uint_eq(bench.lists, 3);
    ck_assert_uint_eq(kube_reflector_count(bench.reflector), 3);
    ck_assert_str_eq(kube_reflector_at(bench.reflector, 0)->name, "a");
    close_bench(&bench);
}
END_TEST

static void list_that_expires(struct exchange *exchange, struct bench *bench)
{
    if (strstr(exchange->path, "continue=") != NULL)
        server_answer(exchange, 410, "", "{\"kind\":\"Status\",\"reason\":\"Expired\",\"message\":\"too old\"}");
    else if (strstr(exchange->path, "limit=") != NULL)
        server_answer(exchange, 200, "", LIST("20", "token", OBJECT("gone", "3")));
    else
        list_a_and_b(exchange, bench);
}

START_TEST(an_expired_page_asks_for_everything_at_once)
{
    struct bench bench = {.on_stream = refuse, .on_watch = open_stream, .on_list = list_that_expires};
    open_bench(&bench);
    until_told(&bench, "[live]");
    ck_assert_uint_eq(bench.lists, 3);
    ck_assert_uint_eq(kube_reflector_count(bench.reflector), 2);
    ck_assert_ptr_null(kube_reflector_find(bench.reflector, "n", "gone"));
    close_bench(&bench);
}
END_TEST

static void list_packed(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    ck_assert_ptr_nonnull(strstr(exchange->head, "Accept-Encoding: gzip"));
    static const char text[] = LIST("20", "", OBJECT("a", "1"));
    char *packed = NULL;
    size_t size = 0;
    gzip_pack(text, strlen(text), &packed, &size);
    CLEANUP_FREE char *head =
        memory_format("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n", size);
    server_send(exchange, head);
    server_send_bytes(exchange, packed, size);
    free(packed);
}

START_TEST(a_packed_list_is_unpacked)
{
    struct bench bench = {.on_stream = refuse, .on_watch = open_stream, .on_list = list_packed};
    open_bench(&bench);
    until_told(&bench, "[live]");
    ck_assert_str_eq(color_of(&bench, "a"), "a1");
    close_bench(&bench);
}
END_TEST

/* 66 MiB for pages of 500, little for smaller ones. */
static void list_of_large_objects(struct exchange *exchange, struct bench *bench)
{
    if (strstr(exchange->path, "limit=500") == NULL) {
        list_a_and_b(exchange, bench);
        return;
    }
    size_t size = (size_t)66 << 20;
    char *zeros = memory_new(size);
    char *packed = NULL;
    size_t packed_size = 0;
    gzip_pack(zeros, size, &packed, &packed_size);
    CLEANUP_FREE char *head =
        memory_format("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n", packed_size);
    server_send(exchange, head);
    server_send_bytes(exchange, packed, packed_size);
    free(packed);
    free(zeros);
}

START_TEST(pages_that_are_too_large_are_made_smaller)
{
    struct bench bench = {.on_stream = refuse, .on_watch = open_stream, .on_list = list_of_large_objects};
    open_bench(&bench);
    until_told(&bench, "[live]");
    ck_assert_uint_eq(bench.lists, 2);
    ck_assert_uint_eq(kube_reflector_count(bench.reflector), 2);
    close_bench(&bench);
}
END_TEST

static void list_too_many(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    struct text text = {0};
    text_append(&text, "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[");
    for (int i = 0; i < 200001; i++)
        text_append_format(&text, "%s{\"metadata\":{\"name\":\"%d\"}}", i > 0 ? "," : "", i);
    text_append(&text, "]}");
    server_answer(exchange, 200, "", text_peek(&text));
    text_release(&text);
}

START_TEST(more_objects_than_can_be_kept_are_refused)
{
    struct bench bench = {.on_stream = refuse, .on_watch = never_asked, .on_list = list_too_many};
    open_bench(&bench);
    until_told(&bench, "[unknown]");
    ck_assert_ptr_nonnull(strstr(kube_reflector_reason(bench.reflector)->message, "more than 200000 pods"));
    ck_assert_uint_eq(kube_reflector_count(bench.reflector), 0);
    close_bench(&bench);
}
END_TEST

START_TEST(once_is_one_list)
{
    struct bench bench = {.on_stream = never_asked, .on_watch = never_asked, .on_list = list_pages};
    open_with(&bench, &(struct kube_reflector_options){.once = true});
    until_told(&bench, "[live]");
    rig_pass(&bench.rig, 3600000);
    ck_assert_str_eq(text_peek(&bench.story), "[live] ");
    ck_assert_uint_eq(kube_reflector_count(bench.reflector), 3);
    close_bench(&bench);
}
END_TEST

START_TEST(once_that_fails_is_complete_too)
{
    struct bench bench = {.on_stream = never_asked, .on_watch = never_asked, .on_list = forbid};
    open_with(&bench, &(struct kube_reflector_options){.once = true});
    until_told(&bench, "[unknown]");
    ck_assert(kube_reflector_complete(bench.reflector));
    ck_assert_int_eq(kube_reflector_reason(bench.reflector)->code, ERROR_FORBIDDEN);
    rig_pass(&bench.rig, 3600000);
    ck_assert_uint_eq(bench.lists, 1);
    close_bench(&bench);
}
END_TEST

/* ---- watches that end ---- */

static void forget(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_answer(exchange, 410, "",
                  "{\"kind\":\"Status\",\"reason\":\"Expired\",\"message\":\"too old resource version\"}");
}

static void forget_in_the_stream(struct exchange *exchange, struct bench *bench)
{
    if (bench->watches > 1) {
        open_stream(exchange, bench);
        return;
    }
    server_stream(exchange);
    tell_error(bench, 410);
}

/* 410 as a status and as an event: everything is listed again, and what went missing meanwhile is found by comparing.
 */
START_TEST(a_forgotten_version_is_listed_again)
{
    struct bench bench = {.on_stream = refuse, .on_watch = open_stream, .on_list = list_a_and_b};
    open_bench(&bench);
    until_count(&bench, &bench.watches, 1);
    tell(&bench, "MODIFIED", "a", "21", "changed"); /* the watch works: the next failure is its first */
    until_told(&bench, "*a<a1");
    text_clear(&bench.story);
    bench.on_list = list_b_and_c;
    bench.watches = 0;
    if (_i == 0) {
        bench.on_watch = forget;
        server_hang_up(bench.held);
        until_count(&bench, &bench.watches, 1);
        bench.on_watch = open_stream;
    } else {
        bench.on_watch = forget_in_the_stream;
        server_hang_up(bench.held);
    }
    until_told(&bench, "[live]");
    ck_assert_msg(strstr(text_peek(&bench.story), "-a<changed *b<b2 +c") != NULL, "%s", text_peek(&bench.story));
    ck_assert_str_eq(color_of(&bench, "b"), "b25");
    close_bench(&bench);
}
END_TEST

static void stream_and_forget(struct exchange *exchange, struct bench *bench)
{
    stream_a_and_b(exchange, bench);
    tell_error(bench, 410);
}

START_TEST(a_server_that_always_forgets_is_not_asked_without_pause)
{
    struct bench bench = {
        .on_stream = _i == 0 ? refuse : stream_and_forget, .on_watch = forget, .on_list = list_a_and_b};
    open_bench(&bench);
    for (int i = 0; i < 60; i++)
        rig_pass(&bench.rig, 1000);
    size_t times = _i == 0 ? bench.watches : bench.streams;
    ck_assert_uint_ge(times, 3);
    ck_assert_uint_le(times, 15);
    close_bench(&bench);
}
END_TEST

START_TEST(a_torn_watch_goes_on_where_it_stopped)
{
    struct bench bench = {.on_stream = stream_a_and_b, .on_watch = open_stream, .on_list = never_asked};
    open_bench(&bench);
    until_told(&bench, "[live]");
    tell(&bench, "ADDED", "c", "15", "white");
    server_chunk(bench.held, "{\"type\":\"DELETED\",\"object\":{\"metadata\":{\"name\":\"a\""); /* half a line */
    until_told(&bench, "+c");
    server_hang_up(bench.held);
    until_count(&bench, &bench.watches, 1);
    rig_settle(&bench.rig);
    ck_assert_ptr_nonnull(strstr(bench.last_path, "resourceVersion=15"));
    tell(&bench, "MODIFIED", "c", "16", "grey");
    until_told(&bench, "*c<white");
    ck_assert_str_eq(text_peek(&bench.story), "[live] +c *c<white "); /* not a word about it */
    ck_assert_uint_eq(kube_reflector_count(bench.reflector), 3);
    close_bench(&bench);
}
END_TEST

START_TEST(bookmarks_move_the_version_on)
{
    struct bench bench = {.on_stream = stream_a_and_b, .on_watch = open_stream, .on_list = never_asked};
    open_bench(&bench);
    until_told(&bench, "[live]");
    tell_bookmark(&bench, "99", false);
    server_chunk_end(bench.held); /* the agreed end */
    clock_manual_advance(&bench.rig.clock, 300000 - 250000);
    until_count(&bench, &bench.watches, 1);
    ck_assert_ptr_nonnull(strstr(bench.last_path, "resourceVersion=99"));
    ck_assert_str_eq(text_peek(&bench.story), "[live] ");
    close_bench(&bench);
}
END_TEST

static void break_off(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_hang_up(exchange);
}

START_TEST(a_server_that_stays_away_makes_things_stale)
{
    struct bench bench = {.on_stream = stream_a_and_b, .on_watch = break_off, .on_list = never_asked};
    open_bench(&bench);
    until_told(&bench, "[live]");
    server_hang_up(bench.held);
    until_told(&bench, "[stale]");
    ck_assert_uint_eq(kube_reflector_count(bench.reflector), 2); /* still readable */
    ck_assert_int_eq(kube_reflector_reason(bench.reflector)->code, ERROR_UNREACHABLE);
    ck_assert_ptr_nonnull(kube_reflector_reason(bench.reflector)->hint);
    for (int i = 0; i < 60; i++)
        rig_pass(&bench.rig, 10000);
    ck_assert_uint_ge(bench.watches, 10);
    ck_assert_uint_le(bench.watches, 60);
    bench.on_watch = open_stream;
    until_live(&bench);
    ck_assert_ptr_null(kube_reflector_reason(bench.reflector));
    close_bench(&bench);
}
END_TEST

static void close_at_once(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_stream(exchange);
    server_chunk_end(exchange);
}

START_TEST(a_watch_that_ends_at_once_is_not_asked_for_without_pause)
{
    struct bench bench = {.on_stream = stream_a_and_b, .on_watch = close_at_once, .on_list = never_asked};
    open_bench(&bench);
    until_told(&bench, "[live]");
    server_chunk_end(bench.held);
    for (int i = 0; i < 60; i++)
        rig_pass(&bench.rig, 1000);
    ck_assert_uint_ge(bench.watches, 3);
    ck_assert_uint_le(bench.watches, 15);
    close_bench(&bench);
}
END_TEST

/* ---- silence ---- */

START_TEST(silence_is_noticed_and_the_connection_replaced)
{
    struct bench bench = {.on_stream = stream_a_and_b, .on_watch = open_stream, .on_list = never_asked};
    open_bench(&bench);
    until_told(&bench, "[live]");
    size_t connections = server_connections(bench.rig.server);
    rig_pass(&bench.rig, 80000);
    tell_bookmark(&bench, "50", false);
    until_count(&bench, &bench.streams, 1);
    rig_settle(&bench.rig);
    rig_pass(&bench.rig, 80000);
    ck_assert_int_eq(kube_reflector_freshness(bench.reflector), KUBE_LIVE); /* heard within 90 s */
    rig_pass(&bench.rig, 8 * 3600000);                                      /* the machine slept; no error ever came */
    until_told(&bench, "[stale]");
    until_told(&bench, "[live] [stale] [live]");
    ck_assert_uint_gt(server_connections(bench.rig.server), connections);
    ck_assert_ptr_nonnull(strstr(bench.last_path, "resourceVersion=50"));
    close_bench(&bench);
}
END_TEST

START_TEST(a_link_that_swallows_everything_is_noticed)
{
    struct bench bench = {.on_stream = stream_a_and_b, .on_watch = hold, .on_list = never_asked};
    open_bench(&bench);
    until_told(&bench, "[live]");
    rig_pass(&bench.rig, 90000);
    until_count(&bench, &bench.watches, 1);
    ck_assert_int_eq(kube_reflector_freshness(bench.reflector), KUBE_STALE);
    for (int i = 0; i < 10; i++)
        rig_pass(&bench.rig, 31000); /* each new try is given up, too */
    ck_assert_uint_ge(bench.watches, 3);
    ck_assert_int_eq(kube_reflector_freshness(bench.reflector), KUBE_STALE);
    bench.on_watch = open_stream;
    until_live(&bench);
    close_bench(&bench);
}
END_TEST

/* ---- refusals ---- */

static void not_served(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_answer(exchange, 404, "", "404 page not found");
}

START_TEST(what_may_not_be_read_is_unknown_and_asked_seldom)
{
    struct bench bench = {.on_stream = _i == 0 ? forbid : not_served, .on_watch = never_asked, .on_list = never_asked};
    open_bench(&bench);
    until_told(&bench, "[unknown]");
    ck_assert_int_eq(kube_reflector_reason(bench.reflector)->code, _i == 0 ? ERROR_FORBIDDEN : ERROR_NOT_FOUND);
    for (int i = 0; i < 10; i++)
        rig_pass(&bench.rig, 1000);
    ck_assert_uint_eq(bench.streams, 1);
    for (int i = 0; i < 60; i++)
        rig_pass(&bench.rig, 10000);
    ck_assert_uint_ge(bench.streams, 4);
    ck_assert_uint_le(bench.streams, 20);
    bench.on_stream = stream_a_and_b;
    until_live(&bench);
    close_bench(&bench);
}
END_TEST

START_TEST(rights_that_are_taken_away_darken_what_was_known)
{
    struct bench bench = {.on_stream = stream_a_and_b, .on_watch = forbid, .on_list = never_asked};
    open_bench(&bench);
    until_told(&bench, "[live]");
    server_hang_up(bench.held);
    until_told(&bench, "[unknown]");
    ck_assert_int_eq(kube_reflector_reason(bench.reflector)->code, ERROR_FORBIDDEN);
    until_live(&bench);
    ck_assert_uint_eq(bench.streams, 2); /* it starts with a list again */
    close_bench(&bench);
}
END_TEST

static void overloaded(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_answer(exchange, 429, "Retry-After: 20\r\n", "{\"kind\":\"Status\",\"message\":\"later\"}");
}

START_TEST(an_overloaded_server_is_left_alone_as_it_asks)
{
    struct bench bench = {.on_stream = overloaded, .on_watch = never_asked, .on_list = never_asked};
    open_bench(&bench);
    until_told(&bench, "[unknown]");
    for (int i = 0; i < 18; i++)
        rig_pass(&bench.rig, 1000);
    ck_assert_uint_eq(bench.streams, 1);
    bench.on_stream = stream_a_and_b;
    rig_pass(&bench.rig, 5000);
    until_told(&bench, "[live]");
    close_bench(&bench);
}
END_TEST

/* ---- hostile bytes ---- */

static void list_garbage(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_answer(exchange, 200, "", "<html>a proxy's page</html>");
}

START_TEST(a_list_of_garbage_is_told)
{
    struct bench bench = {.on_stream = refuse, .on_watch = never_asked, .on_list = list_garbage};
    open_bench(&bench);
    until_told(&bench, "[unknown]");
    ck_assert_ptr_nonnull(strstr(kube_reflector_reason(bench.reflector)->message, "list cannot be read"));
    close_bench(&bench);
}
END_TEST

START_TEST(garbage_in_a_watch_starts_again_with_a_list)
{
    struct bench bench = {.on_stream = stream_a_and_b, .on_watch = never_asked, .on_list = never_asked};
    open_bench(&bench);
    until_told(&bench, "[live]");
    tell(&bench, "DELETED", "a", "12", ""); /* what came before it counts */
    server_chunk(bench.held, "\x16\x03\x01 garbage {{{\n");
    until_told(&bench, "[stale]");
    ck_assert_ptr_nonnull(strstr(text_peek(&bench.story), "-a<red"));
    until_count(&bench, &bench.streams, 2);
    until_told(&bench, "[live] -a<red [stale] +a [live]");
    close_bench(&bench);
}
END_TEST

static void send_endless_line(struct exchange *exchange, struct bench *bench)
{
    (void)bench;
    server_stream(exchange);
    char *part = memory_new((1 << 20) + 1);
    memset(part, 'x', 1 << 20);
    for (int i = 0; i < 9; i++)
        server_chunk(exchange, part);
    free(part);
}

START_TEST(a_line_without_end_is_bounded)
{
    struct bench bench = {.on_stream = stream_a_and_b, .on_watch = send_endless_line, .on_list = never_asked};
    open_bench(&bench);
    until_told(&bench, "[live]");
    server_hang_up(bench.held);
    until_told(&bench, "[stale]");
    ck_assert_ptr_nonnull(strstr(kube_reflector_reason(bench.reflector)->message, "larger than the 8 MiB"));
    close_bench(&bench);
}
END_TEST

START_TEST(many_events_keep_their_order)
{
    struct bench bench = {.on_stream = stream_a_and_b, .on_watch = never_asked, .on_list = never_asked};
    open_bench(&bench);
    until_told(&bench, "[live]");
    for (int i = 0; i < 5000; i++) {
        char name[16], version[16];
        snprintf(name, sizeof name, "n%d", i / 10);
        snprintf(version, sizeof version, "%d", 100 + i);
        bool last = i % 10 == 9;
        tell(&bench, last ? "DELETED" : i % 10 == 0 ? "ADDED" : "MODIFIED", name, version, version);
    }
    tell(&bench, "ADDED", "end", "9999", "white");
    until_told(&bench, "+end");
    ck_assert_uint_eq(kube_reflector_count(bench.reflector), 3);
    const char *at = text_peek(&bench.story);
    for (int i = 0; i < 500; i++) {
        CLEANUP_FREE char *added = memory_format("+n%d ", i);
        CLEANUP_FREE char *deleted = memory_format("-n%d<%d ", i, 100 + i * 10 + 8);
        at = strstr(at, added);
        ck_assert_ptr_nonnull(at);
        at = strstr(at, deleted);
        ck_assert_ptr_nonnull(at);
    }
    close_bench(&bench);
}
END_TEST

/* ---- identity ---- */

START_TEST(an_object_made_anew_is_another)
{
    struct bench bench = {.on_stream = stream_a_and_b, .on_watch = open_stream, .on_list = never_asked};
    open_bench(&bench);
    until_told(&bench, "[live]");
    server_chunk(
        bench.held,
        "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"namespace\":\"n\",\"name\":\"a\",\"uid\":\"another\","
        "\"resourceVersion\":\"12\"},\"color\":\"new\"}}\n");
    tell(&bench, "MODIFIED", "b", "2", "the same version again");
    tell(&bench, "ADDED", "c", "13", "white");
    until_told(&bench, "+c");
    ck_assert_str_eq(text_peek(&bench.story), "[live] -a<red +a +c ");
    ck_assert_str_eq(color_of(&bench, "a"), "new");
    close_bench(&bench);
}
END_TEST

/* ---- freeing ---- */

START_TEST(it_may_be_freed_from_its_own_calls)
{
    struct bench bench = {.on_stream = stream_a_and_b, .on_watch = open_stream, .on_list = list_a_and_b};
    bench.free_in_state = _i == 0;
    if (_i == 2) { /* from the state that a list brings */
        bench.on_stream = refuse;
        bench.free_in_state = true;
    }
    open_bench(&bench);
    until_told(&bench, "[live]");
    if (_i == 1) {
        bench.free_in_change = true;
        tell(&bench, "MODIFIED", "a", "11", "green");
        tell(&bench, "DELETED", "b", "12", "blue");
        until_told(&bench, "*a<red");
    }
    rig_settle(&bench.rig);
    ck_assert_ptr_null(bench.reflector);
    ck_assert_ptr_null(strstr(text_peek(&bench.story), "-b"));
    close_bench(&bench);
}
END_TEST

START_TEST(it_may_be_freed_while_a_worker_reads)
{
    struct bench bench = {.on_stream = stream_a_and_b, .on_watch = open_stream, .on_list = never_asked};
    open_bench(&bench);
    until_told(&bench, "[live]");
    for (int i = 0; i < 2000; i++)
        tell(&bench, "MODIFIED", "a", "50", "green");
    for (int i = 0; i < _i; i++)
        rig_pass(&bench.rig, 7);
    free_reflector(&bench);
    rig_settle(&bench.rig);
    close_bench(&bench);
}
END_TEST

Suite *suite_reflector(void)
{
    Suite *suite = suite_create("reflector");
    TCase *tests = tcase_create("reflector");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_streamed_list_becomes_a_watch);
    tcase_add_loop_test(tests, a_refused_stream_becomes_a_list, 0, 2);
    tcase_add_loop_test(tests, a_stream_that_says_nothing_becomes_a_list, 0, 2);
    tcase_add_test(tests, a_large_stream_becomes_pages);
    tcase_add_test(tests, pages_are_put_together);
    tcase_add_test(tests, an_expired_page_asks_for_everything_at_once);
    tcase_add_test(tests, a_packed_list_is_unpacked);
    tcase_add_test(tests, pages_that_are_too_large_are_made_smaller);
    tcase_add_test(tests, more_objects_than_can_be_kept_are_refused);
    tcase_add_test(tests, once_is_one_list);
    tcase_add_test(tests, once_that_fails_is_complete_too);
    tcase_add_loop_test(tests, a_forgotten_version_is_listed_again, 0, 2);
    tcase_add_loop_test(tests, a_server_that_always_forgets_is_not_asked_without_pause, 0, 2);
    tcase_add_test(tests, a_torn_watch_goes_on_where_it_stopped);
    tcase_add_test(tests, bookmarks_move_the_version_on);
    tcase_add_test(tests, a_server_that_stays_away_makes_things_stale);
    tcase_add_test(tests, a_watch_that_ends_at_once_is_not_asked_for_without_pause);
    tcase_add_test(tests, silence_is_noticed_and_the_connection_replaced);
    tcase_add_test(tests, a_link_that_swallows_everything_is_noticed);
    tcase_add_loop_test(tests, what_may_not_be_read_is_unknown_and_asked_seldom, 0, 2);
    tcase_add_test(tests, rights_that_are_taken_away_darken_what_was_known);
    tcase_add_test(tests, an_overloaded_server_is_left_alone_as_it_asks);
    tcase_add_test(tests, a_list_of_garbage_is_told);
    tcase_add_test(tests, garbage_in_a_watch_starts_again_with_a_list);
    tcase_add_test(tests, a_line_without_end_is_bounded);
    tcase_add_test(tests, many_events_keep_their_order);
    tcase_add_test(tests, an_object_made_anew_is_another);
    tcase_add_loop_test(tests, it_may_be_freed_from_its_own_calls, 0, 3);
    tcase_add_loop_test(tests, it_may_be_freed_while_a_worker_reads, 0, 6);
    suite_add_tcase(suite, tests);
    return suite;
}
