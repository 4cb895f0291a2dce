#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "base/tree.h"
#include <check.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_tree(void);

static json_t *parse(const char *text)
{
    json_t *tree = NULL;
    struct error error = {0};
    ck_assert_msg(tree_parse(text, strlen(text), &tree, &error), "%s: %s", text, error.message);
    return tree;
}

static void expect_canonical(const char *text, const char *expected)
{
    json_t *tree = parse(text);
    char *canonical = tree_canonical(tree);
    ck_assert_str_eq(canonical, expected);
    free(canonical);
    json_decref(tree);
}

START_TEST(looked_up_by_path)
{
    json_t *tree = parse(
        "{\"metadata\": {\"annotations\": {\"meta.helm.sh/release-name\": \"x\"}, \"generation\": 3}, \"list\": []}");
    ck_assert_str_eq(tree_text(tree, "metadata", "annotations", "meta.helm.sh/release-name"), "x");
    ck_assert_ptr_null(tree_text(tree, "metadata", "generation"));
    ck_assert_ptr_null(tree_get(tree, "metadata", "annotations", "meta.helm.sh/release-name", "deeper"));
    ck_assert_ptr_null(tree_get(tree, "list", "0"));
    ck_assert_ptr_null(tree_get(NULL, "a"));
    ck_assert_int_eq(tree_integer(tree_get(tree, "metadata", "generation"), -1), 3);
    ck_assert_int_eq(tree_integer(tree_get(tree, "list"), -1), -1);
    ck_assert_int_eq(tree_integer(NULL, -1), -1);
    json_decref(tree);
}
END_TEST

START_TEST(integers_within_reals)
{
    json_t *tree = parse("[3.0, 3.5, 1e300, -9223372036854775808.0, 9223372036854775808.0]");
    ck_assert_int_eq(tree_integer(json_array_get(tree, 0), -1), 3);
    ck_assert_int_eq(tree_integer(json_array_get(tree, 1), -1), -1);
    ck_assert_int_eq(tree_integer(json_array_get(tree, 2), -1), -1);
    ck_assert_int_eq(tree_integer(json_array_get(tree, 3), -1), INT64_MIN);
    ck_assert_int_eq(tree_integer(json_array_get(tree, 4), -1), -1);
    json_decref(tree);
}
END_TEST

START_TEST(canonical_bytes)
{
    expect_canonical(" { \"b\" : 1.0 , \"a\" : [ true , false , null ] , \"B\" : \"é\\u0001\\n\\\"\\\\/\" } ",
                     "{\"B\":\"é\\u0001\\u000a\\\"\\\\/\",\"a\":[true,false,null],\"b\":1}");
    expect_canonical("[0.1, -0.0, 1e3, 1e300, 1.5e-7, 123456789.25]", "[0.1,0,1000,1e+300,1.5e-07,123456789.25]");
    expect_canonical("{\"a\": 1, \"a\": 2}", "{\"a\":2}");
    expect_canonical("\"a\\u0000b\"", "\"a\\u0000b\"");
    expect_canonical("18446744073709551616", "1.8446744073709552e+19");
    expect_canonical("[9007199254740993, {\"x\": 3}]", "[9007199254740993,{\"x\":3}]");
    expect_canonical("[18446744073709551616, 7, {\"x\": 3}]", "[1.8446744073709552e+19,7,{\"x\":3}]");
    char *nothing = tree_canonical(NULL);
    ck_assert_str_eq(nothing, "null");
    free(nothing);
}
END_TEST

START_TEST(canonical_in_any_locale)
{
    /* Not every machine has such a locale; where it is, a decimal comma must not get into the bytes. */
    setlocale(LC_ALL, "de_DE.UTF-8");
    expect_canonical("[0.5]", "[0.5]");
    double value = 0;
    ck_assert(number_parse("1.5", &value));
    ck_assert(value == 1.5);
    ck_assert(!number_parse("1,5", &value));
    ck_assert(!number_parse("", &value));
    ck_assert(!number_parse("0x10", &value));
    ck_assert(!number_parse("inf", &value));
    ck_assert(!number_parse("1e999", &value));
    ck_assert(!number_parse("1.5.2", &value));
}
END_TEST

static bool equal(const char *a, const char *b)
{
    json_t *first = parse(a);
    json_t *second = parse(b);
    bool result = tree_equal(first, second);
    ck_assert_uint_eq(result, tree_equal(second, first));
    json_decref(first);
    json_decref(second);
    return result;
}

START_TEST(equality)
{
    ck_assert(tree_equal(NULL, NULL));
    ck_assert(equal("{\"a\": [1, {\"b\": null}], \"c\": 1.0}", "{\"c\": 1, \"a\": [1.0, {\"b\": null}]}"));
    ck_assert(!equal("{\"a\": null}", "{}"));
    ck_assert(!equal("{\"a\": null}", "{\"b\": null}"));
    ck_assert(!equal("[1]", "[1, 2]"));
    ck_assert(!equal("\"1\"", "1"));
    ck_assert(!equal("\"a\\u0000b\"", "\"a\\u0000c\""));
    ck_assert(!equal("9007199254740993", "9007199254740992.0"));
    ck_assert(!equal("1.5", "1"));
    ck_assert(!equal("true", "false"));
    json_t *null = parse("null");
    ck_assert(!tree_equal(null, NULL));
    json_decref(null);
}
END_TEST

