#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/workload.h"
#include <stdlib.h>
#include <string.h>

#define COMPONENT "replicaset-controller"
#define RETRY_MS  10000

static bool ended(const json_t *pod)
{
    const char *phase = tree_text(pod, "status", "phase");
    return text_equal(phase, "Succeeded") || text_equal(phase, "Failed");
}

/* The pods that count: neither ended nor on their way out. The caller's. */
static json_t *active(struct work *work, const json_t *set)
{
    json_t *pods = work_children(work, set, "", "pods"), *kept = json_array();
    size_t index;
    json_t *pod;
    json_array_foreach(pods, index, pod)
    {
        if (!ended(pod) && !work_being_deleted(pod))
            json_array_append(kept, pod);
    }
    json_decref(pods);
    return kept;
}

/* Which one goes first: without a node, not ready, younger. */
static int cost(const json_t *pod)
{
    return (tree_text(pod, "spec", "nodeName") != NULL ? 1 : 0) + (work_ready(pod) ? 2 : 0);
}

static const json_t *victim(const json_t *pods)
{
    const json_t *chosen = NULL;
    size_t index;
    const json_t *pod;
    json_array_foreach(pods, index, pod)
    {
        if (chosen == NULL || cost(pod) < cost(chosen) ||
            (cost(pod) == cost(chosen) && work_time(pod, "creationTimestamp") > work_time(chosen, "creationTimestamp")))
            chosen = pod;
    }
    return chosen;
}

/* Make pods or take them away until there are as many as wanted; `pods` follows. Returns false when the cluster refused
 * one. */
static bool bring_to(struct work *work, const json_t *set, json_t *pods, json_int_t wanted)
{
    while ((json_int_t)json_array_size(pods) > wanted) {
        const json_t *pod = victim(pods);
        size_t index;
        const json_t *one;
        workload_delete_pod(work, set, COMPONENT, pod);
        json_array_foreach(pods, index, one)
        {
            if (one == pod) {
                json_array_remove(pods, index);
                break;
            }
        }
    }
    while ((json_int_t)json_array_size(pods) < wanted) {
        json_t *pod = workload_pod(work, set, tree_get(set, "spec", "template"), work_name(set), NULL);
        bool good = workload_create_pod(work, set, COMPONENT, pod);
        if (!good) {
            json_decref(pod);
            return false;
        }
        json_array_append_new(pods, pod);
    }
    return true;
}

static void report(struct work *work, const json_t *set, const json_t *pods, int64_t *due)
{
    json_int_t ready, available;
    workload_count_ready(work, pods, tree_integer(tree_get(set, "spec", "minReadySeconds"), 0), &ready, &available,
                         due);
    json_int_t count = (json_int_t)json_array_size(pods);
    json_t *status =
        json_pack("{s:I, s:O}", "replicas", count, "observedGeneration", tree_get(set, "metadata", "generation"));
    if (count > 0)
        json_object_set_new(status, "fullyLabeledReplicas", json_integer(count));
    if (ready > 0)
        json_object_set_new(status, "readyReplicas", json_integer(ready));
    if (available > 0)
        json_object_set_new(status, "availableReplicas", json_integer(available));
    work_set_status(work, "kube-controller-manager", "apps", "replicasets", set, status);
}

int64_t replica_set_reconcile(struct work *work, const json_t *set)
{
    if (work_being_deleted(set))
        return WORK_NEVER;
    json_t *pods = active(work, set);
    int64_t due = WORK_NEVER;
    if (!bring_to(work, set, pods, workload_replicas(set)))
        due = work->now + RETRY_MS;
    report(work, set, pods, &due);
    json_decref(pods);
    return due;
}
