/* Controllers, on time that the tests move: what a person at a real cluster would see, in the same order. */
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/registry.h"
#include "tests/unit/simulator/cluster.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POD(image) "{metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: \"" image "\"}]}}"

static const char deployment[] =
    "changes:\n- at: -1h\n  apply:\n  - {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: "
    "default}, "
    "spec: {replicas: 4, progressDeadlineSeconds: 60, strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 1}}, "
    "selector: {matchLabels: {app: web}}, template: " POD(
        "web:1") "}}\n"
                 "containers:\n- {match: {image: \"web:bad\"}, pull_error: \"manifest unknown\"}\n"
                 "- {match: {image: \"web:crash\"}, runs: 2s, exit: 3, ready: never}\n";

static json_t *web(const struct cluster *cluster, const char *plural)
{
    return cluster_get(cluster, "apps", plural, "default", "web");
}

static void set_image(struct cluster *cluster, const char *kind, const char *image)
{
    CLEANUP_FREE char *patch = memory_format(
        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"main\",\"image\":\"%s\"}]}}}}", image);
    cluster_patch(cluster, "apps/v1", kind, "default", "web", patch);
}

static const char *progress(const json_t *object)
{
    size_t index;
    const json_t *condition;
    json_array_foreach(tree_get(object, "status", "conditions"), index, condition)
    {
        if (text_equal(tree_text(condition, "type"), "Progressing"))
            return tree_text(condition, "reason");
    }
    return "";
}

START_TEST(test_rollout)
{
    struct cluster cluster;
    cluster_start_text(&cluster, deployment);
    ck_assert_int_eq(cluster_number(web(&cluster, "deployments"), "availableReplicas"), 4);
    set_image(&cluster, "Deployment", "web:2");
    for (int i = 0; i < 600 && cluster_number(web(&cluster, "deployments"), "updatedReplicas") < 4; i++) {
        cluster_live(&cluster, 100);
        json_int_t all = cluster_number(web(&cluster, "deployments"), "replicas");
        json_int_t available = cluster_number(web(&cluster, "deployments"), "availableReplicas");
        ck_assert_msg(all <= 5, "%d pods with maxSurge 1", (int)all);
        ck_assert_msg(available >= 3, "%d available with maxUnavailable 1", (int)available);
    }
    cluster_live(&cluster, 20000);
    json_t *now = web(&cluster, "deployments");
    ck_assert_int_eq(cluster_number(now, "updatedReplicas"), 4);
    ck_assert_int_eq(cluster_number(now, "replicas"), 4);
    ck_assert_int_eq(cluster_number(now, "observedGeneration"),
                     json_integer_value(tree_get(now, "metadata", "generation")));
    ck_assert_str_eq(progress(now), "NewReplicaSetAvailable");
    ck_assert_str_eq(tree_text(now, "metadata", "annotations", "deployment.kubernetes.io/revision"), "2");
    ck_assert_uint_eq(cluster_count(&cluster, "", "pods", NULL), 4);
    cluster_stop(&cluster);
}
END_TEST

/* Going back to an earlier template takes its ReplicaSet, with a new revision. */
START_TEST(test_undo)
{
    struct cluster cluster;
    cluster_start_text(&cluster, deployment);
    set_image(&cluster, "Deployment", "web:2");
    cluster_live(&cluster, 60000);
    set_image(&cluster, "Deployment", "web:1");
    cluster_live(&cluster, 60000);
    ck_assert_uint_eq(cluster_count(&cluster, "apps", "replicasets", NULL), 2);
    ck_assert_str_eq(
        tree_text(web(&cluster, "deployments"), "metadata", "annotations", "deployment.kubernetes.io/revision"), "3");
    cluster_stop(&cluster);
}
END_TEST

