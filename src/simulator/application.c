#include "simulator/application.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/git.h"
#include "simulator/manifest.h"
#include <stdlib.h>
#include <string.h>

#define GROUP         "argoproj.io"
#define MANAGER       "argocd-application-controller"
#define COMPONENT     "argocd-application-controller"
#define LOOK_MS       3000 /* how often an Application is compared */
#define SYNC_MS       2000 /* how long a sync takes at least */
#define HISTORY_LIMIT 10

static const char *repository_of(const json_t *application)
{
    return tree_text(application, "spec", "source", "repoURL");
}

/* Is everything that `wanted` says so in `live`? Lists of objects are matched by name or position. */
static bool contains(const json_t *live, const json_t *wanted)
{
    const char *key;
    json_t *value;
    size_t index;
    if (json_is_object(wanted)) {
        json_object_foreach((json_t *)wanted, key, value)
        {
            if (!contains(json_object_get(live, key), value))
                return false;
        }
        return json_is_object(live);
    }
    if (json_is_array(wanted)) {
        if (json_array_size(live) != json_array_size(wanted))
            return false;
        json_array_foreach((json_t *)wanted, index, value)
        {
            if (!contains(json_array_get(live, index), value))
                return false;
        }
        return true;
    }
    return live != NULL && tree_equal(live, wanted);
}

static const char *destination(const json_t *application)
{
    const char *namespace = tree_text(application, "spec", "destination", "namespace");
    return namespace != NULL ? namespace : "default";
}

static const json_t *live_object(const struct work *work, const json_t *application, const json_t *object)
{
    const char *api_version = tree_text(object, "apiVersion"), *kind = tree_text(object, "kind");
    const char *own = tree_text(object, "metadata", "namespace");
    struct registry_call call = {0};
    if (api_version == NULL || kind == NULL || !registry_resolve(work->registry, api_version, kind, &call))
        return NULL;
    const char *namespace = own != NULL ? own : destination(application);
    return store_get(registry_store(work->registry), call.resource, call.resource->namespaced ? namespace : NULL,
                     work_name(object));
}

static bool in_sync(const struct work *work, const json_t *application, const json_t *objects)
{
    size_t index;
    const json_t *object;
    json_array_foreach(objects, index, object)
    {
        if (!contains(live_object(work, application, object), object))
            return false;
    }
    return objects != NULL;
}

/* "Healthy", "Progressing" or "Degraded", as Argo CD judges Deployments; all else is healthy. */
static const char *health(const struct work *work, const json_t *application, const json_t *objects)
{
    const char *worst = "Healthy";
    size_t index;
    const json_t *object;
    json_array_foreach(objects, index, object)
    {
        const json_t *live = live_object(work, application, object);
        if (live == NULL)
            return "Missing";
        if (!text_equal(tree_text(object, "kind"), "Deployment"))
            continue;
        json_int_t wanted = tree_integer(tree_get(live, "spec", "replicas"), 1);
        if (text_equal(tree_text(work_condition(live, "Progressing"), "reason"), "ProgressDeadlineExceeded"))
            worst = "Degraded";
        else if (tree_integer(tree_get(live, "status", "updatedReplicas"), 0) < wanted ||
                 tree_integer(tree_get(live, "status", "availableReplicas"), 0) < wanted)
            worst = strcmp(worst, "Degraded") == 0 ? worst : "Progressing";
    }
    return worst;
}

static const json_t *same_in(const json_t *objects, const json_t *wanted)
{
    size_t index;
    const json_t *object;
    json_array_foreach(objects, index, object)
    {
        if (text_equal(work_name(object), work_name(wanted)) &&
            text_equal(tree_text(object, "kind"), tree_text(wanted, "kind")))
            return object;
    }
    return NULL;
}

/* Put the commit's objects into the cluster; what went before and is not in it is pruned if asked. */
static char *sync_objects(struct work *work, const json_t *application, const json_t *objects, const json_t *before,
                          bool prune)
{
    char *why = NULL;
    size_t index;
    const json_t *object;
    json_array_foreach(objects, index, object)
    {
        struct manifest_write write = {.object = object,
                                       .before = same_in(before, object),
                                       .manager = "argocd-controller",
                                       .namespace = destination(application)};
        if (!manifest_put(work->registry, &write, &why))
            return why;
    }
    json_array_foreach(before, index, object)
    {
        if (prune && same_in(objects, object) == NULL)
            manifest_remove(work->registry, object, destination(application));
    }
    return NULL;
}

static json_t *status_of(const json_t *application)
{
    const json_t *status = json_object_get(application, "status");
    return status != NULL ? json_deep_copy(status) : json_object();
}

/* The entry for a sync that succeeded, with the next id. */
static void add_history(struct work *work, const json_t *application, json_t *status, const char *revision)
{
    json_t *history = json_object_get(status, "history");
    if (history == NULL) {
        history = json_array();
        json_object_set_new(status, "history", history);
    }
    const json_t *last = json_array_get(history, json_array_size(history) - 1);
    json_array_append_new(history, json_pack("{s:I, s:s, s:o, s:O*, s:O*}", "id",
                                             last != NULL ? tree_integer(json_object_get(last, "id"), 0) + 1 : 0,
                                             "revision", revision, "deployedAt", work_time_text(work->now), "source",
                                             tree_get(application, "spec", "source"), "initiatedBy",
                                             tree_get(status, "operationState", "operation", "initiatedBy")));
    while (json_array_size(history) > HISTORY_LIMIT)
        json_array_remove(history, 0);
}

