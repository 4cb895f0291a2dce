#include "base/memory.h"
#include "base/tree.h"
#include "helm/values.h"
#include "records.h"
#include <check.h>
#include <string.h>

Suite *suite_values(void);

static json_t *parse(const char *text)
{
    json_t *tree = NULL;
    if (text != NULL)
        ck_assert_msg(tree_parse(text, strlen(text), &tree, NULL), "%s", text);
    return tree;
}

/* Each seen with `helm get values --all` of Helm 3. */
static const struct {
    const char *defaults;
    const char *config;
    const char *effective;
} cases[] = {
    {NULL, NULL, "{}"},
    {"{\"a\":1}", NULL, "{\"a\":1}"},
    {NULL, "{\"a\":1}", "{\"a\":1}"},
    {"{\"a\":1,\"b\":2}", "{\"b\":3}", "{\"a\":1,\"b\":3}"},
    {"{\"list\":[1,2,3]}", "{\"list\":[9]}", "{\"list\":[9]}"},
    {"{\"t\":{\"x\":1,\"y\":{\"z\":2}}}", "{\"t\":{\"y\":{\"w\":3}}}", "{\"t\":{\"x\":1,\"y\":{\"w\":3,\"z\":2}}}"},
    {"{\"a\":1}", "{\"a\":null}", "{}"},
    {"{\"a\":null}", "{\"a\":null}", "{}"},
    {"{\"a\":null}", NULL, "{\"a\":null}"},
    {"{}", "{\"a\":null}", "{\"a\":null}"},
    {"{\"t\":{\"x\":1}}", "{\"t\":{\"x\":null,\"q\":null}}", "{\"t\":{\"q\":null}}"},
    {"{\"t\":{\"x\":null}}", "{\"t\":{\"x\":null}}", "{\"t\":{\"x\":null}}"},
    {"{\"t\":{\"x\":null}}", "{\"t\":{\"y\":1}}", "{\"t\":{\"x\":null,\"y\":1}}"},
    {"{\"t\":{\"x\":{\"deep\":1}}}", "{\"t\":{\"x\":null}}", "{\"t\":{}}"},
    {"{\"t\":{\"x\":1}}", "{\"t\":\"text\"}", "{\"t\":\"text\"}"},
    {"{\"t\":\"text\"}", "{\"t\":{\"x\":1}}", "{\"t\":{\"x\":1}}"},
    {"{\"t\":null}", "{\"t\":{\"x\":1}}", "{\"t\":{\"x\":1}}"},
    {"[1]", "\"text\"", "{}"},
};

START_TEST(coalesced_as_helm_does)
{
    json_t *defaults = parse(cases[_i].defaults);
    json_t *config = parse(cases[_i].config);
    json_t *effective = helm_values_effective(defaults, config);
    CLEANUP_FREE char *text = tree_canonical(effective);
    ck_assert_str_eq(text, cases[_i].effective);
    /* The arguments stay as they were, and nothing of the result is theirs. */
    json_object_clear(effective);
    json_t *again = parse(cases[_i].defaults);
    ck_assert(tree_equal(defaults, again));
    json_decref(again);
    json_decref(effective);
    json_decref(defaults);
    json_decref(config);
}
END_TEST

/* A chart with subcharts (one under two names, one nested, one that Chart.yaml does not list), globals, import-values
 * and nulls; the expected file is what `helm get values --all` said about the very record. */
START_TEST(the_same_as_helm_get_values_all)
{
    static const char *const records[] = {"shop.helm3", "shop-defaults.helm3", "shop.helm4"};
    struct helm_record *record = records_decode(records[_i], HELM_WHOLE);
    CLEANUP_FREE char *file = memory_format("%s.values.json", records[_i]);
    json_t *expected = records_read_tree(file);
    CLEANUP_FREE char *ours = tree_canonical(record->values);
    CLEANUP_FREE char *theirs = tree_canonical(expected);
    ck_assert_str_eq(ours, theirs);
    json_decref(expected);
    helm_record_free(record);
}
END_TEST

Suite *suite_values(void)
{
    Suite *suite = suite_create("values");
    TCase *tests = tcase_create("values");
    tcase_add_loop_test(tests, coalesced_as_helm_does, 0, (int)LENGTH_OF(cases));
    tcase_add_loop_test(tests, the_same_as_helm_get_values_all, 0, 3);
    suite_add_tcase(suite, tests);
    return suite;
}
