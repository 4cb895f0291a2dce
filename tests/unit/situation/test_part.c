#include "base/tree.h"
#include "situation/part.h"
#include <check.h>

Suite *suite_part(void);

START_TEST(the_worse_part_counts)
{
    struct part total = {.state = PART_UNUSED, .heard_ms = -1};
    struct part live = {.state = PART_LIVE, .heard_ms = 900}, older = {.state = PART_LIVE, .heard_ms = 500};
    struct part unknown = {.state = PART_UNKNOWN, .heard_ms = -1}, unused = {.state = PART_UNUSED, .heard_ms = -1};
    error_set(&unknown.error, ERROR_FORBIDDEN, "may not");
    part_join(&total, &live);
    part_join(&total, &older);
    part_join(&total, &unused);
    ck_assert_int_eq(total.state, PART_LIVE);
    ck_assert_int_eq(total.heard_ms, 500);
    part_join(&total, &unknown);
    part_join(&total, &live);
    ck_assert_int_eq(total.state, PART_UNKNOWN);
    ck_assert_str_eq(total.error.message, "may not");
    part_release(&total);
    part_release(&unknown);
}
END_TEST

START_TEST(as_json)
{
    struct part part = {.state = PART_STALE, .heard_ms = 1000};
    error_set(&part.error, ERROR_UNREACHABLE, "gone");
    error_hint(&part.error, "look");
    json_t *json = part_to_json(&part, 3500);
    ck_assert_str_eq(tree_text(json, "state"), "stale");
    ck_assert_double_eq_tol(json_real_value(tree_get(json, "age")), 2.5, 0.001);
    ck_assert_str_eq(tree_text(json, "reason"), "gone");
    ck_assert_str_eq(tree_text(json, "hint"), "look");
    json_decref(json);
    part_release(&part);
    json = part_to_json(&part, 3500);
    ck_assert_str_eq(tree_text(json, "state"), "waiting");
    ck_assert(json_is_null(tree_get(json, "age")));
    json_decref(json);
}
END_TEST

Suite *suite_part(void)
{
    Suite *suite = suite_create("part");
    TCase *tests = tcase_create("part");
    tcase_add_test(tests, the_worse_part_counts);
    tcase_add_test(tests, as_json);
    suite_add_tcase(suite, tests);
    return suite;
}
