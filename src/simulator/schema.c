#include "simulator/schema.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <stdlib.h>
#include <string.h>

static bool flag(const json_t *schema, const char *name)
{
    return json_is_true(json_object_get(schema, name));
}

static bool is_meta(const char *key)
{
    return strcmp(key, "apiVersion") == 0 || strcmp(key, "kind") == 0 || strcmp(key, "metadata") == 0;
}

static void prune(const json_t *schema, json_t *value, bool root, const char *path, json_t *unknown);

static const json_t *additional(const json_t *schema)
{
    const json_t *rest = json_object_get(schema, "additionalProperties");
    return json_is_object(rest) ? rest : NULL;
}

static void prune_object(const json_t *schema, json_t *object, bool root, const char *path, json_t *unknown)
{
    bool keep = flag(schema, "x-kubernetes-preserve-unknown-fields");
    bool resource = root || flag(schema, "x-kubernetes-embedded-resource");
    const char *key;
    json_t *value;
    void *next;
    json_object_foreach_safe(object, next, key, value)
    {
        if (resource && is_meta(key))
            continue;
        CLEANUP_FREE char *place = path[0] != '\0' ? memory_format("%s.%s", path, key) : memory_text(key);
        const json_t *property = json_object_get(json_object_get(schema, "properties"), key);
        if (property == NULL)
            property = additional(schema);
        if (property != NULL) {
            prune(property, value, false, place, unknown);
        } else if (!keep && !json_is_true(json_object_get(schema, "additionalProperties"))) {
            if (unknown != NULL)
                json_array_append_new(unknown, json_string(place));
            json_object_del(object, key);
        }
    }
}

static void prune(const json_t *schema, json_t *value, bool root, const char *path, json_t *unknown)
{
    if (json_is_object(value)) {
        prune_object(schema, value, root, path, unknown);
    } else if (json_is_array(value)) {
        const json_t *items = json_object_get(schema, "items");
        if (items == NULL && flag(schema, "x-kubernetes-preserve-unknown-fields"))
            return;
        size_t index;
        json_t *item;
        json_array_foreach(value, index, item)
        {
            CLEANUP_FREE char *place = memory_format("%s[%zu]", path, index);
            prune(items, item, false, place, unknown);
        }
    }
}

void schema_prune(const json_t *schema, json_t *object, json_t *unknown)
{
    prune(schema, object, true, "", unknown);
}

static void default_property(json_t *object, const char *key, const json_t *property)
{
    json_t *value = json_object_get(object, key);
    json_t *otherwise = json_object_get(property, "default");
    bool refused_null = json_is_null(value) && !flag(property, "nullable");
    if (otherwise != NULL && (value == NULL || refused_null))
        json_object_set_new(object, key, json_deep_copy(otherwise));
    value = json_object_get(object, key);
    if (value != NULL)
        schema_default(property, value);
}

void schema_default(const json_t *schema, json_t *object)
{
    const char *key;
    json_t *value;
    if (json_is_object(object)) {
        const json_t *properties = json_object_get(schema, "properties"), *rest = additional(schema);
        json_object_foreach((json_t *)properties, key, value)
        {
            default_property(object, key, value);
        }
        json_object_foreach(object, key, value)
        {
            if (rest != NULL && json_object_get(properties, key) == NULL)
                schema_default(rest, value);
        }
    } else if (json_is_array(object)) {
        size_t index;
        json_array_foreach(object, index, value)
        {
            schema_default(json_object_get(schema, "items"), value);
        }
    }
}
