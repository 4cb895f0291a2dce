/* Scenario files: what they say about mistakes, and the cluster that they make. */
#include "base/base64.h"
#include "base/clock.h"
#include "base/gzip.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/registry.h"
#include "simulator/scenario.h"
#include "tests/unit/simulator/cluster.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The release record as Helm decodes it. */
static json_t *record(const struct cluster *cluster, int revision)
{
    CLEANUP_FREE char *name = memory_format("sh.helm.release.v1.documentdb-operator.v%d", revision);
    const char *data = tree_text(cluster_get(cluster, "", "secrets", "documentdb-system", name), "data", "release");
    CLEANUP_FREE char *once = NULL;
    CLEANUP_FREE char *twice = NULL;
    CLEANUP_FREE char *text = NULL;
    size_t size = 0;
    json_t *tree = NULL;
    ck_assert(base64_decode(data, strlen(data), &once, &size, NULL));
    ck_assert(base64_decode(once, size, &twice, &size, NULL));
    ck_assert(gzip_is(twice, size));
    ck_assert(gzip_unpack(twice, size, 1 << 20, &text, &size, NULL));
    ck_assert(tree_parse(text, size, &tree, NULL));
    return tree;
}

START_TEST(test_release_records)
{
    static const char *const statuses[] = {"superseded", "superseded", "failed", "superseded", "deployed"};
    struct cluster cluster;
    cluster_start(&cluster, "bad-upgrade");
    for (int i = 0; i < 5; i++) {
        json_t *tree = record(&cluster, i + 1);
        ck_assert_str_eq(tree_text(tree, "info", "status"), statuses[i]);
        ck_assert_int_eq(json_integer_value(tree_get(tree, "version")), i + 1);
        ck_assert_ptr_nonnull(
            strstr(tree_text(tree, "manifest"), "# Source: documentdb-operator/templates/operator.yaml"));
        json_decref(tree);
    }
    json_t *last = record(&cluster, 5), *failed = record(&cluster, 3);
    ck_assert_str_eq(tree_text(last, "info", "last_deployed"), "2026-11-21T02:33:00Z");
    ck_assert_str_eq(tree_text(last, "chart", "metadata", "version"), "1.3.1");
    ck_assert_ptr_nonnull(strstr(tree_text(last, "manifest"), "documentdb-operator:v1.3.1"));
    ck_assert_ptr_nonnull(strstr(tree_text(failed, "info", "description"), "Service \"broken\" is invalid"));
    json_decref(last);
    json_decref(failed);
    cluster_stop(&cluster);
}
END_TEST

START_TEST(test_bad_upgrade)
{
    struct cluster cluster;
    cluster_start(&cluster, "bad-upgrade");
    json_t *operator= cluster_get(&cluster, "apps", "deployments", "documentdb-system", "documentdb-operator");
    ck_assert_int_eq(json_integer_value(tree_get(operator, "status", "readyReplicas")), 1);
    ck_assert_int_eq(json_integer_value(tree_get(operator, "status", "updatedReplicas")), 2);
    ck_assert_str_eq(tree_text(operator, "metadata", "annotations", "deployment.kubernetes.io/revision"), "4");
    json_t *database = cluster_get(&cluster, "postgresql.cnpg.io", "clusters", "finance", "audit");
    ck_assert_str_eq(tree_text(database, "status", "phase"), "Failing over");
    database = cluster_get(&cluster, "postgresql.cnpg.io", "clusters", "shop", "orders");
    ck_assert_str_eq(tree_text(database, "status", "phase"), "Cluster in healthy state");
    ck_assert_int_eq(json_integer_value(tree_get(database, "status", "readyInstances")), 3);
    ck_assert_uint_eq(cluster_count(&cluster, "db.microsoft.com", "documentdbs", NULL), 6);
    json_t *crd = cluster_get(&cluster, "apiextensions.k8s.io", "customresourcedefinitions", NULL,
                              "documentdbs.db.microsoft.com");
    ck_assert_uint_eq(json_array_size(tree_get(crd, "status", "storedVersions")), 2);
    cluster_stop(&cluster);
}
END_TEST

/* A scenario that is at rest stays at rest: nothing is written over and over. */
START_TEST(test_rest)
{
    struct cluster cluster;
    cluster_start(&cluster, "bad-upgrade");
    cluster_live(&cluster, 10000);
    uint64_t before = store_version(registry_store(cluster.registry));
    cluster_live(&cluster, 60000);
    uint64_t writes = store_version(registry_store(cluster.registry)) - before;
    ck_assert_msg(writes < 60, "%llu writes in a minute", (unsigned long long)writes);
    cluster_stop(&cluster);
}
END_TEST

