#include "simulator/pod.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/behaviour.h"
#include "simulator/container.h"
#include <string.h>

#define END_MS 1000 /* from the request to delete a pod until its containers have stopped */

/* Any node that is ready; the same for the same pod. */
static const json_t *choose_node(const struct work *work, const json_t *pod)
{
    const struct resource *nodes = work_resource(work, "", "nodes");
    size_t count = nodes != NULL ? store_count(registry_store(work->registry), nodes) : 0;
    uint32_t first = work_hash(work_name(pod));
    for (size_t i = 0; i < count; i++) {
        const json_t *node = store_at(registry_store(work->registry), nodes, (first + i) % count);
        if (!json_is_true(tree_get(node, "spec", "unschedulable")) &&
            text_equal(tree_text(work_condition(node, "Ready"), "status"), "True"))
            return node;
    }
    return NULL;
}

static int64_t schedule(struct work *work, const json_t *pod)
{
    const json_t *node = choose_node(work, pod);
    if (node == NULL) {
        work_event_again(work, 60000, pod, "Warning", "FailedScheduling", "default-scheduler",
                         "0/0 nodes are available: no nodes available to schedule pods.");
        return work->now + 60000;
    }
    json_t *assignment = json_pack("{s:{s:s}}", "spec", "nodeName", work_name(node));
    json_t *kept = json_incref((json_t *)pod);
    if (work_patch(work, "kube-scheduler", "", "pods", pod, assignment)) {
        json_t *placed = json_incref((json_t *)work_get(work, "", "pods", work_namespace(kept), work_name(kept)));
        json_t *status = json_deep_copy(json_object_get(placed, "status")), *conditions = json_array();
        work_add_condition(work, conditions, placed, "PodScheduled", "True", NULL, NULL, false);
        json_object_set_new(status, "conditions", conditions);
        work_event(work, placed, "Normal", "Scheduled", "default-scheduler", "Successfully assigned %s/%s to %s",
                   work_namespace(kept), work_name(kept), tree_text(placed, "spec", "nodeName"));
        work_set_status(work, "kube-scheduler", "", "pods", placed, status);
        json_decref(placed);
    }
    json_decref(assignment);
    json_decref(kept);
    return WORK_NEVER;
}

/* A pod that is being deleted ends a second after the request. */
static int64_t end(struct work *work, const json_t *pod)
{
    int64_t asked = work_time(pod, "deletionTimestamp");
    const json_t *grace = tree_get(pod, "metadata", "deletionGracePeriodSeconds");
    if (asked == CLOCK_UNKNOWN)
        asked = work->now;
    asked -= 1000 * tree_integer(grace, 0);
    size_t index;
    const json_t *container;
    json_array_foreach(tree_get(pod, "status", "containerStatuses"), index, container)
    {
        CLEANUP_FREE char *message = memory_format("Stopping container %s", tree_text(container, "name"));
        if (tree_get(container, "state", "running") != NULL)
            work_event_again(work, 3600000, pod, "Normal", "Killing", "kubelet", message);
    }
    if (work->now < asked + END_MS)
        return asked + END_MS;
    work_end(work, pod);
    return WORK_NEVER;
}

static const json_t *status_of(const json_t *pod, const char *container)
{
    size_t index;
    const json_t *status;
    json_array_foreach(tree_get(pod, "status", "containerStatuses"), index, status)
    {
        if (text_equal(tree_text(status, "name"), container))
            return status;
    }
    return NULL;
}

static void add_conditions(struct work *work, const json_t *pod, json_t *status, const struct container_sum *sum)
{
    json_t *conditions = json_array();
    bool ended = sum->ended == sum->count;
    bool ready = sum->ready == sum->count && !ended;
    CLEANUP_FREE char *message = memory_format("containers with unready status: [%s]", text_peek(&sum->unready));
    const char *reason = ready ? NULL : ended ? "PodCompleted" : "ContainersNotReady";
    work_add_condition(work, conditions, pod, "PodReadyToStartContainers", sum->started > 0 ? "True" : "False", NULL,
                       NULL, false);
    work_add_condition(work, conditions, pod, "Initialized", "True", NULL, NULL, false);
    work_add_condition(work, conditions, pod, "Ready", ready ? "True" : "False", reason,
                       ready || ended ? NULL : message, false);
    work_add_condition(work, conditions, pod, "ContainersReady", ready ? "True" : "False", reason,
                       ready || ended ? NULL : message, false);
    work_add_condition(work, conditions, pod, "PodScheduled", "True", NULL, NULL, false);
    json_object_set_new(status, "conditions", conditions);
}

static void add_addresses(const json_t *pod, json_t *status)
{
    const char *node = tree_text(pod, "spec", "nodeName");
    CLEANUP_FREE char *seed = memory_format("%s/%s", work_namespace(pod), work_name(pod));
    uint32_t hash = work_hash(seed), host = work_hash(node);
    CLEANUP_FREE char *address = memory_format("10.244.%u.%u", (hash >> 8) % 255, hash % 254 + 1);
    CLEANUP_FREE char *host_address = memory_format("192.168.%u.%u", (host >> 8) % 255, host % 254 + 1);
    json_object_set_new(status, "hostIP", json_string(host_address));
    json_object_set_new(status, "hostIPs", json_pack("[{s:s}]", "ip", host_address));
    json_object_set_new(status, "podIP", json_string(address));
    json_object_set_new(status, "podIPs", json_pack("[{s:s}]", "ip", address));
}

static const char *phase(const struct container_sum *sum)
{
    if (sum->ended == sum->count)
        return sum->failed > 0 ? "Failed" : "Succeeded";
    return sum->started == sum->count ? "Running" : "Pending";
}

static int64_t run(struct work *work, const json_t *pod)
{
    const char *since = tree_text(work_condition(pod, "PodScheduled"), "lastTransitionTime");
    int64_t scheduled = work->now, due = WORK_NEVER;
    if (since == NULL || !clock_parse(since, &scheduled))
        scheduled = work->now;
    json_t *status = json_copy(json_object_get(pod, "status")), *statuses = json_array();
    struct container_sum sum = {0};
    size_t index;
    const json_t *container;
    json_array_foreach(tree_get(pod, "spec", "containers"), index, container)
    {
        struct container_step step = {.pod = pod,
                                      .container = container,
                                      .before = status_of(pod, tree_text(container, "name")),
                                      .scheduled = scheduled};
        behaviour_find(work->scenario, pod, tree_text(container, "name"), &step.behaviour);
        int64_t next = container_step(work, &step);
        due = next < due ? next : due;
        container_count(&sum, step.after);
        json_array_append_new(statuses, step.after);
    }
    json_object_set_new(status, "containerStatuses", statuses);
    json_object_set_new(status, "phase", json_string(phase(&sum)));
    if (json_object_get(status, "startTime") == NULL)
        json_object_set_new(status, "startTime", work_time_text(scheduled));
    if (sum.started > 0)
        add_addresses(pod, status);
    add_conditions(work, pod, status, &sum);
    text_release(&sum.unready);
    work_set_status(work, "kubelet", "", "pods", pod, status);
    return due;
}

int64_t pod_reconcile(struct work *work, const json_t *pod)
{
    const char *now = tree_text(pod, "status", "phase");
    if (work_being_deleted(pod))
        return end(work, pod);
    if (text_equal(now, "Succeeded") || text_equal(now, "Failed"))
        return WORK_NEVER;
    return tree_text(pod, "spec", "nodeName") == NULL ? schedule(work, pod) : run(work, pod);
}
