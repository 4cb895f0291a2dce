#include "simulator/workload.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <stdlib.h>
#include <string.h>

json_int_t workload_replicas(const json_t *object)
{
    return tree_integer(tree_get(object, "spec", "replicas"), 1);
}

json_t *workload_pod(struct work *work, const json_t *owner, const json_t *pod_template, const char *base,
                     const char *name)
{
    CLEANUP_FREE char *seed = memory_format("%s %s", work_namespace(owner), base);
    CLEANUP_FREE char *suffix = work_suffix(work, seed);
    CLEANUP_FREE char *made = name != NULL ? memory_text(name) : memory_format("%s-%s", base, suffix);
    CLEANUP_FREE char *prefix = memory_format("%s-", base);
    json_t *pod = json_deep_copy(pod_template);
    json_t *metadata = json_object_get(pod, "metadata");
    if (metadata == NULL) {
        metadata = json_object();
        json_object_set_new(pod, "metadata", metadata);
    }
    json_object_set_new(pod, "apiVersion", json_string("v1"));
    json_object_set_new(pod, "kind", json_string("Pod"));
    json_object_set_new(metadata, "name", json_string(made));
    json_object_set_new(metadata, "generateName", json_string(prefix));
    json_object_set_new(metadata, "namespace", json_string(work_namespace(owner)));
    json_object_set_new(metadata, "ownerReferences", work_owner_references(owner));
    return pod;
}

bool workload_create_pod(struct work *work, const json_t *owner, const char *component, const json_t *pod)
{
    CLEANUP_FREE char *why = NULL;
    bool good = work_create(work, "kube-controller-manager", "", "pods", pod, &why);
    if (good)
        work_event(work, owner, "Normal", "SuccessfulCreate", component, "Created pod: %s", work_name(pod));
    else
        work_event(work, owner, "Warning", "FailedCreate", component, "Error creating: %s", why);
    return good;
}

void workload_delete_pod(struct work *work, const json_t *owner, const char *component, const json_t *pod)
{
    CLEANUP_FREE char *name = memory_text(work_name(pod));
    if (work_delete(work, "", "pods", pod))
        work_event(work, owner, "Normal", "SuccessfulDelete", component, "Deleted pod: %s", name);
}

void workload_count_ready(const struct work *work, const json_t *pods, int64_t min_ready_s, json_int_t *ret_ready,
                          json_int_t *ret_available, int64_t *due)
{
    json_int_t ready = 0, available = 0;
    size_t index;
    const json_t *pod;
    json_array_foreach(pods, index, pod)
    {
        int64_t since = 0;
        const char *text = tree_text(work_condition(pod, "Ready"), "lastTransitionTime");
        if (!work_ready(pod))
            continue;
        ready++;
        if (text == NULL || !clock_parse(text, &since) || work->now >= since + min_ready_s * 1000)
            available++;
        else if (since + min_ready_s * 1000 < *due)
            *due = since + min_ready_s * 1000;
    }
    *ret_ready = ready;
    *ret_available = available;
}
