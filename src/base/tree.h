/*
 * JSON trees (jansson's json_t): parsed within bounds, looked up by path, written as canonical bytes.
 *
 * A tree belongs to one thread at a time: workers make them, turn them into small structs, and free them.
 */
#pragma once

#include "base/error.h"
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#define TREE_DEPTH_LIMIT  512
#define TREE_VALUES_LIMIT 1000000 /* an object of Kubernetes has at most some 100,000; a tree takes up to 250 bytes for each */

/* Parse one JSON document. Deeper than TREE_DEPTH_LIMIT, more values than TREE_VALUES_LIMIT, not UTF-8, trailing bytes: ERROR_INVALID with line and column.
 * Duplicate keys: the last wins, as Go's decoder has it. Integers beyond 64 bits become reals. Texts may hold "\u0000" (use
 * json_string_length() where that matters). Messages never quote the input: it may be secret. */
bool tree_parse(const char *bytes, size_t size, json_t **ret_tree, struct error *error);

/* Follow object keys; NULL where a step is missing or not an object. Keys may contain dots and slashes.
 * tree_get(object, "metadata", "annotations", "meta.helm.sh/release-name") */
json_t *tree_get_path(const json_t *tree, const char *const *keys);
#define tree_get(tree, ...)  tree_get_path((tree), (const char *const[]){__VA_ARGS__, NULL})
#define tree_text(tree, ...) json_string_value(tree_get((tree), __VA_ARGS__)) /* NULL when absent or not text */

int64_t tree_integer(const json_t *value, int64_t otherwise); /* reals without fraction count as integers */

/* Sorted keys (by bytes), no white space, UTF-8 unescaped, integral reals as integers, other reals as the shortest decimal that reads
 * back the same (number.h). The same tree always gives the same bytes; hashes are made of these. NULL gives "null". Owned by the caller. */
char *tree_canonical(const json_t *tree);
bool tree_equal(const json_t *a, const json_t *b); /* 1 and 1.0 are equal, as in canonical bytes; NULL equals NULL only */

/* "spec.containers[0].image": the path of a place, as people write it; keys with dots or brackets are quoted: metadata.labels."a.b/c".
 * *path is NULL for the root and is replaced by a longer text, owned by the caller. */
void tree_path_append_key(char **path, const char *key);
void tree_path_append_index(char **path, size_t index);
