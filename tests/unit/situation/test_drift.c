#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "fixture.h"
#include "helm/manifest.h"
#include "situation/drift.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_drift(void);

static void look(const struct helm_object *from, const struct helm_object *to, json_t *live,
                 struct drift_look *ret_look)
{
    const struct drift_manifests manifests = {from, to, "documentdb-operator", "documentdb-system"};
    CLEANUP_FREE char *text = json_dumps(live, JSON_COMPACT);
    struct error error = {0};
    if (!drift_look(&manifests, NULL, text, strlen(text), ret_look, &error))
        ck_abort_msg("%s", error.message);
}

static const struct {
    const char *file, *kind, *namespace, *name;
} recorded[] = {
    {"deployment-operator.json", "Deployment", "documentdb-system", "documentdb-operator"},
    {"service.json", "Service", "documentdb-system", "documentdb-operator"},
    {"configmap.json", "ConfigMap", "documentdb-system", "documentdb-operator-config"},
    {"pdb.json", "PodDisruptionBudget", "documentdb-system", "documentdb-operator"},
    {"clusterrole.json", "ClusterRole", NULL, "documentdb-operator"},
    {"crd-documentdbs.json", "CustomResourceDefinition", NULL, "documentdbs.db.microsoft.com"},
};

START_TEST(recorded_objects_have_not_drifted)
{
    struct helm_record *record = fixture_revision(5);
    for (size_t i = 0; i < sizeof recorded / sizeof *recorded; i++) {
        json_t *live = fixture_json(recorded[i].file);
        const struct helm_object *object =
            helm_manifest_find(record->manifest, recorded[i].kind, recorded[i].namespace, recorded[i].name);
        struct drift_look found;
        ck_assert_ptr_nonnull(object);
        look(object, NULL, live, &found);
        ck_assert_msg(found.matches_from, "%s: %s", recorded[i].file,
                      found.field_count > 0 ? found.fields[0].path : "");
        ck_assert_ptr_null(found.merged);
        drift_look_release(&found);
        json_decref(live);
    }
    helm_record_free(record);
}
END_TEST

START_TEST(who_scaled_it)
{
    struct helm_record *record = fixture_revision(5), *target = fixture_revision(4);
    const struct helm_object *from =
        helm_manifest_find(record->manifest, "Deployment", "documentdb-system", "documentdb-operator");
    const struct helm_object *to =
        helm_manifest_find(target->manifest, "Deployment", "documentdb-system", "documentdb-operator");
    json_t *live = fixture_json("deployment-operator.json");
    json_object_set_new(tree_get(live, "spec"), "replicas", json_integer(5));
    json_array_append_new(
        tree_get(live, "metadata", "managedFields"),
        fixture_parse("{'manager':'kubectl','operation':'Update','apiVersion':'apps/v1','subresource':'scale','time':"
                      "'2026-11-21T02:00:00Z','fieldsType':'FieldsV1','fieldsV1':{'f:spec':{'f:replicas':{}}}}"));
    struct drift_look found;
    look(from, to, live, &found);
    int64_t time;
    ck_assert(clock_parse("2026-11-21T02:00:00Z", &time));
    ck_assert(!found.matches_from);
    ck_assert(!found.matches_to);
    ck_assert_uint_eq(found.field_count, 1);
    ck_assert_str_eq(found.fields[0].path, "spec.replicas");
    ck_assert_str_eq(found.fields[0].from, "2");
    ck_assert_str_eq(found.fields[0].to, "5");
    ck_assert_str_eq(found.manager, "kubectl");
    ck_assert_int_eq(found.time_ms, time);

    /* The merged object asks for two replicas and keeps everything else. */
    json_t *merged = fixture_parse(found.merged), *expected = json_deep_copy(live);
    json_object_set_new(tree_get(expected, "spec"), "replicas", json_integer(2));
    ck_assert(tree_equal(merged, expected));
    json_decref(merged);
    json_decref(expected);
    drift_look_release(&found);
    json_decref(live);
    helm_record_free(record);
    helm_record_free(target);
}
END_TEST

START_TEST(half_applied)
{
    struct helm_record *live_record = fixture_revision(5), *target = fixture_revision(4);
    const struct helm_object *from =
        helm_manifest_find(target->manifest, "Deployment", "documentdb-system", "documentdb-operator");
    const struct helm_object *to =
        helm_manifest_find(live_record->manifest, "Deployment", "documentdb-system", "documentdb-operator");
    json_t *live = fixture_json("deployment-operator.json");
    struct drift_look found;
    look(from, to, live, &found); /* it lives as the target says */
    ck_assert(!found.matches_from);
    ck_assert(found.matches_to);
    ck_assert_str_eq(found.manager, "helm");
    drift_look_release(&found);
    json_decref(live);
    helm_record_free(live_record);
    helm_record_free(target);
}
END_TEST

