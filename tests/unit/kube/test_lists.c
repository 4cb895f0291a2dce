/* What is read on workers: pages of lists, lines of watches; and the sorted store they go to. */
#include "base/gzip.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "kube/item_store.h"
#include "kube/list_page.h"
#include "kube/watch_batch.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_lists(void);

static void *keep_color(const json_t *object, const void *context)
{
    (void)context;
    return memory_text(tree_text(object, "color"));
}

static const struct kube_projection projection = {.make = keep_color, .free_item = free};

static struct list_page parse(const char *text)
{
    struct list_page page = {0};
    bool good = list_page_parse(&page, text, strlen(text), &projection);
    ck_assert_int_eq(good, page.error.code == ERROR_NONE);
    return page;
}

START_TEST(a_page_is_read)
{
    struct list_page page = parse(
        " {\n\"kind\" : \"PodList\", \"items\" : [ {\"metadata\":{\"name\":\"b\",\"namespace\":\"n\",\"uid\":\"u\","
        "\"resourceVersion\":\"7\"},\"color\":\"] } \\\" \\\\\"} ,{\"metadata\":{\"name\":\"a\"}}],"
        "\"metadata\":{\"continue\":\"token\",\"resourceVersion\":\"42\"},\"extra\":[1,{\"items\":[2]},null,-1.5e3]} ");
    ck_assert_int_eq(page.error.code, ERROR_NONE);
    ck_assert_uint_eq(page.items.count, 2);
    ck_assert_str_eq(page.items.items[0]->name, "b");
    ck_assert_str_eq(page.items.items[0]->namespace, "n");
    ck_assert_str_eq(page.items.items[0]->uid, "u");
    ck_assert_str_eq(page.items.items[0]->resource_version, "7");
    ck_assert_str_eq(page.items.items[0]->item, "] } \" \\");
    ck_assert_ptr_null(page.items.items[1]->item);
    ck_assert_str_eq(page.continue_token, "token");
    ck_assert_str_eq(page.resource_version, "42");
    list_page_release(&page, &projection);
}
END_TEST

START_TEST(empty_pages_are_lists)
{
    static const char *const texts[] = {
        "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}",
        "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":null}",
        "{\"items\":[ ],\"metadata\":{\"resourceVersion\":\"1\"}}",
    };
    struct list_page page = parse(texts[_i]);
    ck_assert_int_eq(page.error.code, ERROR_NONE);
    ck_assert_uint_eq(page.items.count, 0);
    ck_assert_str_eq(page.continue_token, "");
    list_page_release(&page, &projection);
}
END_TEST

static const char *const no_pages[] = {
    "",
    " ",
    "null",
    "[]",
    "{}",
    "{",
    "{\"items\"",
    "{\"items\":",
    "{\"items\":[",
    "{\"items\":[{",
    "{\"items\":[{}",
    "{\"items\":[{\"metadata\":{\"name\":\"a\"}}",
    "{\"items\":[{\"metadata\":{\"name\":\"a\"}},",
    "{\"items\":[{\"metadata\":{\"name\":\"a\"}}],\"metadata\":{\"resourceVersion\":\"1\"}",
    "{\"items\":[{\"metadata\":{\"name\":\"a\"}}}],\"metadata\":{\"resourceVersion\":\"1\"}}",
    "{\"items\":[{\"metadata\":{\"name\":\"a\"}]],\"metadata\":{\"resourceVersion\":\"1\"}}",
    "{\"items\":[{\"metadata\":{}}],\"metadata\":{\"resourceVersion\":\"1\"}}",
    "{\"items\":[{\"metadata\":{\"name\":\"\"}}],\"metadata\":{\"resourceVersion\":\"1\"}}",
    "{\"items\":[{\"metadata\":{\"name\":7}}],\"metadata\":{\"resourceVersion\":\"1\"}}",
    "{\"items\":[7],\"metadata\":{\"resourceVersion\":\"1\"}}",
    "{\"items\":[,],\"metadata\":{\"resourceVersion\":\"1\"}}",
    "{\"items\":{},\"metadata\":{\"resourceVersion\":\"1\"}}",
    "{\"items\":[],\"metadata\":{\"resourceVersion\":\"\"}}",
    "{\"items\":[],\"metadata\":{\"resourceVersion\":1}}",
    "{\"items\":[],\"metadata\":[]}",
    "{\"items\":[],\"metadata\":{]}",
    "{\"items\":[],\"items\":[],\"metadata\":{\"resourceVersion\":\"1\"}}",
    "{\"items\":[],\"metadata\":{\"resourceVersion\":\"1\"}",
    "{\"items\" [],\"metadata\":{\"resourceVersion\":\"1\"}}",
    "{\"items\":[\"\\\"]}",
    "{\"items\":\"\\",
    "<html>502 Bad Gateway</html>",
    "\x1f\x8b\x08 cut off",
    "{\"items\":[{\"metadata\":{\"name\":\"\xff\"}}],\"metadata\":{\"resourceVersion\":\"1\"}}",
};

