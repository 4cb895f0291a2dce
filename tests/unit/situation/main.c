/* Runs the suites of the room situation. */
#include <check.h>
#include <stdlib.h>

Suite *suite_api_usage(void);
Suite *suite_change_set(void);
Suite *suite_compare(void);
Suite *suite_databases(void);
Suite *suite_drift(void);
Suite *suite_events(void);
Suite *suite_fingerprint(void);
Suite *suite_live(void);
Suite *suite_object_diff(void);
Suite *suite_part(void);
Suite *suite_quantity(void);
Suite *suite_reads(void);
Suite *suite_risk(void);
Suite *suite_rollout(void);
Suite *suite_skew(void);
Suite *suite_stored_hashes(void);

int main(void)
{
    Suite *(*const suites[])(void) = {
        suite_quantity, suite_compare,     suite_fingerprint,   suite_change_set, suite_reads,     suite_risk,
        suite_skew,     suite_object_diff, suite_drift,         suite_rollout,    suite_api_usage, suite_databases,
        suite_events,   suite_part,        suite_stored_hashes, suite_live,
    };
    SRunner *runner = srunner_create(NULL);
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++)
        srunner_add_suite(runner, suites[i]());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
