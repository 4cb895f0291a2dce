/*
 * The queue: which objects need a look, and when. Changes of the store put an object, what controls it and what depends
 * on it into the queue; a controller says when it wants to look again.
 */
#include "simulator/controllers.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/application.h"
#include "simulator/claim.h"
#include "simulator/database.h"
#include "simulator/disruption.h"
#include "simulator/endpoints.h"
#include "simulator/pod.h"
#include "simulator/scenario_steps.h"
#include "simulator/work.h"
#include "simulator/workload.h"
#include <stdlib.h>
#include <string.h>

#define EVENT_LIFE_MS 3600000 /* the API server's --event-ttl */
#define PRUNE_MS      60000
#define LOOKS_LIMIT   20000 /* in one run: controllers that never agree must not stop the server */

struct controllers {
    struct work work;
    struct scenario *scenario;
    struct map *due;    /* key -> int64_t wall time, allocated */
    int64_t next_prune; /* wall time of the next look at old events */
};

/* Who looks after which resource. */
static const struct controller {
    const char *group, *plural;
    work_reconcile reconcile;
} table[] = {
    {"", "pods", pod_reconcile},
    {"apps", "replicasets", replica_set_reconcile},
    {"apps", "deployments", deployment_reconcile},
    {"apps", "statefulsets", stateful_set_reconcile},
    {"apps", "daemonsets", daemon_set_reconcile},
    {"batch", "jobs", job_reconcile},
    {"batch", "cronjobs", cron_job_reconcile},
    {"policy", "poddisruptionbudgets", disruption_reconcile},
    {"", "persistentvolumeclaims", claim_reconcile},
    {"", "services", endpoints_reconcile},
    {"postgresql.cnpg.io", "clusters", database_reconcile},
    {"argoproj.io", "applications", application_reconcile},
};

static const struct controller *controller_of(const struct resource *resource)
{
    for (size_t i = 0; i < LENGTH_OF(table); i++)
        if (strcmp(table[i].plural, resource->plural) == 0 && strcmp(table[i].group, resource->group) == 0)
            return &table[i];
    return NULL;
}

/* "pods.|shop|orders-1", "deployments.apps|…". The caller's. */
static char *key_of(const char *group, const char *plural, const char *namespace, const char *name)
{
    return memory_format("%s.%s|%s|%s", plural, group, namespace != NULL ? namespace : "", name);
}

static void put_due(struct controllers *controllers, const char *key, int64_t wall_ms)
{
    const int64_t *there = map_get(controllers->due, key);
    if (there == NULL || *there > wall_ms)
        map_put(controllers->due, key, memory_copy(&wall_ms, sizeof(wall_ms)));
}

static void look_at(struct controllers *controllers, const char *group, const char *plural, const char *namespace,
                    const char *name)
{
    CLEANUP_FREE char *key = key_of(group, plural, namespace, name);
    put_due(controllers, key, 0);
}

static const json_t *controlling(const json_t *object)
{
    size_t index;
    const json_t *owner;
    json_array_foreach(tree_get(object, "metadata", "ownerReferences"), index, owner)
    {
        if (json_is_true(json_object_get(owner, "controller")))
            return owner;
    }
    return NULL;
}

/* What controls this object looks again: a ReplicaSet's pod, a Deployment's ReplicaSet, a cluster's pod. */
static void look_at_owner(struct controllers *controllers, const json_t *object)
{
    const json_t *owner = controlling(object);
    const char *kind = tree_text(owner, "kind"), *name = tree_text(owner, "name");
    const char *api_version = tree_text(owner, "apiVersion");
    const struct resource *resource =
        kind != NULL && api_version != NULL && name != NULL
            ? resources_find_manifest(registry_resources(controllers->work.registry), api_version, kind)
            : NULL;
    if (resource != NULL && controller_of(resource) != NULL)
        look_at(controllers, resource->group, resource->plural, work_namespace(object), name);
}