START_TEST(what_is_no_page_is_refused)
{
    struct list_page page = parse(no_pages[_i]);
    ck_assert_msg(page.error.code == ERROR_UNREACHABLE, "%s", no_pages[_i]);
    ck_assert_ptr_nonnull(strstr(page.error.message, "list"));
    list_page_release(&page, &projection);
}
END_TEST

START_TEST(every_cut_of_a_page_is_survived)
{
    static const char whole[] =
        "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{\"metadata\":{\"name\":\"a\"},\"color\":\"x\\\"\"},"
        "{\"metadata\":{\"name\":\"b\"},\"l\":[[],{}]}]}";
    for (size_t size = 0; size < sizeof(whole) - 1; size++) {
        CLEANUP_FREE char *part = memory_copy(whole, size); /* no byte behind it may be read */
        struct list_page page = {0};
        ck_assert(!list_page_parse(&page, part, size, &projection));
        list_page_release(&page, &projection);
    }
}
END_TEST

START_TEST(depth_and_length_are_bounded)
{
    struct text text = {0};
    text_append(&text, "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{\"metadata\":{\"name\":\"a\"},\"x\":");
    for (int i = 0; i < 10000; i++)
        text_append_char(&text, '[');
    for (int i = 0; i < 10000; i++)
        text_append_char(&text, ']');
    text_append(&text, "}]}");
    struct list_page page = parse(text_peek(&text));
    ck_assert_int_eq(page.error.code, ERROR_UNREACHABLE);
    list_page_release(&page, &projection);
    text_clear(&text);
    text_append(&text, "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{\"metadata\":{\"name\":\"");
    for (int i = 0; i < 254; i++)
        text_append_char(&text, 'a');
    text_append(&text, "\"}}]}");
    page = parse(text_peek(&text));
    ck_assert_int_eq(page.error.code, ERROR_UNREACHABLE);
    list_page_release(&page, &projection);
    text_release(&text);
}
END_TEST

START_TEST(packed_pages_are_unpacked_within_bounds)
{
    static const char whole[] =
        "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{\"metadata\":{\"name\":\"a\"}}]}";
    char *packed = NULL;
    size_t size = 0;
    gzip_pack(whole, strlen(whole), &packed, &size);
    struct list_page page = {0};
    ck_assert(list_page_parse(&page, packed, size, &projection));
    ck_assert_uint_eq(page.items.count, 1);
    list_page_release(&page, &projection);
    free(packed);
    size_t large = (size_t)65 << 20;
    char *zeros = memory_new(large);
    gzip_pack(zeros, large, &packed, &size);
    free(zeros);
    ck_assert(!list_page_parse(&page, packed, size, &projection));
    ck_assert(page.too_large);
    list_page_release(&page, &projection);
    memset(packed + size - 4, 0, 4); /* a lie about its size */
    ck_assert(!list_page_parse(&page, packed, size, &projection));
    ck_assert_int_eq(page.error.code, ERROR_UNREACHABLE);
    list_page_release(&page, &projection);
    free(packed);
}
END_TEST

/* ---- watch lines ---- */

#define EVENT(type, rest) "{\"type\":\"" type "\",\"object\":{" rest "}}\n"

START_TEST(events_are_read)
{
    static const char text[] =
        EVENT("ADDED", "\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"5\"},\"color\":\"red\"") "\r\n\n" EVENT(
            "DELETED", "\"metadata\":{\"name\":\"a\"},\"color\":\"red\"")
            EVENT("BOOKMARK",
                  "\"metadata\":{\"resourceVersion\":\"9\",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}}")
                EVENT("BOOKMARK", "\"metadata\":{\"resourceVersion\":\"10\"}")
                    EVENT("ERROR", "\"code\":410,\"message\":\"too\\u0007 old\"");
    struct watch_batch batch = {0};
    ck_assert(watch_batch_parse(&batch, text, strlen(text), &projection));
    ck_assert_uint_eq(batch.count, 5);
    ck_assert_str_eq(batch.events[0].item->name, "a");
    ck_assert_str_eq(batch.events[0].item->item, "red");
    ck_assert_int_eq(batch.events[1].kind, WATCH_DELETED);
    ck_assert_ptr_null(batch.events[1].item->item);
    ck_assert(batch.events[2].initial_end);
    ck_assert_str_eq(batch.events[2].resource_version, "9");
    ck_assert(!batch.events[3].initial_end);
    ck_assert_int_eq(batch.events[4].code, 410);
    ck_assert_str_eq(batch.events[4].message, "too\\x07 old");
    watch_batch_release(&batch, &projection);
}
END_TEST

