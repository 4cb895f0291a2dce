#include "situation/object_pairs.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/text.h"
#include <stdlib.h>
#include <string.h>

/* Sorts as it is shown. The group tells apart kinds of one name; versions of one group are the same object. */
static char *make_key(const struct helm_object *object, size_t index)
{
    if (object->tree == NULL)
        return memory_format("\x7f%s\x1f%zu", object->source != NULL ? object->source : "", index);
    const char *slash = strchr(object->api_version, '/');
    int group_size = slash != NULL ? (int)(slash - object->api_version) : 0;
    return memory_format("%s\x1f%s\x1f%s\x1f%.*s", object->kind, object->namespace, object->name, group_size,
                         object->api_version);
}

static void collect(struct map *map, const struct helm_manifest *manifest, bool into_from)
{
    for (size_t i = 0; manifest != NULL && i < manifest->count; i++) {
        CLEANUP_FREE char *key = make_key(&manifest->objects[i], i);
        struct object_pair *pair = map_get(map, key);
        if (pair == NULL) {
            pair = memory_new(sizeof *pair);
            map_put(map, key, pair);
        }
        *(into_from ? &pair->from : &pair->to) = &manifest->objects[i];
    }
}

void object_pairs_make(const struct helm_manifest *from, const struct helm_manifest *to, struct object_pair **ret_pairs,
                       size_t *ret_count)
{
    struct map *map = map_new(free);
    collect(map, from, true);
    collect(map, to, false);
    size_t count = map_count(map);
    struct object_pair *pairs = memory_new_array(count, sizeof *pairs);
    for (size_t i = 0; i < count; i++)
        pairs[i] = *(const struct object_pair *)map_at(map, i, NULL);
    map_free(map);
    *ret_pairs = pairs;
    *ret_count = count;
}

const struct helm_object *object_pair_any(const struct object_pair *pair)
{
    return pair->to != NULL ? pair->to : pair->from;
}
