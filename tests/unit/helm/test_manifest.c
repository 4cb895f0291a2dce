#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "helm/manifest.h"
#include "records.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_manifest(void);

static struct helm_manifest *parse(const char *text)
{
    struct helm_manifest *manifest = NULL;
    ck_assert(helm_manifest_parse(text, strlen(text), "ns", &manifest, NULL));
    return manifest;
}

/* "Kind namespace/name" of each object, "!" for what could not be read. */
static char *summary(const struct helm_manifest *manifest)
{
    struct text text = {0};
    for (size_t i = 0; i < manifest->count; i++) {
        const struct helm_object *object = &manifest->objects[i];
        ck_assert(object->error != NULL || object->tree != NULL);
        text_append_format(&text, "%s%s", i == 0 ? "" : ", ", object->error != NULL ? "!" : "");
        if (object->error == NULL)
            text_append_format(&text, "%s %s/%s", object->kind, object->namespace, object->name);
    }
    return text_steal(&text);
}

#define CM(name) "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " name "}\n"

/* What Helm 3 and 4 made of the same text on a cluster. */
static const struct {
    const char *text;
    const char *summary;
} cases[] = {
    {"", ""},
    {"---\n", ""},
    {"---\n---\n# a comment\n---\n   \n---", ""},
    {"null\n---\n~\n", ""},
    {CM("a"), "ConfigMap ns/a"},
    {"\n\n---\n" CM("a") "---\n" CM("b"), "ConfigMap ns/a, ConfigMap ns/b"},
    {"--- # a comment\n" CM("a") "---   \t\r\n" CM("b"), "ConfigMap ns/a, ConfigMap ns/b"},
    {CM("a") "---" CM("b"), "ConfigMap ns/a, ConfigMap ns/b"},
    {CM("a") "--- {apiVersion: v1, kind: Secret, metadata: {name: b}}", "ConfigMap ns/a, Secret ns/b"},
    {"{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}\n---\n{\n\"apiVersion\": "
     "\"v1\",\n\"kind\": \"Secret\","
     "\"metadata\": {\"name\": \"b\"}}\n",
     "ConfigMap ns/a, Secret ns/b"},
    {CM("a") "data:\n  text: |\n    one\n    ---\n    two\n---\n" CM("b"), "ConfigMap ns/a, ConfigMap ns/b"},
    {CM("a") "...\nanything: [\n---\n" CM("b") "... # end\n...\n", "ConfigMap ns/a, ConfigMap ns/b"},
    {"apiVersion: v1\r\nkind: ConfigMap\r\nmetadata:\r\n  name: a\r\n---\r\n" CM("b"),
     "ConfigMap ns/a, ConfigMap ns/b"},
    {"apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a, namespace: other}}\n- "
     "{apiVersion: "
     "rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: b}}\n",
     "Secret other/a, ClusterRole /b"},
    {"apiVersion: v1\nkind: ConfigMapList\nitems: [{metadata: {name: a}}]\n", "ConfigMap ns/a"},
    {"apiVersion: v1\nkind: List\nitems: []\n", ""},
    {"apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: wrong}\n", "Namespace /a"},
    {"apiVersion: rbac.authorization.k8s.io/v1beta1\nkind: ClusterRole\nmetadata: {name: old}\n", "ClusterRole /old"},
    {"apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n", "Thing ns/a"},
    {"apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n---\napiVersion: apiextensions.k8s.io/v1\nkind: "
     "CustomResourceDefinition\nmetadata: {name: things.example.com}\nspec: {group: example.com, scope: Cluster, "
     "names: {kind: Thing}}\n",
     "Thing /a, CustomResourceDefinition /things.example.com"},
    /* Broken documents leave the others alone. */
    {"hello\n---\n" CM("a"), "!, ConfigMap ns/a"},
    {"a: [1\n---\n" CM("a") "---\n\t- x\n", "!, ConfigMap ns/a, !"},
    {"[1, 2]\n---\n42\n---\nitems: 7\n", "!, !, !"},
    {"kind: ConfigMap\nmetadata: {name: a}\n", "!"},
    {"apiVersion: v1\nmetadata: {name: a}\n", "!"},
    {"apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a}\n", "!"},
    {"apiVersion: 1\nkind: [x]\nmetadata: text\n", "!"},
    {"apiVersion: v1\nkind: List\nitems: [7, {kind: List, items: []}, {apiVersion: v1, kind: Secret, metadata: {name: "
     "a}}]\n",
     "!, !, Secret ns/a"},
};

