/*
 * The objects of the simulated cluster, as etcd and the watch cache keep them: the newest state of each, one counter
 * for all changes (resourceVersion), and the last changes for watches and for lists of the past.
 *
 * Nothing is decided here: what a write makes of an object is write.h's, whether it is allowed and what follows from
 * it registry.h's. Objects that are stored never change: a change stores another tree. One thread uses a store.
 */
#pragma once

#include "simulator/resources.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

enum store_change { STORE_ADDED, STORE_MODIFIED, STORE_DELETED };

/* One change. `before` is NULL for STORE_ADDED; `object` of STORE_DELETED is the last state with the resourceVersion
 * of the deletion. */
struct store_event {
    enum store_change change;
    uint64_t version;
    const struct resource *resource;
    json_t *object;
    json_t *before;
};

struct store *store_new(size_t history); /* how many events are kept */
void store_free(struct store *store);

uint64_t store_version(const struct store *store);        /* of the newest change */
uint64_t store_oldest(const struct store *store);         /* states from here on can still be read */
void store_compact(struct store *store, uint64_t oldest); /* forget what was before: watches from there get 410 */

/* The newest state. Borrowed until the next change; json_incref() keeps it for longer. NULL when absent. `namespace`
 * is NULL or "" for cluster-scoped resources. */
json_t *store_get(const struct store *store, const struct resource *resource, const char *namespace, const char *name);
json_t *store_get_uid(const struct store *store, const char *uid, const struct resource **ret_resource);

/* How many there are, and the one at `index`, in the order of "namespace/name" by bytes. Borrowed. */
size_t store_count(const struct store *store, const struct resource *resource);
json_t *store_at(const struct store *store, const struct resource *resource, size_t index);

/* Store an object. It must have name, namespace and uid and be the only user of its tree: the store takes it over and
 * writes metadata.resourceVersion into it. The result is borrowed. */
json_t *store_put(struct store *store, const struct resource *resource, json_t *object);
void store_remove(struct store *store, const struct resource *resource, const char *namespace, const char *name);

/* Call visit() for each object of `resource` as it was at `version`, in key order, until it returns false. Returns
 * false when that is no longer (or not yet) known. */
bool store_visit_at(const struct store *store, const struct resource *resource, uint64_t version,
                    bool (*visit)(void *context, json_t *object), void *context);

/* The first event after `version` (0 ≤ events kept), by position; NULL at the end. Walk on with the event's version. */
const struct store_event *store_next_event(const struct store *store, uint64_t version);

/* Be told of each change, at once and in order. on_change must not write into the store: note what is to be done and
 * do it later. The subscription lasts until store_unsubscribe(). */
typedef void (*store_on_change)(void *context, const struct store_event *event);
void store_subscribe(struct store *store, store_on_change on_change, void *context);
void store_unsubscribe(struct store *store, store_on_change on_change, void *context);
