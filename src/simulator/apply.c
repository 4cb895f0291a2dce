/* Server-side apply (structured-merge-diff, merge.Updater.Apply; apimachinery pkg/util/managedfields). */
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/fields.h"
#include "simulator/managed.h"
#include "simulator/managed_entry.h"
#include "simulator/typed.h"
#include <stdlib.h>
#include <string.h>

/* What an apply works on. The entries hold the applying manager's new fields already. */
struct apply {
    const struct write_kind *kind;
    const struct managed_writer *writer;
    struct array entries;
    struct managed_entry *self;
    json_t *last; /* what this manager applied before, or NULL */
    char *last_version;
};

static const char *version_of(const char *api_version)
{
    const char *slash = strrchr(api_version, '/');
    return slash != NULL ? slash + 1 : api_version;
}

/* Everything that some manager owns in the given version. */
static json_t *owned_in(const struct array *entries, const char *api_version)
{
    json_t *owned = json_object();
    for (size_t i = 0; i < entries->count; i++) {
        const struct managed_entry *entry = entries->items[i];
        if (!text_equal(entry->api_version, api_version))
            continue;
        json_t *more = fields_union(owned, entry->fields);
        json_decref(owned);
        owned = more;
    }
    return owned;
}

/* All fields of an object, with every struct on the way a member too. */
static json_t *all_fields(const json_t *object, struct shape shape)
{
    json_t *plain = typed_fields(object, shape);
    json_t *named = typed_name_members(plain, shape);
    json_decref(plain);
    return named;
}

/* Take out of `merged` what is neither in `pruned` nor owned in this version. Frees `pruned`. */
static json_t *add_back_owned(const struct apply *apply, const json_t *merged, json_t *pruned, const char *api_version)
{
    const char *version = version_of(api_version);
    if (!kind_knows(apply->kind, version))
        return pruned;
    struct shape shape = kind_shape(apply->kind, version);
    json_t *whole = kind_convert(apply->kind, merged, version), *rest = kind_convert(apply->kind, pruned, version);
    json_t *owned = owned_in(&apply->entries, api_version), *named = typed_name_members(owned, shape);
    json_t *whole_fields = all_fields(whole, shape), *rest_fields = all_fields(rest, shape);
    json_t *kept = fields_union(rest_fields, named);
    json_t *gone = fields_difference(whole_fields, kept);
    json_t *result = typed_remove(whole, gone, shape);
    json_decref(pruned);
    json_decref(whole);
    json_decref(rest);
    json_decref(owned);
    json_decref(named);
    json_decref(whole_fields);
    json_decref(rest_fields);
    json_decref(kept);
    json_decref(gone);
    return result != NULL ? result : json_object();
}

/* What the pruning took although this manager never applied it stays. Frees `pruned`. */
static json_t *add_back_dangling(const struct apply *apply, const json_t *merged, json_t *pruned)
{
    struct shape shape = kind_shape(apply->kind, version_of(apply->last_version));
    json_t *merged_fields = all_fields(merged, shape), *pruned_fields = all_fields(pruned, shape);
    json_t *last = typed_name_members(apply->last, shape);
    json_t *lost = fields_difference(merged_fields, pruned_fields);
    json_t *gone = fields_intersection(lost, last);
    json_t *result = typed_remove(merged, gone, shape);
    json_decref(pruned);
    json_decref(merged_fields);
    json_decref(pruned_fields);
    json_decref(last);
    json_decref(lost);
    json_decref(gone);
    return result != NULL ? result : json_object();
}

/* Remove what this manager applied last time, does not apply now, and nobody else owns. Frees `merged`. */
static json_t *prune(const struct apply *apply, json_t *merged)
{
    if (apply->last == NULL || fields_empty(apply->last) || !kind_knows(apply->kind, version_of(apply->last_version)))
        return merged;
    const char *version = version_of(apply->last_version);
    struct shape shape = kind_shape(apply->kind, version);
    json_t *whole = kind_convert(apply->kind, merged, version);
    json_t *last = typed_name_members(apply->last, shape);
    json_t *pruned = typed_remove(whole, last, shape);
    if (pruned == NULL)
        pruned = json_object();
    json_decref(last);
    pruned = add_back_owned(apply, whole, pruned, apply->last_version);
    for (size_t i = 0; i < apply->entries.count; i++) {
        const struct managed_entry *entry = apply->entries.items[i];
        if (!text_equal(entry->api_version, apply->last_version))
            pruned = add_back_owned(apply, merged, pruned, entry->api_version);
    }
    pruned = add_back_dangling(apply, whole, pruned);
    json_t *result = kind_convert(apply->kind, pruned, apply->writer->version);
    json_decref(whole);
    json_decref(pruned);
    json_decref(merged);
    return result;
}

static char *manager_text(const struct managed_entry *entry)
{
    CLEANUP_FREE char *with =
        entry->subresource[0] != '\0' ? memory_format(" with subresource \"%s\"", entry->subresource) : memory_text("");
    if (entry->applied)
        return memory_format("\"%s\"%s", entry->manager, with);
    return memory_format("\"%s\"%s using %s", entry->manager, with, entry->api_version);
}

/* A conflict's path is added to the list under its manager: {manager: [path, …]}. */
struct conflict_list {
    json_t *by_manager;
    const char *manager;
    size_t count;
};

static void add_conflict(void *context, const char *path)
{
    struct conflict_list *list = context;
    json_t *paths = json_object_get(list->by_manager, list->manager);
    if (paths == NULL) {
        paths = json_array();
        json_object_set_new(list->by_manager, list->manager, paths);
    }
    json_array_append_new(paths, json_string(path));
    list->count++;
}

