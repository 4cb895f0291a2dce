#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/workload.h"

#define MANAGER   "kube-controller-manager"
#define COMPONENT "daemonset-controller"
#define HASH      "controller-revision-hash"
#define RETRY_MS  10000

/* What a look at all nodes found. */
struct tally {
    json_int_t nodes, present, updated, ready;
};

static const json_t *pod_on(const json_t *pods, const char *node)
{
    size_t index;
    const json_t *pod;
    json_array_foreach(pods, index, pod)
    {
        if (text_equal(tree_text(pod, "spec", "nodeName"), node))
            return pod;
    }
    return NULL;
}

static bool make_pod(struct work *work, const json_t *set, const char *node, const char *hash)
{
    json_t *pod = workload_pod(work, set, tree_get(set, "spec", "template"), work_name(set), NULL);
    json_object_set_new(tree_get(pod, "metadata", "labels"), HASH, json_string(hash));
    json_object_set_new(tree_get(pod, "metadata", "labels"), "pod-template-generation", json_string("1"));
    json_object_set_new(json_object_get(pod, "spec"), "nodeName", json_string(node));
    bool good = workload_create_pod(work, set, COMPONENT, pod);
    json_decref(pod);
    return good;
}

static void count(struct tally *tally, const json_t *pod, const char *hash)
{
    tally->nodes++;
    tally->present += pod != NULL;
    tally->ready += pod != NULL && work_ready(pod);
    tally->updated += pod != NULL && text_equal(tree_text(pod, "metadata", "labels", HASH), hash);
}

/* The pod of one node: made when it is missing, replaced when it is old and no other is on its way. */
static bool settle(struct work *work, const json_t *set, const json_t *pod, const char *node, const char *hash,
                   bool *busy)
{
    if (pod == NULL) {
        *busy = true;
        return make_pod(work, set, node, hash);
    }
    bool old = !text_equal(tree_text(pod, "metadata", "labels", HASH), hash);
    bool rolls = text_equal(tree_text(set, "spec", "updateStrategy", "type"), "RollingUpdate");
    if (work_being_deleted(pod) || (!old && !work_ready(pod))) {
        *busy = true;
    } else if (old && rolls && !*busy) {
        *busy = true;
        workload_delete_pod(work, set, COMPONENT, pod);
    }
    return true;
}

static void report(struct work *work, const json_t *set, const struct tally *tally)
{
    json_t *status = json_pack("{s:I, s:i, s:I, s:I, s:O}", "currentNumberScheduled", tally->present,
                               "numberMisscheduled", 0, "desiredNumberScheduled", tally->nodes, "numberReady",
                               tally->ready, "observedGeneration", tree_get(set, "metadata", "generation"));
    if (tally->updated > 0)
        json_object_set_new(status, "updatedNumberScheduled", json_integer(tally->updated));
    if (tally->ready > 0)
        json_object_set_new(status, "numberAvailable", json_integer(tally->ready));
    if (tally->nodes > tally->ready)
        json_object_set_new(status, "numberUnavailable", json_integer(tally->nodes - tally->ready));
    work_set_status(work, MANAGER, "apps", "daemonsets", set, status);
}

int64_t daemon_set_reconcile(struct work *work, const json_t *set)
{
    const struct resource *nodes = work_resource(work, "", "nodes");
    const struct store *store = registry_store(work->registry);
    struct tally tally = {0};
    int64_t due = WORK_NEVER;
    bool busy = false;
    if (work_being_deleted(set))
        return WORK_NEVER;
    CLEANUP_FREE char *hash = work_template_hash(tree_get(set, "spec", "template"));
    json_t *pods = work_children(work, set, "", "pods");
    for (int pass = 0; pass < 2; pass++) { /* first what is missing or on its way, then what is old */
        for (size_t i = 0; i < store_count(store, nodes); i++) {
            CLEANUP_FREE char *node = memory_text(work_name(store_at(store, nodes, i)));
            const json_t *pod = pod_on(pods, node);
            bool old = pod != NULL && !text_equal(tree_text(pod, "metadata", "labels", HASH), hash);
            if (pass == 0)
                count(&tally, pod, hash);
            if ((pass == 0) == !old && !settle(work, set, pod, node, hash, &busy))
                due = work->now + RETRY_MS;
        }
    }
    json_decref(pods);
    report(work, set, &tally);
    return due;
}
