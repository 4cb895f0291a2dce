/* Runs the suites of the room kube. */
#include <check.h>
#include <stdlib.h>

Suite *suite_client(void);
Suite *suite_client_allow(void);
Suite *suite_client_tls(void);
Suite *suite_credential(void);
Suite *suite_exec_answer(void);
Suite *suite_in_cluster(void);
Suite *suite_kubeconfig(void);
Suite *suite_lists(void);
Suite *suite_reflector(void);
Suite *suite_resource(void);

int main(void)
{
    SRunner *runner = srunner_create(suite_kubeconfig());
    srunner_add_suite(runner, suite_in_cluster());
    srunner_add_suite(runner, suite_exec_answer());
    srunner_add_suite(runner, suite_credential());
    srunner_add_suite(runner, suite_resource());
    srunner_add_suite(runner, suite_client_allow());
    srunner_add_suite(runner, suite_client());
    srunner_add_suite(runner, suite_client_tls());
    srunner_add_suite(runner, suite_lists());
    srunner_add_suite(runner, suite_reflector());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
