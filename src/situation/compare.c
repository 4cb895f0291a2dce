#include "situation/compare.h"
#include "base/tree.h"
#include "situation/quantity.h"
#include <string.h>

/* Matching by keys is quadratic; no real list is longer. */
#define COMPARE_KEYED_LIMIT 2000

static void compare_at(const struct compare *compare, const struct place *place, const json_t *from, const json_t *to);

/* What the server leaves out of its answers when a manifest says it: nothing, false, 0 and "" and what holds nothing
 * else. */
static bool is_zero(const json_t *value)
{
    const char *key;
    json_t *member;
    size_t index;
    switch (json_typeof(value)) {
    case JSON_NULL:
    case JSON_FALSE:
        return true;
    case JSON_INTEGER:
        return json_integer_value(value) == 0;
    case JSON_REAL:
        return !(json_real_value(value) < 0 || json_real_value(value) > 0);
    case JSON_STRING:
        return json_string_length(value) == 0;
    case JSON_ARRAY:
        json_array_foreach(value, index, member)
        {
            if (!is_zero(member))
                return false;
        }
        return true;
    case JSON_OBJECT:
        json_object_foreach((json_t *)value, key, member)
        {
            if (!is_zero(member))
                return false;
        }
        return true;
    default:
        return false;
    }
}

