/* Runs the suites of the room simulator. */
#include <check.h>
#include <stdlib.h>

Suite *suite_api(void);
Suite *suite_api_types(void);
Suite *suite_filter(void);
Suite *suite_request(void);
Suite *suite_table(void);
Suite *suite_controllers(void);
Suite *suite_patches(void);
Suite *suite_protobuf(void);
Suite *suite_registry(void);
Suite *suite_scenario(void);
Suite *suite_store(void);
Suite *suite_writes(void);

int main(void)
{
    SRunner *runner = srunner_create(suite_writes());
    srunner_add_suite(runner, suite_controllers());
    srunner_add_suite(runner, suite_patches());
    srunner_add_suite(runner, suite_protobuf());
    srunner_add_suite(runner, suite_registry());
    srunner_add_suite(runner, suite_scenario());
    srunner_add_suite(runner, suite_store());
    srunner_add_suite(runner, suite_api());
    srunner_add_suite(runner, suite_api_types());
    srunner_add_suite(runner, suite_filter());
    srunner_add_suite(runner, suite_request());
    srunner_add_suite(runner, suite_table());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
