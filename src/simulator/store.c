#include "simulator/store.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/tree.h"
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_VERSION 1

/* The objects of one resource, by key. */
struct shelf {
    const struct resource *resource;
    struct map *objects; /* json_t, owned */
};

struct place {
    const struct resource *resource;
    char *key;
};

struct listener {
    store_on_change on_change;
    void *context;
};

/* `events` is a ring: `event_count` of them from `event_first` on, in the order of their versions, which have no gaps.
 * All events after `oldest` are there. */
struct store {
    struct shelf *shelves;
    size_t shelf_count;
    struct map *by_uid; /* struct place, owned */
    uint64_t version;
    uint64_t oldest;
    struct store_event *events;
    size_t event_first;
    size_t event_count;
    size_t event_room;
    struct listener *listeners;
    size_t listener_count;
};

static void free_object(void *object)
{
    json_decref(object);
}

static void free_place(void *value)
{
    struct place *place = value;
    free(place->key);
    free(place);
}

static void release_event(struct store_event *event)
{
    json_decref(event->object);
    json_decref(event->before);
    *event = (struct store_event){0};
}

struct store *store_new(size_t history)
{
    struct store *store = memory_new(sizeof *store);
    store->by_uid = map_new(free_place);
    store->version = FIRST_VERSION;
    store->oldest = FIRST_VERSION;
    store->event_room = history > 0 ? history : 1;
    store->events = memory_new_array(store->event_room, sizeof *store->events);
    return store;
}

void store_free(struct store *store)
{
    if (store == NULL)
        return;
    for (size_t i = 0; i < store->shelf_count; i++)
        map_free(store->shelves[i].objects);
    for (size_t i = 0; i < store->event_room; i++)
        release_event(&store->events[i]);
    map_free(store->by_uid);
    free(store->shelves);
    free(store->events);
    free(store->listeners);
    free(store);
}

uint64_t store_version(const struct store *store)
{
    return store->version;
}

uint64_t store_oldest(const struct store *store)
{
    return store->oldest;
}

static void forget_first_event(struct store *store)
{
    struct store_event *event = &store->events[store->event_first];
    store->oldest = event->version;
    release_event(event);
    store->event_first = (store->event_first + 1) % store->event_room;
    store->event_count--;
}

void store_compact(struct store *store, uint64_t oldest)
{
    while (store->event_count > 0 && store->events[store->event_first].version <= oldest)
        forget_first_event(store);
}

static struct map *shelf_find(const struct store *store, const struct resource *resource)
{
    for (size_t i = 0; i < store->shelf_count; i++)
        if (store->shelves[i].resource == resource)
            return store->shelves[i].objects;
    return NULL;
}

static struct map *shelf_make(struct store *store, const struct resource *resource)
{
    struct map *objects = shelf_find(store, resource);
    if (objects != NULL)
        return objects;
    store->shelves = memory_resize(store->shelves, store->shelf_count + 1, sizeof *store->shelves);
    objects = map_new(free_object);
    store->shelves[store->shelf_count++] = (struct shelf){.resource = resource, .objects = objects};
    return objects;
}

static char *key_of(const struct resource *resource, const char *namespace, const char *name)
{
    return resource->namespaced ? memory_format("%s/%s", namespace != NULL ? namespace : "", name) : memory_text(name);
}

static char *key_of_object(const struct resource *resource, const json_t *object)
{
    return key_of(resource, tree_text(object, "metadata", "namespace"), tree_text(object, "metadata", "name"));
}

json_t *store_get(const struct store *store, const struct resource *resource, const char *namespace, const char *name)
{
    const struct map *objects = shelf_find(store, resource);
    if (objects == NULL)
        return NULL;
    CLEANUP_FREE char *key = key_of(resource, namespace, name);
    return map_get(objects, key);
}

json_t *store_get_uid(const struct store *store, const char *uid, const struct resource **ret_resource)
{
    const struct place *place = map_get(store->by_uid, uid);
    if (place == NULL)
        return NULL;
    if (ret_resource != NULL)
        *ret_resource = place->resource;
    return map_get(shelf_find(store, place->resource), place->key);
}

size_t store_count(const struct store *store, const struct resource *resource)
{
    const struct map *objects = shelf_find(store, resource);
    return objects != NULL ? map_count(objects) : 0;
}

json_t *store_at(const struct store *store, const struct resource *resource, size_t index)
{
    return map_at(shelf_find(store, resource), index, NULL);
}

/* Append an event, which takes over both objects, and tell the listeners. */
static void record(struct store *store, enum store_change change, const struct resource *resource, json_t *object,
                   json_t *before)
{
    if (store->event_count == store->event_room)
        forget_first_event(store);
    struct store_event *event = &store->events[(store->event_first + store->event_count) % store->event_room];
    store->event_count++;
    *event = (struct store_event){
        .change = change, .version = store->version, .resource = resource, .object = object, .before = before};
    for (size_t i = 0; i < store->listener_count; i++)
        store->listeners[i].on_change(store->listeners[i].context, event);
}

