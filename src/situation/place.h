/* A place inside an object, as a chain of steps on the walker's stack; written out only when something is found there.
 */
#pragma once

#include "situation/merge_keys.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Borrowed throughout. A step into an object has a key; a step into a list has the element, found by its keys or by its
 * index. */
struct place {
    const struct place *up; /* NULL: the first step */
    const char *key;        /* NULL: a list's element */
    const struct merge_keys *keys;
    const json_t *element;
    size_t index;
};

/* "containers[name=manager].env[name=LOG_LEVEL].value"; "" for NULL, which is the root. Cleaned; owned by the caller.
 */
char *place_text(const struct place *place);

/* The nearest key at or above a place: "containers" for one of its elements; "" at the root. */
const char *place_parent(const struct place *place);
