#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "helm/json_part.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_json_part(void);

static const char *const KEYS[] = {"a", "b", NULL};

static bool find(const char *json, struct json_part *parts, struct error *error)
{
    return json_part_members((struct json_part){.bytes = json, .size = strlen(json)}, KEYS, parts, error);
}

static void assert_part(struct json_part part, const char *expected)
{
    if (expected == NULL) {
        ck_assert_ptr_null(part.bytes);
        return;
    }
    CLEANUP_FREE char *text = memory_text_part(part.bytes, part.size);
    ck_assert_str_eq(text, expected);
}

static const struct {
    const char *json;
    const char *a;
    const char *b;
} good[] = {
    {"{}", NULL, NULL},
    {" \n{ }\t", NULL, NULL},
    {"{\"a\":1,\"b\":\"x\"}", "1", "\"x\""},
    {"{ \"a\" : -1.5e3 , \"c\" : null , \"b\" : true }", "-1.5e3", "true"},
    {"{\"c\":{\"a\":1},\"b\":[{\"a\":\"]}\"},[]]}", NULL, "[{\"a\":\"]}\"},[]]"},
    {"{\"a\":\"\\\"\\\\\",\"b\":\"\\\\\\\"}\"}", "\"\\\"\\\\\"", "\"\\\\\\\"}\""},
    {"{\"a\":1,\"a\":2}", "2", NULL},
    {"{\"aa\":1,\"\":2,\"A\":3}", NULL, NULL},
};

START_TEST(members_are_found)
{
    struct json_part parts[2];
    ck_assert_msg(find(good[_i].json, parts, NULL), "%s", good[_i].json);
    assert_part(parts[0], good[_i].a);
    assert_part(parts[1], good[_i].b);
}
END_TEST

static const char *const bad[] = {
    "",
    " ",
    "null",
    "[]",
    "\"a\"",
    "{",
    "{\"a\"",
    "{\"a\":",
    "{\"a\":1",
    "{\"a\":1,",
    "{\"a\":1,}",
    "{\"a\" 1}",
    "{a:1}",
    "{\"a\":}",
    "{\"a\":,}",
    "{\"a\":1}}",
    "{\"a\":1} x",
    "{\"a\":\"x}",
    "{\"a\":\"x\\\"}",
    "{\"a\":[1}",
    "{\"a\":{\"b\":1}",
    "{\"a\":1 \"b\":2}",
    "{,}",
};

START_TEST(what_is_no_object_is_refused)
{
    struct json_part parts[2];
    struct error error = {0};
    ck_assert_msg(!find(bad[_i], parts, &error), "%s", bad[_i]);
    ck_assert_int_eq(error.code, ERROR_INVALID);
    error_release(&error);
}
END_TEST

START_TEST(every_cut_is_seen)
{
    static const char json[] = "{\"c\": [1, {\"x\": \"\\\"\"}], \"a\": \"text\", \"b\": {\"y\": null}}";
    for (size_t size = 0; size < sizeof json - 1; size++) {
        struct json_part parts[2];
        CLEANUP_FREE char *cut =
            memory_copy(json, size + 1); /* a block of its own, so that reading beyond it is found */
        ck_assert_msg(!json_part_members((struct json_part){.bytes = cut, .size = size}, KEYS, parts, NULL),
                      "after %zu bytes", size);
    }
}
END_TEST

START_TEST(deep_nesting_is_refused)
{
    struct text json = {0};
    text_append(&json, "{\"c\":");
    for (int i = 0; i < TREE_DEPTH_LIMIT + 1; i++)
        text_append_char(&json, '[');
    for (int i = 0; i < TREE_DEPTH_LIMIT + 1; i++)
        text_append_char(&json, ']');
    text_append_char(&json, '}');
    struct json_part parts[2];
    ck_assert(!find(text_peek(&json), parts, NULL));
    text_release(&json);
}
END_TEST

Suite *suite_json_part(void)
{
    Suite *suite = suite_create("json_part");
    TCase *tests = tcase_create("json_part");
    tcase_add_loop_test(tests, members_are_found, 0, (int)LENGTH_OF(good));
    tcase_add_loop_test(tests, what_is_no_object_is_refused, 0, (int)LENGTH_OF(bad));
    tcase_add_test(tests, every_cut_is_seen);
    tcase_add_test(tests, deep_nesting_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
