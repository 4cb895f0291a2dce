/* Runs the suites of the room net. */
#include <check.h>
#include <stdlib.h>

Suite *suite_loop(void);
Suite *suite_http(void);
Suite *suite_process(void);
Suite *suite_proxy(void);

int main(void)
{
    SRunner *runner = srunner_create(suite_loop());
    srunner_add_suite(runner, suite_http());
    srunner_add_suite(runner, suite_process());
    srunner_add_suite(runner, suite_proxy());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
