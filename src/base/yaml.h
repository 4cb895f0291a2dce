/*
 * YAML into JSON trees, within bounds (libyaml events; aliases are expanded, with a limit on what they may grow to).
 *
 * YAML_KUBERNETES reads scalars as Go's sigs.k8s.io/yaml does, which kubectl and Helm use: YAML 1.1 with its booleans (yes, no,
 * on, off, y, n, as keys too), octals, underscores; the last of repeated keys wins; '<<' merges in place (keys above it are replaced).
 * Reals without fraction are integers; integers that int64_t, and so a json_t, cannot hold are reals. The table of inputs and what
 * that package makes of them is tests/data/base/yaml-kubernetes.json.
 * YAML_STRICT is for files that people write for this program: repeated keys are refused; only true, false, null (also ~ and
 * nothing) and numbers as JSON has them are special; no tag but !!str; no merges.
 */
#pragma once

#include "base/error.h"
#include <jansson.h>
#include <stddef.h>

enum yaml_flavour { YAML_KUBERNETES, YAML_STRICT };

struct yaml_positions; /* where each node stands in its file */

/* Read one document (an empty one gives JSON null; a second one is an error). `name` is the file's name for messages, which have the
 * form "name:line:column: …" and do not quote values. Nested deeper than TREE_DEPTH_LIMIT, more values than TREE_VALUES_LIMIT
 * (tree.h), or grown by aliases beyond 400,000 nodes: ERROR_INVALID. *ret_positions may be NULL when positions are not wanted (they triple the time). Both results are
 * owned by the caller. */
bool yaml_parse(enum yaml_flavour flavour, const char *name, const char *bytes, size_t size, json_t **ret_tree,
                struct yaml_positions **ret_positions, struct error *error);

void yaml_positions_free(struct yaml_positions *positions);

/* Line and column (from 1; columns count characters) of the node at an RFC 6901 pointer ("/facts/health/every", "" for the root); of its
 * key with `key` true. What an alias or a merge brought stands where that stands. False when there is no such node. */
bool yaml_position(const struct yaml_positions *positions, const char *pointer, bool key, int *ret_line, int *ret_column);

/* Append one step to a JSON pointer, escaping '~' and '/'. Owned by the caller. */
char *yaml_pointer(const char *parent, const char *key);
char *yaml_pointer_index(const char *parent, size_t index);
