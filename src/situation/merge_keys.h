/* Which lists of Kubernetes' own kinds are merged element by element, and by which keys; all others are replaced whole.
 * Data from the server's OpenAPI (x-kubernetes-list-map-keys, x-kubernetes-patch-merge-key; Kubernetes 1.34). */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct merge_keys {
    const char *keys[2]; /* the second may be NULL */
};

/* `parent` is the nearest key above the list ("containers" for an env), "" at the root. NULL: the list is atomic.
 * Custom resources have no such lists here: their types are known to the server alone. */
const struct merge_keys *merge_keys_find(const char *kind, const char *parent, const char *field);

/* Two elements are the same one. A missing `protocol` is TCP. */
bool merge_keys_same(const struct merge_keys *keys, const json_t *a, const json_t *b);

/* The element carries every key, so that it can be found again. */
bool merge_keys_complete(const struct merge_keys *keys, const json_t *element);

/* The value of a key as the server has it; NULL when absent. Borrowed from the element, or static for the default
 * protocol. */
const char *merge_keys_text(const json_t *element, const char *key, char *buffer, size_t size);