/* A Deployment of strategy Recreate waits for the last pod of its old ReplicaSets to go. */
static void look_at_grandparent(struct controllers *controllers, const json_t *object)
{
    const json_t *owner = controlling(object);
    if (text_equal(tree_text(owner, "kind"), "ReplicaSet")) {
        const json_t *set =
            work_get(&controllers->work, "apps", "replicasets", work_namespace(object), tree_text(owner, "name"));
        if (set != NULL)
            look_at_owner(controllers, set);
    }
}

static void look_at_all(struct controllers *controllers, const char *group, const char *plural, const char *namespace)
{
    const struct resource *resource = work_resource(&controllers->work, group, plural);
    const struct store *store = registry_store(controllers->work.registry);
    for (size_t i = 0; resource != NULL && i < store_count(store, resource); i++) {
        const json_t *object = store_at(store, resource, i);
        if (namespace == NULL || text_equal(namespace, work_namespace(object)))
            look_at(controllers, group, plural, work_namespace(object), work_name(object));
    }
}

/* Who looks although nothing refers to it. */
static void look_at_dependents(struct controllers *controllers, const struct resource *resource, const json_t *object)
{
    bool core = resource->group[0] == '\0';
    if (core && strcmp(resource->plural, "pods") == 0) {
        look_at_all(controllers, "", "services", work_namespace(object));
        look_at_all(controllers, "policy", "poddisruptionbudgets", work_namespace(object));
    } else if (core && strcmp(resource->plural, "nodes") == 0) {
        look_at_all(controllers, "apps", "daemonsets", NULL);
    } else if (strcmp(resource->plural, "deployments") == 0 && database_is_operator(object)) {
        look_at_all(controllers, "postgresql.cnpg.io", "clusters", NULL);
    }
}

static void map_free_value(void *map)
{
    map_free(map);
}

/* Remember or forget that its owner controls it. */
static void index_child(struct controllers *controllers, const struct resource *resource, const json_t *object,
                        bool there)
{
    const char *uid = tree_text(controlling(object), "uid");
    if (uid == NULL)
        return;
    CLEANUP_FREE char *key = key_of(resource->group, resource->plural, work_namespace(object), work_name(object));
    struct map *children = map_get(controllers->work.children, uid);
    if (there && children == NULL) {
        children = map_new(NULL);
        map_put(controllers->work.children, uid, children);
    }
    if (there)
        map_put(children, key, controllers);
    else if (children != NULL && map_remove(children, key) && map_count(children) == 0)
        map_remove(controllers->work.children, uid);
}

static void take_in(struct controllers *controllers, const struct resource *resource, const json_t *object)
{
    index_child(controllers, resource, object, true);
    if (controller_of(resource) != NULL)
        look_at(controllers, resource->group, resource->plural, work_namespace(object), work_name(object));
}

static void on_change(void *context, const struct store_event *event)
{
    struct controllers *controllers = context;
    if (event->change == STORE_DELETED) {
        index_child(controllers, event->resource, event->object, false);
        look_at_grandparent(controllers, event->object);
    } else {
        take_in(controllers, event->resource, event->object);
    }
    look_at_owner(controllers, event->object);
    look_at_dependents(controllers, event->resource, event->object);
}

struct controllers *controllers_new(struct registry *registry, struct scenario *scenario)
{
    struct controllers *controllers = memory_new(sizeof(*controllers));
    struct store *store = registry_store(registry);
    controllers->scenario = scenario;
    controllers->due = map_new(free);
    controllers->work = (struct work){.registry = registry, .scenario = scenario, .children = map_new(map_free_value)};
    const struct resources *resources = registry_resources(registry);
    for (size_t i = 0; i < resources_count(resources); i++) {
        const struct resource *resource = resources_at(resources, i);
        for (size_t at = 0; !resource->virtual && at < store_count(store, resource); at++)
            take_in(controllers, resource, store_at(store, resource, at));
    }
    if (scenario != NULL)
        controllers->work.events_since = scenario_origin(scenario) - EVENT_LIFE_MS;
    store_subscribe(store, on_change, controllers);
    return controllers;
}

