#include "base/memory.h"
#include "kube/resource.h"
#include <check.h>
#include <stdlib.h>

Suite *suite_resource(void);

START_TEST(finds_what_charts_contain)
{
    static const struct {
        const char *api_version, *kind, *path;
    } rows[] = {
        {"v1", "ConfigMap", "/api/v1/namespaces/n/configmaps/o"},
        {"v1", "Namespace", "/api/v1/namespaces/o"},
        {"apps/v1", "Deployment", "/apis/apps/v1/namespaces/n/deployments/o"},
        {"batch/v1", "CronJob", "/apis/batch/v1/namespaces/n/cronjobs/o"},
        {"networking.k8s.io/v1", "Ingress", "/apis/networking.k8s.io/v1/namespaces/n/ingresses/o"},
        {"networking.k8s.io/v1", "NetworkPolicy", "/apis/networking.k8s.io/v1/namespaces/n/networkpolicies/o"},
        {"rbac.authorization.k8s.io/v1", "ClusterRole", "/apis/rbac.authorization.k8s.io/v1/clusterroles/o"},
        {"policy/v1", "PodDisruptionBudget", "/apis/policy/v1/namespaces/n/poddisruptionbudgets/o"},
        {"autoscaling/v2", "HorizontalPodAutoscaler", "/apis/autoscaling/v2/namespaces/n/horizontalpodautoscalers/o"},
        {"apiextensions.k8s.io/v1", "CustomResourceDefinition",
         "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/o"},
        {"admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration",
         "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/o"},
        {"storage.k8s.io/v1", "StorageClass", "/apis/storage.k8s.io/v1/storageclasses/o"},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        const struct kube_resource *resource = kube_resource_find(rows[i].api_version, rows[i].kind);
        ck_assert_msg(resource != NULL, "%s %s", rows[i].api_version, rows[i].kind);
        CLEANUP_FREE char *path = kube_resource_path(resource, "n", "o", NULL);
        ck_assert_str_eq(path, rows[i].path);
    }
}
END_TEST

START_TEST(does_not_find_what_is_not_there)
{
    ck_assert_ptr_null(kube_resource_find("v1", "Deployment"));
    ck_assert_ptr_null(kube_resource_find("apps/v2", "Deployment"));
    ck_assert_ptr_null(kube_resource_find("appsx/v1", "Deployment"));
    ck_assert_ptr_null(kube_resource_find("apps", "Deployment"));
    ck_assert_ptr_null(kube_resource_find("", ""));
    ck_assert_ptr_null(kube_resource_find("v1", "configmap"));
}
END_TEST

START_TEST(hostile_names_stay_one_segment)
{
    const struct kube_resource *resource = kube_resource_find("v1", "Pod");
    static const struct {
        const char *name, *end;
    } rows[] = {
        {"../../secrets", "/pods/..%2F..%2Fsecrets"},
        {"..", "/pods/%2E%2E"},
        {".", "/pods/%2E"},
        {"a?dryRun=All", "/pods/a%3FdryRun%3DAll"},
        {"a#b", "/pods/a%23b"},
        {"a b\n", "/pods/a%20b%0A"},
        {"system:x", "/pods/system%3Ax"},
        {"\xc3\xa9", "/pods/%C3%A9"},
        {"%2e", "/pods/%252e"},
    };
    for (size_t i = 0; i < LENGTH_OF(rows); i++) {
        CLEANUP_FREE char *path = kube_resource_path(resource, NULL, rows[i].name, NULL);
        CLEANUP_FREE char *expected = memory_format("/api/v1%s", rows[i].end);
        ck_assert_str_eq(path, expected);
    }
}
END_TEST

START_TEST(parts_are_optional)
{
    const struct kube_resource *pod = kube_resource_find("v1", "Pod");
    const struct kube_resource *node = kube_resource_find("v1", "Node");
    CLEANUP_FREE char *all = kube_resource_path(pod, NULL, NULL, NULL);
    CLEANUP_FREE char *log = kube_resource_path(pod, "n", "p", "log");
    CLEANUP_FREE char *cluster = kube_resource_path(node, "ignored", "o", NULL);
    ck_assert_str_eq(all, "/api/v1/pods");
    ck_assert_str_eq(log, "/api/v1/namespaces/n/pods/p/log");
    ck_assert_str_eq(cluster, "/api/v1/nodes/o");
}
END_TEST

START_TEST(queries_are_encoded)
{
    char *path = memory_text("/api/v1/pods");
    kube_path_add(&path, "labelSelector", "a in (b,c),d!=e");
    kube_path_add(&path, "limit", "500");
    ck_assert_str_eq(path, "/api/v1/pods?labelSelector=a%20in%20%28b%2Cc%29%2Cd%21%3De&limit=500");
    free(path);
}
END_TEST

Suite *suite_resource(void)
{
    Suite *suite = suite_create("resource");
    TCase *tests = tcase_create("resource");
    tcase_add_test(tests, finds_what_charts_contain);
    tcase_add_test(tests, does_not_find_what_is_not_there);
    tcase_add_test(tests, hostile_names_stay_one_segment);
    tcase_add_test(tests, parts_are_optional);
    tcase_add_test(tests, queries_are_encoded);
    suite_add_tcase(suite, tests);
    return suite;
}
