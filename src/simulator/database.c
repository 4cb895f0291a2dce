#include "simulator/database.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <stdlib.h>
#include <string.h>

#define GROUP     "postgresql.cnpg.io"
#define MANAGER   "manager" /* the operator's binary, hence its User-Agent */
#define COMPONENT "cloudnative-pg"
#define STAMP     "simulator.rollback-console.dev/made-by"

bool database_is_operator(const json_t *deployment)
{
    return text_equal(work_name(deployment), "cnpg-controller-manager") ||
           text_ends(work_name(deployment), "-cloudnative-pg");
}

/* The image of the operator, or NULL when none of its pods is ready. */
static const char *operator_image(const struct work *work)
{
    const struct resource *resource = work_resource(work, "apps", "deployments");
    const struct store *store = registry_store(work->registry);
    for (size_t i = 0; i < store_count(store, resource); i++) {
        const json_t *deployment = store_at(store, resource, i);
        if (database_is_operator(deployment) && tree_integer(tree_get(deployment, "status", "readyReplicas"), 0) > 0)
            return tree_text(json_array_get(tree_get(deployment, "spec", "template", "spec", "containers"), 0),
                             "image");
    }
    return NULL;
}

/* What the pods are made from: a pod with another stamp is stale. The caller's. */
static char *stamp_of(const json_t *cluster, const char *manager)
{
    const char *restarted = tree_text(cluster, "metadata", "annotations", "kubectl.kubernetes.io/restartedAt");
    return memory_format("%s %s %s", tree_text(cluster, "spec", "imageName"), manager,
                         restarted != NULL ? restarted : "-");
}

/* The image that the sidecar injector puts beside the database: its own setting, if there is one. */
static const char *injected_image(const struct work *work)
{
    const struct resource *resource = work_resource(work, "apps", "deployments");
    const struct store *store = registry_store(work->registry);
    for (size_t i = 0; i < store_count(store, resource); i++) {
        const json_t *deployment = store_at(store, resource, i);
        const json_t *container = json_array_get(tree_get(deployment, "spec", "template", "spec", "containers"), 0);
        size_t index;
        const json_t *variable;
        json_array_foreach(text_equal(work_name(deployment), "sidecar-injector") ? json_object_get(container, "env")
                                                                                 : NULL,
                           index, variable)
        {
            if (text_equal(tree_text(variable, "name"), "GATEWAY_IMAGE"))
                return tree_text(variable, "value");
        }
    }
    return NULL;
}

/* Without an injector: ".../gateway:16.3-v1.3.0" beside ".../documentdb:16.3-v1.3.0". */
static char *gateway_image(const struct work *work, const json_t *cluster)
{
    const char *image = tree_text(cluster, "spec", "imageName"), *injected = injected_image(work);
    const char *colon = strrchr(image, ':');
    if (injected != NULL || colon == NULL)
        return memory_text(injected != NULL ? injected : image);
    const char *slash = colon;
    while (slash > image && *slash != '/')
        slash--;
    CLEANUP_FREE char *repository = memory_text_part(image, (size_t)(slash - image));
    return memory_format("%s/gateway%s", repository, colon);
}

static void make_pod(struct work *work, const json_t *cluster, json_int_t number, const char *stamp)
{
    const char *cluster_name = work_name(cluster), *image = tree_text(cluster, "spec", "imageName");
    CLEANUP_FREE char *name = memory_format("%s-%lld", cluster_name, (long long)number);
    CLEANUP_FREE char *gateway = gateway_image(work, cluster);
    const char *role = number == 1 ? "primary" : "replica";
    json_t *pod = json_pack(
        "{s:s, s:s, s:{s:s, s:s, s:{s:s}, s:{s:s, s:s, s:s, s:s}, s:o}, s:{s:i, s:[{s:s, s:s, s:[{s:s, s:i}], "
        "s:{s:{s:s, s:i}}}, {s:s, s:s, s:[{s:s, s:i}]}]}}",
        "apiVersion", "v1", "kind", "Pod", "metadata", "name", name, "namespace", work_namespace(cluster),
        "annotations", STAMP, stamp, "labels", "cnpg.io/cluster", cluster_name, "cnpg.io/instanceName", name,
        "cnpg.io/instanceRole", role, "role", role, "ownerReferences", work_owner_references(cluster), "spec",
        "terminationGracePeriodSeconds", 1, "containers", "name", "postgres", "image", image, "ports", "name",
        "postgresql", "containerPort", 5432, "readinessProbe", "httpGet", "path", "/readyz", "port", 8000, "name",
        "documentdb-gateway", "image", gateway, "ports", "name", "gateway", "containerPort", 10260);
    if (work_create(work, MANAGER, "", "pods", pod, NULL))
        work_event(work, cluster, "Normal", "CreatingInstance", COMPONENT, "Creating instance %s", name);
    json_decref(pod);
}

