#include "simulator/resources.h"
#include "base/array.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/resources_table.h"
#include <stdlib.h>
#include <string.h>

/* Built-in resources point into the table, custom ones into `crd` and into the arrays made here. Freed with the whole
 * registry only: a resource that is gone may come back and must keep its address. */
struct entry {
    struct resource resource;
    char *list_kind;
    json_t *crd;
    const char **short_names;
    const char **categories;
};

struct resources {
    struct array entries;
};

static const char *const no_names[] = {NULL};

static void clear_entry(struct entry *entry)
{
    free(entry->list_kind);
    free(entry->short_names);
    free(entry->categories);
    json_decref(entry->crd);
    *entry = (struct entry){0};
}

static void free_entry(void *item)
{
    clear_entry(item);
    free(item);
}

static void add_builtin(struct resources *resources, const struct resource_row *row)
{
    struct entry *entry = memory_new(sizeof *entry);
    entry->list_kind = memory_format("%sList", row->kind);
    entry->resource = (struct resource){
        .group = row->group,
        .plural = row->plural,
        .singular = row->singular,
        .kind = row->kind,
        .list_kind = entry->list_kind,
        .short_names = row->short_names,
        .categories = row->categories,
        .subresources = row->subresources,
        .namespaced = row->flags & RESOURCE_NAMESPACED,
        .put_creates = row->flags & RESOURCE_PUT_CREATES,
        .conditional = row->flags & RESOURCE_CONDITIONAL,
        .returns_deleted = row->flags & RESOURCE_RETURNS_DELETED,
        .virtual = row->flags & RESOURCE_VIRTUAL,
        .version_count = 1,
    };
    entry->resource.versions[0] = (struct resource_version){
        .name = row->version,
        .served = true,
        .storage = true,
        .has_status = row->flags & RESOURCE_STATUS,
        .has_scale = row->flags & RESOURCE_SCALE,
    };
    array_append(&resources->entries, entry);
}

struct resources *resources_new(void)
{
    struct resources *resources = memory_new(sizeof *resources);
    resources->entries = (struct array){.free_item = free_entry};
    for (size_t i = 0; i < resource_row_count; i++)
        add_builtin(resources, &resource_rows[i]);
    return resources;
}

void resources_free(struct resources *resources)
{
    if (resources == NULL)
        return;
    array_release(&resources->entries);
    free(resources);
}

size_t resources_count(const struct resources *resources)
{
    return resources->entries.count;
}

const struct resource *resources_at(const struct resources *resources, size_t index)
{
    const struct entry *entry = resources->entries.items[index];
    return &entry->resource;
}

const struct resource *resources_find(const struct resources *resources, const char *group, const char *plural)
{
    for (size_t i = 0; i < resources_count(resources); i++) {
        const struct resource *resource = resources_at(resources, i);
        if (!resource->gone && text_equal(resource->plural, plural) && text_equal(resource->group, group))
            return resource;
    }
    return NULL;
}

const struct resource *resources_find_kind(const struct resources *resources, const char *group, const char *kind)
{
    for (size_t i = 0; i < resources_count(resources); i++) {
        const struct resource *resource = resources_at(resources, i);
        if (!resource->gone && text_equal(resource->kind, kind) && text_equal(resource->group, group))
            return resource;
    }
    return NULL;
}

const struct resource *resources_find_manifest(const struct resources *resources, const char *api_version,
                                               const char *kind)
{
    if (api_version == NULL || kind == NULL)
        return NULL;
    const char *slash = strchr(api_version, '/');
    CLEANUP_FREE char *group = memory_text_part(api_version, slash != NULL ? (size_t)(slash - api_version) : 0);
    const struct resource *resource = resources_find_kind(resources, group, kind);
    const struct resource_version *version =
        resource != NULL ? resource_version(resource, slash != NULL ? slash + 1 : api_version) : NULL;
    return version != NULL && version->served ? resource : NULL;
}

const struct resource_version *resource_version(const struct resource *resource, const char *version)
{
    for (size_t i = 0; i < resource->version_count; i++)
        if (text_equal(resource->versions[i].name, version))
            return &resource->versions[i];
    return NULL;
}

/* "v2beta1" as 2, stage (alpha 0, beta 1, general 2) and 1; false for what has another form. */
static bool parse_version(const char *name, unsigned long ret_parts[3])
{
    if (name[0] != 'v' || name[1] < '1' || name[1] > '9')
        return false;
    char *end;
    ret_parts[0] = strtoul(name + 1, &end, 10);
    ret_parts[1] = *end == '\0' ? 2 : text_starts(end, "beta") ? 1 : 0;
    ret_parts[2] = 0;
    if (*end == '\0')
        return true;
    if (!text_starts(end, "beta") && !text_starts(end, "alpha"))
        return false;
    end += text_starts(end, "beta") ? 4 : 5;
    if (*end < '1' || *end > '9')
        return false;
    ret_parts[2] = strtoul(end, &end, 10);
    return *end == '\0';
}

