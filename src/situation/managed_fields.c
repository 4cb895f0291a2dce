#include "situation/managed_fields.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <string.h>

#define MANAGED_DEPTH_LIMIT 64

static struct managed_write read_entry(const json_t *entry)
{
    struct managed_write write = {.manager = tree_text(entry, "manager"), .time_ms = CLOCK_UNKNOWN};
    const char *api_version = tree_text(entry, "apiVersion"), *time = tree_text(entry, "time");
    if (api_version != NULL) {
        const char *slash = strchr(api_version, '/');
        write.version = slash != NULL ? slash + 1 : api_version;
    }
    if (time == NULL || !clock_parse(time, &write.time_ms))
        write.time_ms = CLOCK_UNKNOWN;
    return write;
}

static bool is_status(const json_t *entry)
{
    return text_equal(tree_text(entry, "subresource"), "status");
}

/* "k:{\"name\":\"x\"}" names the element: each of its keys has the element's value. */
static bool selects(const char *selector, const struct place *place)
{
    if (!text_starts(selector, "k:") || strlen(selector) > 1000)
        return false;
    json_t *keys = json_loads(selector + 2, JSON_DECODE_ANY, NULL);
    const char *key;
    json_t *value;
    bool same = json_is_object(keys) && json_object_size(keys) > 0;
    json_object_foreach(keys, key, value)
    {
        char left_buffer[32], right_buffer[32];
        const char *left = merge_keys_text(keys, key, left_buffer, sizeof left_buffer);
        const char *right = merge_keys_text(place->element, key, right_buffer, sizeof right_buffer);
        same = same && left != NULL && right != NULL && strcmp(left, right) == 0;
    }
    json_decref(keys);
    return same;
}

static const json_t *step_into(const json_t *fields, const struct place *place)
{
    const char *key;
    json_t *value;
    if (place->key != NULL) {
        CLEANUP_FREE char *name = memory_format("f:%s", place->key);
        return json_object_get(fields, name);
    }
    json_object_foreach((json_t *)fields, key, value)
    {
        if (selects(key, place))
            return value;
    }
    return NULL;
}

/* An entry without anything beneath it owns the whole value; a place above one that is owned is owned in part. */
static bool owns(const json_t *fields, const struct place *place)
{
    const struct place *steps[MANAGED_DEPTH_LIMIT];
    size_t depth = 0;
    for (; place != NULL && depth < MANAGED_DEPTH_LIMIT; place = place->up)
        steps[depth++] = place;
    while (depth > 0) {
        const json_t *beneath = step_into(fields, steps[--depth]);
        if (beneath == NULL)
            return false;
        if (json_object_size(beneath) == 0)
            return true;
        fields = beneath;
    }
    return true;
}

static bool is_newer(const struct managed_write *a, const struct managed_write *b)
{
    return b->manager == NULL || a->time_ms >= b->time_ms;
}

static struct managed_write newest(const json_t *object, const struct place *place)
{
    struct managed_write best = {.time_ms = CLOCK_UNKNOWN};
    size_t index;
    json_t *entry;
    json_array_foreach(tree_get(object, "metadata", "managedFields"), index, entry)
    {
        struct managed_write write = read_entry(entry);
        if (is_status(entry) || write.manager == NULL || (place != NULL && !owns(tree_get(entry, "fieldsV1"), place)))
            continue;
        if (is_newer(&write, &best))
            best = write;
    }
    return best;
}

struct managed_write managed_fields_newest(const json_t *object)
{
    return newest(object, NULL);
}

struct managed_write managed_fields_owner(const json_t *object, const struct place *place)
{
    struct managed_write write = newest(object, place);
    return write.manager != NULL ? write : newest(object, NULL);
}