START_TEST(test_image_that_cannot_be_pulled)
{
    struct cluster cluster;
    cluster_start_text(&cluster, deployment);
    set_image(&cluster, "Deployment", "web:bad");
    cluster_live(&cluster, 120000);
    ck_assert_str_eq(progress(web(&cluster, "deployments")), "ProgressDeadlineExceeded");
    ck_assert_int_eq(cluster_number(web(&cluster, "deployments"), "availableReplicas"), 3);
    const struct resource *pods = resources_find(registry_resources(cluster.registry), "", "pods");
    size_t waiting = 0;
    for (size_t i = 0; i < store_count(registry_store(cluster.registry), pods); i++) {
        const json_t *pod = store_at(registry_store(cluster.registry), pods, i);
        const json_t *status = json_array_get(tree_get(pod, "status", "containerStatuses"), 0);
        waiting += text_equal(tree_text(status, "state", "waiting", "reason"), "ImagePullBackOff");
    }
    ck_assert_uint_eq(waiting, 2);
    cluster_stop(&cluster);
}
END_TEST

START_TEST(test_crash_loop)
{
    struct cluster cluster;
    cluster_start_text(&cluster, deployment);
    set_image(&cluster, "Deployment", "web:crash");
    cluster_live(&cluster, 90000);
    const struct resource *pods = resources_find(registry_resources(cluster.registry), "", "pods");
    json_int_t restarts = 0;
    for (size_t i = 0; i < store_count(registry_store(cluster.registry), pods); i++) {
        const json_t *pod = store_at(registry_store(cluster.registry), pods, i);
        const json_t *status = json_array_get(tree_get(pod, "status", "containerStatuses"), 0);
        json_int_t count = json_integer_value(json_object_get(status, "restartCount"));
        if (count == 0)
            continue;
        ck_assert_int_eq(json_integer_value(tree_get(status, "lastState", "terminated", "exitCode")), 3);
        restarts = count > restarts ? count : restarts;
    }
    ck_assert_msg(restarts >= 4 && restarts <= 6, "%d restarts", (int)restarts);
    cluster_stop(&cluster);
}
END_TEST

START_TEST(test_scale_and_garbage)
{
    struct cluster cluster;
    cluster_start_text(&cluster, deployment);
    cluster_patch(&cluster, "apps/v1", "Deployment", "default", "web", "{\"spec\":{\"replicas\":1}}");
    cluster_live(&cluster, 10000);
    ck_assert_uint_eq(cluster_count(&cluster, "", "pods", NULL), 1);
    struct registry_call call = {.namespace = "default", .name = "web"};
    struct registry_delete options = {.grace_s = -1, .propagation = REGISTRY_BACKGROUND};
    ck_assert(registry_resolve(cluster.registry, "apps/v1", "Deployment", &call));
    ck_assert(registry_delete(cluster.registry, &call, &options, NULL, NULL, NULL));
    cluster_live(&cluster, 10000);
    ck_assert_uint_eq(cluster_count(&cluster, "apps", "replicasets", NULL), 0);
    ck_assert_uint_eq(cluster_count(&cluster, "", "pods", NULL), 0);
    cluster_stop(&cluster);
}
END_TEST

START_TEST(test_recreate)
{
    struct cluster cluster;
    cluster_start_text(&cluster, deployment);
    cluster_patch(&cluster, "apps/v1", "Deployment", "default", "web",
                  "{\"spec\":{\"strategy\":{\"$retainKeys\":[\"type\"],\"type\":\"Recreate\"}}}");
    set_image(&cluster, "Deployment", "web:2");
    json_int_t least = 4;
    for (int i = 0; i < 200; i++) {
        cluster_live(&cluster, 100);
        json_int_t available = cluster_number(web(&cluster, "deployments"), "availableReplicas");
        least = available < least ? available : least;
    }
    ck_assert_int_eq(least, 0);
    ck_assert_int_eq(cluster_number(web(&cluster, "deployments"), "availableReplicas"), 4);
    cluster_stop(&cluster);
}
END_TEST

