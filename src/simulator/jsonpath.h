/*
 * The JSONPath of printer columns: ".spec.x", "['a.b']", "[0]", "[-1]", "[*]", ".*" and the filter
 * "[?(@.type=='Ready')]" with ==, != on texts, numbers and booleans. What is written in another way finds nothing.
 */
#pragma once

#include <jansson.h>

/* Everything that the path leads to, borrowed from `tree`; the array is the caller's. */
json_t *jsonpath_find(const json_t *tree, const char *path);