START_TEST(documents_as_helm_reads_them)
{
    struct helm_manifest *manifest = parse(cases[_i].text);
    CLEANUP_FREE char *found = summary(manifest);
    ck_assert_str_eq(found, cases[_i].summary);
    helm_manifest_free(manifest);
}
END_TEST

static const char *data_of(const struct helm_manifest *manifest, const char *name, const char *key)
{
    const struct helm_object *object = helm_manifest_find(manifest, "ConfigMap", NULL, name);
    ck_assert_ptr_nonnull(object);
    return tree_text(object->tree, "data", key);
}

/* A chart full of oddities, installed by Helm 3 and by Helm 4; the values are those that the cluster had afterwards. */
START_TEST(a_real_release_of_odd_documents)
{
    static const char *const records[] = {"odd.helm3", "odd.helm4"};
    struct helm_record *record = records_decode(records[_i], HELM_WHOLE);
    const struct helm_manifest *manifest = record->manifest;
    CLEANUP_FREE char *found = summary(manifest);
    CLEANUP_FREE char *all = memory_format(
        "ServiceAccount odd%1$d/account, ConfigMap odd%1$d/block, ConfigMap odd%1$d/after-empty, ConfigMap "
        "odd%1$d/crlf, ConfigMap "
        "odd%1$d/crlf-second, ConfigMap odd%1$d/glued-first, ConfigMap odd%1$d/glued-second, ConfigMap "
        "odd%1$d/commented, ConfigMap "
        "odd%1$d/spaces, ConfigMap odd%1$d/same-line, ConfigMap odd%1$d/beside-hook, ConfigMap odd%1$d/json, ConfigMap "
        "odd%1$d/json-second, ConfigMap odd%1$d/typed-in-list, ConfigMap odd%1$d/in-list, Secret "
        "default/in-list-elsewhere, ClusterRole "
        "/odd-in-list",
        _i + 3);
    ck_assert_str_eq(found, all);
    ck_assert_str_eq(data_of(manifest, "block", "script.sh"), "first\n---\nsecond\n ---\n");
    ck_assert_str_eq(data_of(manifest, "block", "tight"), "---\nx: 1\n---");
    ck_assert_str_eq(data_of(manifest, "block", "folded"), "a --- b\n");
    ck_assert_str_eq(data_of(manifest, "block", "quoted"), "one --- two");
    ck_assert_str_eq(data_of(manifest, "crlf", "text"), "one\n---\ntwo\n");
    ck_assert_str_eq(data_of(manifest, "json", "a"), "x \xc3\xa9 \t");
    ck_assert_str_eq(helm_manifest_find(manifest, "configmap", NULL, "crlf-second")->source, "odd/templates/crlf.yaml");
    helm_record_free(record);
}
END_TEST

START_TEST(broken_documents_say_where)
{
    struct helm_manifest *manifest =
        parse("---\n# Source: chart/templates/x.yaml\na: b\nc: [\n---\n# Source: chart/y.yaml\r\nkind: ConfigMap\n");
    ck_assert_uint_eq(manifest->count, 2);
    ck_assert_str_eq(manifest->objects[0].source, "chart/templates/x.yaml");
    ck_assert_str_eq(manifest->objects[1].source, "chart/y.yaml");
    ck_assert_ptr_nonnull(strstr(manifest->objects[0].error, "line 3"));
    ck_assert_ptr_nonnull(strstr(manifest->objects[1].error, "apiVersion is missing"));
    ck_assert_str_eq(manifest->objects[1].kind, "ConfigMap");
    ck_assert_ptr_null(helm_manifest_find(manifest, "ConfigMap", NULL, ""));
    helm_manifest_free(manifest);
}
END_TEST