/* What admission says to a controller is told in an event, and it tries again. */
START_TEST(test_refused_pods)
{
    struct cluster cluster;
    CLEANUP_FREE char *text =
        memory_format("%s%s", deployment,
                      "refuse:\n- {operations: [CREATE], kind: Pod, from: 0s, until: 30s, message: "
                      "\"exceeded quota: pods, requested: pods=1, used: pods=4, limited: pods=4\"}\n");
    cluster_start_text(&cluster, text);
    cluster_patch(&cluster, "apps/v1", "Deployment", "default", "web", "{\"spec\":{\"replicas\":6}}");
    cluster_live(&cluster, 20000);
    ck_assert_uint_eq(cluster_count(&cluster, "", "pods", NULL), 4);
    const struct resource *events = resources_find(registry_resources(cluster.registry), "", "events");
    bool told = false;
    for (size_t i = 0; i < store_count(registry_store(cluster.registry), events); i++) {
        const json_t *event = store_at(registry_store(cluster.registry), events, i);
        told = told || (text_equal(tree_text(event, "reason"), "FailedCreate") &&
                        strstr(tree_text(event, "message"), "exceeded quota: pods") != NULL);
    }
    ck_assert(told);
    cluster_live(&cluster, 40000);
    ck_assert_int_eq(cluster_number(web(&cluster, "deployments"), "availableReplicas"), 6);
    cluster_stop(&cluster);
}
END_TEST

static const char stateful_set[] =
    "changes:\n- at: -1h\n  apply:\n  - {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web, namespace: "
    "default}, "
    "spec: {replicas: 3, serviceName: web, selector: {matchLabels: {app: web}}, template: " POD(
        "web:1") ", volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}]}}\n";

static const char *image_of(const struct cluster *cluster, const char *pod)
{
    const json_t *object = cluster_find(cluster, "", "pods", "default", pod);
    return tree_text(json_array_get(tree_get(object, "spec", "containers"), 0), "image");
}

/* The last pod goes first, one at a time. */
START_TEST(test_stateful_set)
{
    struct cluster cluster;
    cluster_start_text(&cluster, stateful_set);
    ck_assert_int_eq(cluster_number(web(&cluster, "statefulsets"), "readyReplicas"), 3);
    ck_assert_uint_eq(cluster_count(&cluster, "", "persistentvolumeclaims", "Bound"), 3);
    set_image(&cluster, "StatefulSet", "web:2");
    for (int i = 0; i < 300 && !text_equal(image_of(&cluster, "web-0"), "web:2"); i++) {
        cluster_live(&cluster, 100);
        ck_assert_int_ge(cluster_number(web(&cluster, "statefulsets"), "readyReplicas"), 2);
        if (text_equal(image_of(&cluster, "web-1"), "web:2"))
            ck_assert_str_eq(image_of(&cluster, "web-2"), "web:2");
    }
    cluster_live(&cluster, 10000);
    json_t *now = web(&cluster, "statefulsets");
    ck_assert_int_eq(cluster_number(now, "updatedReplicas"), 3);
    ck_assert_str_eq(tree_text(now, "status", "currentRevision"), tree_text(now, "status", "updateRevision"));
    ck_assert_uint_eq(cluster_count(&cluster, "apps", "controllerrevisions", NULL), 2);
    cluster_patch(&cluster, "apps/v1", "StatefulSet", "default", "web", "{\"spec\":{\"replicas\":1}}");
    cluster_live(&cluster, 20000);
    ck_assert_ptr_nonnull(cluster_find(&cluster, "", "pods", "default", "web-0"));
    ck_assert_uint_eq(cluster_count(&cluster, "", "pods", NULL), 1);
    struct registry_call call = {.namespace = "default", .name = "data-web-2"};
    ck_assert(registry_resolve(cluster.registry, "v1", "PersistentVolumeClaim", &call));
    ck_assert(registry_delete(cluster.registry, &call, NULL, NULL, NULL, NULL));
    call.name = "data-web-0"; /* in use: it waits */
    ck_assert(registry_delete(cluster.registry, &call, NULL, NULL, NULL, NULL));
    cluster_live(&cluster, 10000);
    ck_assert_ptr_null(cluster_find(&cluster, "", "persistentvolumeclaims", "default", "data-web-2"));
    ck_assert_ptr_nonnull(cluster_find(&cluster, "", "persistentvolumeclaims", "default", "data-web-0"));
    cluster_stop(&cluster);
}
END_TEST