/* Where Kubernetes keeps quantities, whose text the server rewrites ("1000m" becomes "1"). */
static bool is_quantity_place(const struct compare *compare, const struct place *place)
{
    static const char *const maps[] = {"limits", "requests", "overhead", "capacity", "hard"};
    static const char *const fields[] = {"sizeLimit", "divisor", "averageValue", "maximumVolumeSize", "tolerance"};
    static const char *const ranges[] = {"default", "defaultRequest", "max", "min", "maxLimitRequestRatio"};
    if (place == NULL || place->key == NULL)
        return false;
    const char *parent = place_parent(place->up);
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        if (strcmp(parent, maps[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(place->key, fields[i]) == 0)
            return true;
    for (size_t i = 0; strcmp(compare->kind, "LimitRange") == 0 && i < sizeof ranges / sizeof *ranges; i++)
        if (strcmp(parent, ranges[i]) == 0)
            return true;
    return strcmp(compare->kind, "HorizontalPodAutoscaler") == 0 && strcmp(parent, "target") == 0;
}

/* Neither object nor list on both sides: one value. */
static bool value_same(const struct compare *compare, const struct place *place, const json_t *from, const json_t *to)
{
    if (compare->scope == COMPARE_BOTH)
        return from != NULL && to != NULL && tree_equal(from, to);
    if (from == NULL || json_is_null(from))
        return true;
    if (to == NULL)
        return compare->builtin && is_zero(from);
    return tree_equal(from, to) || (compare->builtin && is_quantity_place(compare, place) && quantity_equal(from, to));
}

static const struct merge_keys *list_keys(const struct compare *compare, const struct place *place, const json_t *from,
                                          const json_t *to)
{
    if (!compare->builtin || place == NULL || place->key == NULL)
        return NULL;
    const struct merge_keys *keys = merge_keys_find(compare->kind, place_parent(place->up), place->key);
    const json_t *const lists[] = {from, to};
    for (size_t i = 0; keys != NULL && i < 2; i++) {
        if (json_array_size(lists[i]) > COMPARE_KEYED_LIMIT)
            return NULL;
        size_t index;
        json_t *element;
        json_array_foreach(lists[i], index, element)
        {
            if (!merge_keys_complete(keys, element))
                return NULL;
        }
    }
    return keys;
}

/* How many elements before `index` are the same one: repeated keys are matched in their order. */
static size_t repetition(const struct merge_keys *keys, const json_t *list, size_t index)
{
    size_t count = 0;
    const json_t *element = json_array_get(list, index);
    for (size_t i = 0; i < index; i++)
        if (merge_keys_same(keys, json_array_get(list, i), element))
            count++;
    return count;
}

/* Looks at the same index first: lists seldom change their order. */
static const json_t *list_find(const struct merge_keys *keys, const json_t *list, const json_t *other, size_t index)
{
    const json_t *element = json_array_get(other, index);
    size_t skip = repetition(keys, other, index);
    const json_t *beside = json_array_get(list, index);
    if (skip == 0 && beside != NULL && merge_keys_same(keys, beside, element) && repetition(keys, list, index) == 0)
        return beside;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *candidate = json_array_get(list, i);
        if (merge_keys_same(keys, candidate, element) && skip-- == 0)
            return candidate;
    }
    return NULL;
}

/* The keys' values, for telling a changed order. */
static json_t *list_names(const struct merge_keys *keys, const json_t *list)
{
    json_t *names = json_array();
    size_t index;
    json_t *element;
    json_array_foreach(list, index, element)
    {
        char buffer[32];
        json_array_append_new(names, json_string(merge_keys_text(element, keys->keys[0], buffer, sizeof buffer)));
    }
    return names;
}

static void compare_order(const struct compare *compare, const struct place *place, const struct merge_keys *keys,
                          const json_t *from, const json_t *to)
{
    json_t *before = list_names(keys, from), *after = list_names(keys, to);
    bool members_same = json_array_size(before) == json_array_size(after);
    for (size_t i = 0; members_same && i < json_array_size(from); i++)
        members_same = list_find(keys, to, from, i) != NULL;
    if (members_same && !json_equal(before, after))
        compare->differs(place, before, after, compare->context);
    json_decref(before);
    json_decref(after);
}

static void compare_keyed(const struct compare *compare, const struct place *place, const struct merge_keys *keys,
                          const json_t *from, const json_t *to)
{
    for (size_t i = 0; i < json_array_size(from); i++) {
        const json_t *element = json_array_get(from, i);
        struct place step = {.up = place, .keys = keys, .element = element, .index = i};
        compare_at(compare, &step, element, list_find(keys, to, from, i));
    }
    if (compare->scope == COMPARE_MANIFEST)
        return;
    for (size_t i = 0; i < json_array_size(to); i++) {
        const json_t *element = json_array_get(to, i);
        struct place step = {.up = place, .keys = keys, .element = element, .index = i};
        if (list_find(keys, from, to, i) == NULL)
            compare_at(compare, &step, NULL, element);
    }
    compare_order(compare, place, keys, from, to);
}

static void compare_lists(const struct compare *compare, const struct place *place, const json_t *from,
                          const json_t *to)
{
    const struct merge_keys *keys = list_keys(compare, place, from, to);
    if (keys != NULL) {
        compare_keyed(compare, place, keys, from, to);
        return;
    }
    size_t before = json_array_size(from), after = json_array_size(to);
    for (size_t i = 0; i < before || i < after; i++) {
        const json_t *element = json_array_get(i < before ? from : to, i);
        struct place step = {.up = place, .element = element, .index = i};
        const json_t *left = json_array_get(from, i), *right = json_array_get(to, i);
        /* What lives beyond an atomic list's end was not asked for: the manifest replaces the whole list. */
        if (left == NULL)
            compare->differs(&step, NULL, right, compare->context);
        else
            compare_at(compare, &step, left, right);
    }
}

static void compare_objects(const struct compare *compare, const struct place *place, const json_t *from,
                            const json_t *to)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)from, key, value)
    {
        struct place step = {.up = place, .key = key};
        compare_at(compare, &step, value, json_object_get(to, key));
    }
    if (compare->scope == COMPARE_MANIFEST)
        return;
    json_object_foreach((json_t *)to, key, value)
    {
        struct place step = {.up = place, .key = key};
        if (json_object_get(from, key) == NULL)
            compare_at(compare, &step, NULL, value);
    }
}

static void compare_at(const struct compare *compare, const struct place *place, const json_t *from, const json_t *to)
{
    if (json_is_object(from) && json_is_object(to))
        compare_objects(compare, place, from, to);
    else if (json_is_array(from) && json_is_array(to))
        compare_lists(compare, place, from, to);
    else if (!value_same(compare, place, from, to))
        compare->differs(place, from, to, compare->context);
}

void compare_trees(const struct compare *compare, const struct place *root, const json_t *from, const json_t *to)
{
    if (from != NULL || to != NULL)
        compare_at(compare, root, from, to);
}

/* ---- projection and overlay ---- */

static json_t *project_at(const struct compare *compare, const struct place *place, const json_t *manifest,
                          const json_t *live);
static json_t *overlay_at(const struct compare *compare, const struct place *place, const json_t *manifest,
                          const json_t *live);

