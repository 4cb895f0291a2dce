/*
 * How the lists and maps of a kind merge: which lists are sets, which are maps and by which keys, what is atomic. For
 * built-in kinds from a table taken from the server's OpenAPI (x-kubernetes-list-type, -list-map-keys, -map-type,
 * -patch-merge-key, -patch-strategy), for custom resources from their schema. Where nothing is said, objects are
 * granular and lists are atomic.
 *
 * A shape is a small value that is passed around; what it points to belongs to the table or to the schema, which must
 * outlive it.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct shape_field; /* a row of the table of built-in types */

struct shape {
    const char *type;                /* a built-in type with rows in the table, or NULL */
    const struct shape_field *field; /* the row that led here, or NULL */
    const json_t *schema;            /* a structural schema, for custom resources; NULL: nothing is declared */
    bool custom;                     /* follows a schema, not the table */
    bool resource;                   /* the root of a resource: has metadata whatever its schema says */
    bool item;                       /* an element of the list or map that `field` describes */
};

enum shape_list { SHAPE_ATOMIC, SHAPE_SET, SHAPE_MAP };

#define SHAPE_KEYS_LIMIT 8

struct shape shape_builtin(const char *kind);    /* kinds without rows get the default shape with ObjectMeta */
struct shape shape_custom(const json_t *schema); /* openAPIV3Schema of a version, or NULL */

struct shape shape_child(struct shape shape, const char *key); /* the field of an object */
struct shape shape_item(struct shape shape);                   /* the elements of a list */

enum shape_list shape_list(struct shape shape);
size_t shape_list_keys(struct shape shape,
                       const char *ret_keys[SHAPE_KEYS_LIMIT]); /* of a SHAPE_MAP, sorted by bytes */
json_t *shape_key_default(struct shape shape, const char *key); /* "TCP" for protocol, or NULL; owned by the caller */
bool shape_object_atomic(struct shape shape);
bool shape_declares(struct shape shape, const char *key); /* a field of a struct, not a key of a map */

/* Strategic merge: are elements merged one by one (by the merge key, or as a set of scalars when there is none)? */
bool shape_merges(struct shape shape);
const char *shape_merge_key(struct shape shape);
