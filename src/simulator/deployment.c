/* Rollouts as kubernetes pkg/controller/deployment does them. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/rollout.h"
#include "simulator/workload.h"
#include <stdlib.h>
#include <string.h>

#define MANAGER      "kube-controller-manager"
#define HASH         "pod-template-hash"
#define REVISION     "deployment.kubernetes.io/revision"
#define DESIRED      "deployment.kubernetes.io/desired-replicas"
#define MAXIMUM      "deployment.kubernetes.io/max-replicas"
#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"

/* One look at a Deployment. `sets` holds references to its ReplicaSets; `current` is borrowed from it. */
struct view {
    struct work *work;
    const json_t *deployment;
    json_t *sets;
    json_t *current; /* the ReplicaSet of today's template, or NULL */
    struct rollout rollout;
};

static json_int_t revision_of(const json_t *object)
{
    const char *text = tree_text(object, "metadata", "annotations", REVISION);
    return text != NULL ? strtoll(text, NULL, 10) : 0;
}

static bool same_template(const json_t *set, const json_t *deployment)
{
    json_t *theirs = json_deep_copy(tree_get(set, "spec", "template"));
    json_t *labels = tree_get(theirs, "metadata", "labels");
    json_object_del(labels, HASH);
    bool same = tree_equal(theirs, tree_get(deployment, "spec", "template"));
    json_decref(theirs);
    return same;
}

static json_int_t newest_revision(const json_t *sets)
{
    json_int_t newest = 0;
    size_t index;
    const json_t *set;
    json_array_foreach(sets, index, set)
    {
        newest = revision_of(set) > newest ? revision_of(set) : newest;
    }
    return newest;
}

/* The annotations that a ReplicaSet has from its Deployment, with its own. The caller's. */
static json_t *set_annotations(const struct view *view, const char *revision)
{
    json_t *annotations = json_object();
    const char *key;
    json_t *value;
    json_object_foreach(tree_get(view->deployment, "metadata", "annotations"), key, value)
    {
        if (strcmp(key, LAST_APPLIED) != 0 && strcmp(key, REVISION) != 0)
            json_object_set(annotations, key, value);
    }
    CLEANUP_FREE char *desired = memory_format("%lld", (long long)view->rollout.wanted);
    CLEANUP_FREE char *maximum = memory_format("%lld", (long long)(view->rollout.wanted + view->rollout.surge));
    json_object_set_new(annotations, DESIRED, json_string(desired));
    json_object_set_new(annotations, MAXIMUM, json_string(maximum));
    json_object_set_new(annotations, REVISION, json_string(revision));
    return annotations;
}

static void scaled_event(struct view *view, const json_t *set, json_int_t from, json_int_t to)
{
    if (from != to)
        work_event(view->work, view->deployment, "Normal", "ScalingReplicaSet", "deployment-controller",
                   "Scaled %s replica set %s from %lld to %lld", to > from ? "up" : "down", work_name(set),
                   (long long)from, (long long)to);
}

static void create_set(struct view *view, json_int_t replicas)
{
    const json_t *spec = json_object_get(view->deployment, "spec");
    json_t *pod_template = json_deep_copy(json_object_get(spec, "template"));
    json_t *selector = json_deep_copy(json_object_get(spec, "selector"));
    CLEANUP_FREE char *hash = work_template_hash(pod_template);
    CLEANUP_FREE char *name = memory_format("%s-%s", work_name(view->deployment), hash);
    CLEANUP_FREE char *revision = memory_format("%lld", (long long)newest_revision(view->sets) + 1);
    json_object_set_new(tree_get(pod_template, "metadata", "labels"), HASH, json_string(hash));
    if (json_object_get(selector, "matchLabels") == NULL)
        json_object_set_new(selector, "matchLabels", json_object());
    json_object_set_new(json_object_get(selector, "matchLabels"), HASH, json_string(hash));
    json_t *set =
        json_pack("{s:s, s:s, s:{s:s, s:s, s:O, s:o, s:o}, s:{s:I, s:o, s:o}}", "apiVersion", "apps/v1", "kind",
                  "ReplicaSet", "metadata", "name", name, "namespace", work_namespace(view->deployment), "labels",
                  tree_get(pod_template, "metadata", "labels"), "annotations", set_annotations(view, revision),
                  "ownerReferences", work_owner_references(view->deployment), "spec", "replicas", replicas, "selector",
                  selector, "template", pod_template);
    const json_t *minimum = json_object_get(spec, "minReadySeconds");
    if (minimum != NULL)
        json_object_set(json_object_get(set, "spec"), "minReadySeconds", (json_t *)minimum);
    if (work_create(view->work, MANAGER, "apps", "replicasets", set, NULL))
        scaled_event(view, set, 0, replicas);
    json_decref(set);
}