static void make_services(struct work *work, const json_t *cluster)
{
    static const char *const kinds[] = {"rw", "ro", "r"};
    for (size_t i = 0; i < LENGTH_OF(kinds); i++) {
        CLEANUP_FREE char *name = memory_format("%s-%s", work_name(cluster), kinds[i]);
        if (work_get(work, "", "services", work_namespace(cluster), name) != NULL)
            continue;
        json_t *service = json_pack("{s:s, s:s, s:{s:s, s:s, s:o}, s:{s:{s:s}, s:[{s:s, s:i, s:i}, {s:s, s:i}]}}",
                                    "apiVersion", "v1", "kind", "Service", "metadata", "name", name, "namespace",
                                    work_namespace(cluster), "ownerReferences", work_owner_references(cluster), "spec",
                                    "selector", "cnpg.io/cluster", work_name(cluster), "ports", "name", "gateway",
                                    "port", 27017, "targetPort", 10260, "name", "postgres", "port", 5432);
        if (i < 2)
            json_object_set_new(tree_get(service, "spec", "selector"), "cnpg.io/instanceRole",
                                json_string(i == 0 ? "primary" : "replica"));
        work_create(work, MANAGER, "", "services", service, NULL);
        json_decref(service);
    }
}

static const json_t *instance(const struct work *work, const json_t *cluster, json_int_t number)
{
    CLEANUP_FREE char *name = memory_format("%s-%lld", work_name(cluster), (long long)number);
    return work_get(work, "", "pods", work_namespace(cluster), name);
}

static json_int_t count_ready(const struct work *work, const json_t *cluster, json_int_t wanted)
{
    json_int_t ready = 0;
    for (json_int_t number = 1; number <= wanted; number++) {
        const json_t *pod = instance(work, cluster, number);
        ready += pod != NULL && work_ready(pod);
    }
    return ready;
}

static void report(struct work *work, const json_t *cluster, const char *phase, const char *why, json_int_t ready,
                   json_int_t wanted)
{
    CLEANUP_FREE char *primary = memory_format("%s-1", work_name(cluster));
    CLEANUP_FREE char *write = memory_format("%s-rw", work_name(cluster));
    CLEANUP_FREE char *read = memory_format("%s-r", work_name(cluster));
    json_t *conditions = json_array();
    bool healthy = ready == wanted;
    work_add_condition(work, conditions, cluster, "Ready", healthy ? "True" : "False",
                       healthy ? "ClusterIsReady" : "ClusterIsNotReady",
                       healthy ? "Cluster is Ready" : "Cluster Is Not Ready", false);
    json_t *status = json_pack("{s:s, s:s*, s:I, s:s, s:s, s:s*, s:s, s:s, s:o}", "phase", phase, "phaseReason", why,
                               "instances", wanted, "currentPrimary", primary, "targetPrimary", primary, "image",
                               tree_text(cluster, "spec", "imageName"), "writeService", write, "readService", read,
                               "conditions", conditions);
    if (ready > 0)
        json_object_set_new(status, "readyInstances", json_integer(ready));
    work_set_status(work, MANAGER, GROUP, "clusters", cluster, status);
}

/* Delete the pods above the wanted number, as a smaller spec.instances asks. */
static void remove_surplus(struct work *work, const json_t *cluster, json_int_t wanted)
{
    json_t *pods = work_children(work, cluster, "", "pods");
    size_t index;
    const json_t *pod;
    json_array_foreach(pods, index, pod)
    {
        const char *dash = strrchr(work_name(pod), '-');
        if (dash != NULL && strtoll(dash + 1, NULL, 10) > wanted && !work_being_deleted(pod))
            work_delete(work, "", "pods", pod);
    }
    json_decref(pods);
}

/* The next single thing to do, replicas first: restart a stale pod, make a missing one, wait for one that is not ready.
 */
static bool settle(struct work *work, const json_t *cluster, json_int_t wanted, const char *stamp)
{
    for (json_int_t number = wanted; number > 0; number--) {
        const json_t *pod = instance(work, cluster, number);
        if (pod == NULL) {
            make_pod(work, cluster, number, stamp);
            return false;
        }
        if (work_being_deleted(pod))
            return false;
        if (!text_equal(tree_text(pod, "metadata", "annotations", STAMP), stamp)) {
            CLEANUP_FREE char *name = memory_text(work_name(pod));
            work_event(work, cluster, "Normal", "UpgradingInstance", COMPONENT, "Upgrading instance %s", name);
            work_delete(work, "", "pods", pod);
            return false;
        }
        if (!work_ready(pod))
            return false;
    }
    return true;
}

int64_t database_reconcile(struct work *work, const json_t *cluster)
{
    const char *manager = operator_image(work);
    json_int_t wanted = tree_integer(tree_get(cluster, "spec", "instances"), 1);
    if (work_being_deleted(cluster) || manager == NULL || tree_text(cluster, "spec", "imageName") == NULL ||
        tree_text(cluster, "metadata", "annotations", DATABASE_HOLD) != NULL)
        return WORK_NEVER;
    CLEANUP_FREE char *stamp = stamp_of(cluster, manager);
    bool existed = tree_text(cluster, "status", "phase") != NULL;
    make_services(work, cluster);
    remove_surplus(work, cluster, wanted);
    bool settled = settle(work, cluster, wanted, stamp);
    json_int_t ready = count_ready(work, cluster, wanted);
    if (settled)
        report(work, cluster, "Cluster in healthy state", NULL, ready, wanted);
    else if (!existed || text_equal(tree_text(cluster, "status", "phase"), "Setting up primary"))
        report(work, cluster, "Setting up primary", NULL, ready, wanted);
    else
        report(work, cluster, "Upgrading cluster", "Cluster is being upgraded", ready, wanted);
    return WORK_NEVER;
}