static void set_application_status(struct work *work, const json_t *application, json_t *status)
{
    json_t *patch = json_pack("{s:o}", "status", status);
    if (!tree_equal(json_object_get(application, "status"), status))
        work_patch(work, MANAGER, GROUP, "applications", application, patch);
    json_decref(patch);
}

/* An operation was asked for: it becomes the state of the operation, and the field is emptied. */
static void start_operation(struct work *work, const json_t *application, const json_t *operation)
{
    json_t *patch = json_pack("{s:n, s:{s:{s:s, s:s, s:o, s:O}}}", "operation", "status", "operationState", "phase",
                              "Running", "message", "waiting for the sync to complete", "startedAt",
                              work_time_text(work->now), "operation", operation);
    json_object_set_new(tree_get(patch, "status", "operationState"), "finishedAt", json_null());
    work_patch(work, MANAGER, GROUP, "applications", application, patch);
    work_event(work, application, "Normal", "OperationStarted", COMPONENT, "Initiated sync");
    json_decref(patch);
}

static const char *wanted_revision(const struct work *work, const json_t *application, const json_t *sync)
{
    const char *asked = tree_text(sync, "revision"),
               *target = tree_text(application, "spec", "source", "targetRevision");
    return git_resolve(work->scenario, repository_of(application), asked != NULL && asked[0] != '\0' ? asked : target,
                       work->now);
}

static int64_t finish_operation(struct work *work, const json_t *application)
{
    const json_t *state = tree_get(application, "status", "operationState");
    const json_t *sync = tree_get(state, "operation", "sync");
    const char *text = tree_text(state, "startedAt"), *repository = repository_of(application);
    int64_t started = 0;
    if (text != NULL && clock_parse(text, &started) && work->now < started + SYNC_MS)
        return started + SYNC_MS;
    CLEANUP_FREE char *revision = memory_text(wanted_revision(work, application, sync));
    const json_t *objects = revision != NULL ? git_objects(work->scenario, repository, revision) : NULL;
    const char *last = tree_text(application, "status", "sync", "revision");
    CLEANUP_FREE char *why = objects == NULL
                                 ? memory_text("unable to resolve the revision")
                                 : sync_objects(work, application, objects,
                                                last != NULL ? git_objects(work->scenario, repository, last) : NULL,
                                                json_is_true(json_object_get(sync, "prune")));
    json_t *status = status_of(application), *after = json_object_get(status, "operationState");
    json_object_set_new(after, "phase", json_string(why == NULL ? "Succeeded" : "Failed"));
    json_object_set_new(after, "message", json_string(why == NULL ? "successfully synced (all tasks run)" : why));
    json_object_set_new(after, "finishedAt", work_time_text(work->now));
    if (why == NULL) {
        json_object_set_new(after, "syncResult", json_pack("{s:s}", "revision", revision));
        json_object_set_new(status, "sync", json_pack("{s:s, s:s}", "status", "Synced", "revision", revision));
        add_history(work, application, status, revision);
    }
    set_application_status(work, application, status);
    if (why == NULL)
        work_event(work, application, "Normal", "OperationCompleted", COMPONENT, "Sync operation to %s succeeded",
                   revision);
    else
        work_event(work, application, "Warning", "OperationCompleted", COMPONENT, "Sync operation failed: %s", why);
    return work->now + LOOK_MS;
}

/* `automated: {}` is on; `enabled: false` switches it off. */
static bool is_automated(const json_t *application)
{
    const json_t *automated = tree_get(application, "spec", "syncPolicy", "automated");
    return json_is_object(automated) && !json_is_false(json_object_get(automated, "enabled"));
}

/* Does Argo CD sync by itself now? For a new commit; with selfHeal for any difference. */
static bool heals(const json_t *application, const char *revision)
{
    const char *synced = tree_text(application, "status", "operationState", "syncResult", "revision");
    return is_automated(application) &&
           (!text_equal(synced, revision) ||
            json_is_true(tree_get(application, "spec", "syncPolicy", "automated", "selfHeal")));
}

static void start_healing(struct work *work, const json_t *application, const char *revision)
{
    json_t *operation =
        json_pack("{s:{s:b}, s:{s:s, s:b}}", "initiatedBy", "automated", 1, "sync", "revision", revision, "prune",
                  json_is_true(tree_get(application, "spec", "syncPolicy", "automated", "prune")));
    start_operation(work, application, operation);
    json_decref(operation);
}

int64_t application_reconcile(struct work *work, const json_t *application)
{
    const json_t *operation = json_object_get(application, "operation");
    const char *repository = repository_of(application);
    if (work_being_deleted(application) || repository == NULL || work->scenario == NULL)
        return WORK_NEVER;
    if (text_equal(tree_text(application, "status", "operationState", "phase"), "Running"))
        return finish_operation(work, application);
    if (json_object_get(operation, "sync") != NULL) {
        start_operation(work, application, operation);
        return work->now + SYNC_MS;
    }
    CLEANUP_FREE char *revision = memory_text(wanted_revision(work, application, NULL));
    const json_t *objects = revision != NULL ? git_objects(work->scenario, repository, revision) : NULL;
    bool synced = in_sync(work, application, objects);
    if (objects != NULL && !synced && heals(application, revision)) {
        start_healing(work, application, revision);
        return work->now + SYNC_MS;
    }
    json_t *status = status_of(application);
    json_object_set_new(status, "sync",
                        json_pack("{s:s, s:s*}", "status",
                                  objects == NULL ? "Unknown"
                                  : synced        ? "Synced"
                                                  : "OutOfSync",
                                  "revision", revision));
    json_object_set_new(status, "health", json_pack("{s:s}", "status", health(work, application, objects)));
    set_application_status(work, application, status);
    return work->now + LOOK_MS;
}
