/* Runs the suites of the room session that need a scripted server (which shares no program with the simulated one). */
#include <check.h>
#include <stdlib.h>

Suite *suite_asking(void);
Suite *suite_find_release(void);
Suite *suite_missing_namespace(void);

int main(void)
{
    SRunner *runner = srunner_create(suite_find_release());
    srunner_add_suite(runner, suite_missing_namespace());
    srunner_add_suite(runner, suite_asking());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
