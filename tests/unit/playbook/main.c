/* Runs the suites of the room playbook. */
#include <check.h>
#include <stdlib.h>

Suite *suite_library(void);
Suite *suite_match(void);
Suite *suite_mistakes(void);
Suite *suite_playbook(void);
Suite *suite_settings(void);

int main(void)
{
    Suite *(*const suites[])(void) = {suite_playbook, suite_mistakes, suite_match, suite_settings, suite_library};
    SRunner *runner = srunner_create(NULL);
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++)
        srunner_add_suite(runner, suites[i]());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