static void stamp(json_t *metadata, uint64_t version)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, version);
    json_object_set_new(metadata, "resourceVersion", json_string(text));
}

json_t *store_put(struct store *store, const struct resource *resource, json_t *object)
{
    const char *uid = tree_text(object, "metadata", "uid");
    assert(uid != NULL && tree_text(object, "metadata", "name") != NULL);
    struct map *objects = shelf_make(store, resource);
    CLEANUP_FREE char *key = key_of_object(resource, object);
    stamp(json_object_get(object, "metadata"), ++store->version);
    json_t *before = json_incref(map_get(objects, key));
    map_put(objects, key, object);
    if (before == NULL) {
        struct place *place = memory_new(sizeof *place);
        *place = (struct place){.resource = resource, .key = memory_text(key)};
        map_put(store->by_uid, uid, place);
    }
    record(store, before == NULL ? STORE_ADDED : STORE_MODIFIED, resource, json_incref(object), before);
    return object;
}

void store_remove(struct store *store, const struct resource *resource, const char *namespace, const char *name)
{
    struct map *objects = shelf_find(store, resource);
    CLEANUP_FREE char *key = key_of(resource, namespace, name);
    json_t *before = objects != NULL ? json_incref(map_get(objects, key)) : NULL;
    if (before == NULL)
        return;
    /* What is stored never changes: the last state shares all but its metadata with it. */
    json_t *last = json_copy(before);
    json_t *metadata = json_copy(json_object_get(before, "metadata"));
    stamp(metadata, ++store->version);
    json_object_set_new(last, "metadata", metadata);
    map_remove(store->by_uid, tree_text(before, "metadata", "uid"));
    map_remove(objects, key);
    record(store, STORE_DELETED, resource, last, before);
}

const struct store_event *store_next_event(const struct store *store, uint64_t version)
{
    size_t low = 0;
    size_t high = store->event_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (store->events[(store->event_first + middle) % store->event_room].version > version)
            high = middle;
        else
            low = middle + 1;
    }
    return low < store->event_count ? &store->events[(store->event_first + low) % store->event_room] : NULL;
}

/* The objects that changed since `version`, as they were then; json null for those that were not there. */
static struct map *undo(const struct store *store, const struct resource *resource, uint64_t version)
{
    struct map *past = map_new(free_object);
    for (size_t i = store->event_count; i > 0; i--) {
        const struct store_event *event = &store->events[(store->event_first + i - 1) % store->event_room];
        if (event->version <= version)
            break;
        if (event->resource != resource)
            continue;
        CLEANUP_FREE char *key = key_of_object(resource, event->object);
        map_put(past, key, event->before != NULL ? json_incref(event->before) : json_null());
    }
    return past;
}

bool store_visit_at(const struct store *store, const struct resource *resource, uint64_t version,
                    bool (*visit)(void *context, json_t *object), void *context)
{
    if (version < store->oldest || version > store->version)
        return false;
    const struct map *now = shelf_find(store, resource);
    struct map *past = undo(store, resource, version);
    size_t now_count = now != NULL ? map_count(now) : 0;
    size_t past_count = map_count(past);
    /* Merge both in the order of their keys; where both have one, the past holds. */
    for (size_t n = 0, p = 0; n < now_count || p < past_count;) {
        const char *now_key = NULL;
        const char *past_key = NULL;
        json_t *now_object = n < now_count ? map_at(now, n, &now_key) : NULL;
        json_t *past_object = p < past_count ? map_at(past, p, &past_key) : NULL;
        int order = now_key == NULL ? 1 : past_key == NULL ? -1 : strcmp(now_key, past_key);
        json_t *object = order < 0 ? now_object : past_object;
        n += order <= 0;
        p += order >= 0;
        if (!json_is_null(object) && !visit(context, object))
            break;
    }
    map_free(past);
    return true;
}

void store_subscribe(struct store *store, store_on_change on_change, void *context)
{
    store->listeners = memory_resize(store->listeners, store->listener_count + 1, sizeof *store->listeners);
    store->listeners[store->listener_count++] = (struct listener){.on_change = on_change, .context = context};
}

void store_unsubscribe(struct store *store, store_on_change on_change, void *context)
{
    for (size_t i = 0; i < store->listener_count; i++) {
        if (store->listeners[i].on_change != on_change || store->listeners[i].context != context)
            continue;
        store->listener_count--;
        memmove(&store->listeners[i], &store->listeners[i + 1], (store->listener_count - i) * sizeof *store->listeners);
        return;
    }
}