/* Give the current ReplicaSet the newest revision and the Deployment's annotations. */
static void update_current(struct view *view)
{
    json_int_t own = revision_of(view->current), newest = newest_revision(view->sets);
    CLEANUP_FREE char *revision = memory_format("%lld", (long long)(own < newest ? newest + 1 : own));
    json_t *annotations = set_annotations(view, revision);
    if (!tree_equal(tree_get(view->current, "metadata", "annotations"), annotations)) {
        json_t *patch = json_pack("{s:{s:O}}", "metadata", "annotations", annotations);
        work_patch(view->work, MANAGER, "apps", "replicasets", view->current, patch);
        json_decref(patch);
    }
    json_decref(annotations);
    if (text_equal(tree_text(view->deployment, "metadata", "annotations", REVISION), revision))
        return;
    json_t *patch = json_pack("{s:{s:{s:s}}}", "metadata", "annotations", REVISION, revision);
    work_patch_status(view->work, MANAGER, "apps", "deployments", view->deployment, patch);
    json_decref(patch);
}

static void scale_set(struct view *view, const json_t *set, json_int_t to)
{
    json_int_t from = workload_replicas(set);
    if (from == to)
        return;
    json_t *patch = json_pack("{s:{s:I}}", "spec", "replicas", to);
    if (work_patch(view->work, MANAGER, "apps", "replicasets", set, patch))
        scaled_event(view, set, from, to);
    json_decref(patch);
}

static json_int_t status_number(const json_t *set, const char *field)
{
    return tree_integer(tree_get(set, "status", field), 0);
}

static void look(struct view *view)
{
    struct rollout *rollout = &view->rollout;
    size_t index;
    json_t *set;
    rollout_read(rollout, json_object_get(view->deployment, "spec"));
    json_array_foreach(view->sets, index, set)
    {
        if (view->current == NULL && same_template(set, view->deployment))
            view->current = set;
        rollout->asked += workload_replicas(set);
        rollout->running += status_number(set, "replicas");
        rollout->ready += status_number(set, "readyReplicas");
        rollout->available += status_number(set, "availableReplicas");
    }
    if (view->current != NULL) {
        rollout->current_asked = workload_replicas(view->current);
        rollout->current_running = status_number(view->current, "replicas");
        rollout->current_available = status_number(view->current, "availableReplicas");
    }
}

static bool is_old(const struct view *view, const json_t *set)
{
    return set != view->current;
}

