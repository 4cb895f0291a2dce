/* Runs the suites of the room ui. */
#include <check.h>
#include <locale.h>
#include <stdlib.h>

Suite *suite_document(void);
Suite *suite_fold(void);
Suite *suite_keys(void);
Suite *suite_layout(void);
Suite *suite_marks(void);
Suite *suite_table(void);
Suite *suite_terminal(void);
Suite *suite_widgets(void);
Suite *suite_words(void);

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8"); /* widths of characters are the locale's */
    SRunner *runner = srunner_create(suite_document());
    srunner_add_suite(runner, suite_fold());
    srunner_add_suite(runner, suite_keys());
    srunner_add_suite(runner, suite_layout());
    srunner_add_suite(runner, suite_marks());
    srunner_add_suite(runner, suite_table());
    srunner_add_suite(runner, suite_terminal());
    srunner_add_suite(runner, suite_widgets());
    srunner_add_suite(runner, suite_words());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
