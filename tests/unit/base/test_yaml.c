#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/yaml.h"
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_yaml(void);

static json_t *parse(enum yaml_flavour flavour, const char *text)
{
    json_t *tree = NULL;
    struct error error = {0};
    ck_assert_msg(yaml_parse(flavour, "x.yaml", text, strlen(text), &tree, NULL, &error), "%s: %s", text,
                  error.message);
    return tree;
}

static void expect(enum yaml_flavour flavour, const char *text, const char *canonical)
{
    json_t *tree = parse(flavour, text);
    char *bytes = tree_canonical(tree);
    ck_assert_msg(strcmp(bytes, canonical) == 0, "%s\nbecame %s\nnot    %s", text, bytes, canonical);
    free(bytes);
    json_decref(tree);
}

static void expect_mistake_in(enum yaml_flavour flavour, const char *text, size_t size, const char *message)
{
    json_t *tree = (json_t *)"untouched";
    struct yaml_positions *positions = (struct yaml_positions *)"untouched";
    struct error error = {0};
    ck_assert_msg(!yaml_parse(flavour, "x.yaml", text, size, &tree, &positions, &error), "%s", text);
    ck_assert_int_eq(error.code, ERROR_INVALID);
    ck_assert_msg(text_starts(error.message, message), "%s", error.message);
    ck_assert_str_eq((const char *)tree, "untouched");
    ck_assert_str_eq((const char *)positions, "untouched");
    error_release(&error);
}

static void expect_mistake(enum yaml_flavour flavour, const char *text, const char *message)
{
    expect_mistake_in(flavour, text, strlen(text), message);
}

/* What sigs.k8s.io/yaml v1.6.0 makes of each input; null where it gives an error. */
START_TEST(kubernetes_scalars_as_go_reads_them)
{
    CLEANUP_FREE char *path = memory_format("%s/tests/data/base/yaml-kubernetes.json", getenv("srcdir"));
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    json_t *table = NULL;
    struct error error = {0};
    ck_assert_msg(file_read(path, 1 << 20, &bytes, &size, &error), "%s", error.message);
    ck_assert(tree_parse(bytes, size, &table, NULL));
    ck_assert_uint_gt(json_array_size(table), 800);
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach(table, index, row)
    {
        const json_t *input = json_object_get(row, "yaml");
        const char *output = json_string_value(json_object_get(row, "json"));
        json_t *tree = NULL;
        json_t *wanted = NULL;
        if (output != NULL)
            ck_assert(tree_parse(output, strlen(output), &wanted, NULL));
        bool read =
            yaml_parse(YAML_KUBERNETES, "x", json_string_value(input), json_string_length(input), &tree, NULL, NULL);
        CLEANUP_FREE char *got = tree_canonical(tree);
        ck_assert_msg(read == (output != NULL) && tree_equal(tree, wanted), "%s\nbecame %s\nnot    %s",
                      json_string_value(input), got, output);
        json_decref(tree);
        json_decref(wanted);
    }
    json_decref(table);
}
END_TEST

START_TEST(strict_scalars)
{
    expect(YAML_STRICT, "[yes, no, on, off, y, 0644, 0x1F, 1_000, +12, 12:30, .5, 1., Null, TRUE, .inf, <<, =]",
           "[\"yes\",\"no\",\"on\",\"off\",\"y\",\"0644\",\"0x1F\",\"1_000\",\"+12\",\"12:30\",\".5\",\"1.\",\"Null\","
           "\"TRUE\",\".inf\",\"<<\",\"=\"]");
    expect(YAML_STRICT, "[true, false, null, ~, 0, -0, 12, -12, 1.5, 1e3, 1.5e-3, 90s, 10%]",
           "[true,false,null,null,0,0,12,-12,1.5,1000,0.0015,\"90s\",\"10%\"]");
}
END_TEST