START_TEST(test_daemon_set)
{
    struct cluster cluster;
    cluster_start_text(
        &cluster, "changes:\n- at: -1h\n  apply:\n  - {apiVersion: apps/v1, kind: DaemonSet, metadata: {name: web, "
                  "namespace: default}, spec: {selector: {matchLabels: {app: web}}, template: " POD("web:1") "}}\n");
    ck_assert_int_eq(cluster_number(web(&cluster, "daemonsets"), "numberReady"), 3);
    set_image(&cluster, "DaemonSet", "web:2");
    for (int i = 0; i < 300; i++) {
        cluster_live(&cluster, 100);
        ck_assert_int_ge(cluster_number(web(&cluster, "daemonsets"), "numberReady"), 2);
    }
    ck_assert_int_eq(cluster_number(web(&cluster, "daemonsets"), "updatedNumberScheduled"), 3);
    cluster_stop(&cluster);
}
END_TEST

#define JOB(name, image)                                                                                               \
    "  - {apiVersion: batch/v1, kind: Job, metadata: {name: " name                                                     \
    ", namespace: default}, spec: {backoffLimit: 1, template: {spec: {restartPolicy: Never, containers: [{name: "      \
    "main, "                                                                                                           \
    "image: \"" image "\"}]}}}}\n"

START_TEST(test_jobs)
{
    struct cluster cluster;
    cluster_start_text(&cluster, "changes:\n- at: -10s\n  apply:\n" JOB("good", "good:1") JOB(
                                     "bad", "bad:1") "containers:\n- {match: {image: \"bad:1\"}, runs: 2s, exit: 1}\n");
    cluster_live(&cluster, 60000);
    json_t *good = cluster_get(&cluster, "batch", "jobs", "default", "good");
    json_t *bad = cluster_get(&cluster, "batch", "jobs", "default", "bad");
    ck_assert_int_eq(cluster_number(good, "succeeded"), 1);
    ck_assert_ptr_nonnull(tree_text(good, "status", "completionTime"));
    ck_assert_int_eq(cluster_number(bad, "failed"), 2);
    ck_assert_str_eq(tree_text(json_array_get(tree_get(bad, "status", "conditions"), 1), "type"), "Failed");
    cluster_stop(&cluster);
}
END_TEST

START_TEST(test_cron_job)
{
    struct cluster cluster;
    cluster_start_text(
        &cluster,
        "changes:\n- at: -10s\n  apply:\n  - {apiVersion: batch/v1, kind: CronJob, metadata: {name: tick, namespace: "
        "default}, spec: {schedule: \"*/2 * * * *\", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, "
        "containers: [{name: main, image: \"tick:1\"}]}}}}}}\n");
    cluster_live(&cluster, 5 * 60000);
    ck_assert_uint_eq(cluster_count(&cluster, "batch", "jobs", NULL), 3); /* 03:00, 03:02 and 03:04 */
    cluster_live(&cluster, 10 * 60000);
    ck_assert_uint_eq(cluster_count(&cluster, "batch", "jobs", NULL), 3); /* the history's limit */
    const json_t *job = cluster_get(&cluster, "batch", "cronjobs", "default", "tick");
    ck_assert_str_eq(tree_text(job, "status", "lastScheduleTime"), "2026-11-21T03:14:00Z");
    cluster_stop(&cluster);
}
END_TEST

static bool restarted(const struct cluster *cluster, const char *name, const char *since)
{
    const json_t *pod = cluster_find(cluster, "", "pods", "shop", name);
    const char *made = tree_text(pod, "metadata", "creationTimestamp");
    return made != NULL && strcmp(made, since) > 0;
}

