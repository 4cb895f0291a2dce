/*
 * Strategic merge: lists of built-in kinds are merged by their merge keys, with the directives $patch, $retainKeys,
 * $deleteFromPrimitiveList and $setElementOrder (apimachinery pkg/util/strategicpatch).
 */
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/patch.h"
#include <string.h>

#define DIRECTIVE     "$patch"
#define RETAIN_KEYS   "$retainKeys"
#define DELETE_FROM   "$deleteFromPrimitiveList/"
#define ELEMENT_ORDER "$setElementOrder/"

static bool merge_map(json_t *original, json_t *patch, struct shape shape, struct refusal *refusal);

static bool bad_format(struct refusal *refusal, const char *what)
{
    return refusal_bad_request(refusal, "%s", what);
}

/* Go's way to print a map of scalars: "map[image:x]". */
static bool no_merge_key(struct refusal *refusal, const json_t *element, const char *key)
{
    struct text shown = {0};
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)element, name, value)
    {
        CLEANUP_FREE char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        text_append_format(&shown, "%s%s:%s", shown.size > 0 ? " " : "", name,
                           json_is_string(value) ? json_string_value(value) : text);
    }
    refusal_set(refusal, 500, "", "map: map[%s] does not contain declared merge key: %s", text_peek(&shown), key);
    text_release(&shown);
    return false;
}

/* The index of the element with the same merge key (or the same scalar, when `key` is NULL), or -1. */
static json_int_t find(const json_t *list, const json_t *value, const char *key)
{
    const json_t *wanted = key != NULL ? json_object_get(value, key) : value;
    size_t index;
    const json_t *element;
    json_array_foreach(list, index, element)
    {
        const json_t *found = key != NULL ? json_object_get(element, key) : element;
        if (found != NULL && wanted != NULL && tree_equal(found, wanted))
            return (json_int_t)index;
    }
    return -1;
}

/* What a patch leaves where there was nothing: no directives, no nulls; NULL when nothing stays. Owned by the caller.
 */
static json_t *without_directives(const json_t *patch)
{
    if (json_is_array(patch)) {
        json_t *list = json_array();
        size_t index;
        const json_t *element;
        json_array_foreach(patch, index, element)
        {
            json_t *kept = without_directives(element);
            if (kept != NULL)
                json_array_append_new(list, kept);
        }
        return list;
    }
    if (!json_is_object(patch))
        return json_deep_copy(patch);
    const char *directive = json_string_value(json_object_get(patch, DIRECTIVE));
    if (directive != NULL && strcmp(directive, "delete") == 0)
        return NULL;
    json_t *map = json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)patch, key, value)
    {
        if (strcmp(key, DIRECTIVE) == 0 || strcmp(key, RETAIN_KEYS) == 0 || text_starts(key, DELETE_FROM) ||
            text_starts(key, ELEMENT_ORDER) || json_is_null(value))
            continue;
        json_t *kept = without_directives(value);
        if (kept != NULL)
            json_object_set_new(map, key, kept);
    }
    return map;
}

/* Take elements of `list` that `order` has (and, with `in` false, those that it has not), in the order that `order`
 * gives. */
static json_t *part(const json_t *list, const json_t *order, bool in, const json_t *sort_by, const char *key)
{
    json_t *taken = json_array();
    size_t index, at;
    json_t *element;
    json_array_foreach(list, index, element)
    {
        if ((find(order, element, key) >= 0) != in)
            continue;
        json_int_t place = find(sort_by, element, key);
        for (at = json_array_size(taken); at > 0; at--) {
            json_int_t before = find(sort_by, json_array_get(taken, at - 1), key);
            if (place < 0 || before < 0 || before <= place)
                break;
        }
        json_array_insert(taken, at, element);
    }
    return taken;
}

/* Order a merged list: what the patch names stands in the patch's order, what only the server has keeps its place
 * relative to what was there before. */
static void put_in_order(json_t *merged, const json_t *patch_order, const json_t *server_order, const char *key)
{
    json_t *named = part(merged, patch_order, true, patch_order, key);
    json_t *server_only = part(merged, patch_order, false, server_order, key);
    json_array_clear(merged);
    size_t i = 0, j = 0;
    while (i < json_array_size(server_only) || j < json_array_size(named)) {
        bool take_server = j >= json_array_size(named);
        if (!take_server && i < json_array_size(server_only)) {
            json_int_t left = find(server_order, json_array_get(server_only, i), key);
            json_int_t right = find(server_order, json_array_get(named, j), key);
            take_server = left >= 0 && right >= 0 && left < right;
        }
        json_array_append(merged, take_server ? json_array_get(server_only, i++) : json_array_get(named, j++));
    }
    json_decref(named);
    json_decref(server_only);
}

