#include "base/memory.h"
#include "base/text.h"
#include "kube/credential_spec.h"
#include "kube/kubeconfig_parts.h"
#include "kubeconfig_table.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_in_cluster(void);

/* A service account's folder, and the variables of a pod. */
static void make_pod(const char *host, const char *port)
{
    free(table_folder());
    CLEANUP_FREE char *path = table_data("pki/ca.crt");
    CLEANUP_FREE char *pem = table_read(path);
    table_write("account/token", "pod.token\n", 0600);
    table_write("account/ca.crt", pem, 0600);
    table_write("account/namespace", "shop\n", 0600);
    setenv("KUBERNETES_SERVICE_HOST", host, 1);
    setenv("KUBERNETES_SERVICE_PORT", port, 1);
    unsetenv("POD_NAMESPACE");
}

START_TEST(the_service_account_is_the_way_in)
{
    make_pod("10.96.0.1", "443");
    struct kube_config *config = NULL;
    ck_assert(kube_in_cluster_possible("account"));
    ck_assert(kube_in_cluster_load("account", NULL, &config, NULL));
    ck_assert_str_eq(config->server, "https://10.96.0.1:443");
    ck_assert_str_eq(config->namespace, "shop");
    ck_assert_str_eq(config->source, "in-cluster");
    ck_assert_str_eq(config->context, "");
    ck_assert_str_eq(config->credential->token, "pod.token");
    ck_assert_str_eq(config->credential->token_file, "account/token");
    ck_assert_ptr_nonnull(strstr(config->ca_pem, "BEGIN CERTIFICATE"));
    kube_config_free(config);
}
END_TEST

START_TEST(ipv6_stands_in_brackets)
{
    make_pod("fd00:10:96::1", "6443");
    struct kube_config *config = NULL;
    ck_assert(kube_in_cluster_load("account", "other", &config, NULL));
    ck_assert_str_eq(config->server, "https://[fd00:10:96::1]:6443");
    ck_assert_str_eq(config->namespace, "other");
    kube_config_free(config);
}
END_TEST

START_TEST(the_pods_own_namespace_comes_first)
{
    make_pod("10.96.0.1", "443");
    setenv("POD_NAMESPACE", "mine", 1);
    CLEANUP_FREE char *mine = kube_in_cluster_namespace("account");
    ck_assert_str_eq(mine, "mine");
    unsetenv("POD_NAMESPACE");
    CLEANUP_FREE char *nowhere = kube_in_cluster_namespace("nowhere");
    ck_assert_str_eq(nowhere, "default");
}
END_TEST

START_TEST(outside_of_a_pod_it_is_not_possible)
{
    make_pod("10.96.0.1", "443");
    ck_assert(!kube_in_cluster_possible("nowhere"));
    ck_assert(!kube_in_cluster_possible("/"));
    setenv("KUBERNETES_SERVICE_PORT", "", 1);
    ck_assert(!kube_in_cluster_possible("account"));
    unsetenv("KUBERNETES_SERVICE_HOST");
    ck_assert(!kube_in_cluster_possible("account"));
}
END_TEST

START_TEST(damaged_parts_are_told)
{
    static const struct {
        const char *file;
        const char *content;
        const char *says;
    } cases[] = {
        {"account/token", "", "token"},
        {"account/token", "geheim geheim", "token"},
        {"account/ca.crt", "geheim", "ca.crt"},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        make_pod("10.96.0.1", "443");
        table_write(cases[i].file, cases[i].content, 0600);
        struct kube_config *config = NULL;
        struct error error = {0};
        ck_assert(!kube_in_cluster_load("account", NULL, &config, &error));
        ck_assert_int_eq(error.code, ERROR_INVALID);
        ck_assert_msg(strstr(error.message, cases[i].says) != NULL, "%s", error.message);
        ck_assert_msg(strstr(error.message, "geheim") == NULL, "%s", error.message);
        error_release(&error);
    }
}
END_TEST

START_TEST(a_strange_host_is_refused)
{
    make_pod("evil host", "443");
    struct kube_config *config = NULL;
    struct error error = {0};
    ck_assert(!kube_in_cluster_load("account", NULL, &config, &error));
    ck_assert_int_eq(error.code, ERROR_INVALID);
    error_release(&error);
}
END_TEST

Suite *suite_in_cluster(void)
{
    Suite *suite = suite_create("in_cluster");
    TCase *tests = tcase_create("in_cluster");
    tcase_add_test(tests, the_service_account_is_the_way_in);
    tcase_add_test(tests, ipv6_stands_in_brackets);
    tcase_add_test(tests, the_pods_own_namespace_comes_first);
    tcase_add_test(tests, outside_of_a_pod_it_is_not_possible);
    tcase_add_test(tests, damaged_parts_are_told);
    tcase_add_test(tests, a_strange_host_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
