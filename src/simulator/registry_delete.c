/* Deletes: preconditions, graces, finalizers and the way dependents go (apiserver pkg/registry/rest/delete.go). */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/definition.h"
#include "simulator/registry_core.h"
#include <inttypes.h>
#include <string.h>

#define POD_GRACE_S   30
#define GRACE_LIMIT_S (10LL * 365 * 24 * 3600)

bool registry_has_finalizer(const json_t *object, const char *finalizer)
{
    const json_t *finalizers = tree_get(object, "metadata", "finalizers");
    for (size_t i = 0; i < json_array_size(finalizers); i++)
        if (text_equal(json_string_value(json_array_get(finalizers, i)), finalizer))
            return true;
    return false;
}

void registry_drop_finalizer(json_t *object, const char *finalizer)
{
    json_t *finalizers = tree_get(object, "metadata", "finalizers");
    for (size_t i = json_array_size(finalizers); i > 0; i--)
        if (text_equal(json_string_value(json_array_get(finalizers, i - 1)), finalizer))
            json_array_remove(finalizers, i - 1);
    if (json_array_size(finalizers) == 0)
        json_object_del(json_object_get(object, "metadata"), "finalizers");
}

static void add_finalizer(json_t *object, const char *finalizer)
{
    if (registry_has_finalizer(object, finalizer))
        return;
    json_t *metadata = json_object_get(object, "metadata");
    if (!json_is_array(json_object_get(metadata, "finalizers")))
        json_object_set_new(metadata, "finalizers", json_array());
    json_array_append_new(json_object_get(metadata, "finalizers"), json_string(finalizer));
}

/* Nothing holds it: it was deleted, its grace is over, and no finalizer is left. */
static bool is_released(const json_t *object)
{
    return tree_get(object, "metadata", "deletionTimestamp") != NULL &&
           json_array_size(tree_get(object, "metadata", "finalizers")) == 0 &&
           tree_integer(tree_get(object, "metadata", "deletionGracePeriodSeconds"), 0) == 0 &&
           json_array_size(tree_get(object, "spec", "finalizers")) == 0;
}

void registry_take_away(struct registry *registry, const struct resource *resource, const json_t *object)
{
    json_t *last = json_incref((json_t *)object);
    store_remove(registry->store, resource, tree_text(last, "metadata", "namespace"),
                 tree_text(last, "metadata", "name"));
    if (definition_is(resource))
        resources_undefine(registry->resources, last);
    json_decref(last);
}

json_t *registry_keep(struct registry *registry, const struct resource *resource, json_t *object)
{
    json_t *stored = store_put(registry->store, resource, object);
    if (definition_is(resource))
        resources_define(registry->resources, stored);
    if (is_released(stored)) {
        json_incref(stored);
        registry_take_away(registry, resource, stored);
        json_decref(stored);
        return NULL;
    }
    return stored;
}

static bool refuse_precondition(const struct registry_call *call, const char *what, const char *wanted,
                                const char *found, const char *end, struct refusal *refusal)
{
    CLEANUP_FREE char *why =
        memory_format("the %s in the precondition (%s) does not match the %s in record (%s). The object might have "
                      "been %s",
                      what, wanted, what, found, end);
    refusal_conflict(refusal, "", call->resource->kind, call->name, why);
    if (refusal != NULL && call->resource->group[0] != '\0')
        json_object_set_new(refusal->details, "group", json_string(call->resource->group));
    return false;
}

static bool check_preconditions(const struct registry_call *call, const json_t *live,
                                const struct registry_delete *options, struct refusal *refusal)
{
    const char *uid = tree_text(live, "metadata", "uid");
    const char *version = tree_text(live, "metadata", "resourceVersion");
    if (options->uid != NULL && !text_equal(options->uid, uid))
        return refuse_precondition(call, "UID", options->uid, uid, "deleted and then recreated", refusal);
    if (options->resource_version != NULL && !text_equal(options->resource_version, version))
        return refuse_precondition(call, "ResourceVersion", options->resource_version, version, "modified", refusal);
    return true;
}

static bool check_namespace(const struct registry_call *call, struct refusal *refusal)
{
    static const char *const immortal[] = {"default", "kube-system", "kube-public"};
    for (size_t i = 0; i < LENGTH_OF(immortal); i++)
        if (text_equal(call->name, immortal[i]))
            return refusal_forbidden(refusal, "", "namespaces", call->name, "this namespace may not be deleted");
    return true;
}

/* Only pods end slowly, and only where a kubelet has them. */
static int64_t grace_of(const struct resource *resource, const json_t *live, const struct registry_delete *options)
{
    const char *phase = tree_text(live, "status", "phase");
    const char *node = tree_text(live, "spec", "nodeName");
    if (resource->crd != NULL || !text_equal(resource->kind, "Pod") || node == NULL || node[0] == '\0' ||
        text_equal(phase, "Succeeded") || text_equal(phase, "Failed"))
        return 0;
    int64_t grace = options->grace_s >= 0
                        ? options->grace_s
                        : tree_integer(tree_get(live, "spec", "terminationGracePeriodSeconds"), POD_GRACE_S);
    return grace < 0 ? 0 : grace > GRACE_LIMIT_S ? GRACE_LIMIT_S : grace;
}

