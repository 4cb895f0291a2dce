/*
 * A live copy of a collection: list, then watch (client-go's reflector). Streaming lists where the server has them, else paged LIST; bookmarks;
 * 410 → list again; torn or silent connections are replaced; deletions are never missed.
 *
 * Objects become small structs at once: a worker parses, the projection keeps what is shown, the JSON tree is freed.
 */
#pragma once

#include "base/error.h"
#include "kube/client.h"
#include "kube/resource.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is kept of one object. `make` runs on a worker thread, must not touch shared state beyond `context` (immutable), and may return NULL:
 * the object is then listed with `item` NULL. `context` is used until the reflector and its last worker have let go, which may be after
 * kube_reflector_free(): `free_context` is called then, on the loop. */
struct kube_projection {
    void *(*make)(const json_t *object, const void *context);
    void (*free_item)(void *item);
    const void *context;
    void (*free_context)(void *context); /* NULL: it outlives the loop, or there is none */
};

/* Every kept object carries this head; `item` is the projection's. Keys are unique; order is namespace, then name. */
struct kube_item {
    const char *namespace; /* "" for cluster-scoped */
    const char *name;
    const char *uid;
    const char *resource_version; /* opaque */
    void *item;
};

enum kube_freshness {
    KUBE_WAITING, /* nothing has been heard yet */
    KUBE_LIVE,    /* the watch is running and was heard within 90 s */
    KUBE_STALE,   /* what is shown may be old: see reason */
    KUBE_UNKNOWN, /* nothing can be shown: forbidden, not served, unreachable from the start */
};

enum kube_change { KUBE_ADDED, KUBE_MODIFIED, KUBE_DELETED };

struct kube_reflector_options {
    struct kube_resource resource;
    const char *namespace;      /* NULL: all */
    const char *label_selector; /* NULL: none */
    const char *field_selector;
    bool metadata_only;         /* PartialObjectMetadata(List) */
    bool once;                  /* list only, no watch: for commands. Complete is reported once */
    struct kube_projection projection;
    /* On the loop, where the reflector may be freed at any time, also from these calls. on_change for each object that changes after the
     * first complete list: ADDED; MODIFIED, with the old item still readable as `before`; DELETED, with `now` as it was last known
     * (`before` is now->item). An object that was made anew under its old name is DELETED, then ADDED. on_state whenever freshness
     * changes, or a list is complete. Either may be NULL. */
    void (*on_change)(enum kube_change change, const struct kube_item *now, const void *before, void *context);
    void (*on_state)(void *context);
    void *context;
};

struct kube_reflector;

struct kube_reflector *kube_reflector_new(struct kube_client *client, const struct kube_reflector_options *options);
void kube_reflector_free(struct kube_reflector *reflector); /* cancels; frees all items */

bool kube_reflector_complete(const struct kube_reflector *reflector); /* a whole list has arrived at least once, or failed for good with `once` */
size_t kube_reflector_count(const struct kube_reflector *reflector);
const struct kube_item *kube_reflector_at(const struct kube_reflector *reflector, size_t index);
const struct kube_item *kube_reflector_find(const struct kube_reflector *reflector, const char *namespace, const char *name);

enum kube_freshness kube_reflector_freshness(const struct kube_reflector *reflector);
/* Why it is stale or unknown; NULL when live. Borrowed until the next event. */
const struct error *kube_reflector_reason(const struct kube_reflector *reflector);
int64_t kube_reflector_heard_ms(const struct kube_reflector *reflector); /* boot time of the last word from the server; −1: never */
