#include "fixture.h"
#include "situation/quantity.h"
#include <check.h>

Suite *suite_quantity(void);

static bool equal(const char *a, const char *b)
{
    json_t *left = fixture_parse(a), *right = fixture_parse(b);
    bool same = quantity_equal(left, right);
    json_decref(left);
    json_decref(right);
    return same;
}

START_TEST(forms_of_one_value)
{
    ck_assert(equal("'1000m'", "'1'"));
    ck_assert(equal("'1000m'", "1"));
    ck_assert(equal("0.5", "'500m'"));
    ck_assert(equal("'1Gi'", "'1024Mi'"));
    ck_assert(equal("'1Gi'", "1073741824"));
    ck_assert(equal("'1e3'", "'1k'"));
    ck_assert(equal("'0.1'", "'100m'"));
    ck_assert(equal("'+2'", "2"));
    ck_assert(equal("'1500u'", "'1500000n'"));
    ck_assert(equal("'16Ei'", "'16Ei'"));
}
END_TEST

START_TEST(other_values)
{
    ck_assert(!equal("'1'", "'1m'"));
    ck_assert(!equal("'1M'", "'1Mi'"));
    ck_assert(!equal("'-1'", "'1'"));
    ck_assert(!equal("'1K'", "'1k'")); /* K is no suffix */
}
END_TEST

START_TEST(what_is_no_quantity)
{
    ck_assert(!equal("''", "''"));
    ck_assert(!equal("'m'", "'m'"));
    ck_assert(!equal("'1.2.3'", "'1.2.3'"));
    ck_assert(!equal("'1e99'", "'1e99'"));
    ck_assert(!equal("'99999999999999999999999999999999'", "'99999999999999999999999999999999'"));
    ck_assert(!equal("true", "true"));
    ck_assert(!equal("'1 '", "'1 '"));
}
END_TEST

Suite *suite_quantity(void)
{
    Suite *suite = suite_create("quantity");
    TCase *tests = tcase_create("quantity");
    tcase_add_test(tests, forms_of_one_value);
    tcase_add_test(tests, other_values);
    tcase_add_test(tests, what_is_no_quantity);
    suite_add_tcase(suite, tests);
    return suite;
}