/* Replicas before the primary, one at a time, and the phase tells. */
START_TEST(test_database_restart)
{
    struct cluster cluster;
    bool seen = false;
    cluster_start(&cluster, "healthy");
    cluster_patch(&cluster, "postgresql.cnpg.io/v1", "Cluster", "shop", "orders",
                  "{\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/restartedAt\":\"2026-11-21T03:00:00Z\"}}}");
    for (int i = 0; i < 600 && !restarted(&cluster, "orders-1", "2026-11-21T02:59:59Z"); i++) {
        cluster_live(&cluster, 100);
        const json_t *database = cluster_get(&cluster, "postgresql.cnpg.io", "clusters", "shop", "orders");
        seen = seen || text_equal(tree_text(database, "status", "phase"), "Upgrading cluster");
        ck_assert_int_ge(cluster_number(database, "readyInstances"), 2);
        if (restarted(&cluster, "orders-1", "2026-11-21T02:59:59Z"))
            ck_assert(restarted(&cluster, "orders-2", "2026-11-21T02:59:59Z"));
    }
    ck_assert(seen);
    ck_assert(restarted(&cluster, "orders-3", "2026-11-21T02:59:59Z"));
    ck_assert(!restarted(&cluster, "catalog-3", "2026-11-21T02:59:59Z"));
    cluster_live(&cluster, 20000);
    const json_t *database = cluster_get(&cluster, "postgresql.cnpg.io", "clusters", "shop", "orders");
    ck_assert_str_eq(tree_text(database, "status", "phase"), "Cluster in healthy state");
    cluster_stop(&cluster);
}
END_TEST

/* Another image of the operator restarts every cluster; without a living operator nobody brings a pod back. */
START_TEST(test_database_operator)
{
    struct cluster cluster;
    cluster_start(&cluster, "healthy");
    cluster_patch(&cluster, "apps/v1", "Deployment", "cnpg-system", "cnpg-controller-manager",
                  "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"manager\",\"image\":\"cloudnative-pg:"
                  "1.24.0\"}]}}}}");
    cluster_live(&cluster, 120000);
    ck_assert(restarted(&cluster, "orders-1", "2026-11-21T02:59:59Z"));
    ck_assert(restarted(&cluster, "catalog-1", "2026-11-21T02:59:59Z"));
    cluster_patch(&cluster, "apps/v1", "Deployment", "cnpg-system", "cnpg-controller-manager",
                  "{\"spec\":{\"replicas\":0}}");
    cluster_live(&cluster, 5000);
    struct registry_call call = {.namespace = "shop", .name = "orders-2"};
    ck_assert(registry_resolve(cluster.registry, "v1", "Pod", &call));
    ck_assert(registry_delete(cluster.registry, &call, NULL, NULL, NULL, NULL));
    cluster_live(&cluster, 30000);
    ck_assert_ptr_null(cluster_find(&cluster, "", "pods", "shop", "orders-2"));
    cluster_patch(&cluster, "apps/v1", "Deployment", "cnpg-system", "cnpg-controller-manager",
                  "{\"spec\":{\"replicas\":1}}");
    cluster_live(&cluster, 30000);
    ck_assert_ptr_nonnull(cluster_find(&cluster, "", "pods", "shop", "orders-2"));
    cluster_stop(&cluster);
}
END_TEST

static const char application[] =
    "templates:\n"
    "  web: |\n"
    "    apiVersion: apps/v1\n"
    "    kind: Deployment\n"
    "    metadata: {name: web}\n"
    "    spec: {replicas: 2, selector: {matchLabels: {app: web}}, template: " POD(
        "web:${tag}") "}\n"
                      "git:\n"
                      "- {repository: \"https://git.example/web\", revision: aaa111, at: -2h, templates: [web], "
                      "values: {tag: \"1\"}}\n"
                      "- {repository: \"https://git.example/web\", revision: bbb222, at: -1h, templates: [web], "
                      "values: {tag: \"2\"}}\n"
                      "changes:\n"
                      "- at: -3h\n"
                      "  apply:\n"
                      "  - {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: "
                      "applications.argoproj.io}, spec: "
                      "{group: argoproj.io, scope: Namespaced, names: {kind: Application, plural: applications}, "
                      "versions: [{name: v1alpha1, "
                      "served: true, storage: true, schema: {openAPIV3Schema: {type: object, "
                      "x-kubernetes-preserve-unknown-fields: true}}}]}}\n"
                      "- at: -2h\n"
                      "  apply:\n"
                      "  - {apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: web, namespace: "
                      "default}, spec: {source: {repoURL: "
                      "\"https://git.example/web\", targetRevision: main}, destination: {namespace: default}, "
                      "syncPolicy: {automated: {selfHeal: "
                      "true}}}}\n";

static const char *deployed_image(const struct cluster *cluster)
{
    return tree_text(json_array_get(tree_get(web(cluster, "deployments"), "spec", "template", "spec", "containers"), 0),
                     "image");
}