static void expect_refused(const char *bytes, size_t size, const char *message)
{
    json_t *tree = (json_t *)"untouched";
    struct error error = {0};
    ck_assert(!tree_parse(bytes, size, &tree, &error));
    ck_assert_int_eq(error.code, ERROR_INVALID);
    ck_assert_str_eq(error.message, message);
    ck_assert_str_eq((const char *)tree, "untouched");
    error_release(&error);
}

START_TEST(refused_with_a_place)
{
    expect_refused("", 0, "line 1, column 0: the JSON ends too early");
    expect_refused("{\n  \"a\": }", 10, "line 2, column 8: this is not JSON");
    expect_refused("{} x", 4, "line 1, column 4: something follows where the JSON should end");
    expect_refused("[\"\xff\"]", 5, "line 1, column 2: the JSON has bytes that are not UTF-8");
    expect_refused("{\"a\\u0000\": 1}", 14, "line 1, column 10: the JSON has a NUL character where none may be");
    expect_refused("[1e999]", 7, "line 1, column 6: the JSON has a number that is too large");
    expect_refused("[1\0]", 4, "line 1, column 3: the JSON has a NUL character where none may be");
}
END_TEST

START_TEST(secrets_are_not_in_messages)
{
    struct error error = {0};
    json_t *tree = NULL;
    const char *text = "{\"token\": hunter2}";
    ck_assert(!tree_parse(text, strlen(text), &tree, &error));
    ck_assert_ptr_null(strstr(error.message, "hunter2"));
    error_release(&error);
}
END_TEST

static char *nested(size_t depth)
{
    struct text text = {0};
    for (size_t i = 0; i < depth; i++)
        text_append(&text, i % 2 == 0 ? "[" : "{\"[[{\\\"\":");
    text_append(&text, depth % 2 == 0 ? "1" : "");
    for (size_t i = depth; i > 0; i--)
        text_append(&text, i % 2 == 1 ? "]" : "}");
    return text_steal(&text);
}

/* What a worker with a small stack must survive: the deepest tree that is let in, and one far deeper. */
static void *work_on_deep_trees(void *unused)
{
    char *deepest = nested(TREE_DEPTH_LIMIT);
    json_t *tree = parse(deepest);
    json_t *again = parse(deepest);
    ck_assert(tree_equal(tree, again));
    char *canonical = tree_canonical(tree);
    ck_assert_str_eq(canonical, deepest);
    free(canonical);
    json_decref(tree);
    json_decref(again);
    free(deepest);
    for (size_t depth = TREE_DEPTH_LIMIT + 1; depth < 20000; depth += 9487) {
        CLEANUP_FREE char *deeper = nested(depth);
        struct error error = {0};
        ck_assert(!tree_parse(deeper, strlen(deeper), &tree, &error));
        ck_assert_ptr_nonnull(strstr(error.message, "column 2561: the JSON is nested too deep"));
        error_release(&error);
    }
    return unused;
}

START_TEST(deep_trees_on_a_small_stack)
{
    pthread_t thread;
    pthread_attr_t small;
    pthread_attr_init(&small);
    ck_assert_int_eq(pthread_attr_setstacksize(&small, (size_t)256 * 1024), 0);
    ck_assert_int_eq(pthread_create(&thread, &small, work_on_deep_trees, NULL), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&small);
}
END_TEST

START_TEST(values_are_counted_before_they_are_made)
{
    struct text text = {0};
    text_append(&text, "[0");
    for (size_t i = 0; i < TREE_VALUES_LIMIT - 2; i++)
        text_append(&text, ",0");
    size_t most = text.size;
    text_append(&text, "]");
    json_t *tree = parse(text_peek(&text));
    ck_assert_uint_eq(json_array_size(tree), TREE_VALUES_LIMIT - 1);
    json_decref(tree);
    text.size = most;
    text_append(&text, ",0]");
    struct error error = {0};
    ck_assert(!tree_parse(text_peek(&text), text.size, &tree, &error));
    ck_assert_ptr_nonnull(strstr(error.message, "the JSON has too many values"));
    error_release(&error);
    text_release(&text);
}
END_TEST

START_TEST(paths_as_people_write_them)
{
    char *path = NULL;
    tree_path_append_key(&path, "spec");
    tree_path_append_key(&path, "containers");
    tree_path_append_index(&path, 0);
    tree_path_append_key(&path, "image");
    ck_assert_str_eq(path, "spec.containers[0].image");
    free(path);
    path = NULL;
    tree_path_append_key(&path, "metadata");
    tree_path_append_key(&path, "a.b/c");
    tree_path_append_key(&path, "");
    tree_path_append_key(&path, "say \"x\"");
    ck_assert_str_eq(path, "metadata.\"a.b/c\".\"\".\"say \\\"x\\\"\"");
    free(path);
}
END_TEST

Suite *suite_tree(void)
{
    Suite *suite = suite_create("tree");
    TCase *tests = tcase_create("tree");
    tcase_add_test(tests, looked_up_by_path);
    tcase_add_test(tests, integers_within_reals);
    tcase_add_test(tests, canonical_bytes);
    tcase_add_test(tests, canonical_in_any_locale);
    tcase_add_test(tests, equality);
    tcase_add_test(tests, refused_with_a_place);
    tcase_add_test(tests, secrets_are_not_in_messages);
    tcase_add_test(tests, deep_trees_on_a_small_stack);
    tcase_add_test(tests, values_are_counted_before_they_are_made);
    tcase_add_test(tests, paths_as_people_write_them);
    suite_add_tcase(suite, tests);
    return suite;
}