START_TEST(found_by_kind_in_any_form)
{
    struct helm_manifest *manifest = parse("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: "
                                           "a}\n---\napiVersion: networking.k8s.io/v1\nkind: "
                                           "NetworkPolicy\nmetadata: {name: a}\n---\napiVersion: apps/v1\nkind: "
                                           "Deployment\nmetadata: {name: a, namespace: other}\n"
                                           "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n");
    static const char *const found[] = {"Ingress",       "ingress",         "ingresses",   "Ingresses",
                                        "NetworkPolicy", "networkpolicies", "deployments", "DEPLOYMENT"};
    for (size_t i = 0; i < LENGTH_OF(found); i++)
        ck_assert_msg(helm_manifest_find(manifest, found[i], NULL, "a") != NULL, "%s", found[i]);
    static const char *const absent[] = {"", "s", "ingres", "ingressss", "networkpolicy's", "deploymentes", "deploy"};
    for (size_t i = 0; i < LENGTH_OF(absent); i++)
        ck_assert_msg(helm_manifest_find(manifest, absent[i], NULL, "a") == NULL, "%s", absent[i]);
    ck_assert_ptr_eq(helm_manifest_find(manifest, "deployments", NULL, "a"), &manifest->objects[2]);
    ck_assert_ptr_eq(helm_manifest_find(manifest, "deployments", "ns", "a"), &manifest->objects[3]);
    ck_assert_ptr_null(helm_manifest_find(manifest, "deployments", "elsewhere", "a"));
    ck_assert_ptr_null(helm_manifest_find(manifest, "deployments", NULL, "b"));
    helm_manifest_free(manifest);
}
END_TEST

START_TEST(the_same_object_in_another_version)
{
    struct helm_manifest *manifest =
        parse("apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n---\n"
              "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n---\n"
              "apiVersion: autoscaling.example/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n---\n"
              "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n---\nbroken: [\n");
    const struct helm_object *objects = manifest->objects;
    ck_assert(helm_object_same(&objects[0], &objects[1]));
    ck_assert(!helm_object_same(&objects[0], &objects[2]));
    ck_assert(!helm_object_same(&objects[0], &objects[3]));
    ck_assert(!helm_object_same(&objects[4], &objects[4]));
    helm_manifest_free(manifest);
}
END_TEST

START_TEST(too_many_objects_are_refused)
{
    struct text text = {0};
    text_append(&text, "apiVersion: v1\nkind: List\nitems:\n");
    for (int i = 0; i <= HELM_MANIFEST_OBJECTS_LIMIT; i++)
        text_append(&text, "- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n");
    struct helm_manifest *manifest = NULL;
    struct error error = {0};
    ck_assert(!helm_manifest_parse(text_peek(&text), text.size, "ns", &manifest, &error));
    ck_assert_int_eq(error.code, ERROR_INVALID);
    error_release(&error);
    text_release(&text);
}
END_TEST

Suite *suite_manifest(void)
{
    Suite *suite = suite_create("manifest");
    TCase *tests = tcase_create("manifest");
    tcase_add_loop_test(tests, documents_as_helm_reads_them, 0, (int)LENGTH_OF(cases));
    tcase_add_loop_test(tests, a_real_release_of_odd_documents, 0, 2);
    tcase_add_test(tests, broken_documents_say_where);
    tcase_add_test(tests, found_by_kind_in_any_form);
    tcase_add_test(tests, the_same_object_in_another_version);
    tcase_add_test(tests, too_many_objects_are_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
