/* The objects of a reflector, sorted by namespace and name: what is kept of each is the projection's. Used on the loop's thread only;
 * single items are made on workers. */
#pragma once

#include "kube/reflector.h"
#include <jansson.h>
#include <stddef.h>

/* An item made from an object's JSON by a projection (NULL: the head alone), in one block with its texts. NULL when the object has no
 * name, or texts that no Kubernetes object has: names end at 253 bytes. */
struct kube_item *item_make(const json_t *object, const struct kube_projection *projection);
void item_free(struct kube_item *item, const struct kube_projection *projection);

struct item_store {
    struct kube_item **items;
    size_t count;
    size_t room;
};

/* Puts an item in its place; returns the one it replaced (now the caller's), or NULL. */
struct kube_item *item_store_put(struct item_store *store, struct kube_item *item);
/* Takes the item of that key out; NULL when there is none. */
struct kube_item *item_store_take(struct item_store *store, const char *namespace, const char *name);
const struct kube_item *item_store_find(const struct item_store *store, const char *namespace, const char *name);

/* Appends without order; item_store_sort() then orders and keeps the last of equal keys. For whole lists. */
void item_store_append(struct item_store *store, struct kube_item *item);
void item_store_drop(struct item_store *store, const char *namespace, const char *name, const struct kube_projection *projection); /* all of that key */
void item_store_sort(struct item_store *store, const struct kube_projection *projection);
int item_compare(const struct kube_item *a, const struct kube_item *b);
void item_store_release(struct item_store *store, const struct kube_projection *projection);
