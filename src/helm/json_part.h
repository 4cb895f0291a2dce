/*
 * The members of a JSON object as stretches of its text, found in one pass without making trees. Of a release record's megabytes only a few parts
 * are wanted; the others (templates, files, notes) are passed over.
 */
#pragma once

#include "base/error.h"
#include <stdbool.h>
#include <stddef.h>

/* Borrowed text; bytes NULL: the member is not there. */
struct json_part {
    const char *bytes;
    size_t size;
};

/* `keys` ends with NULL; ret_parts has one place for each. Repeated keys: the last wins, as in Go. What is passed over is checked for its
 * nesting and its end only (at most TREE_DEPTH_LIMIT deep). ERROR_INVALID with the offset when the text is no JSON object. */
bool json_part_members(struct json_part object, const char *const *keys, struct json_part *ret_parts, struct error *error);