START_TEST(strict_keys_and_tags)
{
    expect(YAML_STRICT, "yes: 1\n1.0: 2\n<<: {a: 1}\n", "{\"1\":2,\"<<\":{\"a\":1},\"yes\":1}");
    expect(YAML_STRICT, "a: !!str 12\nb: &x [1]\nc: *x", "{\"a\":\"12\",\"b\":[1],\"c\":[1]}");
    expect_mistake(YAML_STRICT, "a: 1\nb: 2\na: 3", "x.yaml:3:1: the key 'a' stands here a second time");
    expect_mistake(YAML_STRICT, "a: {b\x1f: 1}", "x.yaml:1:6: this control character");
    expect_mistake(YAML_STRICT, "a: !!binary aGk=", "x.yaml:1:4: tags other than !!str");
    expect_mistake(YAML_STRICT, "a: 1e999", "x.yaml:1:4: this number is too large");
    expect_mistake(YAML_STRICT, "~: 1", "x.yaml:1:1: this cannot be a key");
}
END_TEST

START_TEST(mistakes_have_a_place)
{
    expect_mistake(YAML_KUBERNETES, "a: b\n\tc: d", "x.yaml:2:1: lines are indented with spaces, not tabs");
    expect_mistake(YAML_KUBERNETES, "a: @b", "x.yaml:1:4: nothing can begin with this character");
    expect_mistake(YAML_KUBERNETES, "a: b: c", "x.yaml:1:5: a ':' is not expected here");
    expect_mistake(YAML_KUBERNETES, "a: 1\nb: [1, 2", "x.yaml:3:1: a ',' or the list's closing ']'");
    expect_mistake(YAML_KUBERNETES, "a: 'x", "x.yaml:1:6: the text ends here before its closing quote");
    expect_mistake(YAML_KUBERNETES, "a: 1\n---\nb: 2", "x.yaml:2:1: a second document begins here");
    expect_mistake(YAML_KUBERNETES, "a:\n  b: *nobody", "x.yaml:2:6: this alias names an anchor");
    expect_mistake(YAML_KUBERNETES, "a: &a [*a]", "x.yaml:1:8: this alias stands within");
    expect_mistake(YAML_KUBERNETES, "{[a]: b}", "x.yaml:1:2: a list or an object cannot be a key");
    expect_mistake(YAML_KUBERNETES, "? \"a\\0b\"\n: 1", "x.yaml:1:3: this cannot be a key");
    expect_mistake(YAML_KUBERNETES, "a: .inf", "x.yaml:1:4: infinity");
    expect_mistake(YAML_KUBERNETES, "a: {<<: 1}", "x.yaml:1:5: what '<<' merges");
}
END_TEST

START_TEST(strange_bytes)
{
    expect(YAML_KUBERNETES,
           "\xef\xbb\xbf"
           "a: 1\r\nb: |\r\n  x\r\n  y\r\n",
           "{\"a\":1,\"b\":\"x\\u000ay\\u000a\"}");
    expect(YAML_KUBERNETES, "a:\t1\t# tab\nb: 'x\ty'", "{\"a\":1,\"b\":\"x\\u0009y\"}");
    expect(YAML_KUBERNETES, "a: \"x\\0y\"", "{\"a\":\"x\\u0000y\"}");
    expect_mistake(YAML_KUBERNETES, "a: b\n\xc3\xa9: \xff", "x.yaml:2:4: ");
    expect_mistake(YAML_KUBERNETES, "a: \xc0\xaf", "x.yaml:1:4: ");
    expect_mistake(YAML_KUBERNETES, "a: \xed\xa0\x80", "x.yaml:1:4: ");
    expect_mistake(YAML_KUBERNETES, "a: b\xe2\x82", "x.yaml:1:5: ");
    expect_mistake_in(YAML_KUBERNETES, "a: b\0c", 6, "x.yaml:1:5: this control character is not allowed");
    expect_mistake(YAML_KUBERNETES, "a: \x1b[31m", "x.yaml:1:4: this control character is not allowed");
}
END_TEST

START_TEST(nothing_is_null)
{
    expect(YAML_STRICT, "", "null");
    expect(YAML_STRICT, "# only a comment\n", "null");
    expect(YAML_KUBERNETES, "---\n", "null");
    json_t *tree = NULL;
    struct yaml_positions *positions = NULL;
    int line = 0;
    int column = 0;
    ck_assert(yaml_parse(YAML_STRICT, "x", "", 0, &tree, &positions, NULL));
    ck_assert(yaml_position(positions, "", false, &line, &column));
    ck_assert_int_eq(line, 1);
    json_decref(tree);
    yaml_positions_free(positions);
}
END_TEST

