/* Runs the suites of the room base. */
#include <check.h>
#include <stdlib.h>

Suite *suite_clock(void);
Suite *suite_diff(void);
Suite *suite_error(void);
Suite *suite_file(void);
Suite *suite_lists(void);
Suite *suite_packing(void);
Suite *suite_redact(void);
Suite *suite_text(void);
Suite *suite_tree(void);
Suite *suite_yaml(void);
Suite *suite_yaml_write(void);

int main(void)
{
    Suite *(*const suites[])(void) = {suite_error,   suite_text, suite_lists, suite_clock, suite_tree,
                                      suite_packing, suite_file, suite_yaml,  suite_redact, suite_diff,
                                      suite_yaml_write};
    SRunner *runner = srunner_create(NULL);
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++)
        srunner_add_suite(runner, suites[i]());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
