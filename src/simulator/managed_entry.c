#include "simulator/managed_entry.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/fields.h"
#include "simulator/typed.h"
#include <stdlib.h>
#include <string.h>

static void entry_free(void *item)
{
    struct managed_entry *entry = item;
    free(entry->manager);
    free(entry->api_version);
    free(entry->subresource);
    free(entry->time);
    json_decref(entry->fields);
    free(entry);
}

struct managed_entry *managed_add(struct array *entries, const char *manager, bool applied, const char *api_version,
                                  const char *subresource)
{
    struct managed_entry *entry = memory_new(sizeof(*entry));
    entry->manager = memory_text(manager);
    entry->applied = applied;
    entry->api_version = memory_text(api_version);
    entry->subresource = memory_text(subresource != NULL ? subresource : "");
    entry->fields = json_object();
    array_append(entries, entry);
    return entry;
}

struct managed_entry *managed_find(const struct array *entries, const char *manager, bool applied,
                                   const char *api_version, const char *subresource)
{
    for (size_t i = 0; i < entries->count; i++) {
        struct managed_entry *entry = entries->items[i];
        if (entry->applied == applied && text_equal(entry->manager, manager) &&
            text_equal(entry->subresource, subresource != NULL ? subresource : "") &&
            (applied || text_equal(entry->api_version, api_version)))
            return entry;
    }
    return NULL;
}

void managed_set_fields(struct managed_entry *entry, json_t *fields)
{
    json_decref(entry->fields);
    entry->fields = fields;
}

void managed_stamp(struct managed_entry *entry, int64_t now_ms)
{
    char time[32];
    clock_format(now_ms - now_ms % 1000, time, sizeof(time));
    free(entry->time);
    entry->time = memory_text(time);
}

static bool decode_entry(const json_t *item, struct array *entries)
{
    const char *operation = tree_text(item, "operation"), *api_version = tree_text(item, "apiVersion");
    const char *manager = tree_text(item, "manager");
    bool applied = text_equal(operation, "Apply");
    if ((!applied && !text_equal(operation, "Update")) || api_version == NULL || api_version[0] == '\0' ||
        !text_equal(tree_text(item, "fieldsType"), "FieldsV1"))
        return false;
    struct managed_entry *entry =
        managed_add(entries, manager != NULL ? manager : "", applied, api_version, tree_text(item, "subresource"));
    entry->time = memory_text(tree_text(item, "time"));
    managed_set_fields(entry, fields_decode(json_object_get(item, "fieldsV1")));
    return true;
}

void managed_decode(const json_t *list, struct array *ret_entries)
{
    *ret_entries = (struct array){.free_item = entry_free};
    size_t index;
    json_t *item;
    json_array_foreach((json_t *)list, index, item)
    {
        if (!decode_entry(item, ret_entries)) {
            array_clear(ret_entries);
            return;
        }
    }
}

/* Apply entries first, then by time, manager, version and subresource. */
static int compare_entries(const void *left, const void *right)
{
    const struct managed_entry *a = left, *b = right;
    if (a->applied != b->applied)
        return a->applied ? -1 : 1;
    int order = strcmp(a->time != NULL ? a->time : "", b->time != NULL ? b->time : "");
    if (order == 0)
        order = strcmp(a->manager, b->manager);
    if (order == 0)
        order = strcmp(a->api_version, b->api_version);
    return order != 0 ? order : strcmp(a->subresource, b->subresource);
}

json_t *managed_encode(struct array *entries)
{
    if (entries->count == 0)
        return NULL;
    array_sort(entries, compare_entries);
    json_t *list = json_array();
    for (size_t i = 0; i < entries->count; i++) {
        const struct managed_entry *entry = entries->items[i];
        json_t *item = json_pack("{s:s, s:s, s:s}", "manager", entry->manager, "operation",
                                 entry->applied ? "Apply" : "Update", "apiVersion", entry->api_version);
        if (entry->time != NULL)
            json_object_set_new(item, "time", json_string(entry->time));
        json_object_set_new(item, "fieldsType", json_string("FieldsV1"));
        json_object_set_new(item, "fieldsV1", fields_encode(entry->fields));
        if (entry->subresource[0] != '\0')
            json_object_set_new(item, "subresource", json_string(entry->subresource));
        json_array_append_new(list, item);
    }
    return list;
}