START_TEST(values_are_counted)
{
    struct text text = {0};
    text_append(&text, "a: [");
    for (size_t i = 0; i < TREE_VALUES_LIMIT + 1; i++)
        text_append(&text, "[],");
    text_append(&text, "]\n");
    expect_mistake(YAML_KUBERNETES, text_peek(&text), "x.yaml:1:2999997: this document has too many values");
    text_release(&text);
}
END_TEST

START_TEST(alias_bombs_are_stopped)
{
    /* Ten to the ninth, and a text that would become four hundred times a megabyte. */
    struct text laughs = {0};
    text_append(&laughs, "a: &a [x, x, x, x, x, x, x, x, x, x]\n");
    for (char c = 'b'; c < 'j'; c++) {
        text_append_format(&laughs, "%c: &%c [", c, c);
        for (int i = 0; i < 10; i++)
            text_append_format(&laughs, "%s*%c", i == 0 ? "" : ", ", c - 1);
        text_append(&laughs, "]\n");
    }
    expect_mistake(YAML_KUBERNETES, text_peek(&laughs), "x.yaml:6:");
    text_clear(&laughs);
    text_append(&laughs, "a: &a \"");
    for (int i = 0; i < 1 << 20; i++)
        text_append_char(&laughs, 'x');
    text_append(&laughs, "\"\nb: [");
    for (int i = 0; i < 400; i++)
        text_append(&laughs, "*a, ");
    text_append(&laughs, "]\n");
    expect_mistake(YAML_KUBERNETES, text_peek(&laughs), "x.yaml:2:");
    text_clear(&laughs);
    text_append(&laughs, "- &a0 {<<: {k: v}}\n");
    for (int i = 1; i < 600; i++)
        text_append_format(&laughs, "- &a%d {x: *a%d}\n", i, i - 1);
    expect_mistake(YAML_KUBERNETES, text_peek(&laughs), "x.yaml:511:");
    text_release(&laughs);
}
END_TEST

static char *nested(size_t depth, const char *open, const char *close)
{
    struct text text = {0};
    for (size_t i = 0; i < depth; i++)
        text_append(&text, open);
    for (size_t i = 0; i < depth; i++)
        text_append(&text, close);
    return text_steal(&text);
}

static void expect_too_deep(const char *open, const char *close, const char *place)
{
    CLEANUP_FREE char *deepest = nested(TREE_DEPTH_LIMIT, open, close);
    json_decref(parse(YAML_KUBERNETES, deepest));
    CLEANUP_FREE char *deeper = nested(TREE_DEPTH_LIMIT + 1, open, close);
    CLEANUP_FREE char *far_deeper = nested(10000, open, close);
    CLEANUP_FREE char *message = memory_format("x.yaml:%s: this is nested too deep", place);
    expect_mistake(YAML_KUBERNETES, deeper, message);
    expect_mistake(YAML_STRICT, far_deeper, message);
}

static void *nest_deeply(void *unused)
{
    expect_too_deep("[", "]", "1:513");
    expect_too_deep("{a: ", "}", "1:2049");
    expect_too_deep("- ", "", "1:1025");
    struct text block = {0};
    for (int depth = 0; depth < 2000; depth++)
        text_append_format(&block, "%*sa:\n", depth, "");
    expect_mistake(YAML_KUBERNETES, text_peek(&block), "x.yaml:513:513: this is nested too deep");
    text_release(&block);
    return unused;
}

START_TEST(deep_nesting_on_a_small_stack)
{
    pthread_t thread;
    pthread_attr_t small;
    pthread_attr_init(&small);
    ck_assert_int_eq(pthread_attr_setstacksize(&small, (size_t)256 * 1024), 0);
    ck_assert_int_eq(pthread_create(&thread, &small, nest_deeply, NULL), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&small);
}
END_TEST

START_TEST(long_tokens)
{
    struct text text = {0};
    text_append(&text, "a: ");
    for (int i = 0; i < 3000000; i++)
        text_append_char(&text, "1a"[i % 2]);
    json_t *tree = parse(YAML_KUBERNETES, text_peek(&text));
    ck_assert_uint_eq(json_string_length(tree_get(tree, "a")), 3000000);
    json_decref(tree);
    text_clear(&text);
    for (int i = 0; i < 5000; i++)
        text_append_char(&text, '9'); /* a number too long to be one */
    tree = parse(YAML_KUBERNETES, text_peek(&text));
    ck_assert(json_is_string(tree));
    json_decref(tree);
    text_append(&text, ": as a key beyond the 1,024 bytes that YAML allows");
    expect_mistake(YAML_KUBERNETES, text_peek(&text), "x.yaml:1:");
    text_release(&text);
}
END_TEST

