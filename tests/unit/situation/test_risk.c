#include "base/memory.h"
#include "base/text.h"
#include "fixture.h"
#include "situation/risk.h"
#include "situation/versions.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_risk(void);

/* The risk of going from one image to another; `component` NULL: no playbook. */
static enum risk judge(const struct playbook_component *component, bool stateful, const char *from, const char *to,
                       const char *word)
{
    struct component_change change = {.change = CHANGE_CHANGED,
                                      .identity = {.name = "c", .stateful = stateful, .playbook = component}};
    if (component != NULL)
        change.identity.restarts_clusters = component->restarts_clusters;
    fingerprint_make_running(&change.identity, from, &change.from);
    fingerprint_make_running(&change.identity, to, &change.to);
    risk_assess(&change);
    if (word != NULL && strstr(change.risk_reason, word) == NULL)
        ck_abort_msg("'%s' lacks '%s'", change.risk_reason, word);
    enum risk risk = change.risk;
    free(change.risk_reason);
    fingerprint_release(&change.from);
    fingerprint_release(&change.to);
    return risk;
}

START_TEST(versions_out_of_tags)
{
    struct version version;
    ck_assert(version_parse("v1.3.1", &version));
    ck_assert_int_eq(version.numbers[2], 1);
    ck_assert(version_parse("16.3-v1.3.0", &version));
    ck_assert_int_eq(version.count, 2);
    ck_assert(version_parse("1.25.0-debian-12-r3", &version));
    static const char *const none[] = {"latest",   "",     "v",           "1.",        "1.2.3.4",
                                       "3f9a12e0", "1..2", "99999999999", "sha256:ab", "1 "};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        ck_assert_msg(!version_parse(none[i], &version), "%s", none[i]);
}
END_TEST

START_TEST(plain_versions)
{
    ck_assert_int_eq(judge(NULL, false, "x:v1.3.1", "x:v1.3.0", "patch"), RISK_LOW);
    ck_assert_int_eq(judge(NULL, false, "x:v1.3.1", "x:v1.2.9", "minor"), RISK_MEDIUM);
    ck_assert_int_eq(judge(NULL, false, "x:2.0", "x:1.9", "major"), RISK_HIGH);
    ck_assert_int_eq(judge(NULL, true, "x:v1.3.1", "x:v1.3.0", NULL), RISK_MEDIUM);
}
END_TEST

START_TEST(unknown_tags_are_never_low)
{
    ck_assert_int_eq(judge(NULL, false, "x:latest", "x:v1.3.0", "no versions"), RISK_UNKNOWN);
    ck_assert_int_eq(judge(NULL, false, "x:3f9a12e", "x:77b1c0d", NULL), RISK_UNKNOWN);
    ck_assert_int_eq(judge(NULL, false, "x", "y", NULL), RISK_UNKNOWN);
    ck_assert_int_eq(judge(NULL, false, "x:v1@sha256:aa", "x:v1@sha256:bb", "same tag"), RISK_UNKNOWN);
    ck_assert_int_eq(judge(NULL, false, "a/x:v1", "b/x:v1", "same tag"), RISK_UNKNOWN);
}
END_TEST

START_TEST(postgres_with_its_extension)
{
    const struct playbook_component postgres = {
        .name = "postgres", .stateful = true, .version_scheme = "postgres-extension"};
    ck_assert_int_eq(judge(&postgres, true, "p:16.3-v1.3.1", "p:16.3-v1.3.0", "compatible"), RISK_LOW);
    ck_assert_int_eq(judge(&postgres, true, "p:16.3-v1.3.0", "p:16.2-v1.3.0", "minor version"), RISK_MEDIUM);
    ck_assert_int_eq(judge(&postgres, true, "p:16.3-v1.3.0", "p:16.3-v1.2.3", "enhanced"), RISK_MEDIUM);
    ck_assert_int_eq(judge(&postgres, true, "p:16.3-v2.0.0", "p:16.3-v1.2.3", "breaking"), RISK_HIGH);
    ck_assert_int_eq(judge(&postgres, true, "p:17.0-v1.3.0", "p:16.3-v1.3.0", "blue-green"), RISK_HIGH);
    ck_assert_int_eq(judge(&postgres, true, "p:16.3-nightly", "p:16.3-v1.3.0", "no versions"), RISK_UNKNOWN);
    ck_assert_int_eq(judge(&postgres, true, "p:16.3", "p:16.2", NULL), RISK_MEDIUM);
}
END_TEST

START_TEST(an_operator_of_databases)
{
    const struct playbook_component cnpg = {.name = "cnpg", .version_scheme = "chart", .restarts_clusters = true};
    ck_assert_int_eq(judge(&cnpg, false, "c:1.25.1", "c:1.25.0", "restarts every database cluster"), RISK_MEDIUM);
    ck_assert_int_eq(judge(&cnpg, false, "c:1.25.0", "c:1.24.0", "not made to go back"), RISK_HIGH);
    ck_assert_int_eq(judge(&cnpg, false, "c:1.24.0", "c:1.25.0", NULL), RISK_MEDIUM);
    ck_assert_int_eq(judge(&cnpg, false, "c:nightly", "c:1.25.0", NULL), RISK_UNKNOWN);
}
END_TEST

START_TEST(the_playbooks_word_goes_before)
{
    const struct playbook_component gateway = {.name = "gateway", .risk = "low"};
    const struct playbook_component variable = {.name = "v", .risk = "variable"};
    ck_assert_int_eq(judge(&gateway, false, "g:v2.0.0", "g:v1.0.0", "rated low by the playbook"), RISK_LOW);
    ck_assert_int_eq(judge(&variable, false, "g:v2.0.0", "g:v1.0.0", "major"), RISK_HIGH);
}
END_TEST

START_TEST(its_classes_go_before_the_usual_ones)
{
    struct playbook *playbook = fixture_playbook_of(
        "  db:\n    stateful: true\n    values: image.db\n    version: {scheme: plain}\n    upgrades:\n"
        "      version:\n        patch: {name: odd patch, risk: high, method: restore, effect: \"It breaks.\"}\n");
    ck_assert_int_eq(judge(&playbook->components[0], true, "d:1.2.3", "d:1.2.2", "odd patch (restore)"), RISK_HIGH);
    playbook_free(playbook);
}
END_TEST

START_TEST(the_highest_counts)
{
    ck_assert_int_eq(risk_worse(RISK_LOW, RISK_MEDIUM), RISK_MEDIUM);
    ck_assert_int_eq(risk_worse(RISK_UNKNOWN, RISK_MEDIUM), RISK_UNKNOWN);
    ck_assert_int_eq(risk_worse(RISK_UNKNOWN, RISK_HIGH), RISK_HIGH);
    ck_assert_str_eq(risk_name(RISK_UNKNOWN), "unknown");
}
END_TEST

Suite *suite_risk(void)
{
    Suite *suite = suite_create("risk");
    TCase *tests = tcase_create("risk");
    tcase_add_test(tests, versions_out_of_tags);
    tcase_add_test(tests, plain_versions);
    tcase_add_test(tests, unknown_tags_are_never_low);
    tcase_add_test(tests, postgres_with_its_extension);
    tcase_add_test(tests, an_operator_of_databases);
    tcase_add_test(tests, the_playbooks_word_goes_before);
    tcase_add_test(tests, its_classes_go_before_the_usual_ones);
    tcase_add_test(tests, the_highest_counts);
    suite_add_tcase(suite, tests);
    return suite;
}
