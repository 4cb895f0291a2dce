/*
 * What follows from a delete: dependents go or are let go, the content of namespaces and the objects of definitions go
 * with them (kube-controller-manager's garbage collector and namespace controller, apiextensions' finalizer).
 */
#include "base/array.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/definition.h"
#include "simulator/registry_core.h"
#include <stdlib.h>

/* An object to look at again after the walk: writes are not allowed while the store is walked. */
struct candidate {
    const struct resource *resource;
    json_t *object;
};

static void free_candidate(void *item)
{
    struct candidate *candidate = item;
    json_decref(candidate->object);
    free(candidate);
}

typedef bool (*candidate_test)(const struct registry *registry, const json_t *object, const void *context);

static void collect_resource(const struct registry *registry, const struct resource *resource, candidate_test test,
                             const void *context, struct array *found)
{
    size_t count = store_count(registry->store, resource);
    for (size_t i = 0; i < count; i++) {
        json_t *object = store_at(registry->store, resource, i);
        if (!test(registry, object, context))
            continue;
        struct candidate *candidate = memory_new(sizeof *candidate);
        *candidate = (struct candidate){.resource = resource, .object = json_incref(object)};
        array_append(found, candidate);
    }
}

static void collect(const struct registry *registry, candidate_test test, const void *context, struct array *found)
{
    *found = (struct array){.free_item = free_candidate};
    for (size_t i = 0; i < resources_count(registry->resources); i++)
        collect_resource(registry, resources_at(registry->resources, i), test, context, found);
}

static void delete_object(struct registry *registry, const struct resource *resource, const json_t *object,
                          enum registry_propagation propagation)
{
    struct registry_call call = {.resource = resource,
                                 .namespace = tree_text(object, "metadata", "namespace"),
                                 .name = tree_text(object, "metadata", "name")};
    struct registry_delete options = {
        .uid = tree_text(object, "metadata", "uid"), .grace_s = -1, .propagation = propagation};
    registry_delete(registry, &call, &options, NULL, NULL, NULL);
}

static bool has_owner_or_is_ending(const struct registry *registry, const json_t *object, const void *context)
{
    (void)registry;
    (void)context;
    return json_array_size(tree_get(object, "metadata", "ownerReferences")) > 0 ||
           registry_has_finalizer(object, "orphan") || registry_has_finalizer(object, "foregroundDeletion");
}

/* How the owners of an object stand. */
struct owners {
    size_t here;       /* that stay */
    size_t gone;       /* that are no more */
    size_t waiting;    /* that are being deleted and wait for their dependents */
    size_t letting_go; /* that are being deleted and leave their dependents behind */
};

static struct owners look_at_owners(const struct registry *registry, const json_t *object)
{
    struct owners owners = {0};
    const json_t *references = tree_get(object, "metadata", "ownerReferences");
    for (size_t i = 0; i < json_array_size(references); i++) {
        const char *uid = tree_text(json_array_get(references, i), "uid");
        const json_t *owner = uid != NULL ? store_get_uid(registry->store, uid, NULL) : NULL;
        bool ending = owner != NULL && tree_get(owner, "metadata", "deletionTimestamp") != NULL;
        owners.gone += owner == NULL;
        owners.waiting += ending && registry_has_finalizer(owner, "foregroundDeletion");
        owners.letting_go += ending && registry_has_finalizer(owner, "orphan");
        owners.here += owner != NULL && (!ending || (!registry_has_finalizer(owner, "foregroundDeletion") &&
                                                     !registry_has_finalizer(owner, "orphan")));
    }
    return owners;
}

/* Take references out of an object: to owners that are gone, or that let it go. */
static void drop_references(struct registry *registry, const struct candidate *candidate)
{
    json_t *object = registry_editable(candidate->object);
    json_t *references = tree_get(object, "metadata", "ownerReferences");
    for (size_t i = json_array_size(references); i > 0; i--) {
        const char *uid = tree_text(json_array_get(references, i - 1), "uid");
        const json_t *owner = uid != NULL ? store_get_uid(registry->store, uid, NULL) : NULL;
        if (owner == NULL || registry_has_finalizer(owner, "orphan"))
            json_array_remove(references, i - 1);
    }
    if (json_array_size(references) == 0)
        json_object_del(json_object_get(object, "metadata"), "ownerReferences");
    registry_keep(registry, candidate->resource, object);
}

static bool is_owned_by(const struct registry *registry, const json_t *object, const void *uid)
{
    (void)registry;
    const json_t *references = tree_get(object, "metadata", "ownerReferences");
    for (size_t i = 0; i < json_array_size(references); i++)
        if (text_equal(tree_text(json_array_get(references, i), "uid"), uid))
            return true;
    return false;
}

