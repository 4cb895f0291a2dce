#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/keys.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_keys(void);

START_TEST(names_are_read_and_written)
{
    static const struct {
        const char *name;
        uint32_t key;
    } cases[] = {
        {"q", 'q'},      {"é", 0xe9},       {"Space", ' '}, {"Ctrl-F", 6},         {"PageUp", KEYS_PAGE_UP},
        {"F1", KEYS_F1}, {"F12", KEYS_F12}, {"Escape", 27}, {"Enter", KEYS_ENTER}, {"Shift-Tab", KEYS_SHIFT_TAB},
        {"F", 'F'}};
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        uint32_t key = 0;
        char name[KEYS_NAME_SIZE];
        ck_assert_msg(keys_parse_name(cases[i].name, &key), "%s", cases[i].name);
        ck_assert_uint_eq(key, cases[i].key);
        keys_format_name(key, name);
        ck_assert_str_eq(name, cases[i].name);
    }
}
END_TEST

START_TEST(what_is_no_key_is_refused)
{
    static const char *const names[] = {"",    "qq",  "Ctrl-", "Ctrl-f", "Ctrl-1", "F0",
                                        "F13", "F1x", "\x1b",  "\x7f",   "\xff",   "none"};
    for (size_t i = 0; i < LENGTH_OF(names); i++) {
        uint32_t key = 77;
        ck_assert_msg(!keys_parse_name(names[i], &key), "%s", names[i]);
        ck_assert_uint_eq(key, 77);
    }
}
END_TEST

/* A key with two meanings in one place would silently lose one of them. */
START_TEST(every_default_key_means_one_thing)
{
    struct keys *keys = keys_new();
    for (int action = 0; action < ACTION_COUNT; action++) {
        const struct action_info *info = action_info((enum action)action);
        CLEANUP_FREE char *names = memory_text(info->keys);
        char *rest = NULL;
        for (char *name = strtok_r(names, " ", &rest); name != NULL; name = strtok_r(NULL, " ", &rest)) {
            uint32_t key = 0;
            ck_assert_msg(keys_parse_name(name, &key), "%s: %s", info->name, name);
            ck_assert_msg(keys_action(keys, info->scope, key) == (enum action)action, "%s: %s", info->name, name);
        }
    }
    keys_free(keys);
}
END_TEST

START_TEST(lists_and_texts_also_know_what_holds_everywhere)
{
    struct keys *keys = keys_new();
    ck_assert_int_eq(keys_action(keys, SCOPE_TEXT, 'n'), ACTION_NEXT_MATCH);
    ck_assert_int_eq(keys_action(keys, SCOPE_LIST, 'n'), ACTION_NONE);
    ck_assert_int_eq(keys_action(keys, SCOPE_TEXT, '?'), ACTION_HELP);
    ck_assert_int_eq(keys_action(keys, SCOPE_PROMPT, 'q'), ACTION_NONE);
    ck_assert_int_eq(keys_action(keys, SCOPE_PROMPT, KEYS_ENTER), ACTION_ACCEPT);
    ck_assert_int_eq(keys_action(keys, SCOPE_LIST, 0), ACTION_NONE);
    keys_free(keys);
}
END_TEST

START_TEST(a_file_changes_keys)
{
    struct keys *keys = keys_new();
    struct error error = {0};
    ck_assert(keys_parse(keys, "f", "# mine\n\nnext-change  n F5\r\nhelp none\n", &error));
    ck_assert_int_eq(keys_action(keys, SCOPE_TEXT, 'n'), ACTION_NEXT_CHANGE); /* taken from next-match */
    ck_assert_int_eq(keys_action(keys, SCOPE_TEXT, KEYS_F1 + 4), ACTION_NEXT_CHANGE);
    ck_assert_int_eq(keys_action(keys, SCOPE_TEXT, ']'), ACTION_NONE);
    ck_assert_int_eq(keys_action(keys, SCOPE_TEXT, '?'), ACTION_NONE);
    struct text text = {0};
    keys_append(keys, ACTION_NEXT_CHANGE, ", ", &text);
    ck_assert_str_eq(text_peek(&text), "n, F5");
    text_clear(&text);
    keys_append_first(keys, ACTION_HELP, &text);
    ck_assert_str_eq(text_peek(&text), "");
    text_release(&text);
    keys_free(keys);
}
END_TEST