static const struct {
    const char *bytes;
    size_t size;
} no_events[] = {
#define LINE(text)                                                                                                     \
    {                                                                                                                  \
        text, sizeof(text) - 1                                                                                         \
    }
    LINE("garbage\n"),
    LINE("{}\n"),
    LINE("[]\n"),
    LINE("{\"type\":\"ADDED\"}\n"),
    LINE("{\"type\":\"ADDED\",\"object\":[]}\n"),
    LINE(EVENT("ADDED", "")),
    LINE(EVENT("MOVED", "\"metadata\":{\"name\":\"a\"}")),
    LINE("{\"object\":{\"metadata\":{\"name\":\"a\"}}}\n"),
    LINE("{\"type\":7,\"object\":{\"metadata\":{\"name\":\"a\"}}}\n"),
    LINE(EVENT("ADDED", "\"metadata\":{\"name\":\"a\"}") "{\"type\":\n"),
    LINE("\0\n"),
};

START_TEST(what_is_no_event_is_refused_and_what_came_before_stands)
{
    struct text text = {0};
    text_append(&text, EVENT("ADDED", "\"metadata\":{\"name\":\"first\"}"));
    text_append_bytes(&text, no_events[_i].bytes, no_events[_i].size);
    struct watch_batch batch = {0};
    ck_assert(!watch_batch_parse(&batch, text.bytes, text.size, &projection));
    ck_assert_int_eq(batch.error.code, ERROR_UNREACHABLE);
    ck_assert_uint_ge(batch.count, 1);
    ck_assert_str_eq(batch.events[0].item->name, "first");
    watch_batch_release(&batch, &projection);
    text_release(&text);
}
END_TEST

/* ---- the store ---- */

static struct kube_item *item(const char *namespace, const char *name, const char *version)
{
    json_t *object =
        json_pack("{s:{s:s, s:s, s:s}}", "metadata", "namespace", namespace, "name", name, "resourceVersion", version);
    struct kube_item *made = item_make(object, &projection);
    json_decref(object);
    return made;
}

static char *names(const struct item_store *store)
{
    struct text text = {0};
    for (size_t i = 0; i < store->count; i++)
        text_append_format(&text, "%s/%s@%s ", store->items[i]->namespace, store->items[i]->name,
                           store->items[i]->resource_version);
    return text_steal(&text);
}

START_TEST(the_store_is_sorted_by_namespace_and_name)
{
    struct item_store store = {0};
    ck_assert_ptr_null(item_store_put(&store, item("b", "a", "1")));
    ck_assert_ptr_null(item_store_put(&store, item("a", "z", "2")));
    ck_assert_ptr_null(item_store_put(&store, item("", "m", "3")));
    ck_assert_ptr_null(item_store_put(&store, item("a", "a", "4")));
    struct kube_item *old = item_store_put(&store, item("a", "z", "5"));
    ck_assert_str_eq(old->resource_version, "2");
    item_free(old, &projection);
    CLEANUP_FREE char *before = names(&store);
    ck_assert_str_eq(before, "/m@3 a/a@4 a/z@5 b/a@1 ");
    ck_assert_str_eq(item_store_find(&store, "a", "z")->resource_version, "5");
    ck_assert_ptr_null(item_store_find(&store, "a", "zz"));
    ck_assert_ptr_null(item_store_take(&store, "c", "a"));
    item_free(item_store_take(&store, "a", "a"), &projection);
    CLEANUP_FREE char *after = names(&store);
    ck_assert_str_eq(after, "/m@3 a/z@5 b/a@1 ");
    item_store_release(&store, &projection);
}
END_TEST

START_TEST(sorting_keeps_the_last_of_equal_names)
{
    struct item_store store = {0};
    for (int i = 0; i < 300; i++) {
        char name[16], version[16];
        snprintf(name, sizeof name, "n%03d", (i * 7) % 100);
        snprintf(version, sizeof version, "%d", i);
        item_store_append(&store, item("", name, version));
    }
    item_store_drop(&store, "", "n050", &projection);
    item_store_sort(&store, &projection);
    ck_assert_uint_eq(store.count, 99);
    for (size_t i = 0; i < store.count; i++) {
        ck_assert_int_ge(atoi(store.items[i]->resource_version), 200);
        if (i > 0)
            ck_assert_int_lt(item_compare(store.items[i - 1], store.items[i]), 0);
    }
    item_store_release(&store, &projection);
}
END_TEST

Suite *suite_lists(void)
{
    Suite *suite = suite_create("lists");
    TCase *tests = tcase_create("lists");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_page_is_read);
    tcase_add_loop_test(tests, empty_pages_are_lists, 0, 3);
    tcase_add_loop_test(tests, what_is_no_page_is_refused, 0, (int)LENGTH_OF(no_pages));
    tcase_add_test(tests, every_cut_of_a_page_is_survived);
    tcase_add_test(tests, depth_and_length_are_bounded);
    tcase_add_test(tests, packed_pages_are_unpacked_within_bounds);
    tcase_add_test(tests, events_are_read);
    tcase_add_loop_test(tests, what_is_no_event_is_refused_and_what_came_before_stands, 0, (int)LENGTH_OF(no_events));
    tcase_add_test(tests, the_store_is_sorted_by_namespace_and_name);
    tcase_add_test(tests, sorting_keeps_the_last_of_equal_names);
    suite_add_tcase(suite, tests);
    return suite;
}