/* An owner that waits for its dependents, or leaves them behind, goes when none is left. */
static void release_owner(struct registry *registry, const struct candidate *candidate, const char *finalizer)
{
    struct array dependents;
    if (!registry_has_finalizer(candidate->object, finalizer))
        return;
    collect(registry, is_owned_by, tree_text(candidate->object, "metadata", "uid"), &dependents);
    if (dependents.count == 0) {
        json_t *object = registry_editable(candidate->object);
        registry_drop_finalizer(object, finalizer);
        registry_keep(registry, candidate->resource, object);
    }
    array_release(&dependents);
}

static void settle(struct registry *registry, const struct candidate *candidate)
{
    const json_t *object = candidate->object;
    bool ending = tree_get(object, "metadata", "deletionTimestamp") != NULL;
    struct owners owners = look_at_owners(registry, object);
    bool owned = owners.here + owners.gone + owners.waiting + owners.letting_go > 0;
    if (owners.letting_go > 0 || (owners.gone > 0 && owners.here > 0))
        drop_references(registry, candidate);
    else if (!ending && owned && owners.here == 0)
        delete_object(registry, candidate->resource, object,
                      owners.waiting > 0 ? REGISTRY_FOREGROUND : REGISTRY_DEFAULT_PROPAGATION);
    if (!ending)
        return;
    release_owner(registry, candidate, "foregroundDeletion");
    release_owner(registry, candidate, "orphan");
}

/* Is this still the newest state of the object? An earlier candidate may have led to a change of it. */
static bool is_current(const struct registry *registry, const struct candidate *candidate)
{
    return store_get(registry->store, candidate->resource, tree_text(candidate->object, "metadata", "namespace"),
                     tree_text(candidate->object, "metadata", "name")) == candidate->object;
}

void garbage_collect(struct registry *registry)
{
    struct array found;
    collect(registry, has_owner_or_is_ending, NULL, &found);
    for (size_t i = 0; i < found.count; i++)
        if (is_current(registry, found.items[i]))
            settle(registry, found.items[i]);
    array_release(&found);
}

static bool is_ending(const struct registry *registry, const json_t *object, const void *context)
{
    (void)registry;
    (void)context;
    return tree_get(object, "metadata", "deletionTimestamp") != NULL;
}

static bool is_in_namespace(const struct registry *registry, const json_t *object, const void *namespace)
{
    (void)registry;
    return text_equal(tree_text(object, "metadata", "namespace"), namespace);
}

/* Delete each of them that is not being deleted yet. */
static void delete_all(struct registry *registry, const struct array *found)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct candidate *candidate = found->items[i];
        if (!is_ending(registry, candidate->object, NULL))
            delete_object(registry, candidate->resource, candidate->object, REGISTRY_BACKGROUND);
    }
}

void garbage_end_namespaces(struct registry *registry)
{
    const struct resource *namespaces = resources_find(registry->resources, "", "namespaces");
    struct array ending = {.free_item = free_candidate};
    collect_resource(registry, namespaces, is_ending, NULL, &ending);
    for (size_t i = 0; i < ending.count; i++) {
        const struct candidate *namespace = ending.items[i];
        struct array content;
        collect(registry, is_in_namespace, tree_text(namespace->object, "metadata", "name"), &content);
        delete_all(registry, &content);
        if (content.count == 0) {
            json_t *object = registry_editable(namespace->object);
            json_object_set_new(object, "spec", json_object());
            registry_keep(registry, namespaces, object);
        }
        array_release(&content);
    }
    array_release(&ending);
}

static bool is_anything(const struct registry *registry, const json_t *object, const void *context)
{
    (void)registry;
    (void)context;
    return object != NULL;
}

void garbage_end_definitions(struct registry *registry)
{
    const struct resource *definitions =
        resources_find(registry->resources, "apiextensions.k8s.io", "customresourcedefinitions");
    struct array ending = {.free_item = free_candidate};
    collect_resource(registry, definitions, is_ending, NULL, &ending);
    for (size_t i = 0; i < ending.count; i++) {
        const struct candidate *definition = ending.items[i];
        const struct resource *resource =
            resources_find(registry->resources, tree_text(definition->object, "spec", "group"),
                           tree_text(definition->object, "spec", "names", "plural"));
        struct array objects = {.free_item = free_candidate};
        if (resource != NULL && resource->crd != NULL)
            collect_resource(registry, resource, is_anything, NULL, &objects);
        delete_all(registry, &objects);
        if (objects.count == 0) {
            json_t *object = registry_editable(definition->object);
            registry_drop_finalizer(object, DEFINITION_FINALIZER);
            registry_keep(registry, definitions, object);
        }
        array_release(&objects);
    }
    array_release(&ending);
}
