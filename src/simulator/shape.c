#include "simulator/shape.h"
#include "simulator/shape_table.h"
#include <stdlib.h>
#include <string.h>

static int compare_field(const void *wanted, const void *row)
{
    const struct shape_field *a = wanted, *b = row;
    int order = strcmp(a->type, b->type);
    return order != 0 ? order : strcmp(a->name, b->name);
}

static struct shape of_builtin(const char *type, const char *key)
{
    struct shape_field wanted = {.type = type, .name = key};
    const struct shape_field *row =
        bsearch(&wanted, shape_fields, shape_field_count, sizeof(shape_fields[0]), compare_field);
    if (row == NULL)
        return (struct shape){0};
    bool nested = row->of != NULL && strcmp(row->of, SHAPE_ATOMIC_OBJECT) != 0;
    return (struct shape){.type = nested ? row->of : NULL, .field = row};
}

struct shape shape_builtin(const char *kind)
{
    return (struct shape){.type = kind, .resource = true};
}

struct shape shape_custom(const json_t *schema)
{
    return (struct shape){.schema = schema, .custom = true, .resource = true};
}

static struct shape custom_child(struct shape shape, const char *key)
{
    const json_t *property = json_object_get(json_object_get(shape.schema, "properties"), key);
    if (property == NULL) {
        const json_t *rest = json_object_get(shape.schema, "additionalProperties");
        property = json_is_object(rest) ? rest : NULL;
    }
    return (struct shape){.schema = property,
                          .custom = true,
                          .resource = json_is_true(json_object_get(property, "x-kubernetes-embedded-resource"))};
}

struct shape shape_child(struct shape shape, const char *key)
{
    if (shape.resource && strcmp(key, "metadata") == 0)
        return (struct shape){.type = "ObjectMeta"};
    if (shape.custom)
        return custom_child(shape, key);
    if (shape.field != NULL && shape.field->map && !shape.item)
        return (struct shape){.type = shape.type, .field = shape.field, .item = true};
    return shape.type != NULL ? of_builtin(shape.type, key) : (struct shape){0};
}

struct shape shape_item(struct shape shape)
{
    if (shape.custom) {
        const json_t *items = json_object_get(shape.schema, "items");
        return (struct shape){.schema = items,
                              .custom = true,
                              .resource = json_is_true(json_object_get(items, "x-kubernetes-embedded-resource"))};
    }
    return (struct shape){.type = shape.type, .field = shape.field, .item = true};
}

static bool says(struct shape shape, const char *extension, const char *value)
{
    const char *text = json_string_value(json_object_get(shape.schema, extension));
    return text != NULL && strcmp(text, value) == 0;
}

enum shape_list shape_list(struct shape shape)
{
    if (shape.custom) {
        if (says(shape, "x-kubernetes-list-type", "map"))
            return SHAPE_MAP;
        return says(shape, "x-kubernetes-list-type", "set") ? SHAPE_SET : SHAPE_ATOMIC;
    }
    return shape.field != NULL && !shape.item ? shape.field->list : SHAPE_ATOMIC;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t shape_list_keys(struct shape shape, const char *ret_keys[SHAPE_KEYS_LIMIT])
{
    size_t count = 0;
    if (!shape.custom) {
        while (count < sizeof(shape.field->keys) / sizeof(shape.field->keys[0]) && shape.field->keys[count] != NULL) {
            ret_keys[count] = shape.field->keys[count];
            count++;
        }
        return count;
    }
    const json_t *keys = json_object_get(shape.schema, "x-kubernetes-list-map-keys");
    for (size_t i = 0; i < json_array_size(keys) && count < SHAPE_KEYS_LIMIT; i++)
        if (json_is_string(json_array_get(keys, i)))
            ret_keys[count++] = json_string_value(json_array_get(keys, i));
    qsort(ret_keys, count, sizeof(ret_keys[0]), compare_texts);
    return count;
}

json_t *shape_key_default(struct shape shape, const char *key)
{
    if (!shape.custom)
        return strcmp(key, "protocol") == 0 ? json_string("TCP") : NULL;
    const json_t *items = json_object_get(shape.schema, "items");
    const json_t *property = json_object_get(json_object_get(items, "properties"), key);
    json_t *value = json_object_get(property, "default");
    return value != NULL ? json_deep_copy(value) : NULL;
}

bool shape_object_atomic(struct shape shape)
{
    if (shape.custom)
        return says(shape, "x-kubernetes-map-type", "atomic");
    if (shape.field == NULL || shape.field->of == NULL || strcmp(shape.field->of, SHAPE_ATOMIC_OBJECT) != 0)
        return false;
    return shape.field->list == SHAPE_ATOMIC || shape.item;
}

bool shape_declares(struct shape shape, const char *key)
{
    if (!shape.custom)
        return shape.field == NULL || !shape.field->map || shape.item;
    if (shape.resource && (strcmp(key, "metadata") == 0 || strcmp(key, "apiVersion") == 0 || strcmp(key, "kind") == 0))
        return true;
    return json_object_get(json_object_get(shape.schema, "properties"), key) != NULL;
}

bool shape_merges(struct shape shape)
{
    return shape.field != NULL && !shape.item && shape.field->merges;
}

const char *shape_merge_key(struct shape shape)
{
    return shape.field != NULL && !shape.item ? shape.field->merge_key : NULL;
}
