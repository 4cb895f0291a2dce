#include "kube/item_store.h"
#include "base/memory.h"
#include "base/tree.h"
#include <stdlib.h>
#include <string.h>

enum { TEXT_LIMIT = 253 }; /* of an object's name; the API server makes nothing longer of the others */

static const char *keep(char **room, const char *text)
{
    size_t size = strlen(text) + 1;
    char *kept = memcpy(*room, text, size);
    *room += size;
    return kept;
}

static const char *text_of(const json_t *metadata, const char *key)
{
    const char *text = tree_text(metadata, key);
    return text != NULL ? text : "";
}

struct kube_item *item_make(const json_t *object, const struct kube_projection *projection)
{
    const json_t *metadata = tree_get(object, "metadata");
    const char *namespace = text_of(metadata, "namespace"), *name = text_of(metadata, "name");
    const char *uid = text_of(metadata, "uid"), *version = text_of(metadata, "resourceVersion");
    if (name[0] == '\0' || strlen(name) > TEXT_LIMIT || strlen(namespace) > TEXT_LIMIT || strlen(uid) > TEXT_LIMIT ||
        strlen(version) > TEXT_LIMIT)
        return NULL;
    size_t texts = strlen(namespace) + strlen(name) + strlen(uid) + strlen(version) + 4;
    struct kube_item *item = memory_new(sizeof *item + texts);
    char *room = (char *)(item + 1);
    item->namespace = keep(&room, namespace);
    item->name = keep(&room, name);
    item->uid = keep(&room, uid);
    item->resource_version = keep(&room, version);
    if (projection != NULL && projection->make != NULL)
        item->item = projection->make(object, projection->context);
    return item;
}

void item_free(struct kube_item *item, const struct kube_projection *projection)
{
    if (item == NULL)
        return;
    if (item->item != NULL && projection->free_item != NULL)
        projection->free_item(item->item);
    free(item);
}

static int compare_key(const struct kube_item *item, const char *namespace, const char *name)
{
    int order = strcmp(item->namespace, namespace);
    return order != 0 ? order : strcmp(item->name, name);
}

int item_compare(const struct kube_item *a, const struct kube_item *b)
{
    return compare_key(a, b->namespace, b->name);
}

/* The first index whose key is not less. */
static size_t position(const struct item_store *store, const char *namespace, const char *name)
{
    size_t low = 0, high = store->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_key(store->items[middle], namespace, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct item_store *store, size_t index, const char *namespace, const char *name)
{
    return index < store->count && compare_key(store->items[index], namespace, name) == 0;
}

static void make_room(struct item_store *store)
{
    if (store->count < store->room)
        return;
    store->room = store->room == 0 ? 16 : store->room * 2;
    store->items = memory_resize(store->items, store->room, sizeof(struct kube_item *));
}

struct kube_item *item_store_put(struct item_store *store, struct kube_item *item)
{
    size_t index = position(store, item->namespace, item->name);
    if (is_at(store, index, item->namespace, item->name)) {
        struct kube_item *old = store->items[index];
        store->items[index] = item;
        return old;
    }
    make_room(store);
    memmove(&store->items[index + 1], &store->items[index], (store->count - index) * sizeof(struct kube_item *));
    store->items[index] = item;
    store->count++;
    return NULL;
}

struct kube_item *item_store_take(struct item_store *store, const char *namespace, const char *name)
{
    size_t index = position(store, namespace, name);
    if (!is_at(store, index, namespace, name))
        return NULL;
    struct kube_item *item = store->items[index];
    store->count--;
    memmove(&store->items[index], &store->items[index + 1], (store->count - index) * sizeof(struct kube_item *));
    return item;
}

const struct kube_item *item_store_find(const struct item_store *store, const char *namespace, const char *name)
{
    size_t index = position(store, namespace, name);
    return is_at(store, index, namespace, name) ? store->items[index] : NULL;
}

void item_store_append(struct item_store *store, struct kube_item *item)
{
    make_room(store);
    store->items[store->count++] = item;
}

void item_store_drop(struct item_store *store, const char *namespace, const char *name,
                     const struct kube_projection *projection)
{
    size_t kept = 0;
    for (size_t i = 0; i < store->count; i++) {
        if (compare_key(store->items[i], namespace, name) == 0)
            item_free(store->items[i], projection);
        else
            store->items[kept++] = store->items[i];
    }
    store->count = kept;
}

/* The order of arrival breaks ties, so that the last of equal keys can be kept. */
struct arrival {
    struct kube_item *item;
    size_t number;
};

static int compare_arrivals(const void *a, const void *b)
{
    const struct arrival *left = a, *right = b;
    int order = item_compare(left->item, right->item);
    return order != 0 ? order : left->number < right->number ? -1 : 1;
}

void item_store_sort(struct item_store *store, const struct kube_projection *projection)
{
    if (store->count < 2)
        return;
    CLEANUP_FREE struct arrival *arrivals = memory_new_array(store->count, sizeof *arrivals);
    for (size_t i = 0; i < store->count; i++)
        arrivals[i] = (struct arrival){store->items[i], i};
    qsort(arrivals, store->count, sizeof *arrivals, compare_arrivals);
    size_t kept = 0;
    for (size_t i = 0; i < store->count; i++) {
        if (kept > 0 && item_compare(store->items[kept - 1], arrivals[i].item) == 0)
            item_free(store->items[--kept], projection);
        store->items[kept++] = arrivals[i].item;
    }
    store->count = kept;
}

void item_store_release(struct item_store *store, const struct kube_projection *projection)
{
    for (size_t i = 0; i < store->count; i++)
        item_free(store->items[i], projection);
    free(store->items);
    *store = (struct item_store){0};
}