bool resource_version_precedes(const char *a, const char *b)
{
    unsigned long a_parts[3];
    unsigned long b_parts[3];
    bool a_known = parse_version(a, a_parts);
    bool b_known = parse_version(b, b_parts);
    if (!a_known || !b_known)
        return a_known != b_known ? a_known : strcmp(a, b) < 0;
    static const int order[] = {1, 0, 2}; /* stage, major, minor */
    for (size_t i = 0; i < LENGTH_OF(order); i++)
        if (a_parts[order[i]] != b_parts[order[i]])
            return a_parts[order[i]] > b_parts[order[i]];
    return false;
}

const char *resource_preferred(const struct resource *resource)
{
    const char *preferred = NULL;
    for (size_t i = 0; i < resource->version_count; i++) {
        const struct resource_version *version = &resource->versions[i];
        if (version->served && (preferred == NULL || resource_version_precedes(version->name, preferred)))
            preferred = version->name;
    }
    return preferred != NULL ? preferred : resource->versions[0].name;
}

const char *resource_storage(const struct resource *resource)
{
    for (size_t i = 0; i < resource->version_count; i++)
        if (resource->versions[i].storage)
            return resource->versions[i].name;
    return resource->versions[0].name;
}

char *resource_api_version(const struct resource *resource, const char *version)
{
    return resource->group[0] != '\0' ? memory_format("%s/%s", resource->group, version) : memory_text(version);
}

struct write_kind resource_write_kind(const struct resource *resource, const char *version)
{
    const struct resource_version *found = resource_version(resource, version);
    return (struct write_kind){
        .group = resource->group,
        .kind = resource->kind,
        .resource = resource->plural,
        .crd = resource->crd,
        .has_status = found != NULL && found->has_status,
    };
}

/* The texts of a JSON array, which stay the array's. */
static const char **names_of(const json_t *array)
{
    const char **names = memory_new_array(json_array_size(array) + 1, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(array); i++)
        if (json_is_string(json_array_get(array, i)))
            names[count++] = json_string_value(json_array_get(array, i));
    return names;
}

static void fill_versions(struct resource *resource, const json_t *versions)
{
    for (size_t i = 0; i < json_array_size(versions) && resource->version_count < RESOURCE_VERSIONS_LIMIT; i++) {
        const json_t *version = json_array_get(versions, i);
        if (tree_text(version, "name") == NULL)
            continue;
        resource->versions[resource->version_count++] = (struct resource_version){
            .name = tree_text(version, "name"),
            .served = json_is_true(json_object_get(version, "served")),
            .storage = json_is_true(json_object_get(version, "storage")),
            .deprecated = json_is_true(json_object_get(version, "deprecated")),
            .warning = tree_text(version, "deprecationWarning"),
            .has_status = tree_get(version, "subresources", "status") != NULL,
            .has_scale = tree_get(version, "subresources", "scale") != NULL,
            .definition = version,
        };
    }
}

static struct entry *find_defined(struct resources *resources, const json_t *crd)
{
    for (size_t i = 0; i < resources->entries.count; i++) {
        struct entry *entry = resources->entries.items[i];
        if (entry->crd != NULL && text_equal(entry->resource.group, tree_text(crd, "spec", "group")) &&
            text_equal(entry->resource.plural, tree_text(crd, "spec", "names", "plural")))
            return entry;
    }
    return NULL;
}

const struct resource *resources_define(struct resources *resources, const json_t *crd)
{
    struct entry *entry = find_defined(resources, crd);
    if (entry == NULL) {
        entry = memory_new(sizeof *entry);
        array_append(&resources->entries, entry);
    }
    json_t *kept = json_incref((json_t *)crd);
    clear_entry(entry);
    entry->crd = kept;
    const json_t *names = tree_get(crd, "spec", "names");
    entry->short_names = names_of(json_object_get(names, "shortNames"));
    entry->categories = names_of(json_object_get(names, "categories"));
    const char *kind = tree_text(names, "kind");
    const char *list_kind = tree_text(names, "listKind");
    entry->list_kind = list_kind != NULL ? memory_text(list_kind) : memory_format("%sList", kind);
    entry->resource = (struct resource){
        .group = tree_text(crd, "spec", "group"),
        .plural = tree_text(names, "plural"),
        .singular = tree_text(names, "singular") != NULL ? tree_text(names, "singular") : "",
        .kind = kind,
        .list_kind = entry->list_kind,
        .short_names = entry->short_names,
        .categories = entry->categories,
        .subresources = no_names,
        .namespaced = text_equal(tree_text(crd, "spec", "scope"), "Namespaced"),
        .crd = kept,
    };
    fill_versions(&entry->resource, tree_get(crd, "spec", "versions"));
    return &entry->resource;
}

void resources_undefine(struct resources *resources, const json_t *crd)
{
    struct entry *entry = find_defined(resources, crd);
    if (entry != NULL)
        entry->resource.gone = true;
}
