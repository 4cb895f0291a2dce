#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "fixture.h"
#include "helm/manifest.h"
#include "situation/api_usage.h"
#include <check.h>
#include <stdlib.h>

Suite *suite_api_usage(void);

START_TEST(versions_in_kubernetes_order)
{
    static const char *const ordered[] = {"v10",       "v2",        "v1",   "v11beta2", "v10beta3", "v3beta1",
                                          "v12alpha1", "v11alpha2", "foo1", "foo10",    "preview"};
    for (size_t i = 0; i + 1 < sizeof ordered / sizeof *ordered; i++)
        ck_assert_msg(api_version_compare(ordered[i], ordered[i + 1]) < 0, "%s, %s", ordered[i], ordered[i + 1]);
}
END_TEST

/* The staged objects as the list answers in v2, whatever they were written with. */
static struct api_crd *staged(struct picture_api *usage, const struct playbook_api *api)
{
    json_t *crd_tree = fixture_json("crd-documentdbs.json"), *list = fixture_json("documentdbs.json");
    struct api_crd *crd = api_crd_make(crd_tree);
    size_t index;
    json_t *item;
    *usage = (struct picture_api){.part = {.heard_ms = -1}};
    api_usage_begin(usage, crd);
    json_array_foreach(tree_get(list, "items"), index, item)
    {
        struct api_object *object = api_object_make(api, item);
        api_usage_add(usage, api, crd, tree_text(item, "metadata", "namespace"), tree_text(item, "metadata", "name"),
                      object);
        api_object_free(object);
    }
    json_decref(crd_tree);
    json_decref(list);
    return crd;
}

static const struct picture_api_version *version_of(const struct picture_api *usage, const char *name)
{
    for (size_t i = 0; i < usage->version_count; i++)
        if (text_equal(usage->versions[i].name, name))
            return &usage->versions[i];
    ck_abort_msg("no version %s", name);
    return NULL;
}

START_TEST(staged_objects_by_declared_version)
{
    struct playbook *playbook = fixture_playbook();
    struct picture_api usage;
    struct api_crd *crd = staged(&usage, &playbook->apis[0]);
    ck_assert_uint_eq(usage.object_count, 6);
    ck_assert_uint_eq(version_of(&usage, "v1")->count, 3);
    ck_assert_uint_eq(version_of(&usage, "v2")->count, 3);
    ck_assert(version_of(&usage, "v1")->deprecated);
    ck_assert(version_of(&usage, "v2")->storage);
    ck_assert_uint_eq(version_of(&usage, "v1")->not_ready, 2);
    ck_assert_uint_eq(version_of(&usage, "v2")->not_ready, 0);
    ck_assert_str_eq(usage.objects[0].evidence, "spec.version");
    ck_assert_str_eq(api_crd_preferred(crd), "v2");
    api_usage_release(&usage);
    api_crd_free(crd);
    playbook_free(playbook);
}
END_TEST

START_TEST(staged_objects_by_managed_fields)
{
    struct picture_api usage;
    struct api_crd *crd = staged(&usage, NULL);
    ck_assert_uint_eq(version_of(&usage, "v1")->count, 3);
    ck_assert_uint_eq(version_of(&usage, "v2")->count, 3);
    ck_assert_str_eq(usage.objects[0].evidence, "managedFields");
    ck_assert_str_eq(usage.objects[1].namespace, "finance");
    ck_assert_str_eq(usage.objects[1].last_written_by, "kubectl-client-side-apply with v1");
    api_usage_release(&usage);
    api_crd_free(crd);
}
END_TEST

START_TEST(what_revision_2_orphans)
{
    struct picture_api usage;
    struct api_crd *crd = staged(&usage, NULL);
    struct helm_record *record = fixture_revision(2), *same = fixture_revision(4);
    const struct helm_object *old =
        helm_manifest_find(record->manifest, "CustomResourceDefinition", NULL, "documentdbs.db.microsoft.com");
    const struct helm_object *new =
        helm_manifest_find(same->manifest, "CustomResourceDefinition", NULL, "documentdbs.db.microsoft.com");
    struct api_crd *target = api_crd_make(old->tree), *next = api_crd_make(new->tree);
    char **orphans = api_usage_orphans(&usage, target), **none = api_usage_orphans(&usage, next),
         **unchanged = api_usage_orphans(&usage, NULL);
    ck_assert_str_eq(orphans[0], "dev/sandbox");
    ck_assert_str_eq(orphans[1], "finance/ledger");
    ck_assert_str_eq(orphans[2], "shop/catalog");
    ck_assert_ptr_null(orphans[3]);
    ck_assert_ptr_null(none[0]);
    ck_assert_ptr_null(unchanged[0]);
    api_usage_free_orphans(orphans);
    api_usage_free_orphans(none);
    api_usage_free_orphans(unchanged);
    api_crd_free(target);
    api_crd_free(next);
    api_crd_free(crd);
    api_usage_release(&usage);
    helm_record_free(record);
    helm_record_free(same);
}
END_TEST

