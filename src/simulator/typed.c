#include "simulator/typed.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/fields.h"
#include <stdlib.h>
#include <string.h>

/* The step that leads to a list's element: "k:{…}" or "v:…"; NULL when the element has no keys. Owned by the caller. */
static char *item_step(struct shape list, const json_t *item)
{
    if (shape_list(list) == SHAPE_SET) {
        CLEANUP_FREE char *text = json_dumps(item, JSON_COMPACT | JSON_ENCODE_ANY);
        return memory_format("v:%s", text);
    }
    const char *keys[SHAPE_KEYS_LIMIT];
    size_t count = shape_list_keys(list, keys);
    json_t *found = json_object();
    for (size_t i = 0; i < count; i++) {
        json_t *value = json_object_get(item, keys[i]);
        if (value != NULL)
            json_object_set(found, keys[i], value);
        else if ((value = shape_key_default(list, keys[i])) != NULL)
            json_object_set_new(found, keys[i], value);
    }
    CLEANUP_FREE char *text = json_object_size(found) > 0 ? json_dumps(found, JSON_COMPACT) : NULL;
    json_decref(found);
    return text != NULL ? memory_format("k:%s", text) : NULL;
}

/* A list's elements by their steps: {step: [element, …]}, in the list's order. */
static json_t *index_items(struct shape list, const json_t *items)
{
    json_t *index = json_object();
    size_t at;
    json_t *item;
    json_array_foreach(items, at, item)
    {
        CLEANUP_FREE char *step = item_step(list, item);
        if (step == NULL)
            continue;
        json_t *same = json_object_get(index, step);
        if (same == NULL) {
            same = json_array();
            json_object_set_new(index, step, same);
        }
        json_array_append(same, item);
    }
    return index;
}

static bool granular_list(struct shape shape, const json_t *value)
{
    return json_is_array(value) && shape_list(shape) != SHAPE_ATOMIC;
}

static bool granular_object(struct shape shape, const json_t *value)
{
    return json_is_object(value) && !shape_object_atomic(shape);
}

static bool nothing_in(const json_t *value)
{
    return value == NULL || json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0) ||
           (json_is_object(value) && json_object_size(value) == 0);
}

/* May the two be compared or merged part by part? An absent or null side takes the form of the other. */
static bool both(bool (*is)(struct shape, const json_t *), struct shape shape, const json_t *a, const json_t *b)
{
    bool a_is = is(shape, a), b_is = is(shape, b);
    bool a_free = a == NULL || json_is_null(a), b_free = b == NULL || json_is_null(b);
    return (a_is || b_is) && (a_is || a_free) && (b_is || b_free) && !(nothing_in(a) && nothing_in(b));
}

static void comparison_init(struct typed_comparison *comparison)
{
    *comparison =
        (struct typed_comparison){.added = json_object(), .modified = json_object(), .removed = json_object()};
}

void typed_comparison_release(struct typed_comparison *comparison)
{
    json_decref(comparison->added);
    json_decref(comparison->modified);
    json_decref(comparison->removed);
    *comparison = (struct typed_comparison){0};
}

static void compare_below(struct typed_comparison *into, const char *step, const json_t *old, const json_t *changed,
                          struct shape shape)
{
    struct typed_comparison below;
    if (old != NULL && changed != NULL && json_equal(old, changed))
        return; /* most of an object is what it was */
    typed_compare(old, changed, shape, &below);
    fields_put(into->added, step, below.added);
    fields_put(into->modified, step, below.modified);
    fields_put(into->removed, step, below.removed);
}

static void compare_objects(const json_t *old, const json_t *changed, struct shape shape,
                            struct typed_comparison *comparison)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)old, key, value)
    {
        CLEANUP_FREE char *step = fields_step(key);
        compare_below(comparison, step, value, json_object_get(changed, key), shape_child(shape, key));
    }
    json_object_foreach((json_t *)changed, key, value)
    {
        CLEANUP_FREE char *step = fields_step(key);
        if (json_object_get(old, key) == NULL)
            compare_below(comparison, step, NULL, value, shape_child(shape, key));
    }
}

static void mark_below(json_t *set, const char *step)
{
    json_t *node = json_object_get(set, step);
    if (node == NULL) {
        node = json_object();
        json_object_set_new(set, step, node);
    }
    fields_mark(node);
}

/* Elements that appear more than once are compared as a whole. */
static void compare_items(const char *step, const json_t *old, const json_t *changed, struct shape item,
                          struct typed_comparison *comparison)
{
    size_t before = json_array_size(old), after = json_array_size(changed);
    const json_t *first_old = json_array_get(old, 0), *first_new = json_array_get(changed, 0);
    if (before <= 1 && after <= 1) {
        compare_below(comparison, step, first_old, first_new, item);
    } else if (before >= 2 && after >= 2) {
        if (!tree_equal(old, changed))
            mark_below(comparison->modified, step);
    } else if (before >= 2) {
        if (after > 0)
            compare_below(comparison, step, NULL, first_new, item);
        mark_below(comparison->removed, step);
    } else {
        if (before > 0)
            compare_below(comparison, step, first_old, NULL, item);
        mark_below(comparison->added, step);
    }
}

