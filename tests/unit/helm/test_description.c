#include "base/memory.h"
#include "helm/description.h"
#include <check.h>

Suite *suite_description(void);

static const struct {
    const char *text;
    enum description_kind kind;
    int rollback;
} cases[] = {
    {"", DESCRIPTION_OTHER, 0},
    {"Install complete", DESCRIPTION_OTHER, 0},
    {"Upgrade complete", DESCRIPTION_OTHER, 0},
    {"Rollback to 4", DESCRIPTION_OTHER, 4},
    {"Rollback to 12", DESCRIPTION_OTHER, 12},
    {"Rollback to ", DESCRIPTION_OTHER, 0},
    {"Rollback to 4 because of INC-7", DESCRIPTION_OTHER, 0},
    {"Rollback to 99999999999999999999", DESCRIPTION_OTHER, 0},
    {"Rollback to -1", DESCRIPTION_OTHER, 0},
    {"deployed by CI: the last Upgrade \"x\" failed", DESCRIPTION_OTHER, 0},
    {"Upgrade of the database", DESCRIPTION_OTHER, 0},
    {"Upgrade \"x", DESCRIPTION_OTHER, 0},
    {"Upgrade \"x\" failed: cannot patch \"x\" with kind Deployment", DESCRIPTION_UPGRADE_FAILED, 0},
    {"Upgrade \"x\" failed: context canceled", DESCRIPTION_UPGRADE_FAILED, 0},
    {"Upgrade \"x\" failed: pre-upgrade hooks failed: job x failed: BackoffLimitExceeded", DESCRIPTION_NOT_APPLIED, 0},
    {"Upgrade \"x\" failed: post-upgrade hooks failed: job x failed: BackoffLimitExceeded", DESCRIPTION_UPGRADE_FAILED,
     0},
    {"Release \"x\" failed: context deadline exceeded", DESCRIPTION_RELEASE_FAILED, 0},
    {"Release \"x\" failed: failed pre-install: job x failed: BackoffLimitExceeded", DESCRIPTION_NOT_APPLIED, 0},
    {"Release \"x\" failed: failed post-install: job x failed: BackoffLimitExceeded", DESCRIPTION_RELEASE_FAILED, 0},
    {"Release \"x\" failed post-install: timed out", DESCRIPTION_RELEASE_FAILED, 0}, /* Tiller */
    {"Rollback \"x\" failed: no matches for kind \"Ingress\"", DESCRIPTION_ROLLBACK_FAILED, 0},
    {"Preparing upgrade", DESCRIPTION_UNFINISHED, 0},
    {"Initial install underway", DESCRIPTION_UNFINISHED, 0},
    {"Deletion in progress (or silently failed)", DESCRIPTION_ENDED, 0},
    {"Uninstallation complete", DESCRIPTION_ENDED, 0},
    {"superseded by new release", DESCRIPTION_ENDED, 0},
};

START_TEST(helm_s_own_words)
{
    ck_assert_msg((int)description_read(cases[_i].text) == (int)cases[_i].kind, "'%s' is of kind %d", cases[_i].text,
                  (int)description_read(cases[_i].text));
    ck_assert_int_eq(description_rollback_target(cases[_i].text), cases[_i].rollback);
}
END_TEST

Suite *suite_description(void)
{
    Suite *suite = suite_create("description");
    TCase *tests = tcase_create("description");
    tcase_add_loop_test(tests, helm_s_own_words, 0, (int)LENGTH_OF(cases));
    suite_add_tcase(suite, tests);
    return suite;
}
