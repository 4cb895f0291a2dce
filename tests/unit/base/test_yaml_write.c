#include "base/memory.h"
#include "base/tree.h"
#include "base/yaml.h"
#include "base/yaml_write.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_yaml_write(void);

static void expect(const char *json, const char *expected)
{
    json_t *tree = json_loads(json, JSON_DECODE_ANY, NULL);
    ck_assert_ptr_nonnull(tree);
    CLEANUP_FREE char *yaml = yaml_write(tree);
    ck_assert_str_eq(yaml, expected);
    json_decref(tree);
}

START_TEST(sorted_blocks)
{
    expect("{\"b\": [1, {\"y\": true, \"x\": null}], \"a\": {\"k\": \"v\"}, \"c\": {}, \"d\": []}",
           "a:\n  k: v\nb:\n- 1\n- x: null\n  \"y\": true\nc: {}\nd: []\n");
}
END_TEST

START_TEST(texts_that_look_like_something_else)
{
    expect("[\"yes\", \"1\", \"1.5\", \"null\", \"\", \"~\", \"-x\", \".5\", \"2026-01-01\", \"plain text\", \"a: b\", "
           "\"x #y\"]",
           "- \"yes\"\n- \"1\"\n- \"1.5\"\n- \"null\"\n- \"\"\n- \"~\"\n- \"-x\"\n- \".5\"\n- \"2026-01-01\"\n- plain "
           "text\n- 'a: b'\n- 'x #y'\n");
}
END_TEST

START_TEST(several_lines_are_a_block)
{
    expect("{\"script\": \"#!/bin/sh\\necho hi\\n\"}", "script: |\n  #!/bin/sh\n  echo hi\n");
}
END_TEST

/* Whatever is written is read as the same tree, by YAML 1.1's rules. */
START_TEST(read_back)
{
    static const char *const cases[] = {
        "{\"a\": \"0644\", \"b\": 420, \"c\": \"on\", \"y\": \"n\", \"d\": \"  spaced  \", \"e\": \"tab\\there\", "
        "\"f\": \"trailing\\n\\n\\n\", \"g\": \"\\u0007 \\u202e\"}",
        "[[[]], [{}], {\"\": \"\"}, \"=\", \"<<\", \"0x1F\", \"1_000\", \"12:30:45\", \"!tag\", \"*a\", \"&a\", "
        "\"%x\", \"@x\", \"`x\", \"{\", \"[\", \"|\", \">\"]",
        "{\"long\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "
        "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb cccccccccccccccccccc\"}",
        "{\"lines\": \" leading space\\nnext\\n\", \"more\": \"a\\n\\n  b \\nc\", \"cr\": \"a\\r\\nb\"}",
        "[1.5, -3, 1e300, true, null]",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *tree = json_loads(cases[i], 0, NULL), *again = NULL;
        CLEANUP_FREE char *yaml = yaml_write(tree);
        struct error error = {0};
        ck_assert_msg(yaml_parse(YAML_KUBERNETES, "x", yaml, strlen(yaml), &again, NULL, &error), "%s: %s", yaml,
                      error.message);
        ck_assert_msg(tree_equal(tree, again), "%s", yaml);
        json_decref(tree);
        json_decref(again);
    }
}
END_TEST

Suite *suite_yaml_write(void)
{
    Suite *suite = suite_create("yaml_write");
    TCase *tests = tcase_create("yaml_write");
    tcase_add_test(tests, sorted_blocks);
    tcase_add_test(tests, texts_that_look_like_something_else);
    tcase_add_test(tests, several_lines_are_a_block);
    tcase_add_test(tests, read_back);
    suite_add_tcase(suite, tests);
    return suite;
}