static void compare_lists(const json_t *old, const json_t *changed, struct shape shape,
                          struct typed_comparison *comparison)
{
    json_t *left = index_items(shape, old), *right = index_items(shape, changed);
    const char *step;
    json_t *items;
    json_object_foreach(left, step, items)
    {
        compare_items(step, items, json_object_get(right, step), shape_item(shape), comparison);
    }
    json_object_foreach(right, step, items)
    {
        if (json_object_get(left, step) == NULL)
            compare_items(step, NULL, items, shape_item(shape), comparison);
    }
    json_decref(left);
    json_decref(right);
}

void typed_compare(const json_t *old, const json_t *changed, struct shape shape,
                   struct typed_comparison *ret_comparison)
{
    comparison_init(ret_comparison);
    bool leaf = false;
    if (both(granular_object, shape, old, changed))
        compare_objects(old, changed, shape, ret_comparison);
    else if (both(granular_list, shape, old, changed))
        compare_lists(old, changed, shape, ret_comparison);
    else
        leaf = true;
    if (old == NULL)
        fields_mark(ret_comparison->added);
    else if (changed == NULL)
        fields_mark(ret_comparison->removed);
    else if (leaf && !tree_equal(old, changed))
        fields_mark(ret_comparison->modified);
}

static void list_fields(const json_t *value, struct shape shape, json_t *set)
{
    json_t *index = index_items(shape, value);
    const char *step;
    json_t *items;
    json_object_foreach(index, step, items)
    {
        json_t *node =
            json_array_size(items) == 1 ? typed_fields(json_array_get(items, 0), shape_item(shape)) : json_object();
        fields_mark(node);
        json_object_set_new(set, step, node);
    }
    json_decref(index);
}

json_t *typed_fields(const json_t *value, struct shape shape)
{
    json_t *set = json_object();
    if (granular_list(shape, value)) {
        list_fields(value, shape, set);
    } else if (granular_object(shape, value)) {
        const char *key;
        json_t *child;
        json_object_foreach((json_t *)value, key, child)
        {
            CLEANUP_FREE char *step = fields_step(key);
            json_t *node = typed_fields(child, shape_child(shape, key));
            bool empty_object = json_is_object(child) && json_object_size(child) == 0;
            if (empty_object || json_is_null(child) || !shape_declares(shape, key))
                fields_mark(node);
            fields_put(set, step, node);
        }
    } else {
        fields_mark(set);
    }
    return set;
}

static json_t *merge_objects(const json_t *live, const json_t *config, struct shape shape)
{
    json_t *result = json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)live, key, value)
    {
        json_object_set_new(result, key, typed_merge(value, json_object_get(config, key), shape_child(shape, key)));
    }
    json_object_foreach((json_t *)config, key, value)
    {
        if (json_object_get(live, key) == NULL)
            json_object_set_new(result, key, json_deep_copy(value));
    }
    return result;
}

/* The order of a merged list: that of the configuration for what it names, with the live list's other elements left
 * where they stand between them (the algorithm of mergingWalker.visitListItems). */
struct list_merge {
    struct shape shape;
    json_t *live_index, *config_index;
    const json_t *live, *config;
    size_t live_at, config_at;
    json_t *done; /* steps of the configuration that are merged */
    json_t *result;
};

static void take_config(struct list_merge *merge, const char *step)
{
    const json_t *live = json_object_get(merge->live_index, step);
    const json_t *ours = json_array_size(live) == 1 ? json_array_get(live, 0) : NULL;
    const json_t *theirs = json_array_get(json_object_get(merge->config_index, step), 0);
    json_array_append_new(merge->result, typed_merge(ours, theirs, shape_item(merge->shape)));
    json_object_set_new(merge->done, step, json_true());
}

/* The next step of the configuration, from where it stands, that the live list has too. Owned by the caller. */
static char *next_shared(const struct list_merge *merge)
{
    for (size_t i = merge->config_at; i < json_array_size(merge->config); i++) {
        char *step = item_step(merge->shape, json_array_get(merge->config, i));
        if (step != NULL && json_object_get(merge->live_index, step) != NULL)
            return step;
        free(step);
    }
    return NULL;
}

/* Take one element, or skip one. */
static void merge_step(struct list_merge *merge)
{
    bool live_left = merge->live_at < json_array_size(merge->live);
    bool config_left = merge->config_at < json_array_size(merge->config);
    const json_t *live_item = json_array_get(merge->live, merge->live_at);
    CLEANUP_FREE char *ours = live_left ? item_step(merge->shape, live_item) : NULL;
    CLEANUP_FREE char *theirs =
        config_left ? item_step(merge->shape, json_array_get(merge->config, merge->config_at)) : NULL;
    if (live_left && (ours == NULL || json_object_get(merge->config_index, ours) == NULL)) {
        json_array_append_new(merge->result, json_deep_copy(live_item));
        merge->live_at++;
        return;
    }
    if (live_left && config_left && !text_equal(ours, theirs)) {
        CLEANUP_FREE char *shared = next_shared(merge);
        if (shared != NULL && !text_equal(shared, ours)) {
            merge->live_at++; /* shared, but its turn comes later, in the configuration's order */
            return;
        }
    }
    if (live_left && (text_equal(ours, theirs) || json_object_get(merge->done, ours) != NULL))
        merge->live_at++;
    if (config_left) {
        take_config(merge, theirs);
        merge->config_at++;
    }
}

