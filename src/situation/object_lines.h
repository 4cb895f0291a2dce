/* Objects as lines of YAML, ready to be compared. */
#pragma once

#include "helm/manifest.h"
#include "situation/object_diff.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* `lines` point into `bytes`. */
struct object_lines {
    char *bytes;
    const char **lines;
    size_t count;
};

/* Secrets' values are masked; a document that cannot be read becomes a remark. NULL gives no lines. */
void object_lines_of(const struct helm_object *object, struct object_lines *ret_lines);
void object_lines_of_tree(const char *kind, const json_t *tree, struct object_lines *ret_lines);
void object_lines_release(struct object_lines *lines);

void object_lines_count(const struct object_lines *from, const struct object_lines *to, size_t *ret_added,
                        size_t *ret_removed);

/* False, with *ret_diff untouched, when the lines are the same. The names are set by object_diffs_add(), which takes
 * the diff over. */
bool object_diff_make(const struct object_lines *from, const struct object_lines *to, struct object_diff *ret_diff);
void object_diffs_add(struct object_diffs *diffs, const struct helm_object *object, struct object_diff *diff);
void object_diffs_sort(struct object_diffs *diffs); /* by kind, namespace, name */