static const char crd_json[] =
    "{'metadata':{'name':'things.x.y'},'spec':{'group':'x.y','names':{'plural':'things','kind':'Thing'},'versions':["
    "{'name':'v1','served':true,'storage':%s},{'name':'v2','served':true,'storage':%s}]},'status':{'storedVersions':%s}"
    "}";

/* The version of one made-up object and on what evidence. */
static void evidence_is(const char *object_json, const char *stored, const char *version, const char *evidence)
{
    CLEANUP_FREE char *json = memory_format(crd_json, "true", "false", stored);
    json_t *crd_tree = fixture_parse(json), *object_tree = fixture_parse(object_json);
    const struct playbook_api api = {.crd = "things.x.y", .declared = "spec.version"};
    struct api_crd *crd = api_crd_make(crd_tree);
    struct api_object *object = api_object_make(&api, object_tree);
    struct picture_api usage = {.part = {.heard_ms = -1}};
    api_usage_begin(&usage, crd);
    api_usage_add(&usage, &api, crd, "n", "o", object);
    ck_assert_str_eq(usage.objects[0].version, version);
    ck_assert_str_eq(usage.objects[0].evidence, evidence);
    api_usage_release(&usage);
    api_object_free(object);
    api_crd_free(crd);
    json_decref(crd_tree);
    json_decref(object_tree);
}

START_TEST(evidence_in_order_of_worth)
{
    static const char fields[] =
        "'managedFields':[{'manager':'new','apiVersion':'x.y/v2','time':'2026-01-02T00:00:00Z'},"
        "{'manager':'old','apiVersion':'x.y/v1','time':'2026-01-01T00:00:00Z'},"
        "{'manager':'status','subresource':'status','apiVersion':'x.y/v1','time':'2026-01-03T00:00:00Z'}]";
    CLEANUP_FREE char *all = memory_format("{'apiVersion':'x.y/v1','metadata':{%s},'spec':{'version':'v1'}}", fields);
    CLEANUP_FREE char *product =
        memory_format("{'apiVersion':'x.y/v1','metadata':{%s},'spec':{'version':'16.3'}}", fields);
    evidence_is(all, "['v1','v2']", "v1", "spec.version");
    evidence_is(product, "['v1','v2']", "v2", "managedFields");
    json_t *applied = fixture_parse(
        "{'apiVersion':'x.y/v2','metadata':{'annotations':{'kubectl.kubernetes.io/last-applied-configuration':'@'}}}");
    json_object_set_new(tree_get(applied, "metadata", "annotations"),
                        "kubectl.kubernetes.io/last-applied-configuration", json_string("{\"apiVersion\":\"x.y/v1\"}"));
    struct api_object *object = api_object_make(NULL, applied);
    ck_assert_str_eq(object->applied, "v1");
    ck_assert_str_eq(object->written, "");
    api_object_free(object);
    json_decref(applied);
    evidence_is("{'apiVersion':'x.y/v2'}", "['v1']", "v1", "storedVersions");
    evidence_is("{'apiVersion':'x.y/v2'}", "['v1','v2']", "", "");
}
END_TEST

START_TEST(odd_objects)
{
    evidence_is("{'metadata':{'managedFields':[3,{'manager':7},{'manager':'m'}],'annotations':{'kubectl.kubernetes.io/"
                "last-applied-configuration':'{{'}}}",
                "['v1','v2']", "", "");
    json_t *none = fixture_parse("{'metadata':{'name':'x'},'spec':{'names':{}}}");
    ck_assert_ptr_null(api_crd_make(none));
    json_decref(none);
}
END_TEST

START_TEST(readiness_and_lists)
{
    const struct playbook_api api = {.supported_path = "status.supported", .operator_version_path = "status.o"};
    json_t *tree = fixture_parse("{'status':{'supported':['v1','v2',3],'o':'1.3','conditions':[{'type':'Ready','status'"
                                 ":'False','reason':'Gone'}]}}");
    struct api_object *object = api_object_make(&api, tree);
    ck_assert_str_eq(object->supported, "v1, v2");
    ck_assert_str_eq(object->operator_version, "1.3");
    ck_assert_str_eq(object->ready, "not ready: Gone");
    ck_assert_int_eq(object->written_ms == CLOCK_UNKNOWN, 1);
    api_object_free(object);
    json_decref(tree);
}
END_TEST

Suite *suite_api_usage(void)
{
    Suite *suite = suite_create("api_usage");
    TCase *tests = tcase_create("api_usage");
    tcase_add_test(tests, versions_in_kubernetes_order);
    tcase_add_test(tests, staged_objects_by_declared_version);
    tcase_add_test(tests, staged_objects_by_managed_fields);
    tcase_add_test(tests, what_revision_2_orphans);
    tcase_add_test(tests, evidence_in_order_of_worth);
    tcase_add_test(tests, odd_objects);
    tcase_add_test(tests, readiness_and_lists);
    suite_add_tcase(suite, tests);
    return suite;
}