static json_t *merge_lists(const json_t *live, const json_t *config, struct shape shape)
{
    struct list_merge merge = {.shape = shape,
                               .live = live,
                               .config = config,
                               .live_index = index_items(shape, live),
                               .config_index = index_items(shape, config),
                               .done = json_object(),
                               .result = json_array()};
    while (merge.live_at < json_array_size(live) || merge.config_at < json_array_size(config))
        merge_step(&merge);
    json_decref(merge.live_index);
    json_decref(merge.config_index);
    json_decref(merge.done);
    return merge.result;
}

json_t *typed_merge(const json_t *live, const json_t *config, struct shape shape)
{
    if (live == NULL || config == NULL)
        return json_deep_copy(config != NULL ? config : live);
    if (both(granular_object, shape, live, config))
        return merge_objects(live, config, shape);
    if (both(granular_list, shape, live, config))
        return merge_lists(live, config, shape);
    return json_deep_copy(config);
}

static json_t *remove_from_object(const json_t *value, const json_t *fields, struct shape shape)
{
    json_t *result = json_object();
    const char *key;
    json_t *child;
    json_object_foreach((json_t *)value, key, child)
    {
        CLEANUP_FREE char *step = fields_step(key);
        const json_t *node = json_object_get(fields, step);
        if (node != NULL && fields_has(node))
            continue;
        json_t *kept = node != NULL ? typed_remove(child, node, shape_child(shape, key)) : json_deep_copy(child);
        if (kept != NULL)
            json_object_set_new(result, key, kept);
    }
    return result;
}

static json_t *remove_from_list(const json_t *value, const json_t *fields, struct shape shape)
{
    json_t *result = json_array();
    size_t index;
    json_t *item;
    json_array_foreach((json_t *)value, index, item)
    {
        CLEANUP_FREE char *step = item_step(shape, item);
        const json_t *node = step != NULL ? json_object_get(fields, step) : NULL;
        if (node != NULL && fields_has(node))
            continue;
        json_t *kept = node != NULL ? typed_remove(item, node, shape_item(shape)) : json_deep_copy(item);
        if (kept != NULL)
            json_array_append_new(result, kept);
    }
    return result;
}

json_t *typed_remove(const json_t *value, const json_t *fields, struct shape shape)
{
    json_t *result;
    if (granular_object(shape, value))
        result = remove_from_object(value, fields, shape);
    else if (granular_list(shape, value))
        result = remove_from_list(value, fields, shape);
    else if (json_is_object(value) || json_is_array(value))
        return NULL;
    else
        return json_deep_copy(value);
    if (nothing_in(result)) {
        json_decref(result);
        return NULL;
    }
    return result;
}

static bool check_list(const json_t *value, struct shape shape, char **ret_why)
{
    json_t *seen = json_object();
    bool good = true;
    size_t index;
    json_t *item;
    json_array_foreach((json_t *)value, index, item)
    {
        CLEANUP_FREE char *step = item_step(shape, item);
        if (step == NULL) {
            *ret_why = memory_format("element %zu: associative list with keys has an element that omits all key fields",
                                     index);
            good = false;
        } else if (json_object_get(seen, step) != NULL) {
            CLEANUP_FREE char *text = fields_append_step_text("", step);
            *ret_why = memory_format("duplicate entries for key %s", text);
            good = false;
        } else {
            json_object_set_new(seen, step, json_true());
            good = typed_check(item, shape_item(shape), ret_why);
        }
        if (!good)
            break;
    }
    json_decref(seen);
    return good;
}

bool typed_check(const json_t *value, struct shape shape, char **ret_why)
{
    if (granular_list(shape, value))
        return check_list(value, shape, ret_why);
    if (!granular_object(shape, value))
        return true;
    const char *key;
    json_t *child;
    json_object_foreach((json_t *)value, key, child)
    {
        char *why = NULL;
        if (!typed_check(child, shape_child(shape, key), &why)) {
            *ret_why = memory_format(".%s%s%s", key, why[0] == '.' ? "" : ": ", why);
            free(why);
            return false;
        }
    }
    return true;
}

json_t *typed_name_members(const json_t *fields, struct shape shape)
{
    json_t *result = json_object();
    const char *step;
    json_t *node;
    json_object_foreach((json_t *)fields, step, node)
    {
        bool is_field = text_starts(step, "f:");
        json_t *below;
        if (strcmp(step, ".") == 0)
            below = json_object();
        else
            below = typed_name_members(node, is_field ? shape_child(shape, step + 2) : shape_item(shape));
        if (is_field && shape_declares(shape, step + 2))
            fields_mark(below);
        json_object_set_new(result, step, below);
    }
    return result;
}
