#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/workload.h"
#include <stdlib.h>
#include <string.h>

#define MANAGER   "kube-controller-manager"
#define COMPONENT "statefulset-controller"
#define HASH      "controller-revision-hash"
#define RETRY_MS  10000

/* The revision of today's template: "web-6c9f5". The caller's. */
static char *update_revision(const json_t *set)
{
    CLEANUP_FREE char *hash = work_template_hash(tree_get(set, "spec", "template"));
    return memory_format("%s-%s", work_name(set), hash);
}

/* Keep the template as a ControllerRevision, as `kubectl rollout undo` wants it. */
static void keep_revision(struct work *work, const json_t *set, const char *name)
{
    json_t *revisions = work_children(work, set, "apps", "controllerrevisions");
    json_int_t newest = 0;
    bool there = false;
    size_t index;
    const json_t *one;
    json_array_foreach(revisions, index, one)
    {
        json_int_t number = json_integer_value(json_object_get(one, "revision"));
        newest = number > newest ? number : newest;
        there = there || text_equal(work_name(one), name);
    }
    json_decref(revisions);
    if (there)
        return;
    json_t *kept = json_deep_copy(tree_get(set, "spec", "template"));
    json_object_set_new(kept, "$patch", json_string("replace"));
    json_t *revision =
        json_pack("{s:s, s:s, s:{s:s, s:s, s:O*, s:o}, s:{s:{s:o}}, s:I}", "apiVersion", "apps/v1", "kind",
                  "ControllerRevision", "metadata", "name", name, "namespace", work_namespace(set), "labels",
                  tree_get(set, "spec", "template", "metadata", "labels"), "ownerReferences",
                  work_owner_references(set), "data", "spec", "template", kept, "revision", newest + 1);
    work_create(work, MANAGER, "apps", "controllerrevisions", revision, NULL);
    json_decref(revision);
}

/* The claims of one pod: "data-web-0" for the template "data". They outlive the pod. */
static void make_claims(struct work *work, const json_t *set, const char *pod)
{
    size_t index;
    const json_t *template;
    json_array_foreach(tree_get(set, "spec", "volumeClaimTemplates"), index, template)
    {
        CLEANUP_FREE char *name = memory_format("%s-%s", work_name(template), pod);
        if (work_get(work, "", "persistentvolumeclaims", work_namespace(set), name) != NULL)
            continue;
        json_t *claim =
            json_pack("{s:s, s:s, s:{s:s, s:s, s:O*}, s:O}", "apiVersion", "v1", "kind", "PersistentVolumeClaim",
                      "metadata", "name", name, "namespace", work_namespace(set), "labels",
                      tree_get(set, "spec", "selector", "matchLabels"), "spec", json_object_get(template, "spec"));
        if (work_create(work, MANAGER, "", "persistentvolumeclaims", claim, NULL))
            work_event(work, set, "Normal", "SuccessfulCreate", COMPONENT,
                       "create Claim %s Pod %s in StatefulSet %s success", name, pod, work_name(set));
        json_decref(claim);
    }
}

/* The claims as volumes of the pod, under their templates' names. */
static void mount_claims(const json_t *set, json_t *pod, const char *name)
{
    json_t *spec = json_object_get(pod, "spec"), *volumes = json_object_get(spec, "volumes");
    size_t index;
    const json_t *template;
    if (volumes == NULL) {
        volumes = json_array();
        json_object_set_new(spec, "volumes", volumes);
    }
    json_array_foreach(tree_get(set, "spec", "volumeClaimTemplates"), index, template)
    {
        CLEANUP_FREE char *claim = memory_format("%s-%s", work_name(template), name);
        json_array_append_new(volumes, json_pack("{s:s, s:{s:s}}", "name", work_name(template), "persistentVolumeClaim",
                                                 "claimName", claim));
    }
}

static bool make_pod(struct work *work, const json_t *set, json_int_t number, const char *revision)
{
    CLEANUP_FREE char *name = memory_format("%s-%lld", work_name(set), (long long)number);
    CLEANUP_FREE char *position = memory_format("%lld", (long long)number);
    make_claims(work, set, name);
    json_t *pod = workload_pod(work, set, tree_get(set, "spec", "template"), work_name(set), name);
    json_t *labels = tree_get(pod, "metadata", "labels");
    mount_claims(set, pod, name);
    json_object_set_new(labels, HASH, json_string(revision));
    json_object_set_new(labels, "statefulset.kubernetes.io/pod-name", json_string(name));
    json_object_set_new(labels, "apps.kubernetes.io/pod-index", json_string(position));
    CLEANUP_FREE char *why = NULL;
    bool good = work_create(work, MANAGER, "", "pods", pod, &why);
    if (good)
        work_event(work, set, "Normal", "SuccessfulCreate", COMPONENT, "create Pod %s in StatefulSet %s successful",
                   name, work_name(set));
    else
        work_event(work, set, "Warning", "FailedCreate", COMPONENT, "create Pod %s in StatefulSet %s failed error: %s",
                   name, work_name(set), why);
    json_decref(pod);
    return good;
}