static json_t *project_object(const struct compare *compare, const struct place *place, const json_t *manifest,
                              const json_t *live)
{
    json_t *result = json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)manifest, key, value)
    {
        struct place step = {.up = place, .key = key};
        json_t *projected = project_at(compare, &step, value, json_object_get(live, key));
        if (projected != NULL)
            json_object_set_new_nocheck(result, key, projected);
    }
    return result;
}

static json_t *project_list(const struct compare *compare, const struct place *place, const json_t *manifest,
                            const json_t *live)
{
    json_t *result = json_array();
    const struct merge_keys *keys = list_keys(compare, place, manifest, live);
    size_t asked = json_array_size(manifest), lives = json_array_size(live);
    for (size_t i = 0; i < asked || (keys == NULL && i < lives); i++) {
        const json_t *element = json_array_get(manifest, i);
        const json_t *other = keys != NULL ? list_find(keys, live, manifest, i) : json_array_get(live, i);
        struct place step = {.up = place, .keys = keys, .element = element, .index = i};
        json_t *projected = element != NULL ? project_at(compare, &step, element, other) : json_deep_copy(other);
        if (projected != NULL)
            json_array_append_new(result, projected);
    }
    return result;
}

static json_t *project_at(const struct compare *compare, const struct place *place, const json_t *manifest,
                          const json_t *live)
{
    if (json_is_object(manifest) && json_is_object(live))
        return project_object(compare, place, manifest, live);
    if (json_is_array(manifest) && json_is_array(live))
        return project_list(compare, place, manifest, live);
    if (value_same(compare, place, manifest, live))
        return json_deep_copy(manifest);
    return live != NULL ? json_deep_copy(live) : NULL;
}

json_t *compare_project(const struct compare *compare, const json_t *manifest, const json_t *live)
{
    return project_at(compare, NULL, manifest, live);
}

static json_t *overlay_object(const struct compare *compare, const struct place *place, const json_t *manifest,
                              const json_t *live)
{
    json_t *result = json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)live, key, value)
    {
        struct place step = {.up = place, .key = key};
        const json_t *wanted = json_object_get(manifest, key);
        json_t *kept = wanted != NULL ? overlay_at(compare, &step, wanted, value) : json_deep_copy(value);
        json_object_set_new_nocheck(result, key, kept);
    }
    json_object_foreach((json_t *)manifest, key, value)
    {
        if (json_object_get(live, key) == NULL && !json_is_null(value))
            json_object_set_new_nocheck(result, key, json_deep_copy(value));
    }
    return result;
}

/* Elements that only live (an injected container) stay in front of those that only the manifest has. */
static json_t *overlay_keyed(const struct compare *compare, const struct place *place, const struct merge_keys *keys,
                             const json_t *manifest, const json_t *live)
{
    json_t *result = json_array();
    for (size_t i = 0; i < json_array_size(live); i++) {
        const json_t *element = json_array_get(live, i), *wanted = list_find(keys, manifest, live, i);
        struct place step = {.up = place, .keys = keys, .element = element, .index = i};
        json_array_append_new(result,
                              wanted != NULL ? overlay_at(compare, &step, wanted, element) : json_deep_copy(element));
    }
    for (size_t i = 0; i < json_array_size(manifest); i++)
        if (list_find(keys, live, manifest, i) == NULL)
            json_array_append_new(result, json_deep_copy(json_array_get(manifest, i)));
    return result;
}

static void note_difference(const struct place *place, const json_t *from, const json_t *to, void *context)
{
    (void)place, (void)from, (void)to;
    *(bool *)context = true;
}

static json_t *overlay_at(const struct compare *compare, const struct place *place, const json_t *manifest,
                          const json_t *live)
{
    if (json_is_object(manifest) && json_is_object(live))
        return overlay_object(compare, place, manifest, live);
    if (json_is_array(manifest) && json_is_array(live)) {
        const struct merge_keys *keys = list_keys(compare, place, manifest, live);
        if (keys != NULL)
            return overlay_keyed(compare, place, keys, manifest, live);
        bool differs = false;
        struct compare look = *compare;
        look.differs = note_difference;
        look.context = &differs;
        compare_lists(&look, place, manifest, live);
        return json_deep_copy(differs ? manifest : live);
    }
    return json_deep_copy(value_same(compare, place, manifest, live) ? live : manifest);
}

json_t *compare_overlay(const struct compare *compare, const json_t *manifest, const json_t *live)
{
    return overlay_at(compare, NULL, manifest, live);
}
