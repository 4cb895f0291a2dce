#include "simulator/api_types.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define INLINE_DEPTH 4

static int compare_names(const void *key, const void *type)
{
    return strcmp(key, ((const struct api_type *)type)->name);
}

static const struct api_type *find_type(const char *name)
{
    const struct api_type *found =
        bsearch(name, api_types_core, api_types_core_count, sizeof *api_types_core, compare_names);
    if (found == NULL)
        found = bsearch(name, api_types_groups, api_types_groups_count, sizeof *api_types_groups, compare_names);
    return found;
}

const struct api_type *api_type_of_kind(const char *group, const char *kind)
{
    static const char *const prefixes[][2] = {
        {"", "core"},
        {"apps", "apps"},
        {"batch", "batch"},
        {"rbac.authorization.k8s.io", "rbac"},
        {"networking.k8s.io", "networking"},
        {"policy", "policy"},
        {"autoscaling", "autoscaling"},
        {"coordination.k8s.io", "coordination"},
        {"certificates.k8s.io", "certificates"},
        {"authorization.k8s.io", "authorization"},
        {"authentication.k8s.io", "authentication"},
        {"admissionregistration.k8s.io", "admission"},
        {"storage.k8s.io", "storage"},
        {"scheduling.k8s.io", "scheduling"},
        {"discovery.k8s.io", "discovery"},
        {"node.k8s.io", "node"},
    };
    if (strcmp(kind, "DeleteOptions") == 0)
        return find_type("meta.DeleteOptions");
    if (strcmp(kind, "Scale") == 0)
        return find_type("autoscaling1.Scale");
    for (size_t i = 0; i < LENGTH_OF(prefixes); i++) {
        if (strcmp(prefixes[i][0], group) != 0)
            continue;
        CLEANUP_FREE char *name = memory_format("%s.%s", prefixes[i][1], kind);
        return find_type(name);
    }
    return NULL;
}

/* The type that a field names: "meta.ObjectMeta", or "PodSpec" of the same package. */
static const struct api_type *resolve(const struct api_type *within, const char *name, size_t length)
{
    CLEANUP_FREE char *given = memory_text_part(name, length);
    CLEANUP_FREE char *full = strchr(given, '.') != NULL
                                  ? memory_text(given)
                                  : memory_format("%.*s.%s", (int)strcspn(within->name, "."), within->name, given);
    return find_type(full);
}

bool api_type_next(const struct api_type *type, const char **cursor, struct api_field *ret_field)
{
    const char *at = *cursor != NULL ? *cursor : type->fields;
    at += strspn(at, " ");
    if (*at == '\0')
        return false;
    struct api_field field = {.name = at, .name_length = strcspn(at, "=")};
    char *end;
    field.number = strtoul(at + field.name_length + 1, &end, 10);
    at = end;
    if (*at == '*' || *at == '{') {
        field.shape = *at == '*' ? API_LIST : API_MAP;
        at += *at == '*' ? 1 : 2;
    }
    field.listed = field.shape == API_MAP && *at == '*';
    at += field.listed;
    size_t length = strcspn(at, " ?");
    if (length == 1)
        field.scalar = *at;
    else
        field.type = resolve(type, at, length);
    field.keeps_empty = at[length] == '?';
    *cursor = at + length + field.keeps_empty;
    *ret_field = field;
    return true;
}

static bool find_field(const struct api_type *type, const char *name, int depth, struct api_field *ret_field)
{
    const char *cursor = NULL;
    struct api_field field;
    size_t length = strlen(name);
    while (api_type_next(type, &cursor, &field)) {
        if (field.name_length == 0) {
            if (field.type != NULL && depth > 0 && find_field(field.type, name, depth - 1, ret_field))
                return true;
        } else if (field.name_length == length && strncmp(field.name, name, length) == 0) {
            *ret_field = field;
            return true;
        }
    }
    return false;
}

bool api_type_find(const struct api_type *type, const char *name, struct api_field *ret_field)
{
    return find_field(type, name, INLINE_DEPTH, ret_field);
}

/* Objects with metadata say what they are, whatever their Go type says of that. */
static bool names_itself(const struct api_type *type, const char *key)
{
    struct api_field ignored;
    return (strcmp(key, "apiVersion") == 0 || strcmp(key, "kind") == 0) && api_type_find(type, "metadata", &ignored);
}

static void prune(const struct api_type *type, json_t *object, const char *path, json_t *unknown);

static void prune_value(const struct api_field *field, json_t *value, const char *path, json_t *unknown)
{
    const char *key;
    json_t *child;
    if (field->type == NULL)
        return;
    if (field->shape == API_ONE) {
        prune(field->type, value, path, unknown);
    } else if (field->shape == API_LIST) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            CLEANUP_FREE char *place = memory_format("%s[%zu]", path, i);
            prune(field->type, json_array_get(value, i), place, unknown);
        }
    } else {
        json_object_foreach(value, key, child)
        {
            CLEANUP_FREE char *place = memory_format("%s.%s", path, key);
            prune(field->type, child, place, unknown);
        }
    }
}

static void prune(const struct api_type *type, json_t *object, const char *path, json_t *unknown)
{
    const char *key;
    json_t *value;
    void *next;
    json_object_foreach_safe(object, next, key, value)
    {
        struct api_field field;
        CLEANUP_FREE char *place = memory_format("%s%s%s", path, path[0] != '\0' ? "." : "", key);
        if (api_type_find(type, key, &field)) {
            prune_value(&field, value, place, unknown);
        } else if (!names_itself(type, key)) {
            json_array_append_new(unknown, json_string(place));
            json_object_del(object, key);
        }
    }
}

void api_type_prune(const struct api_type *type, json_t *object, json_t *unknown)
{
    prune(type, object, "", unknown);
}