/* Take pods from the old ReplicaSets: first those that are not available anyway, then as many as may be missing. */
static void scale_old_down(struct view *view)
{
    json_int_t spare = rollout_spare(&view->rollout);
    for (int unhealthy = 1; unhealthy >= 0 && spare > 0; unhealthy--) {
        size_t index;
        json_t *set;
        json_int_t healthy_spare = view->rollout.available - rollout_minimum(&view->rollout);
        json_array_foreach(view->sets, index, set)
        {
            json_int_t asked = workload_replicas(set), sick = asked - status_number(set, "availableReplicas");
            json_int_t most = unhealthy ? sick : healthy_spare;
            json_int_t take = most < spare ? most : spare;
            take = take < asked ? take : asked;
            if (!is_old(view, set) || take <= 0)
                continue;
            scale_set(view, set, asked - take);
            spare -= take;
            if (!unhealthy)
                healthy_spare -= take;
        }
        if (unhealthy && spare > 0) {
            json_decref(view->sets);
            view->sets = work_children(view->work, view->deployment, "apps", "replicasets");
            view->current = NULL;
            view->rollout = (struct rollout){0};
            look(view);
            spare = view->rollout.available - rollout_minimum(&view->rollout);
        }
    }
}

static void recreate(struct view *view)
{
    bool running = false;
    size_t index;
    json_t *set;
    json_array_foreach(view->sets, index, set)
    {
        if (is_old(view, set)) {
            json_t *pods = work_children(view->work, set, "", "pods");
            running = running || json_array_size(pods) > 0;
            json_decref(pods);
            scale_set(view, set, 0);
        }
    }
    if (running)
        return;
    if (view->current == NULL)
        create_set(view, view->rollout.wanted);
    else
        scale_set(view, view->current, view->rollout.wanted);
}

static void roll(struct view *view)
{
    if (view->current == NULL) {
        create_set(view, rollout_next_current(&view->rollout));
        return;
    }
    json_int_t next = rollout_next_current(&view->rollout);
    if (next != view->rollout.current_asked) {
        scale_set(view, view->current, next);
        return;
    }
    scale_old_down(view);
}

/* A paused Deployment is scaled, not rolled. */
static void scale_only(struct view *view)
{
    size_t index;
    json_t *set;
    json_array_foreach(view->sets, index, set)
    {
        if (workload_replicas(set) > 0 && json_array_size(view->sets) > 0 &&
            view->rollout.asked == workload_replicas(set))
            scale_set(view, set, view->rollout.wanted);
    }
}

/* Old ReplicaSets without pods, beyond revisionHistoryLimit, oldest first. */
static void clean_up(struct view *view)
{
    json_int_t limit = tree_integer(tree_get(view->deployment, "spec", "revisionHistoryLimit"), 10);
    for (;;) {
        const json_t *oldest = NULL;
        json_int_t count = 0;
        size_t index;
        json_t *set;
        json_array_foreach(view->sets, index, set)
        {
            if (!is_old(view, set) || workload_replicas(set) > 0 || status_number(set, "replicas") > 0)
                continue;
            count++;
            if (oldest == NULL || revision_of(set) < revision_of(oldest))
                oldest = set;
        }
        if (count <= limit || !work_delete(view->work, "apps", "replicasets", oldest))
            return;
        json_array_foreach(view->sets, index, set)
        {
            if (set == oldest) {
                json_array_remove(view->sets, index);
                break;
            }
        }
    }
}

int64_t deployment_reconcile(struct work *work, const json_t *deployment)
{
    if (work_being_deleted(deployment))
        return WORK_NEVER;
    struct view view = {.work = work, .deployment = deployment};
    view.sets = work_children(work, deployment, "apps", "replicasets");
    look(&view);
    if (view.current != NULL)
        update_current(&view);
    if (json_is_true(tree_get(deployment, "spec", "paused")))
        scale_only(&view);
    else if (text_equal(tree_text(deployment, "spec", "strategy", "type"), "Recreate"))
        recreate(&view);
    else
        roll(&view);
    if (view.current != NULL && rollout_complete(&view.rollout))
        clean_up(&view);
    json_t *now =
        json_incref((json_t *)work_get(work, "apps", "deployments", work_namespace(deployment), work_name(deployment)));
    int64_t due = now != NULL ? rollout_report(work, now, view.current, &view.rollout) : WORK_NEVER;
    json_decref(now);
    json_decref(view.sets);
    return due;
}
