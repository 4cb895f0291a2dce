/* RFC 6902, as the library that the API server uses reads it (evanphx/json-patch 4: negative indices are accepted). */
#include "base/memory.h"
#include "base/tree.h"
#include "simulator/patch.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define OPERATIONS_LIMIT 10000
#define COPY_LIMIT       100000 /* nodes that copies may add: a few of them double a document each time */

/* The real server tells nobody why. */
static bool rejected(struct refusal *refusal)
{
    refusal_set(refusal, 422, "Invalid", "the server rejected our request due to an error in our request");
    if (refusal != NULL)
        refusal->details = json_object();
    return false;
}

/* One step of a JSON pointer, unescaped; `*at` moves behind it. NULL at the end. Owned by the caller. */
static char *next_step(const char **at)
{
    if (**at != '/')
        return NULL;
    const char *end = *at + 1;
    while (*end != '\0' && *end != '/')
        end++;
    char *step = memory_text_part(*at + 1, (size_t)(end - *at - 1));
    *at = end;
    char *to = step;
    for (const char *from = step; *from != '\0'; from++) {
        if (from[0] == '~' && (from[1] == '0' || from[1] == '1')) {
            *to++ = from[1] == '0' ? '~' : '/';
            from++;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return step;
}

/* An index into an array of `count`; negative ones count from the end. False when it is none. */
static bool array_index(const char *step, size_t count, size_t *ret_index)
{
    char *end = NULL;
    errno = 0;
    long index = strtol(step, &end, 10);
    if (errno != 0 || end == step || *end != '\0')
        return false;
    if (index < 0)
        index += (long)count;
    if (index < 0)
        return false;
    *ret_index = (size_t)index;
    return true;
}

static json_t *member(json_t *container, const char *step)
{
    size_t index;
    if (json_is_object(container))
        return json_object_get(container, step);
    if (json_is_array(container) && array_index(step, json_array_size(container), &index))
        return json_array_get(container, index);
    return NULL;
}

/* The container that holds the last step of `path`, and that step. NULL when there is none. */
static json_t *find_container(json_t *document, const char *path, char **ret_key)
{
    json_t *container = document;
    const char *at = path;
    char *step = next_step(&at);
    while (step != NULL && *at != '\0') {
        container = member(container, step);
        free(step);
        step = next_step(&at);
    }
    if (step == NULL || (!json_is_object(container) && !json_is_array(container))) {
        free(step);
        return NULL;
    }
    *ret_key = step;
    return container;
}

static json_t *lookup(json_t *document, const char *path)
{
    if (path[0] == '\0')
        return document;
    CLEANUP_FREE char *key = NULL;
    json_t *container = find_container(document, path, &key);
    return container != NULL ? member(container, key) : NULL;
}

/* Takes over `value`. */
static bool add(json_t *document, const char *path, json_t *value)
{
    CLEANUP_FREE char *key = NULL;
    json_t *container = find_container(document, path, &key);
    size_t index;
    if (json_is_object(container))
        return json_object_set_new(container, key, value) == 0;
    if (json_is_array(container)) {
        if (strcmp(key, "-") == 0)
            return json_array_append_new(container, value) == 0;
        if (array_index(key, json_array_size(container) + 1, &index) && index <= json_array_size(container))
            return json_array_insert_new(container, index, value) == 0;
    }
    json_decref(value);
    return false;
}

static bool take_out(json_t *document, const char *path)
{
    CLEANUP_FREE char *key = NULL;
    json_t *container = find_container(document, path, &key);
    size_t index;
    if (json_is_object(container))
        return json_object_del(container, key) == 0;
    return json_is_array(container) && array_index(key, json_array_size(container), &index) &&
           json_array_remove(container, index) == 0;
}

/* `*document` is changed, or replaced as a whole when the path is empty. Takes over `value`. */
static bool replace(json_t **document, const char *path, json_t *value)
{
    if (path[0] == '\0') {
        json_decref(*document);
        *document = value;
        return true;
    }
    CLEANUP_FREE char *key = NULL;
    json_t *container = find_container(*document, path, &key);
    size_t index;
    if (json_is_object(container)) /* the real server takes a missing key too */
        return json_object_set_new(container, key, value) == 0;
    if (json_is_array(container) && array_index(key, json_array_size(container), &index))
        return json_array_set_new(container, index, value) == 0;
    json_decref(value);
    return false;
}

static size_t count_nodes(const json_t *value)
{
    const char *key;
    json_t *child;
    size_t index, count = 1;
    json_object_foreach((json_t *)value, key, child)
    {
        count += count_nodes(child);
    }
    json_array_foreach(value, index, child)
    {
        count += count_nodes(child);
    }
    return count;
}

static bool perform(json_t **document, const json_t *operation, size_t *copied)
{
    const char *kind = json_string_value(json_object_get(operation, "op"));
    const char *path = json_string_value(json_object_get(operation, "path"));
    const char *from = json_string_value(json_object_get(operation, "from"));
    const json_t *value = json_object_get(operation, "value");
    if (kind == NULL || path == NULL)
        return false;
    if (strcmp(kind, "remove") == 0)
        return take_out(*document, path);
    if (strcmp(kind, "add") == 0)
        return add(*document, path, value != NULL ? json_deep_copy(value) : json_null());
    if (strcmp(kind, "replace") == 0)
        return replace(document, path, value != NULL ? json_deep_copy(value) : json_null());
    if (strcmp(kind, "test") == 0) {
        json_t *found = lookup(*document, path);
        return tree_equal(found != NULL ? found : json_null(), value != NULL ? value : json_null());
    }
    if (from == NULL || (strcmp(kind, "move") != 0 && strcmp(kind, "copy") != 0))
        return false;
    json_t *moved = lookup(*document, from);
    if (moved == NULL || (*copied += count_nodes(moved)) > COPY_LIMIT)
        return false;
    moved = json_deep_copy(moved);
    if (strcmp(kind, "move") == 0 && !take_out(*document, from)) {
        json_decref(moved);
        return false;
    }
    return add(*document, path, moved);
}

bool patch_json(const json_t *object, const json_t *patch, json_t **ret_object, struct refusal *refusal)
{
    if (!json_is_array(patch))
        return refusal_bad_request(
            refusal,
            "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp");
    if (json_array_size(patch) > OPERATIONS_LIMIT)
        return refusal_set(refusal, 413, "RequestEntityTooLarge",
                           "The allowed maximum operations in a JSON patch is %d, got %zu", OPERATIONS_LIMIT,
                           json_array_size(patch));
    json_t *document = json_deep_copy(object);
    size_t index, copied = 0;
    const json_t *operation;
    json_array_foreach(patch, index, operation)
    {
        if (!perform(&document, operation, &copied)) {
            json_decref(document);
            return rejected(refusal);
        }
    }
    if (!json_is_object(document)) {
        json_decref(document);
        return rejected(refusal);
    }
    *ret_object = document;
    return true;
}