/* Apply an element with $patch: delete or replace. */
static bool special_element(json_t *original, const json_t *element, const char *key, bool *replace,
                            struct refusal *refusal)
{
    const char *directive = json_string_value(json_object_get(element, DIRECTIVE));
    if (directive != NULL && strcmp(directive, "replace") == 0) {
        *replace = true;
        return true;
    }
    if (directive == NULL || strcmp(directive, "delete") != 0)
        return refusal_set(refusal, 500, "", "unknown patch type found: %s", directive != NULL ? directive : "");
    if (json_object_get(element, key) == NULL)
        return no_merge_key(refusal, element, key);
    for (json_int_t at = find(original, element, key); at >= 0; at = find(original, element, key))
        json_array_remove(original, (size_t)at);
    return true;
}

static bool merge_maps_in_list(json_t *original, json_t *patch, struct shape shape, struct refusal *refusal)
{
    const char *key = shape_merge_key(shape);
    if (key == NULL)
        return refusal_set(refusal, 500, "", "cannot merge lists without merge key");
    json_t *plain = json_array();
    bool replace = false, good = true;
    size_t index;
    json_t *element;
    json_array_foreach(patch, index, element)
    {
        if (json_object_get(element, DIRECTIVE) == NULL)
            json_array_append(plain, element);
        else if (!special_element(original, element, key, &replace, refusal))
            good = false;
    }
    if (replace)
        json_array_clear(original);
    json_array_foreach(plain, index, element)
    {
        if (!good)
            break;
        if (json_object_get(element, key) == NULL) {
            good = no_merge_key(refusal, element, key);
            break;
        }
        json_int_t at = find(original, element, key);
        if (at < 0)
            json_array_append_new(original, without_directives(element));
        else
            good = merge_map(json_array_get(original, (size_t)at), element, shape_item(shape), refusal);
    }
    json_decref(plain);
    return good;
}

/* Are all elements objects, or none of them? */
static bool all_alike(const json_t *list, bool objects)
{
    size_t index;
    const json_t *element;
    json_array_foreach(list, index, element)
    {
        if (json_is_object(element) != objects)
            return false;
    }
    return true;
}

/* `original` is changed in place. */
static bool merge_list(json_t *original, json_t *patch, struct shape shape, struct refusal *refusal)
{
    if (!shape_merges(shape)) {
        json_t *replacement = without_directives(patch);
        json_array_clear(original);
        json_array_extend(original, replacement);
        json_decref(replacement);
        return true;
    }
    json_t *before = json_copy(original);
    bool maps = json_is_object(json_array_get(original, 0)) || json_is_object(json_array_get(patch, 0));
    bool good = (all_alike(original, maps) && all_alike(patch, maps)) ||
                refusal_set(refusal, 500, "", "list element types are not identical");
    if (good && maps) {
        good = merge_maps_in_list(original, patch, shape, refusal);
    } else if (good) {
        size_t index;
        json_t *element;
        json_array_foreach(patch, index, element)
        {
            if (find(original, element, NULL) < 0)
                json_array_append(original, element);
        }
    }
    if (good)
        put_in_order(original, patch, before, maps ? shape_merge_key(shape) : NULL);
    json_decref(before);
    return good;
}

static bool retain_keys(json_t *original, json_t *patch, struct refusal *refusal)
{
    json_t *keys = json_object_get(patch, RETAIN_KEYS);
    if (keys == NULL)
        return true;
    if (!json_is_array(keys))
        return bad_format(refusal, "invalid patch format of retainKeys");
    const char *key;
    json_t *value;
    void *next;
    json_object_foreach(patch, key, value)
    {
        json_t *name = json_string(key);
        bool listed = find(keys, name, NULL) >= 0;
        json_decref(name);
        if (!listed && !json_is_null(value) && key[0] != '$')
            return bad_format(refusal, "invalid patch format of retainKeys");
    }
    json_object_foreach_safe(original, next, key, value)
    {
        json_t *name = json_string(key);
        if (find(keys, name, NULL) < 0)
            json_object_del(original, key);
        json_decref(name);
    }
    json_object_del(patch, RETAIN_KEYS);
    return true;
}

