/*
 * Sets of field paths, as managedFields hold them (FieldsV1 of structured-merge-diff: "f:name" a field, "k:{…}" a list
 * element by its keys, "v:…" one by its value). A set is a JSON object like FieldsV1, except that EVERY member carries
 * a "." inside: {"f:spec": {"f:replicas": {".": {}}}}; an empty object is the empty set.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* All results are owned by the caller, all arguments are borrowed; NULL counts as the empty set. Results share parts
 * with the arguments, so a set that was handed on is never changed: fields_mark() and fields_put() are for sets in the
 * making. */
json_t *fields_decode(const json_t *fields_v1);
json_t *fields_encode(const json_t *set);

json_t *fields_union(const json_t *a, const json_t *b);
json_t *fields_intersection(const json_t *a, const json_t *b);
json_t *fields_difference(const json_t *a, const json_t *b); /* a's members that are not b's */
json_t *fields_exclude(const json_t *a, const json_t *b);    /* and nothing below a member of b either */
json_t *fields_only(const json_t *a, const char *field);     /* what is at or below the top-level field */

bool fields_empty(const json_t *set);
bool fields_has(const json_t *node);                          /* is the path that leads to this node a member? */
void fields_mark(json_t *node);                               /* make it one */
void fields_put(json_t *set, const char *step, json_t *node); /* takes over `node`; an empty one is dropped */

/* Steps of paths. Owned by the caller. */
char *fields_step(const char *field); /* "f:name" */
char *fields_append_step_text(const char *path,
                              const char *step); /* `.spec.containers[name="a"].image`, as conflicts print it */

/* Each member's path as text, a level's own members before those below. */
void fields_each(const json_t *set, void (*visit)(void *context, const char *path), void *context);