START_TEST(test_application)
{
    struct cluster cluster;
    cluster_start_text(&cluster, application);
    json_t *now = cluster_get(&cluster, "argoproj.io", "applications", "default", "web");
    ck_assert_str_eq(deployed_image(&cluster), "web:2");
    ck_assert_uint_eq(json_array_size(tree_get(now, "status", "history")), 2);
    ck_assert_str_eq(tree_text(now, "status", "sync", "status"), "Synced");
    ck_assert_str_eq(tree_text(now, "status", "health", "status"), "Healthy");
    /* A change by hand is undone at once, and so is a rollback. */
    set_image(&cluster, "Deployment", "web:hand");
    cluster_live(&cluster, 15000);
    ck_assert_str_eq(deployed_image(&cluster), "web:2");
    /* With automated sync off, an operation of its own rolls back, and it stays. */
    cluster_patch(&cluster, "argoproj.io/v1alpha1", "Application", "default", "web",
                  "{\"spec\":{\"syncPolicy\":{\"automated\":{\"enabled\":false}}},\"operation\":{\"initiatedBy\":{"
                  "\"username\":\"me\"},"
                  "\"sync\":{\"revision\":\"aaa111\"}}}");
    cluster_live(&cluster, 15000);
    now = cluster_get(&cluster, "argoproj.io", "applications", "default", "web");
    ck_assert_str_eq(deployed_image(&cluster), "web:1");
    ck_assert_ptr_null(json_object_get(now, "operation"));
    ck_assert_str_eq(tree_text(now, "status", "operationState", "phase"), "Succeeded");
    ck_assert_str_eq(tree_text(now, "status", "sync", "status"), "OutOfSync");
    cluster_stop(&cluster);
}
END_TEST

START_TEST(test_endpoints)
{
    struct cluster cluster;
    CLEANUP_FREE char *text = memory_format("%s%s",
                                            "changes:\n- at: -1h\n  apply:\n  - {apiVersion: v1, kind: Service, "
                                            "metadata: {name: web, namespace: default}, spec: {selector: "
                                            "{app: web}, ports: [{port: 80, targetPort: 8080}]}}\n",
                                            strchr(deployment, '\n') + 1);
    cluster_start_text(&cluster, text);
    json_t *endpoints = cluster_get(&cluster, "", "endpoints", "default", "web");
    const json_t *subset = json_array_get(json_object_get(endpoints, "subsets"), 0);
    ck_assert_uint_eq(json_array_size(json_object_get(subset, "addresses")), 4);
    ck_assert_int_eq(json_integer_value(tree_get(json_array_get(json_object_get(subset, "ports"), 0), "port")), 8080);
    cluster_patch(&cluster, "apps/v1", "Deployment", "default", "web", "{\"spec\":{\"replicas\":0}}");
    cluster_live(&cluster, 10000);
    endpoints = cluster_get(&cluster, "", "endpoints", "default", "web");
    ck_assert_uint_eq(json_array_size(json_object_get(endpoints, "subsets")), 0);
    cluster_stop(&cluster);
}
END_TEST

Suite *suite_controllers(void);

Suite *suite_controllers(void)
{
    Suite *suite = suite_create("controllers");
    TCase *tests = tcase_create("controllers");
    tcase_add_test(tests, test_rollout);
    tcase_add_test(tests, test_undo);
    tcase_add_test(tests, test_image_that_cannot_be_pulled);
    tcase_add_test(tests, test_crash_loop);
    tcase_add_test(tests, test_scale_and_garbage);
    tcase_add_test(tests, test_recreate);
    tcase_add_test(tests, test_refused_pods);
    tcase_add_test(tests, test_stateful_set);
    tcase_add_test(tests, test_daemon_set);
    tcase_add_test(tests, test_jobs);
    tcase_add_test(tests, test_cron_job);
    tcase_add_test(tests, test_database_restart);
    tcase_add_test(tests, test_database_operator);
    tcase_add_test(tests, test_application);
    tcase_add_test(tests, test_endpoints);
    tcase_set_timeout(tests, 120);
    suite_add_tcase(suite, tests);
    return suite;
}
