/* Runs the suites of the room command. */
#include <check.h>
#include <stdlib.h>

Suite *suite_line(void);
Suite *suite_output(void);
Suite *suite_run(void);

int main(void)
{
    SRunner *runner = srunner_create(suite_line());
    srunner_add_suite(runner, suite_output());
    srunner_add_suite(runner, suite_run());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