static const char POSITIONED[] = "format: 1\n"
                                 "facts:\n"
                                 "  health: {every: 10s}\n"
                                 "  a/b~c:\n"
                                 "  - one\n"
                                 "  - two: 2\n"
                                 "base: &base\n"
                                 "  x: {y: 1}\n"
                                 "copy: *base\n";

static void expect_place(const struct yaml_positions *positions, const char *pointer, bool key, int line, int column)
{
    int got_line = 0;
    int got_column = 0;
    ck_assert_msg(yaml_position(positions, pointer, key, &got_line, &got_column), "%s", pointer);
    ck_assert_int_eq(got_line, line);
    ck_assert_int_eq(got_column, column);
}

START_TEST(positions_of_nodes)
{
    json_t *tree = NULL;
    struct yaml_positions *positions = NULL;
    int line = 42;
    int column = 42;
    ck_assert(yaml_parse(YAML_STRICT, "x", POSITIONED, strlen(POSITIONED), &tree, &positions, NULL));
    expect_place(positions, "", false, 1, 1);
    expect_place(positions, "/format", false, 1, 9);
    expect_place(positions, "/format", true, 1, 1);
    expect_place(positions, "/facts/health/every", false, 3, 19);
    expect_place(positions, "/facts/health/every", true, 3, 12);
    expect_place(positions, "/facts/a~1b~0c/0", false, 5, 5);
    expect_place(positions, "/facts/a~1b~0c/1/two", false, 6, 10);
    expect_place(positions, "/copy", false, 9, 7);
    expect_place(positions, "/copy/x/y", false, 9, 7);
    expect_place(positions, "/base/x/y", false, 8, 10);
    ck_assert(!yaml_position(positions, "/facts/nothing", false, &line, &column));
    ck_assert(!yaml_position(positions, "/facts/health/every/deeper", false, &line, &column));
    ck_assert_int_eq(line, 42);
    json_decref(tree);
    yaml_positions_free(positions);
    yaml_positions_free(NULL);
}
END_TEST

START_TEST(positions_of_merged_keys)
{
    const char *text = "a: &a {x: {z: 1}, k: 2}\nb:\n  k: 0\n  <<: *a\n  w: 3\n";
    json_t *tree = NULL;
    struct yaml_positions *positions = NULL;
    ck_assert(yaml_parse(YAML_KUBERNETES, "x", text, strlen(text), &tree, &positions, NULL));
    expect_place(positions, "/b/x", false, 4, 3);
    expect_place(positions, "/b/x/z", false, 4, 3);
    expect_place(positions, "/b/k", true, 4, 3);
    expect_place(positions, "/b/w", false, 5, 6);
    json_decref(tree);
    yaml_positions_free(positions);
}
END_TEST

START_TEST(pointers_are_escaped)
{
    char *pointer = yaml_pointer("/a", "b/c~d");
    ck_assert_str_eq(pointer, "/a/b~1c~0d");
    char *longer = yaml_pointer_index(pointer, 7);
    ck_assert_str_eq(longer, "/a/b~1c~0d/7");
    free(pointer);
    free(longer);
}
END_TEST

Suite *suite_yaml(void)
{
    Suite *suite = suite_create("yaml");
    TCase *tests = tcase_create("yaml");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, kubernetes_scalars_as_go_reads_them);
    tcase_add_test(tests, strict_scalars);
    tcase_add_test(tests, strict_keys_and_tags);
    tcase_add_test(tests, mistakes_have_a_place);
    tcase_add_test(tests, strange_bytes);
    tcase_add_test(tests, nothing_is_null);
    tcase_add_test(tests, values_are_counted);
    tcase_add_test(tests, alias_bombs_are_stopped);
    tcase_add_test(tests, deep_nesting_on_a_small_stack);
    tcase_add_test(tests, long_tokens);
    tcase_add_test(tests, positions_of_nodes);
    tcase_add_test(tests, positions_of_merged_keys);
    tcase_add_test(tests, pointers_are_escaped);
    suite_add_tcase(suite, tests);
    return suite;
}
