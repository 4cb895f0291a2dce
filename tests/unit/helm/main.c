/* Runs the suites of the room helm. */
#include <check.h>
#include <stdlib.h>

Suite *suite_description(void);
Suite *suite_driver(void);
Suite *suite_history(void);
Suite *suite_json_part(void);
Suite *suite_judge(void);
Suite *suite_manifest(void);
Suite *suite_record(void);
Suite *suite_releases(void);
Suite *suite_values(void);

int main(void)
{
    SRunner *runner = srunner_create(suite_description());
    srunner_add_suite(runner, suite_driver());
    srunner_add_suite(runner, suite_history());
    srunner_add_suite(runner, suite_json_part());
    srunner_add_suite(runner, suite_judge());
    srunner_add_suite(runner, suite_manifest());
    srunner_add_suite(runner, suite_record());
    srunner_add_suite(runner, suite_releases());
    srunner_add_suite(runner, suite_values());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