START_TEST(mistakes_in_a_file_name_their_line)
{
    static const struct {
        const char *file;
        const char *message;
    } cases[] = {
        {"help ?\nhlep x\n", "f:2: there is no action 'hlep'"},
        {"help Ctrl-q\n", "f:1: 'Ctrl-q' is not a key"},
        {"help\n", "f:1: no key stands behind the action 'help'"},
        {"help \x1b[2J\n", "f:1: '\\x1b[2J' is not a key"},
        {"help 1 2 3 4 5 6 7\n", "f:1: more than 6 keys for one action"},
        {"quit none\nexit none\n", "f: neither 'quit' nor 'exit' has a key"},
        {"quit none\nhelp Ctrl-C\n", "f: neither 'quit' nor 'exit' has a key"},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct keys *keys = keys_new();
        struct error error = {0};
        ck_assert_msg(!keys_parse(keys, "f", cases[i].file, &error), "%s", cases[i].file);
        ck_assert_int_eq(error.code, ERROR_INVALID);
        ck_assert_str_eq(error.message, cases[i].message);
        error_release(&error);
        keys_free(keys);
    }
}
END_TEST

START_TEST(the_shipped_file_is_the_table)
{
    CLEANUP_FREE char *path = file_data("keys");
    CLEANUP_FREE char *shipped = NULL;
    CLEANUP_FREE char *made = keys_default_file();
    size_t size = 0;
    struct error error = {0};
    ck_assert_msg(file_read(path, 1u << 20, &shipped, &size, &error), "%s", error.message);
    ck_assert_str_eq(shipped, made);
    struct keys *keys = keys_new();
    struct keys *loaded = keys_new();
    ck_assert_msg(keys_parse(loaded, "keys", shipped, &error), "%s", error.message);
    for (int action = 0; action < ACTION_COUNT; action++) {
        struct text a = {0};
        struct text b = {0};
        keys_append(keys, (enum action)action, " ", &a);
        keys_append(loaded, (enum action)action, " ", &b);
        ck_assert_str_eq(text_peek(&a), text_peek(&b));
        text_release(&a);
        text_release(&b);
    }
    keys_free(keys);
    keys_free(loaded);
}
END_TEST

START_TEST(actions_are_found_by_name_and_beginning)
{
    ck_assert_int_eq(action_find("overview", false), ACTION_OVERVIEW);
    ck_assert_int_eq(action_find("ov", true), ACTION_OVERVIEW);
    ck_assert_int_eq(action_find("ov", false), ACTION_NONE);
    ck_assert_int_eq(action_find("page", true), ACTION_NONE); /* two */
    ck_assert_int_eq(action_find("d", true), ACTION_NONE);
    ck_assert_int_eq(action_find("", true), ACTION_NONE);
    ck_assert_int_eq(action_find("accept", true), ACTION_NONE); /* only means something while typing */
}
END_TEST

START_TEST(the_manual_has_every_action)
{
    CLEANUP_FREE char *manual = keys_manual();
    CLEANUP_FREE char *path = file_data("rollback-console.1");
    CLEANUP_FREE char *page = NULL;
    size_t size = 0;
    struct error error = {0};
    ck_assert_msg(file_read(path, 1u << 20, &page, &size, &error), "%s", error.message);
    ck_assert_msg(strstr(page, manual) != NULL, "the page's chapter is not that of the table:\n%s", manual);
    for (int action = 0; action < ACTION_COUNT; action++) {
        CLEANUP_FREE char *wanted = memory_format("(%s)\n", action_info((enum action)action)->name);
        ck_assert_ptr_nonnull(strstr(manual, wanted));
    }
}
END_TEST

Suite *suite_keys(void)
{
    Suite *suite = suite_create("keys");
    TCase *tests = tcase_create("keys");
    tcase_add_test(tests, names_are_read_and_written);
    tcase_add_test(tests, what_is_no_key_is_refused);
    tcase_add_test(tests, every_default_key_means_one_thing);
    tcase_add_test(tests, lists_and_texts_also_know_what_holds_everywhere);
    tcase_add_test(tests, a_file_changes_keys);
    tcase_add_test(tests, mistakes_in_a_file_name_their_line);
    tcase_add_test(tests, the_shipped_file_is_the_table);
    tcase_add_test(tests, actions_are_found_by_name_and_beginning);
    tcase_add_test(tests, the_manual_has_every_action);
    suite_add_tcase(suite, tests);
    return suite;
}