void controllers_free(struct controllers *controllers)
{
    if (controllers == NULL)
        return;
    store_unsubscribe(registry_store(controllers->work.registry), on_change, controllers);
    map_free(controllers->due);
    map_free(controllers->work.children);
    free(controllers);
}

/* The parts of a key; `key` is cut up. */
static const json_t *find_object(struct controllers *controllers, char *key, const struct controller **ret_controller)
{
    char *namespace = strchr(key, '|');
    *namespace ++ = '\0';
    char *name = strchr(namespace, '|');
    *name++ = '\0';
    char *group = strchr(key, '.');
    *group++ = '\0';
    const struct resource *resource = work_resource(&controllers->work, group, key);
    if (resource == NULL || resource->gone)
        return NULL;
    *ret_controller = controller_of(resource);
    return store_get(registry_store(controllers->work.registry), resource, namespace, name);
}

static void look(struct controllers *controllers, const char *due_key)
{
    CLEANUP_FREE char *key = memory_text(due_key);
    CLEANUP_FREE char *parts = memory_text(due_key);
    const struct controller *controller = NULL;
    map_remove(controllers->due, key);
    const json_t *object = find_object(controllers, parts, &controller);
    if (object == NULL || controller == NULL)
        return;
    json_t *kept = json_incref((json_t *)object);
    int64_t due = controller->reconcile(&controllers->work, kept);
    json_decref(kept);
    if (due != WORK_NEVER)
        put_due(controllers, key, due);
}

/* The key that is due first, if it is due by `now`; *ret_next gets the earliest time of all. */
static const char *first_due(const struct controllers *controllers, int64_t now, int64_t *ret_next)
{
    const char *first = NULL;
    int64_t earliest = WORK_NEVER;
    for (size_t i = 0; i < map_count(controllers->due); i++) {
        const char *key = NULL;
        const int64_t *due = map_at(controllers->due, i, &key);
        if (*due < earliest) {
            earliest = *due;
            first = key;
            if (earliest == 0)
                break;
        }
    }
    *ret_next = earliest;
    return earliest <= now ? first : NULL;
}

/* Events are kept for an hour. Returns when to look again. */
static int64_t prune_events(struct controllers *controllers)
{
    struct work *work = &controllers->work;
    const struct resource *resource = work_resource(work, "", "events");
    const struct store *store = registry_store(work->registry);
    if (work->now < controllers->next_prune)
        return controllers->next_prune;
    controllers->next_prune = work->now + PRUNE_MS;
    for (size_t i = store_count(store, resource); i > 0; i--) {
        const json_t *event = store_at(store, resource, i - 1);
        const char *last = tree_text(event, "lastTimestamp");
        int64_t when = 0;
        if (last != NULL && clock_parse(last, &when) && when < work->now - EVENT_LIFE_MS)
            work_delete(work, "", "events", event);
    }
    return store_count(store, resource) > 0 ? controllers->next_prune : WORK_NEVER;
}

int64_t controllers_run(struct controllers *controllers, int64_t now_ms)
{
    struct work *work = &controllers->work;
    int64_t next = WORK_NEVER;
    work->now = clock_wall_ms(registry_clock(work->registry));
    int64_t step = controllers->scenario != NULL ? scenario_run_steps(controllers->scenario, work) : WORK_NEVER;
    for (int looks = 0; looks < LOOKS_LIMIT; looks++) {
        const char *key = first_due(controllers, work->now, &next);
        if (key == NULL)
            break;
        look(controllers, key);
    }
    int64_t prune = prune_events(controllers);
    next = step < next ? step : next;
    next = prune < next ? prune : next;
    if (next == WORK_NEVER)
        return INT64_MAX;
    return now_ms + (next > work->now ? next - work->now : 1);
}
