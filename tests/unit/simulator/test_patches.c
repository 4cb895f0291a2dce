/* Patches and sets of fields by themselves, with hostile input too; what a real server answers is in test_writes.c. */
#include "base/memory.h"
#include "base/tree.h"
#include "simulator/fields.h"
#include "simulator/patch.h"
#include "simulator/schema.h"
#include "simulator/selector.h"
#include "simulator/write.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static json_t *json(const char *text)
{
    json_t *tree = json_loads(text, JSON_DECODE_ANY, NULL);
    ck_assert_msg(tree != NULL, "%s", text);
    return tree;
}

/* RFC 6902 and 7386, from their appendices. NULL: refused. */
static const struct example {
    enum patch_type type;
    const char *object, *patch, *result;
} examples[] = {
    {PATCH_JSON, "{\"foo\":\"bar\"}", "[{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\"}]",
     "{\"foo\":\"bar\",\"baz\":\"qux\"}"},
    {PATCH_JSON, "{\"foo\":[\"a\",\"b\"]}", "[{\"op\":\"add\",\"path\":\"/foo/1\",\"value\":\"x\"}]",
     "{\"foo\":[\"a\",\"x\",\"b\"]}"},
    {PATCH_JSON, "{\"foo\":[1,2]}", "[{\"op\":\"add\",\"path\":\"/foo/3\",\"value\":3}]", NULL},
    {PATCH_JSON, "{\"foo\":[1,2]}", "[{\"op\":\"remove\",\"path\":\"/foo/-1\"}]", "{\"foo\":[1]}"},
    {PATCH_JSON, "{\"foo\":[1,2]}", "[{\"op\":\"remove\",\"path\":\"/foo/-3\"}]", NULL},
    {PATCH_JSON, "{\"a\":{\"b\":1}}", "[{\"op\":\"move\",\"from\":\"/a/b\",\"path\":\"/c\"}]", "{\"a\":{},\"c\":1}"},
    {PATCH_JSON, "{\"a/b\":1,\"m~n\":2}",
     "[{\"op\":\"test\",\"path\":\"/a~1b\",\"value\":1},{\"op\":\"test\",\"path\":\"/m~0n\",\"value\":2}]",
     "{\"a/b\":1,\"m~n\":2}"},
    {PATCH_JSON, "{\"a\":1}", "[{\"op\":\"test\",\"path\":\"/a\",\"value\":1.0}]", "{\"a\":1}"},
    {PATCH_JSON, "{\"a\":1}", "[{\"op\":\"remove\",\"path\":\"/b\"}]", NULL},
    {PATCH_JSON, "{\"a\":1}", "[{\"op\":\"frob\",\"path\":\"/a\"}]", NULL},
    {PATCH_JSON, "{\"a\":1}", "[{\"op\":\"add\"}]", NULL},
    {PATCH_JSON, "{\"a\":1}", "[1]", NULL},
    {PATCH_JSON, "{\"a\":1}", "{}", NULL},
    {PATCH_JSON, "{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"\",\"value\":[]}]", NULL},
    {PATCH_JSON, "{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"\",\"value\":{\"b\":2}}]", "{\"b\":2}"},
    {PATCH_JSON, "{\"a\":[1]}", "[{\"op\":\"add\",\"path\":\"/a/99999999999999999999\",\"value\":1}]", NULL},
    {PATCH_MERGE, "{\"a\":\"b\",\"c\":{\"d\":\"e\",\"f\":\"g\"}}", "{\"a\":\"z\",\"c\":{\"f\":null}}",
     "{\"a\":\"z\",\"c\":{\"d\":\"e\"}}"},
    {PATCH_MERGE, "{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
    {PATCH_MERGE, "{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
    {PATCH_MERGE, "{\"a\":1}", "[1]", NULL},
    {PATCH_MERGE, "{\"a\":1}", "\"x\"", NULL},
    {PATCH_STRATEGIC, "{\"metadata\":{\"finalizers\":[\"a\",\"b\"]}}",
     "{\"metadata\":{\"$deleteFromPrimitiveList/finalizers\":[\"a\"]}}", "{\"metadata\":{\"finalizers\":[\"b\"]}}"},
    {PATCH_STRATEGIC, "{}", "{\"metadata\":{\"labels\":{\"$patch\":\"delete\"}}}", "{\"metadata\":{}}"},
    {PATCH_STRATEGIC, "{\"a\":1}", "{\"$patch\":\"frob\"}", NULL},
    {PATCH_STRATEGIC, "{\"spec\":{\"containers\":[{\"name\":\"a\"}]}}",
     "{\"spec\":{\"$setElementOrder/containers\":1}}", NULL},
    {PATCH_STRATEGIC, "{\"spec\":{\"containers\":[1]}}", "{\"spec\":{\"containers\":[{\"name\":\"a\"}]}}", NULL},
    {PATCH_STRATEGIC, "{\"a\":1}", "[]", NULL},
};

START_TEST(test_patch)
{
    const struct example *example = &examples[_i];
    json_t *object = json(example->object), *patch = json(example->patch), *result = NULL;
    json_t *before = json_deep_copy(object);
    struct refusal refusal = {0};
    bool good = example->type == PATCH_JSON ? patch_json(object, patch, &result, &refusal)
                : example->type == PATCH_MERGE
                    ? patch_merge(object, patch, &result, &refusal)
                    : patch_strategic(object, patch, shape_builtin("Pod"), &result, &refusal);
    ck_assert_int_eq(good, example->result != NULL);
    if (good) {
        json_t *expected = json(example->result);
        CLEANUP_FREE char *text = json_dumps(result, JSON_SORT_KEYS);
        ck_assert_msg(tree_equal(expected, result), "%s", text);
        json_decref(expected);
    } else {
        ck_assert_int_ge(refusal.code, 400);
    }
    ck_assert(tree_equal(before, object));
    json_decref(before);
    json_decref(object);
    json_decref(patch);
    json_decref(result);
    refusal_release(&refusal);
}
END_TEST

/* Copies that double the document each time are stopped, before the memory is gone. */
START_TEST(test_copies_that_explode)
{
    json_t *object = json("{\"a\":[1]}"), *patch = json_array(), *result = NULL;
    for (int i = 0; i < 64; i++)
        json_array_append_new(patch, json("{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/-\"}"));
    struct refusal refusal = {0};
    ck_assert(!patch_json(object, patch, &result, &refusal));
    ck_assert_int_eq(refusal.code, 422);
    json_decref(object);
    json_decref(patch);
    refusal_release(&refusal);
}
END_TEST

START_TEST(test_sets_of_fields)
{
    json_t *a = json("{\"f:spec\":{\"f:replicas\":{},\"f:template\":{\".\":{},\"f:x\":{}}}}");
    json_t *b = json("{\"f:spec\":{\"f:template\":{}},\"f:other\":{}}");
    json_t *first = fields_decode(a), *second = fields_decode(b);
    json_t *results[] = {fields_union(first, second), fields_intersection(first, second),
                         fields_difference(first, second), fields_exclude(first, second)};
    static const char *const expected[] = {
        "{\"f:spec\":{\"f:replicas\":{},\"f:template\":{\".\":{},\"f:x\":{}}},\"f:other\":{}}",
        "{\"f:spec\":{\"f:template\":{}}}", "{\"f:spec\":{\"f:replicas\":{},\"f:template\":{\"f:x\":{}}}}",
        "{\"f:spec\":{\"f:replicas\":{}}}"};
    for (size_t i = 0; i < LENGTH_OF(results); i++) {
        json_t *encoded = fields_encode(results[i]), *wanted = json(expected[i]);
        CLEANUP_FREE char *text = json_dumps(encoded, JSON_SORT_KEYS);
        ck_assert_msg(tree_equal(encoded, wanted), "%zu: %s", i, text);
        json_decref(encoded);
        json_decref(wanted);
        json_decref(results[i]);
    }
    json_decref(a);
    json_decref(b);
    json_decref(first);
    json_decref(second);
}
END_TEST

static void add_path(void *context, const char *path)
{
    json_array_append_new(context, json_string(path));
}

START_TEST(test_paths_of_fields)
{
    json_t *fields = json("{\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"a\\\"}\":{\".\":{},\"f:image\":{}}}},"
                          "\"f:metadata\":{\"f:finalizers\":{\"v:\\\"x\\\"\":{}}}}");
    json_t *set = fields_decode(fields), *paths = json_array();
    fields_each(set, add_path, paths);
    CLEANUP_FREE char *text = json_dumps(paths, JSON_COMPACT);
    ck_assert_ptr_nonnull(strstr(text, ".spec.containers[name=\\\"a\\\"].image"));
    ck_assert_ptr_nonnull(strstr(text, ".metadata.finalizers[=\\\"x\\\"]"));
    ck_assert_uint_eq(json_array_size(paths), 3);
    json_decref(fields);
    json_decref(set);
    json_decref(paths);
}
END_TEST

/* managedFields that no server wrote are put up with. */
START_TEST(test_odd_sets)
{
    static const char *const odd[] = {"{\"f:a\":1}", "{\"x:a\":{}}", "{\"k:nonsense\":{}}",
                                      "[]",          "\"x\"",        "{\"\":{\"\":{}}}"};
    for (size_t i = 0; i < LENGTH_OF(odd); i++) {
        json_t *fields = json(odd[i]), *set = fields_decode(fields), *paths = json_array();
        json_t *encoded = fields_encode(set);
        fields_each(set, add_path, paths);
        json_decref(fields);
        json_decref(set);
        json_decref(paths);
        json_decref(encoded);
    }
}
END_TEST

START_TEST(test_selectors)
{
    json_t *labels = json("{\"app\":\"web\",\"tier\":\"front\"}");
    static const struct {
        const char *selector;
        bool matches;
    } cases[] = {{"{}", true},
                 {"{\"matchLabels\":{\"app\":\"web\"}}", true},
                 {"{\"matchLabels\":{\"app\":\"db\"}}", false},
                 {"{\"matchExpressions\":[{\"key\":\"app\",\"operator\":\"In\",\"values\":[\"web\",\"x\"]}]}", true},
                 {"{\"matchExpressions\":[{\"key\":\"app\",\"operator\":\"NotIn\",\"values\":[\"web\"]}]}", false},
                 {"{\"matchExpressions\":[{\"key\":\"none\",\"operator\":\"NotIn\",\"values\":[\"web\"]}]}", true},
                 {"{\"matchExpressions\":[{\"key\":\"none\",\"operator\":\"Exists\"}]}", false},
                 {"{\"matchExpressions\":[{\"key\":\"none\",\"operator\":\"DoesNotExist\"}]}", true},
                 {"{\"matchExpressions\":[{\"operator\":\"Exists\"}]}", false}};
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        json_t *selector = json(cases[i].selector);
        ck_assert_msg(selector_matches(selector, labels) == cases[i].matches, "%s", cases[i].selector);
        json_decref(selector);
    }
    json_t *empty = json_object();
    ck_assert(!selector_matches_map(empty, labels));
    json_decref(empty);
    json_decref(labels);
}
END_TEST

START_TEST(test_pruning)
{
    json_t *schema = json("{\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"object\",\"properties\":{\"a\":{"
                          "\"type\":\"string\"},"
                          "\"list\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"b\":{\"type\":"
                          "\"integer\"}}}}}}}}");
    json_t *object = json(
        "{\"apiVersion\":\"v1\",\"kind\":\"K\",\"metadata\":{\"name\":\"n\",\"zz\":1},\"spec\":{\"a\":\"x\",\"no\":1,"
        "\"list\":[{\"b\":1,\"c\":2}]},\"top\":1}");
    json_t *unknown = json_array();
    schema_prune(schema, object, unknown);
    CLEANUP_FREE char *text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
    ck_assert_str_eq(
        text,
        "{\"apiVersion\":\"v1\",\"kind\":\"K\",\"metadata\":{\"name\":\"n\",\"zz\":1},\"spec\":{\"a\":\"x\",\"list\":[{"
        "\"b\":1}]}}");
    ck_assert_uint_eq(json_array_size(unknown), 3);
    json_decref(schema);
    json_decref(object);
    json_decref(unknown);
}
END_TEST

START_TEST(test_managers)
{
    static const char *const agents[][2] = {{"kubectl/v1.34.0 (linux/amd64)", "kubectl"},
                                            {"Helm/3.22.0", "Helm"},
                                            {"/x", "unknown"},
                                            {"", "unknown"},
                                            {"curl", "curl"}};
    for (size_t i = 0; i < LENGTH_OF(agents); i++) {
        CLEANUP_FREE char *manager = write_manager(agents[i][0]);
        ck_assert_str_eq(manager, agents[i][1]);
    }
    CLEANUP_FREE char *nobody = write_manager(NULL);
    ck_assert_str_eq(nobody, "unknown");
}
END_TEST

/* Bodies that are no objects at all, in all places where one is read. */
START_TEST(test_bodies_of_nonsense)
{
    static const char *const bodies[] = {
        "{}",
        "{\"metadata\":1}",
        "{\"metadata\":{\"name\":1,\"labels\":[]}}",
        "{\"spec\":[]}",
        "{\"metadata\":{\"name\":\"a\",\"managedFields\":[1,{}]},\"spec\":{\"template\":1,\"replicas\":\"x\"}}",
        "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"template\":{\"spec\":{\"containers\":[1,null,{}]}}}}",
        "{\"apiVersion\":5,\"kind\":[]}"};
    static const char *const kinds[] = {
        "Deployment", "Pod",       "Service",     "Job",         "CronJob",
        "Secret",     "ConfigMap", "RoleBinding", "StatefulSet", "CustomResourceDefinition",
        "Namespace"};
    struct write_options options = {.version = "v1", .manager = "m"};
    for (size_t k = 0; k < LENGTH_OF(kinds); k++) {
        struct write_kind kind = {.group = "", .kind = kinds[k], .resource = "things", .has_status = true};
        for (size_t b = 0; b < LENGTH_OF(bodies); b++) {
            json_t *body = json(bodies[b]), *object = NULL;
            struct refusal refusal = {0};
            if (write_create(&kind, body, &options, &object, NULL, &refusal))
                ck_assert_ptr_nonnull(object);
            else
                ck_assert_int_ge(refusal.code, 400);
            json_decref(body);
            json_decref(object);
            refusal_release(&refusal);
        }
    }
}
END_TEST

Suite *suite_patches(void);

Suite *suite_patches(void)
{
    Suite *suite = suite_create("patches");
    TCase *tests = tcase_create("patches");
    tcase_add_loop_test(tests, test_patch, 0, (int)LENGTH_OF(examples));
    tcase_add_test(tests, test_copies_that_explode);
    tcase_add_test(tests, test_sets_of_fields);
    tcase_add_test(tests, test_paths_of_fields);
    tcase_add_test(tests, test_odd_sets);
    tcase_add_test(tests, test_selectors);
    tcase_add_test(tests, test_pruning);
    tcase_add_test(tests, test_managers);
    tcase_add_test(tests, test_bodies_of_nonsense);
    suite_add_tcase(suite, tests);
    return suite;
}