static void find_conflicts(const struct apply *apply, const json_t *live, const json_t *object,
                           struct conflict_list *list)
{
    for (size_t i = 0; i < apply->entries.count; i++) {
        const struct managed_entry *entry = apply->entries.items[i];
        struct typed_comparison difference;
        if (entry == apply->self ||
            !managed_compare(apply->kind, live, object, entry->api_version, apply->writer->subresource, &difference))
            continue;
        json_t *written = fields_union(difference.added, difference.modified);
        json_t *taken = fields_intersection(entry->fields, written);
        CLEANUP_FREE char *manager = manager_text(entry);
        list->manager = manager;
        fields_each(taken, add_conflict, list);
        json_decref(written);
        json_decref(taken);
        typed_comparison_release(&difference);
    }
}

static bool refuse_conflicts(const struct conflict_list *list, struct refusal *refusal)
{
    struct text message = {0};
    json_t *causes = json_array();
    const char *manager;
    json_t *paths;
    json_object_foreach(list->by_manager, manager, paths)
    {
        size_t index;
        json_t *path;
        if (list->count > 1)
            text_append_format(&message, "%sconflicts with %s:", message.size > 0 ? "\n" : "", manager);
        json_array_foreach(paths, index, path)
        {
            refusal_add_cause(causes, "FieldManagerConflict", json_string_value(path), "conflict with %s", manager);
            if (list->count > 1)
                text_append_format(&message, "\n- %s", json_string_value(path));
            else
                text_append_format(&message, "conflict with %s: %s", manager, json_string_value(path));
        }
    }
    refusal_set(refusal, 409, "Conflict", "Apply failed with %zu conflict%s: %s", list->count,
                list->count == 1 ? "" : "s", text_peek(&message));
    if (refusal != NULL)
        refusal->details = json_pack("{s:O}", "causes", causes);
    json_decref(causes);
    text_release(&message);
    return false;
}

/* The applying manager's entry with its new fields. */
static void record_config(struct apply *apply, const json_t *config, const char *api_version)
{
    const struct managed_writer *writer = apply->writer;
    apply->self = managed_find(&apply->entries, writer->manager, true, NULL, writer->subresource);
    if (apply->self != NULL) {
        apply->last = json_incref(apply->self->fields);
        apply->last_version = memory_text(apply->self->api_version);
        free(apply->self->api_version);
        apply->self->api_version = memory_text(api_version);
    } else {
        apply->self = managed_add(&apply->entries, writer->manager, true, api_version, writer->subresource);
    }
    json_t *all = typed_fields(config, kind_shape(apply->kind, writer->version));
    managed_set_fields(apply->self, managed_reachable(apply->kind, writer->subresource, all));
    json_decref(all);
}

/* Objects that nobody has applied yet and that have no record: what is there belongs to "before-first-apply". */
static void record_before(struct apply *apply, const json_t *live, const char *api_version)
{
    if (apply->entries.count > 0)
        return;
    json_t *all = typed_fields(live, kind_shape(apply->kind, apply->writer->version));
    json_t *owned = managed_stripped(all);
    json_decref(all);
    if (fields_empty(owned)) {
        json_decref(owned);
        return;
    }
    struct managed_entry *entry =
        managed_add(&apply->entries, "before-first-apply", false, api_version, apply->writer->subresource);
    managed_set_fields(entry, owned);
    managed_stamp(entry, apply->writer->now_ms);
}

static bool finish(struct apply *apply, const json_t *live, json_t *object, struct refusal *refusal)
{
    struct conflict_list conflicts = {.by_manager = json_object()};
    if (!apply->writer->force)
        find_conflicts(apply, live, object, &conflicts);
    bool good = conflicts.count == 0;
    if (!good)
        refuse_conflicts(&conflicts, refusal);
    json_decref(conflicts.by_manager);
    if (!good)
        return false;
    managed_take(apply->kind, &apply->entries, apply->self, live, object, apply->writer->subresource);
    if (managed_find(&apply->entries, apply->writer->manager, true, NULL, apply->writer->subresource) == apply->self) {
        managed_set_fields(apply->self, managed_stripped(apply->self->fields));
        if (!tree_equal(live, object))
            managed_stamp(apply->self, apply->writer->now_ms);
    }
    json_t *list = managed_encode(&apply->entries);
    if (list != NULL)
        json_object_set_new(json_object_get(object, "metadata"), "managedFields", list);
    return true;
}

bool managed_apply(const struct write_kind *kind, const json_t *live, const json_t *config,
                   const struct managed_writer *writer, json_t **ret_object, struct refusal *refusal)
{
    CLEANUP_FREE char *why = NULL;
    struct shape shape = kind_shape(kind, writer->version);
    if (!typed_check(config, shape, &why))
        return refusal_set(
            refusal, 500, "", "failed to create typed patch object (%s/%s; %s, Kind=%s): %s",
            tree_text(config, "metadata", "namespace") != NULL ? tree_text(config, "metadata", "namespace") : "",
            tree_text(config, "metadata", "name"), tree_text(config, "apiVersion"), kind->kind, why);
    CLEANUP_FREE char *api_version = kind_api_version(kind, writer->version);
    struct apply apply = {.kind = kind, .writer = writer};
    managed_decode(tree_get(live, "metadata", "managedFields"), &apply.entries);
    json_t *old = json_deep_copy(live);
    json_object_del(json_object_get(old, "metadata"), "managedFields");
    record_before(&apply, old, api_version);
    record_config(&apply, config, api_version);
    json_t *object = prune(&apply, typed_merge(old, config, shape));
    bool good = finish(&apply, old, object, refusal);
    if (good)
        *ret_object = object;
    else
        json_decref(object);
    json_decref(old);
    json_decref(apply.last);
    free(apply.last_version);
    array_release(&apply.entries);
    return good;
}