START_TEST(the_servers_answer_decides)
{
    struct helm_record *record = fixture_record(
        1, "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: c}\nspec: {duration: 24h}\n");
    const struct drift_manifests manifests = {&record->manifest->objects[0], NULL, "shop", "shop"};
    static const char live[] =
        "{\"metadata\":{\"name\":\"c\",\"namespace\":\"shop\",\"resourceVersion\":\"7\",\"labels\":{\"app.kubernetes."
        "io/managed-by\":\"Helm\"},"
        "\"annotations\":{\"meta.helm.sh/release-name\":\"shop\",\"meta.helm.sh/release-namespace\":\"shop\"}},"
        "\"spec\":{\"duration\":\"24h0m0s\"},\"status\":{\"x\":1}}";
    static const char other[] =
        "{\"metadata\":{\"name\":\"c\",\"namespace\":\"shop\",\"resourceVersion\":\"7\",\"labels\":{\"app.kubernetes."
        "io/managed-by\":\"Helm\"},"
        "\"annotations\":{\"meta.helm.sh/release-name\":\"shop\",\"meta.helm.sh/release-namespace\":\"shop\"}},"
        "\"spec\":{\"duration\":\"24h\"}}";
    struct drift_look found;
    struct error error = {0};
    ck_assert(drift_look(&manifests, NULL, live, strlen(live), &found, &error));
    ck_assert(!found.matches_from);
    ck_assert_ptr_nonnull(strstr(found.merged, "\"24h\""));
    ck_assert_ptr_nonnull(strstr(found.merged, "\"kind\":\"Certificate\""));
    ck_assert(drift_confirm(&found, &manifests, live, strlen(live), live, strlen(live),
                            &error)); /* it would change nothing */
    ck_assert(found.matches_from);
    ck_assert_uint_eq(found.field_count, 0);
    ck_assert(drift_confirm(&found, &manifests, live, strlen(live), other, strlen(other), &error));
    ck_assert(!found.matches_from);
    ck_assert_str_eq(found.fields[0].path, "spec.duration");
    ck_assert_str_eq(found.fields[0].from, "24h");
    drift_look_release(&found);
    helm_record_free(record);
}
END_TEST

START_TEST(secrets_are_compared_and_never_told)
{
    struct helm_record *record =
        fixture_record(1, "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2}\n");
    json_t *live = fixture_parse("{'metadata':{'name':'s','labels':{'app.kubernetes.io/"
                                 "managed-by':'Helm'},'annotations':{'meta.helm.sh/release-name':"
                                 "'documentdb-operator','meta.helm.sh/"
                                 "release-namespace':'documentdb-system'}},'data':{'password':'aHVudGVyMg=='}}");
    struct drift_look found;
    look(&record->manifest->objects[0], NULL, live, &found);
    ck_assert(found.matches_from);
    drift_look_release(&found);
    json_object_set_new(tree_get(live, "data"), "password", json_string("aHVudGVyMw=="));
    look(&record->manifest->objects[0], NULL, live, &found);
    ck_assert(!found.matches_from);
    ck_assert_str_eq(found.fields[0].path, "data.password");
    ck_assert_ptr_null(strstr(found.fields[0].from, "aHVu"));
    ck_assert_ptr_null(strstr(found.fields[0].to, "aHVu"));
    drift_look_release(&found);
    json_decref(live);
    helm_record_free(record);
}
END_TEST

START_TEST(what_helm_adds_is_part_of_it)
{
    struct helm_record *record = fixture_revision(5);
    json_t *live = fixture_json("configmap.json");
    struct drift_look found;
    json_object_del(tree_get(live, "metadata", "labels"), "app.kubernetes.io/managed-by");
    look(helm_manifest_find(record->manifest, "ConfigMap", NULL, "documentdb-operator-config"), NULL, live, &found);
    ck_assert(!found.matches_from);
    ck_assert_str_eq(found.fields[0].path, "metadata.labels.\"app.kubernetes.io/managed-by\"");
    drift_look_release(&found);
    json_decref(live);
    helm_record_free(record);
}
END_TEST

START_TEST(hostile_answers)
{
    struct helm_record *record =
        fixture_record(1, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n");
    const struct drift_manifests manifests = {&record->manifest->objects[0], NULL, "shop", "shop"};
    static const char *const bad[] = {"", "{", "null", "[]", "7", "{\"metadata\":[],\"data\":3}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct drift_look found = {0};
        struct error error = {0};
        if (drift_look(&manifests, NULL, bad[i], strlen(bad[i]), &found, &error))
            ck_assert(!found.matches_from);
        else
            ck_assert_int_eq(error.code, ERROR_INVALID);
        drift_look_release(&found);
        error_release(&error);
    }
    helm_record_free(record);
}
END_TEST

START_TEST(paths_in_a_sentence)
{
    struct field_change fields[] = {{.path = "spec.replicas"}, {.path = "spec.paused"}, {.path = "x"}};
    CLEANUP_FREE char *none = drift_paths(fields, 0);
    CLEANUP_FREE char *one = drift_paths(fields, 1);
    CLEANUP_FREE char *three = drift_paths(fields, 3);
    ck_assert_str_eq(none, "");
    ck_assert_str_eq(one, "spec.replicas");
    ck_assert_str_eq(three, "spec.replicas, spec.paused and 1 more");
}
END_TEST

Suite *suite_drift(void)
{
    Suite *suite = suite_create("drift");
    TCase *tests = tcase_create("drift");
    tcase_add_test(tests, recorded_objects_have_not_drifted);
    tcase_add_test(tests, who_scaled_it);
    tcase_add_test(tests, half_applied);
    tcase_add_test(tests, the_servers_answer_decides);
    tcase_add_test(tests, secrets_are_compared_and_never_told);
    tcase_add_test(tests, what_helm_adds_is_part_of_it);
    tcase_add_test(tests, hostile_answers);
    tcase_add_test(tests, paths_in_a_sentence);
    suite_add_tcase(suite, tests);
    return suite;
}
