#include "playbook/playbook.h"
#include "reading.h"
#include <check.h>

Suite *suite_match(void);

static unsigned match(const char *wanted, const struct playbook_release *release)
{
    char text[512];
    ck_assert_int_lt(
        snprintf(text, sizeof text,
                 "format: 1\nname: x\ntitle: X\nmatch: {%s}\ncomponents: {a: {stateful: false, values: a}}\n", wanted),
        (int)sizeof text);
    struct playbook *playbook = reading_parse(text);
    unsigned weight = playbook_match(playbook, release);
    playbook_free(playbook);
    return weight;
}

START_TEST(chart_decides_where_it_is_known)
{
    struct playbook_release release = {
        .name = "web", .namespace = "shop", .chart = "hyperpage", .chart_version = "1.2.3"};
    ck_assert_uint_gt(match("chart: hyperpage", &release), 0);
    ck_assert_uint_gt(match("chart: \"hyper*\", release: other", &release), 0);
    ck_assert_uint_eq(match("chart: other, release: web", &release), 0);
    ck_assert_uint_eq(match("chart: hyperpage, chart_version: \"0.*\"", &release), 0);
    ck_assert_uint_gt(match("release: \"w*\"", &release), 0);
    ck_assert_uint_eq(match("namespace: shop", &release), 0);
}
END_TEST

START_TEST(name_alone_is_enough_when_nothing_else_is_known)
{
    struct playbook_release release = {.name = "web"};
    ck_assert_uint_gt(match("chart: hyperpage, release: \"web*\"", &release), 0);
    ck_assert_uint_eq(match("chart: hyperpage, release: api", &release), 0);
    ck_assert_uint_eq(match("chart: hyperpage", &release), 0);
}
END_TEST

START_TEST(more_exact_weighs_more)
{
    struct playbook_release release = {
        .name = "web", .namespace = "shop", .chart = "hyperpage", .chart_version = "0.3.0"};
    unsigned chart = match("chart: hyperpage", &release);
    ck_assert_uint_gt(match("chart: hyperpage, release: web", &release), chart);
    ck_assert_uint_gt(match("chart: hyperpage, chart_version: \"0.*\"", &release), chart);
    ck_assert_uint_gt(match("chart: hyperpage, namespace: shop", &release), chart);
    ck_assert_uint_eq(match("chart: hyperpage, namespace: other", &release), chart);
    ck_assert_uint_gt(chart, match("chart: \"hyper*\"", &release));
}
END_TEST

START_TEST(labels_must_match_where_known)
{
    json_t *labels = json_pack("{s:s}", "team", "payments");
    struct playbook_release release = {.name = "web", .labels = labels};
    ck_assert_uint_gt(match("labels: {team: \"pay*\"}", &release), 0);
    ck_assert_uint_eq(match("labels: {team: other}", &release), 0);
    ck_assert_uint_eq(match("labels: {owner: \"*\"}", &release), 0);
    release.labels = NULL;
    ck_assert_uint_eq(match("labels: {team: other}", &release), 0);
    ck_assert_uint_gt(match("labels: {team: other}, release: web", &release), 0);
    json_decref(labels);
}
END_TEST

START_TEST(may_match_by_name)
{
    struct playbook *playbook = reading_parse(READING_HEAD);
    ck_assert(playbook_may_match_release(playbook, "anything"));
    playbook->match_release = "web*";
    ck_assert(playbook_may_match_release(playbook, "web-1"));
    ck_assert(!playbook_may_match_release(playbook, "api"));
    playbook_free(playbook);
}
END_TEST

Suite *suite_match(void)
{
    Suite *suite = suite_create("match");
    TCase *tests = tcase_create("match");
    tcase_add_test(tests, chart_decides_where_it_is_known);
    tcase_add_test(tests, name_alone_is_enough_when_nothing_else_is_known);
    tcase_add_test(tests, more_exact_weighs_more);
    tcase_add_test(tests, labels_must_match_where_known);
    tcase_add_test(tests, may_match_by_name);
    suite_add_tcase(suite, tests);
    return suite;
}