/* Jobs and ReplicationControllers leave their pods behind unless told otherwise. */
static enum registry_propagation propagation_of(const struct registry_call *call, const struct registry_delete *options)
{
    const struct resource *resource = call->resource;
    if (options->propagation != REGISTRY_DEFAULT_PROPAGATION)
        return options->propagation;
    bool orphans = resource->crd == NULL &&
                   (text_equal(resource->kind, "Job") || text_equal(resource->kind, "ReplicationController"));
    if (orphans && call->warnings != NULL && text_equal(resource->kind, "Job"))
        json_array_append_new(call->warnings,
                              json_string("child pods are preserved by default when jobs are deleted; set "
                                          "propagationPolicy=Background to remove them or set "
                                          "propagationPolicy=Orphan to suppress this warning"));
    return orphans ? REGISTRY_ORPHAN : REGISTRY_DEFAULT_PROPAGATION;
}

static void choose_finalizers(json_t *object, enum registry_propagation propagation)
{
    if (propagation == REGISTRY_DEFAULT_PROPAGATION)
        return;
    registry_drop_finalizer(object, "orphan");
    registry_drop_finalizer(object, "foregroundDeletion");
    if (propagation == REGISTRY_ORPHAN)
        add_finalizer(object, "orphan");
    if (propagation == REGISTRY_FOREGROUND)
        add_finalizer(object, "foregroundDeletion");
}

/* Mark an object as being deleted; a second delete may shorten its grace only. */
static void mark(const struct registry *registry, json_t *object, int64_t grace)
{
    json_t *metadata = json_object_get(object, "metadata");
    bool again = json_object_get(metadata, "deletionTimestamp") != NULL;
    int64_t before = tree_integer(json_object_get(metadata, "deletionGracePeriodSeconds"), 0);
    if (again && before <= grace)
        return;
    int64_t generation = tree_integer(json_object_get(metadata, "generation"), 0);
    if (!again && generation > 0)
        json_object_set_new(metadata, "generation", json_integer(generation + 1));
    char time[32];
    int64_t now = clock_wall_ms(registry->clock);
    clock_format(now - now % 1000 + grace * 1000, time, sizeof time);
    json_object_set_new(metadata, "deletionTimestamp", json_string(time));
    json_object_set_new(metadata, "deletionGracePeriodSeconds", json_integer(grace));
}

/* What the object is like once it is asked to go; the caller's. */
static json_t *condemned(const struct registry *registry, const struct registry_call *call, const json_t *live,
                         const struct registry_delete *options)
{
    json_t *object = registry_editable(live);
    choose_finalizers(object, propagation_of(call, options));
    if (definition_is(call->resource)) {
        json_t *now = registry_now(registry);
        definition_end(object, now);
        json_decref(now);
    }
    mark(registry, object, grace_of(call->resource, live, options));
    if (text_equal(call->resource->plural, "namespaces") && call->resource->crd == NULL) {
        json_object_del(json_object_get(object, "metadata"), "deletionGracePeriodSeconds");
        json_object_set_new(object, "status", json_pack("{s:s}", "phase", "Terminating"));
    }
    return object;
}

bool registry_delete(struct registry *registry, const struct registry_call *call, const struct registry_delete *options,
                     json_t **ret_object, bool *ret_gone, struct refusal *refusal)
{
    static const struct registry_delete defaults = {.grace_s = -1};
    const struct resource *resource = call->resource;
    json_t *live = registry_live(registry, call);
    options = options != NULL ? options : &defaults;
    if (live == NULL)
        return refusal_not_found(refusal, resource->group, resource->plural, call->name);
    if ((call->user != NULL && !registry_readable(resource, live, refusal)) ||
        !check_preconditions(call, live, options, refusal) ||
        !registry_allowed(registry, call, "DELETE", live, refusal))
        return false;
    if (text_equal(resource->plural, "namespaces") && resource->crd == NULL && !check_namespace(call, refusal))
        return false;
    json_t *object = condemned(registry, call, live, options);
    bool gone = is_released(object);
    json_incref(live);
    if (gone && !call->dry_run)
        registry_take_away(registry, resource, live);
    else if (!call->dry_run && !json_equal(object, live))
        registry_keep(registry, resource, json_incref(object));
    if (ret_object != NULL)
        *ret_object = registry_shown(call, gone ? live : object);
    if (ret_gone != NULL)
        *ret_gone = gone;
    json_decref(live);
    json_decref(object);
    return true;
}