START_TEST(test_proxy_answers)
{
    struct cluster cluster;
    struct scenario_answer answer;
    cluster_start(&cluster, "bad-upgrade");
    scenario_proxy(cluster.scenario, "monitoring", "prometheus", "9090", "GET",
                   "/api/v1/query?query=sum(rate(http_requests_total%7Bcode%3D~%225..%22%7D%5B1m%5D))", CLUSTER_NOW,
                   &answer);
    ck_assert_int_eq(answer.status, 200);
    ck_assert_msg(strstr(answer.body, "\"0.124\"") != NULL, "%s", answer.body);
    scenario_answer_release(&answer);
    scenario_proxy(cluster.scenario, "monitoring", "nothing", "9090", "GET", "/", CLUSTER_NOW, &answer);
    ck_assert_int_eq(answer.status, 0);
    scenario_answer_release(&answer);
    cluster_stop(&cluster);
}
END_TEST

/* Load: the numbers that were asked for, and the copies are taken for what they are. */
START_TEST(test_many)
{
    struct cluster cluster;
    cluster_start(&cluster, "many");
    ck_assert_uint_eq(cluster_count(&cluster, "", "pods", "Running"), 2000);
    ck_assert_uint_eq(cluster_count(&cluster, "apps", "deployments", NULL), 100);
    ck_assert_uint_eq(cluster_count(&cluster, "", "secrets", NULL), 1000);
    cluster_live(&cluster, 70000); /* the events of an hour ago go */
    uint64_t before = store_version(registry_store(cluster.registry));
    cluster_live(&cluster, 20000);
    ck_assert_uint_eq(store_version(registry_store(cluster.registry)), before);
    json_t *one = cluster_get(&cluster, "apps", "deployments", "team-007", "svc-007-03");
    ck_assert_int_eq(cluster_number(one, "availableReplicas"), 20);
    cluster_patch(&cluster, "apps/v1", "Deployment", "team-007", "svc-007-03", "{\"spec\":{\"replicas\":3}}");
    cluster_live(&cluster, 10000);
    ck_assert_uint_eq(cluster_count(&cluster, "", "pods", "Running"), 1983);
    cluster_stop(&cluster);
}
END_TEST

/* The server's own faults come and go at their times. */
START_TEST(test_trouble)
{
    struct cluster cluster;
    struct scenario_trouble trouble;
    cluster_start_text(
        &cluster, "trouble:\n- {from: 5s, until: 10s, frozen: true, delay: 200ms}\n- {from: 8s, unavailable: true}\n");
    scenario_trouble(cluster.scenario, CLUSTER_NOW, &trouble);
    ck_assert(!trouble.frozen && !trouble.unavailable && trouble.delay_ms == 0);
    ck_assert_int_eq(trouble.next_ms, CLUSTER_NOW + 5000);
    scenario_trouble(cluster.scenario, CLUSTER_NOW + 9000, &trouble);
    ck_assert(trouble.frozen && trouble.unavailable && trouble.delay_ms == 200);
    scenario_trouble(cluster.scenario, CLUSTER_NOW + 10000, &trouble);
    ck_assert(!trouble.frozen && trouble.unavailable);
    ck_assert_int_eq(trouble.next_ms, INT64_MAX);
    cluster_stop(&cluster);
}
END_TEST

/* Admission speaks the scenario's words, to users and not to the cluster itself. */
START_TEST(test_refusal)
{
    struct cluster cluster;
    struct refusal refusal = {0};
    cluster_start_text(&cluster,
                       "refuse:\n- {operations: [CREATE], kind: ConfigMap, name: \"no*\", message: \"not today\"}\n");
    struct registry_call call = {.namespace = "default", .user = "me"};
    ck_assert(registry_resolve(cluster.registry, "v1", "ConfigMap", &call));
    json_t *refused = json_loads("{\"metadata\":{\"name\":\"nothing\"}}", 0, NULL);
    json_t *good = json_loads("{\"metadata\":{\"name\":\"yes\"}}", 0, NULL);
    ck_assert(!registry_create(cluster.registry, &call, refused, NULL, &refusal));
    ck_assert_int_eq(refusal.code, 403);
    ck_assert_str_eq(refusal.message, "configmaps \"nothing\" is forbidden: not today");
    refusal_release(&refusal);
    ck_assert(registry_create(cluster.registry, &call, good, NULL, NULL));
    call.user = NULL;
    ck_assert(registry_create(cluster.registry, &call, refused, NULL, NULL));
    json_decref(refused);
    json_decref(good);
    cluster_stop(&cluster);
}
END_TEST

START_TEST(test_log)
{
    struct cluster cluster;
    cluster_start_text(
        &cluster,
        "changes:\n- at: -60s\n  apply:\n  - {apiVersion: v1, kind: Pod, metadata: {name: p, namespace: default}, "
        "spec: "
        "{containers: [{name: c, image: \"i:1\"}]}}\ncontainers:\n- match: {image: \"i:*\"}\n  log: [{after: 1s, text: "
        "\"${time} hello\"}, {every: 20s, text: tick}]\n");
    const json_t *pod = cluster_get(&cluster, "", "pods", "default", "p");
    CLEANUP_FREE char *log = scenario_log(cluster.scenario, pod, NULL, CLUSTER_NOW);
    ck_assert_msg(strstr(log, "Z hello\n") != NULL, "%s", log);
    ck_assert_msg(strstr(log, "Z tick\n2026") != NULL, "%s", log);
    size_t ticks = 0;
    for (const char *at = log; (at = strstr(at, "tick")) != NULL; at++)
        ticks++;
    ck_assert_uint_eq(ticks, 3);
    cluster_stop(&cluster);
}
END_TEST

