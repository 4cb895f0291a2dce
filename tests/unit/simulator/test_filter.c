/* Selectors as clients write them. */
#include "base/text.h"
#include "simulator/filter.h"
#include <check.h>

Suite *suite_filter(void);

static struct resources *resources;
static json_t *object;

static void setup(void)
{
    resources = resources_new();
    object = json_loads("{\"metadata\": {\"name\": \"a\", \"namespace\": \"shop\", \"labels\": {\"app\": \"web\", "
                        "\"tier\": \"\", \"n\": \"5\", \"x.io/y\": \"z\"}}, \"spec\": {\"nodeName\": \"node-1\"}, "
                        "\"status\": {\"phase\": \"Running\"}}",
                        0, NULL);
}

static void teardown(void)
{
    json_decref(object);
    resources_free(resources);
}

/* Does it match? −1: it cannot be read. */
static int match(const char *labels, const char *fields)
{
    struct filter *filter = NULL;
    struct refusal refusal = {0};
    const struct resource *pods = resources_find(resources, "", "pods");
    int result = -1;
    if (filter_parse(pods, "v1", labels, fields, &filter, &refusal))
        result = filter_matches(filter, object);
    else
        ck_assert_int_eq(refusal.code, 400);
    filter_free(filter);
    refusal_release(&refusal);
    return result;
}

static const struct {
    const char *selector;
    int expected;
} by_label[] = {
    {"", 1},
    {"app=web", 1},
    {"app==web", 1},
    {" app = web ", 1},
    {"app=db", 0},
    {"app!=db", 1},
    {"app!=web", 0},
    {"none!=x", 1},
    {"none=x", 0},
    {"app", 1},
    {"!app", 0},
    {"! none", 1},
    {"tier=", 1},
    {"app=", 0},
    {"app in (db,web)", 1},
    {"app in(web)", 1},
    {"app in (db, api)", 0},
    {"app notin (db)", 1},
    {"app notin (web)", 0},
    {"none notin (web)", 1},
    {"tier in ()", 1},
    {"tier in (,)", 1},
    {"n>4", 1},
    {"n>5", 0},
    {"n<6", 1},
    {"app>4", 0},
    {"none<4", 0},
    {"x.io/y=z", 1},
    {"app=web,tier=,n=5", 1},
    {"app=web,n=6", 0},
    {"in=x", 0},
    {"app=web,", -1},
    {",app", -1},
    {"app web", -1},
    {"app=web tier=", -1},
    {"app===web", -1},
    {"app in web", -1},
    {"app in (web", -1},
    {"app in (", -1},
    {"app in", -1},
    {"n>x", -1},
    {"n>", -1},
    {"=", -1},
    {"!", -1},
    {"!!app", -1},
    {"a$b=c", -1},
    {"\xc3\xa9=c", -1},
};

START_TEST(labels_are_selected)
{
    ck_assert_msg(match(by_label[_i].selector, NULL) == by_label[_i].expected, "%s", by_label[_i].selector);
}
END_TEST

static const struct {
    const char *selector;
    int expected;
} by_field[] = {
    {"", 1},
    {"metadata.name=a", 1},
    {"metadata.name==a", 1},
    {"metadata.name!=a", 0},
    {"metadata.name=a,metadata.namespace=shop", 1},
    {"spec.nodeName=node-1,status.phase!=Failed", 1},
    {"spec.nodeName=", 0},
    {"spec.schedulerName=", 1},
    {"spec.hostNetwork=false", 1},
    {"metadata.name=a,", 1},
    {"metadata.labels=x", -1},
    {"metadata.name", -1},
    {"spec.foo=1", -1},
};

START_TEST(fields_are_selected)
{
    ck_assert_msg(match(NULL, by_field[_i].selector) == by_field[_i].expected, "%s", by_field[_i].selector);
}
END_TEST

START_TEST(custom_resources_say_what_can_be_selected)
{
    json_t *crd =
        json_loads("{\"spec\": {\"group\": \"x.io\", \"scope\": \"Namespaced\", \"names\": {\"plural\": \"as\", "
                   "\"kind\": \"A\"}, \"versions\": [{\"name\": \"v1\", \"served\": true, \"storage\": true, "
                   "\"selectableFields\": [{\"jsonPath\": \".spec.nodeName\"}]}]}}",
                   0, NULL);
    const struct resource *custom = resources_define(resources, crd);
    struct filter *filter = NULL;
    struct refusal refusal = {0};
    ck_assert(filter_parse(custom, "v1", NULL, "spec.nodeName=node-1", &filter, &refusal));
    ck_assert(filter_matches(filter, object));
    filter_free(filter);
    ck_assert(!filter_parse(custom, "v1", NULL, "status.phase=Running", &filter, &refusal));
    ck_assert_str_eq(refusal.message, "field label not supported: status.phase");
    refusal_release(&refusal);
    json_decref(crd);
}
END_TEST

Suite *suite_filter(void)
{
    Suite *suite = suite_create("filter");
    TCase *tests = tcase_create("filter");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, labels_are_selected, 0, (int)(sizeof by_label / sizeof *by_label));
    tcase_add_loop_test(tests, fields_are_selected, 0, (int)(sizeof by_field / sizeof *by_field));
    tcase_add_test(tests, custom_resources_say_what_can_be_selected);
    suite_add_tcase(suite, tests);
    return suite;
}
