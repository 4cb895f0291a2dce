#include "base/error.h"
#include <check.h>

Suite *suite_error(void);

START_TEST(filled_and_prefixed)
{
    struct error error = {0};
    ck_assert(!error_set(&error, ERROR_INVALID, "line %d is not YAML", 3));
    ck_assert(!error_hint(&error, "remove the %s", "tab"));
    ck_assert(!error_prefix(&error, "file %s", "x.yaml"));
    ck_assert_int_eq(error.code, ERROR_INVALID);
    ck_assert_str_eq(error.message, "file x.yaml: line 3 is not YAML");
    ck_assert_str_eq(error.hint, "remove the tab");
    error_release(&error);
    ck_assert_ptr_null(error.message);
    ck_assert_int_eq(error.code, ERROR_NONE);
}
END_TEST

START_TEST(set_again_forgets_the_old_hint)
{
    struct error error = {0};
    error_set(&error, ERROR_USAGE, "first");
    error_hint(&error, "old");
    error_set(&error, ERROR_NOT_FOUND, "second");
    ck_assert_str_eq(error.message, "second");
    ck_assert_ptr_null(error.hint);
    error_release(&error);
}
END_TEST

START_TEST(null_is_accepted)
{
    ck_assert(!error_set(NULL, ERROR_USAGE, "nobody listens"));
    ck_assert(!error_hint(NULL, "nobody"));
    ck_assert(!error_prefix(NULL, "nobody"));
    error_release(NULL);
}
END_TEST

START_TEST(every_exit_status_has_its_word)
{
    for (int code = ERROR_INTERNAL; code <= ERROR_PLAN_VOID; code++) {
        ck_assert_ptr_nonnull(error_code_name((enum error_code)code));
        for (int other = ERROR_INTERNAL; other < code; other++)
            ck_assert_str_ne(error_code_name((enum error_code)code), error_code_name((enum error_code)other));
    }
}
END_TEST

Suite *suite_error(void)
{
    Suite *suite = suite_create("error");
    TCase *tests = tcase_create("error");
    tcase_add_test(tests, filled_and_prefixed);
    tcase_add_test(tests, set_again_forgets_the_old_hint);
    tcase_add_test(tests, null_is_accepted);
    tcase_add_test(tests, every_exit_status_has_its_word);
    suite_add_tcase(suite, tests);
    return suite;
}
