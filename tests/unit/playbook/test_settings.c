#include "playbook/playbook.h"
#include "reading.h"
#include <check.h>
#include <stdlib.h>

Suite *suite_settings(void);

static void forget_environment(void)
{
    unsetenv("ENABLE_CHANGE_DETECTION");
    unsetenv("FORCE_FULL_ROLLBACK");
    unsetenv("HASH_RETENTION_COUNT");
}

START_TEST(environment_before_file_before_otherwise)
{
    struct playbook *playbook =
        reading_parse(READING_HEAD "settings: {change_detection: false, hash_retention: 7, hash_configmap: hashes}\n");
    forget_environment();
    ck_assert(!playbook_setting_bool(playbook, "change_detection", true));
    ck_assert(playbook_setting_bool(playbook, "force_full", true));
    ck_assert(!playbook_setting_bool(playbook, "force_full", false));
    ck_assert_int_eq(playbook_setting_integer(playbook, "hash_retention", 10), 7);
    ck_assert_str_eq(playbook_setting_text(playbook, "hash_configmap", "x"), "hashes");
    setenv("ENABLE_CHANGE_DETECTION", "true", 1);
    setenv("FORCE_FULL_ROLLBACK", "YES", 1);
    setenv("HASH_RETENTION_COUNT", "3", 1);
    ck_assert(playbook_setting_bool(playbook, "change_detection", false));
    ck_assert(playbook_setting_bool(playbook, "force_full", false));
    ck_assert_int_eq(playbook_setting_integer(playbook, "hash_retention", 10), 3);
    ck_assert(playbook_settings_check_environment(NULL));
    playbook_free(playbook);
}
END_TEST

START_TEST(without_a_playbook)
{
    forget_environment();
    ck_assert(playbook_setting_bool(NULL, "change_detection", true));
    ck_assert_int_eq(playbook_setting_integer(NULL, "hash_retention", 10), 10);
    ck_assert_ptr_null(playbook_setting_text(NULL, "hash_configmap", NULL));
    setenv("HASH_RETENTION_COUNT", "4", 1);
    ck_assert_int_eq(playbook_setting_integer(NULL, "hash_retention", 10), 4);
    ck_assert_int_eq(playbook_setting_integer(NULL, "no_such_setting", 10), 10);
}
END_TEST

static void expect_wrong(const char *variable, const char *value, const char *message)
{
    struct error error = {0};
    forget_environment();
    setenv(variable, value, 1);
    ck_assert(!playbook_settings_check_environment(&error));
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_str_eq(error.message, message);
    error_release(&error);
}

START_TEST(wrong_environment_is_told_and_ignored)
{
    expect_wrong("FORCE_FULL_ROLLBACK", "maybe",
                 "the environment variable FORCE_FULL_ROLLBACK is 'maybe'; true or false is expected");
    ck_assert(playbook_setting_bool(NULL, "force_full", true));
    ck_assert(!playbook_setting_bool(NULL, "force_full", false));
    expect_wrong("HASH_RETENTION_COUNT", "10x",
                 "the environment variable HASH_RETENTION_COUNT is '10x'; a number from 1 to 1000 is expected");
    expect_wrong("HASH_RETENTION_COUNT", "0",
                 "the environment variable HASH_RETENTION_COUNT is '0'; a number from 1 to 1000 is expected");
    expect_wrong("HASH_RETENTION_COUNT", "99999999999999999999\x1b",
                 "the environment variable HASH_RETENTION_COUNT is '99999999999999999999\\x1b'; a number from 1 to "
                 "1000 is expected");
    ck_assert_int_eq(playbook_setting_integer(NULL, "hash_retention", 10), 10);
    setenv("HASH_RETENTION_COUNT", "", 1);
    ck_assert(playbook_settings_check_environment(NULL));
}
END_TEST

Suite *suite_settings(void)
{
    Suite *suite = suite_create("settings");
    TCase *tests = tcase_create("settings");
    tcase_add_test(tests, environment_before_file_before_otherwise);
    tcase_add_test(tests, without_a_playbook);
    tcase_add_test(tests, wrong_environment_is_told_and_ignored);
    suite_add_tcase(suite, tests);
    return suite;
}