/* The next "$setElementOrder/x" of the patch; each is taken out once it is done. */
static const char *next_element_order(json_t *patch)
{
    const char *key;
    json_t *value;
    json_object_foreach(patch, key, value)
    {
        if (text_starts(key, ELEMENT_ORDER))
            return key;
    }
    return NULL;
}

/* Merge the list `key` and put it in the given order. */
static bool element_order(json_t *original, json_t *patch, const char *key, const json_t *order, struct shape list,
                          struct refusal *refusal)
{
    json_t *there = json_object_get(original, key), *given = json_object_get(patch, key);
    if (!json_is_array(order) || (there != NULL && !json_is_array(there)) || (given != NULL && !json_is_array(given)))
        return bad_format(refusal, "invalid patch format of setElementOrder list");
    json_t *before = there != NULL ? json_copy(there) : json_array();
    bool good = true;
    if (there == NULL && given != NULL) {
        there = without_directives(given);
        json_object_set_new(original, key, there);
    } else if (there != NULL && given != NULL) {
        good = merge_list(there, given, list, refusal);
    }
    if (good && there != NULL)
        put_in_order(there, order, before, shape_merge_key(list));
    json_decref(before);
    return good;
}

/* Every "$setElementOrder/x" of the patch together with its "x", which is then taken out of the patch. */
static bool element_orders(json_t *original, json_t *patch, struct shape shape, struct refusal *refusal)
{
    for (const char *found = next_element_order(patch); found != NULL; found = next_element_order(patch)) {
        CLEANUP_FREE char *directive = memory_text(found);
        const char *key = directive + strlen(ELEMENT_ORDER);
        if (!element_order(original, patch, key, json_object_get(patch, directive), shape_child(shape, key), refusal))
            return false;
        json_object_del(patch, key);
        json_object_del(patch, directive);
    }
    return true;
}

static void delete_from_primitives(json_t *list, const json_t *gone)
{
    size_t index;
    const json_t *value;
    json_array_foreach(gone, index, value)
    {
        for (json_int_t at = find(list, value, NULL); at >= 0; at = find(list, value, NULL))
            json_array_remove(list, (size_t)at);
    }
}

static bool merge_value(json_t *original, const char *key, json_t *value, struct shape shape, struct refusal *refusal)
{
    json_t *there = json_object_get(original, key);
    if (json_is_null(value)) {
        json_object_del(original, key);
        return true;
    }
    if (json_is_object(there) && json_is_object(value))
        return merge_map(there, value, shape_child(shape, key), refusal);
    if (json_is_array(there) && json_is_array(value))
        return merge_list(there, value, shape_child(shape, key), refusal);
    json_t *kept = without_directives(value);
    if (kept != NULL)
        json_object_set_new(original, key, kept);
    else
        json_object_del(original, key);
    return true;
}

static bool merge_map(json_t *original, json_t *patch, struct shape shape, struct refusal *refusal)
{
    const char *directive = json_string_value(json_object_get(patch, DIRECTIVE));
    if (directive != NULL && strcmp(directive, "replace") != 0 && strcmp(directive, "delete") != 0)
        return refusal_set(refusal, 500, "", "unknown patch type found: %s", directive);
    if (directive != NULL) {
        bool replaces = strcmp(directive, "replace") == 0;
        json_object_clear(original);
        json_object_del(patch, DIRECTIVE);
        if (replaces)
            json_object_update(original, patch);
        return true;
    }
    if (!retain_keys(original, patch, refusal) || !element_orders(original, patch, shape, refusal))
        return false;
    const char *key;
    json_t *value;
    json_object_foreach(patch, key, value)
    {
        if (text_starts(key, DELETE_FROM)) {
            if (!json_is_array(value))
                return bad_format(refusal, "invalid patch format of primitive list");
            delete_from_primitives(json_object_get(original, key + strlen(DELETE_FROM)), value);
        } else if (!merge_value(original, key, value, shape, refusal)) {
            return false;
        }
    }
    return true;
}

bool patch_strategic(const json_t *object, const json_t *patch, struct shape shape, json_t **ret_object,
                     struct refusal *refusal)
{
    if (!json_is_object(patch))
        return refusal_bad_request(refusal, "error decoding patch: json: cannot unmarshal array into Go value of type "
                                            "map[string]interface {}");
    json_t *result = json_deep_copy(object), *working = json_deep_copy(patch);
    bool good = merge_map(result, working, shape, refusal);
    json_decref(working);
    if (!good) {
        json_decref(result);
        return false;
    }
    *ret_object = result;
    return true;
}