json_t *managed_stripped(const json_t *fields)
{
    static const char *const meta[] = {"name",        "namespace",  "creationTimestamp", "selfLink",       "uid",
                                       "clusterName", "generation", "managedFields",     "resourceVersion"};
    json_t *unowned =
        json_pack("{s:{s:{}}, s:{s:{}}, s:{s:{}}}", "f:apiVersion", ".", "f:kind", ".", "f:metadata", ".");
    json_t *below = json_object_get(unowned, "f:metadata");
    for (size_t i = 0; i < LENGTH_OF(meta); i++) {
        CLEANUP_FREE char *step = fields_step(meta[i]);
        json_object_set_new(below, step, json_pack("{s:{}}", "."));
    }
    json_t *owned = fields_difference(fields, unowned);
    json_decref(unowned);
    return owned;
}

json_t *managed_reachable(const struct write_kind *kind, const char *subresource, const json_t *fields)
{
    if (!kind->has_status)
        return fields_union(fields, NULL);
    bool status = text_equal(subresource, "status");
    if (status && kind->crd != NULL)
        return fields_only(fields, "status");
    json_t *beyond = status ? json_pack("{s:{s:{}}, s:{s:{s:{}}}}", "f:spec", ".", "f:metadata", "f:labels", ".")
                            : json_pack("{s:{s:{}}}", "f:status", ".");
    json_t *reachable = fields_exclude(fields, beyond);
    json_decref(beyond);
    return reachable;
}

static void keep_reachable(const struct write_kind *kind, const char *subresource, json_t **set)
{
    json_t *kept = managed_reachable(kind, subresource, *set);
    json_decref(*set);
    *set = kept;
}

bool managed_compare(const struct write_kind *kind, const json_t *old, const json_t *changed, const char *api_version,
                     const char *subresource, struct typed_comparison *ret_comparison)
{
    const char *slash = strrchr(api_version, '/');
    const char *version = slash != NULL ? slash + 1 : api_version;
    if (!kind_knows(kind, version))
        return false;
    /* Built-in kinds are converted by nothing: an entry of another version (autoscaling/v1) sees the same fields. */
    bool convert = kind->crd != NULL && !text_equal(tree_text(changed, "apiVersion"), api_version);
    json_t *a = convert ? kind_convert(kind, old, version) : json_incref((json_t *)old);
    json_t *b = convert ? kind_convert(kind, changed, version) : json_incref((json_t *)changed);
    typed_compare(a, b, kind_shape(kind, version), ret_comparison);
    json_decref(a);
    json_decref(b);
    keep_reachable(kind, subresource, &ret_comparison->added);
    keep_reachable(kind, subresource, &ret_comparison->modified);
    keep_reachable(kind, subresource, &ret_comparison->removed);
    return true;
}

/* What a write touched, seen through one version; kept while entries of the same version are worked on. */
struct touched {
    char *api_version;
    json_t *fields; /* NULL: the version is not known */
};

static void touched_release(struct touched *touched)
{
    free(touched->api_version);
    json_decref(touched->fields);
    *touched = (struct touched){0};
}

static void find_touched(const struct write_kind *kind, const json_t *old, const json_t *changed,
                         const char *api_version, const char *subresource, struct touched *touched)
{
    struct typed_comparison difference;
    if (text_equal(touched->api_version, api_version))
        return;
    touched_release(touched);
    touched->api_version = memory_text(api_version);
    if (!managed_compare(kind, old, changed, api_version, subresource, &difference))
        return;
    json_t *written = fields_union(difference.added, difference.modified);
    touched->fields = fields_union(written, difference.removed);
    json_decref(written);
    typed_comparison_release(&difference);
}

void managed_take(const struct write_kind *kind, struct array *entries, const struct managed_entry *self,
                  const json_t *old, const json_t *changed, const char *subresource)
{
    struct touched touched = {0};
    for (size_t i = 0; i < entries->count;) {
        struct managed_entry *entry = entries->items[i];
        if (entry != self) {
            find_touched(kind, old, changed, entry->api_version, subresource, &touched);
            if (touched.fields != NULL)
                managed_set_fields(entry, fields_difference(entry->fields, touched.fields));
        }
        if ((entry != self && touched.fields == NULL) || fields_empty(entry->fields))
            array_remove(entries, i);
        else
            i++;
    }
    touched_release(&touched);
}
