/* Runs the suites of the room session that need a simulated cluster or none. */
#include <check.h>
#include <stdlib.h>

Suite *suite_document(void);
Suite *suite_hash_store(void);
Suite *suite_log(void);
Suite *suite_session(void);

int main(void)
{
    SRunner *runner = srunner_create(suite_session());
    srunner_add_suite(runner, suite_log());
    srunner_add_suite(runner, suite_hash_store());
    srunner_add_suite(runner, suite_document());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
