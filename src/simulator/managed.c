#include "simulator/managed.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/defaults.h"
#include "simulator/fields.h"
#include "simulator/managed_entry.h"
#include "simulator/typed.h"
#include <string.h>

#define UPDATERS_LIMIT 10

/* [] or [{}]: the client wants them gone. */
static bool asks_for_reset(const json_t *list)
{
    if (!json_is_array(list))
        return false;
    return json_array_size(list) == 0 || (json_array_size(list) == 1 && json_object_size(json_array_get(list, 0)) == 0);
}

/* The entries to go on from: those that the client sent, else those that live. */
static void starting_entries(const json_t *live, const json_t *object, const char *subresource,
                             struct array *ret_entries)
{
    const json_t *sent = tree_get(object, "metadata", "managedFields");
    const json_t *kept = tree_get(live, "metadata", "managedFields");
    if (subresource != NULL) {
        managed_decode(kept, ret_entries);
        return;
    }
    managed_decode(sent, ret_entries);
    if (ret_entries->count == 0 && !asks_for_reset(sent))
        managed_decode(kept, ret_entries);
}

static json_t *without_managed_fields(const json_t *object)
{
    json_t *copy = json_copy((json_t *)object), *metadata = json_copy(json_object_get(object, "metadata"));
    json_object_del(metadata, "managedFields");
    json_object_set_new(copy, "metadata", metadata);
    return copy;
}

static int by_time(const void *left, const void *right)
{
    const struct managed_entry *a = *(const struct managed_entry *const *)left;
    const struct managed_entry *b = *(const struct managed_entry *const *)right;
    int order = strcmp(a->time != NULL ? a->time : "", b->time != NULL ? b->time : "");
    return order != 0 ? order : strcmp(a->manager, b->manager);
}

static struct managed_entry *oldest_updater(const struct array *entries, const struct managed_entry *not_this,
                                            const char *api_version)
{
    struct managed_entry *oldest = NULL;
    for (size_t i = 0; i < entries->count; i++) {
        struct managed_entry *entry = entries->items[i];
        if (entry->applied || entry == not_this ||
            (api_version != NULL && !text_equal(entry->api_version, api_version)))
            continue;
        if (oldest == NULL || by_time(&entry, &oldest) < 0)
            oldest = entry;
    }
    return oldest;
}

static void drop(struct array *entries, const struct managed_entry *entry)
{
    for (size_t i = 0; i < entries->count; i++) {
        if (entries->items[i] == entry) {
            array_remove(entries, i);
            return;
        }
    }
}

/* More than ten updaters: the oldest of one version become "ancient-changes". */
static void cap_updaters(struct array *entries)
{
    size_t updaters = 0;
    for (size_t i = 0; i < entries->count; i++)
        updaters += !((const struct managed_entry *)entries->items[i])->applied;
    while (updaters > UPDATERS_LIMIT) {
        struct managed_entry *first = oldest_updater(entries, NULL, NULL);
        struct managed_entry *second = oldest_updater(entries, first, first->api_version);
        if (second == NULL)
            return;
        CLEANUP_FREE char *api_version = memory_text(first->api_version);
        CLEANUP_FREE char *time = memory_text(second->time);
        json_t *fields = fields_union(first->fields, second->fields);
        drop(entries, first);
        drop(entries, second);
        struct managed_entry *bucket = managed_add(entries, "ancient-changes", false, api_version, NULL);
        managed_set_fields(bucket, fields);
        bucket->time = STEAL(time);
        updaters--;
    }
}

/* What this write set, recorded under its manager. */
static void record(const struct write_kind *kind, struct array *entries, const struct typed_comparison *difference,
                   const struct managed_writer *writer)
{
    json_t *written = fields_union(difference->added, difference->modified);
    json_t *owned = managed_stripped(written);
    json_decref(written);
    if (fields_empty(owned)) {
        json_decref(owned);
        return;
    }
    CLEANUP_FREE char *api_version = kind_api_version(kind, writer->version);
    struct managed_entry *entry = managed_find(entries, writer->manager, false, api_version, writer->subresource);
    if (entry == NULL)
        entry = managed_add(entries, writer->manager, false, api_version, writer->subresource);
    json_t *all = fields_union(entry->fields, owned);
    json_decref(owned);
    managed_set_fields(entry, all);
    managed_stamp(entry, writer->now_ms);
}

static void store_entries(json_t *object, struct array *entries)
{
    json_t *list = managed_encode(entries);
    json_t *metadata = json_object_get(object, "metadata");
    if (list != NULL)
        json_object_set_new(metadata, "managedFields", list);
    else
        json_object_del(metadata, "managedFields");
}

void managed_update(const struct write_kind *kind, const json_t *live, json_t *object,
                    const struct managed_writer *writer)
{
    struct array entries;
    starting_entries(live, object, writer->subresource, &entries);
    if (entries.count == 0 && live != NULL) { /* never tracked, or reset: it stays that way until an apply */
        json_object_del(json_object_get(object, "metadata"), "managedFields");
        array_release(&entries);
        return;
    }
    json_t *old = live != NULL        ? without_managed_fields(live)
                  : kind->crd == NULL ? defaults_zero(kind->kind)
                                      : json_pack("{s:{}}", "metadata");
    json_t *changed = without_managed_fields(object);
    CLEANUP_FREE char *api_version = kind_api_version(kind, writer->version);
    struct typed_comparison difference;
    if (managed_compare(kind, old, changed, api_version, writer->subresource, &difference)) {
        managed_take(kind, &entries, NULL, old, changed, writer->subresource);
        record(kind, &entries, &difference, writer);
        typed_comparison_release(&difference);
    }
    cap_updaters(&entries);
    store_entries(object, &entries);
    json_decref(old);
    json_decref(changed);
    array_release(&entries);
}

/* Lists of managedFields, apart from their times. */
static bool same_entries(const json_t *a, const json_t *b)
{
    if (json_array_size(a) != json_array_size(b))
        return false;
    for (size_t i = 0; i < json_array_size(a); i++) {
        const json_t *left = json_array_get(a, i), *right = json_array_get(b, i);
        const char *key;
        json_t *value;
        size_t others = json_object_size(right) - (json_object_get(right, "time") != NULL);
        json_object_foreach((json_t *)left, key, value)
        {
            if (strcmp(key, "time") == 0)
                continue;
            if (!json_equal(value, json_object_get(right, key)))
                return false;
            others--;
        }
        if (others != 0)
            return false;
    }
    return true;
}

/* Objects that are equal apart from one member. */
static bool same_members(const json_t *a, const json_t *b, const char *except)
{
    size_t others = json_object_size(b) - (json_object_get(b, except) != NULL);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)a, key, value)
    {
        if (strcmp(key, except) == 0)
            continue;
        if (!tree_equal(value, json_object_get(b, key)))
            return false;
        others--;
    }
    return others == 0;
}

bool managed_same(const json_t *a, const json_t *b)
{
    const json_t *left = json_object_get(a, "metadata"), *right = json_object_get(b, "metadata");
    return same_members(a, b, "metadata") && same_members(left, right, "managedFields") &&
           same_entries(json_object_get(left, "managedFields"), json_object_get(right, "managedFields"));
}