static void delete_pod(struct work *work, const json_t *set, const json_t *pod)
{
    CLEANUP_FREE char *name = memory_text(work_name(pod));
    if (work_delete(work, "", "pods", pod))
        work_event(work, set, "Normal", "SuccessfulDelete", COMPONENT, "delete Pod %s in StatefulSet %s successful",
                   name, work_name(set));
}

static const json_t *pod_at(const struct work *work, const json_t *set, json_int_t number)
{
    CLEANUP_FREE char *name = memory_format("%s-%lld", work_name(set), (long long)number);
    return work_get(work, "", "pods", work_namespace(set), name);
}

/* From the first to the last: each pod is there and ready before the next one is made, unless they are made in
 * parallel. */
static bool grow(struct work *work, const json_t *set, json_int_t wanted, const char *revision, int64_t *due)
{
    bool parallel = text_equal(tree_text(set, "spec", "podManagementPolicy"), "Parallel"), complete = true;
    for (json_int_t number = 0; number < wanted; number++) {
        const json_t *pod = pod_at(work, set, number);
        if (pod == NULL && !make_pod(work, set, number, revision))
            *due = work->now + RETRY_MS;
        if (pod == NULL || !work_ready(pod)) {
            complete = false;
            if (!parallel)
                return false;
        }
    }
    return complete;
}

/* From the last down to the wanted number, one at a time. */
static bool shrink(struct work *work, const json_t *set, json_int_t wanted)
{
    json_t *pods = work_children(work, set, "", "pods");
    const json_t *last = NULL;
    json_int_t highest = wanted - 1;
    size_t index;
    const json_t *pod;
    json_array_foreach(pods, index, pod)
    {
        const char *dash = strrchr(work_name(pod), '-');
        json_int_t number = dash != NULL ? strtoll(dash + 1, NULL, 10) : -1;
        if (number > highest) {
            highest = number;
            last = pod;
        }
    }
    if (last != NULL && !work_being_deleted(last))
        delete_pod(work, set, last);
    json_decref(pods);
    return last == NULL;
}

/* Replace pods of an older template, from the last to the partition, each ready before the next goes. */
static void replace_old(struct work *work, const json_t *set, json_int_t wanted, const char *revision)
{
    const json_t *strategy = tree_get(set, "spec", "updateStrategy");
    json_int_t partition = tree_integer(tree_get(strategy, "rollingUpdate", "partition"), 0);
    if (!text_equal(tree_text(strategy, "type"), "RollingUpdate"))
        return;
    for (json_int_t number = wanted - 1; number >= partition && number >= 0; number--) {
        const json_t *pod = pod_at(work, set, number);
        if (pod == NULL || work_being_deleted(pod))
            return;
        if (!text_equal(tree_text(pod, "metadata", "labels", HASH), revision)) {
            delete_pod(work, set, pod);
            return;
        }
        if (!work_ready(pod))
            return;
    }
}

static json_int_t count_updated(const json_t *pods, const char *revision)
{
    json_int_t count = 0;
    size_t index;
    const json_t *pod;
    json_array_foreach(pods, index, pod)
    {
        count += text_equal(tree_text(pod, "metadata", "labels", HASH), revision);
    }
    return count;
}

static void report(struct work *work, const json_t *set, json_int_t wanted, const char *revision, int64_t *due)
{
    json_t *pods = work_children(work, set, "", "pods");
    json_int_t all = (json_int_t)json_array_size(pods), updated = count_updated(pods, revision), ready, available;
    const char *current = tree_text(set, "status", "currentRevision");
    workload_count_ready(work, pods, tree_integer(tree_get(set, "spec", "minReadySeconds"), 0), &ready, &available,
                         due);
    bool done = updated == all && all == wanted && ready == wanted;
    const char *shown = current == NULL || done ? revision : current;
    json_t *status = json_pack("{s:O, s:I, s:I, s:s, s:s, s:i}", "observedGeneration",
                               tree_get(set, "metadata", "generation"), "replicas", all, "availableReplicas", available,
                               "currentRevision", shown, "updateRevision", revision, "collisionCount", 0);
    json_int_t old = text_equal(shown, revision) ? updated : all - updated;
    if (ready > 0)
        json_object_set_new(status, "readyReplicas", json_integer(ready));
    if (old > 0)
        json_object_set_new(status, "currentReplicas", json_integer(old));
    if (updated > 0)
        json_object_set_new(status, "updatedReplicas", json_integer(updated));
    work_set_status(work, MANAGER, "apps", "statefulsets", set, status);
    json_decref(pods);
}

int64_t stateful_set_reconcile(struct work *work, const json_t *set)
{
    int64_t due = WORK_NEVER;
    json_int_t wanted = workload_replicas(set);
    if (work_being_deleted(set))
        return WORK_NEVER;
    CLEANUP_FREE char *revision = update_revision(set);
    keep_revision(work, set, revision);
    if (grow(work, set, wanted, revision, &due) && shrink(work, set, wanted))
        replace_old(work, set, wanted, revision);
    report(work, set, wanted, revision, &due);
    return due;
}