/* What is wrong, and where: file, line and column. */
static const struct mistake {
    const char *file, *message;
} mistakes[] = {
    {"format: 1\nname: x\ntitle: t\nnodes: [n]\nchangs: []\n", ":5:9: A scenario has no field 'changs' here."},
    {"format: 1\nname: x\ntitle: t\n", "'nodes' is missing here"},
    {"format: 2\nname: x\ntitle: t\nnodes: [n]\n", ":1:9: This program reads scenarios of format 1."},
    {"format: 1\nname: x\ntitle: t\nnodes: [n]\nchanges:\n- {at: soon, delete: {apiVersion: v1, kind: Pod, name: p}}\n",
     ":6:8: 'at' must be a time relative to the start"},
    {"format: 1\nname: x\ntitle: t\nnodes: [n]\nchanges:\n- {at: 1s}\n", ":6:3: A change does exactly one of"},
    {"format: 1\nname: x\ntitle: t\nnodes: [n]\nreleases:\n- {name: r, namespace: d, chart: {name: c}, revisions: "
     "[{at: "
     "-1m, templates: [none]}]}\n",
     "There is no template 'none'"},
    {"format: 1\nname: x\ntitle: t\nnodes: [n]\ntemplates: {a: \"x: ${y}\"}\nreleases:\n- {name: r, namespace: d, "
     "chart: "
     "{name: c}, revisions: [{at: -1m, templates: [a]}]}\n",
     "reads '${y}'"},
    {"format: 1\nname: x\nname: y\n", ":3:"},
    {"format: 1\nname: x\ntitle: t\nnodes: [n]\nbulk: {namespaces: 1000, releases: 1000, pods: 1, revisions: 1}\n",
     "at most"},
    {"format: 1\nname: x\ntitle: t\nnodes: [n]\nextends: nothing-there\n", "nothing-there.yaml"},
    {"- 1\n", ":1:1: A scenario file is one YAML object."},
};

START_TEST(test_mistakes)
{
    const struct mistake *mistake = &mistakes[_i];
    char path[] = "/tmp/scenario-XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, mistake->file, strlen(mistake->file)), (ssize_t)strlen(mistake->file));
    close(fd);
    struct scenario *scenario = NULL;
    struct error error = {0};
    bool good = scenario_load(path, &scenario, &error);
    unlink(path);
    ck_assert(!good);
    ck_assert_int_eq(error.code, ERROR_INVALID);
    ck_assert_msg(strstr(error.message, mistake->message) != NULL, "%s", error.message);
    ck_assert_msg(strncmp(error.message, path, strlen(path)) == 0, "%s", error.message);
    error_release(&error);
}
END_TEST

/* kubectl rollout undo to the operator that worked: the rollout ends, the old pods are gone. */
START_TEST(test_rollback_of_the_operator)
{
    struct cluster cluster;
    cluster_start(&cluster, "bad-upgrade");
    cluster_patch(&cluster, "apps/v1", "Deployment", "documentdb-system", "documentdb-operator",
                  "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"documentdb-operator\",\"image\":"
                  "\"ghcr.io/microsoft/documentdb-operator:v1.3.0\"}]}}}}");
    cluster_live(&cluster, 60000);
    json_t *operator= cluster_get(&cluster, "apps", "deployments", "documentdb-system", "documentdb-operator");
    ck_assert_int_eq(json_integer_value(tree_get(operator, "status", "readyReplicas")), 2);
    ck_assert_int_eq(json_integer_value(tree_get(operator, "status", "updatedReplicas")), 2);
    ck_assert_int_eq(json_integer_value(tree_get(operator, "status", "replicas")), 2);
    cluster_stop(&cluster);
}
END_TEST

Suite *suite_scenario(void);

Suite *suite_scenario(void)
{
    Suite *suite = suite_create("scenario");
    TCase *tests = tcase_create("scenario");
    tcase_add_test(tests, test_release_records);
    tcase_add_test(tests, test_bad_upgrade);
    tcase_add_test(tests, test_rest);
    tcase_add_test(tests, test_proxy_answers);
    tcase_add_test(tests, test_many);
    tcase_add_test(tests, test_trouble);
    tcase_add_test(tests, test_refusal);
    tcase_add_test(tests, test_log);
    tcase_add_loop_test(tests, test_mistakes, 0, (int)LENGTH_OF(mistakes));
    tcase_add_test(tests, test_rollback_of_the_operator);
    tcase_set_timeout(tests, 120);
    suite_add_tcase(suite, tests);
    return suite;
}
