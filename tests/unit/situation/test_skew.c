#include "base/memory.h"
#include "fixture.h"
#include "situation/skew.h"
#include <check.h>
#include <stdlib.h>

Suite *suite_skew(void);

static char *skew_of(int from, int to, bool skewed[8])
{
    struct playbook *playbook = fixture_playbook();
    struct helm_record *before = fixture_revision(from), *after = fixture_revision(to);
    struct change_set *set = change_set_make(playbook, before, after);
    char *line = skew_describe(set, before->app_version, skewed);
    change_set_free(set);
    helm_record_free(before);
    helm_record_free(after);
    playbook_free(playbook);
    return line;
}

START_TEST(staged_revision_5)
{
    bool skewed[8];
    CLEANUP_FREE char *line = skew_of(5, 4, skewed);
    ck_assert_str_eq(line, "operator is v1.3.1, not 1.3.0");
    ck_assert(skewed[0]);
    for (size_t i = 1; i < 5; i++)
        ck_assert(!skewed[i]);
}
END_TEST

START_TEST(cnpg_is_compared_with_the_targets_manifest)
{
    bool skewed[8];
    CLEANUP_FREE char *line = skew_of(4, 2, skewed);
    ck_assert_str_eq(line, "cnpg is 1.25.0, not 1.24.0");
    CLEANUP_FREE char *same = skew_of(4, 4, skewed);
    ck_assert_str_eq(same, "");
}
END_TEST

Suite *suite_skew(void)
{
    Suite *suite = suite_create("skew");
    TCase *tests = tcase_create("skew");
    tcase_add_test(tests, staged_revision_5);
    tcase_add_test(tests, cnpg_is_compared_with_the_targets_manifest);
    suite_add_tcase(suite, tests);
    return suite;
}
