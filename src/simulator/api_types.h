/*
 * The types of built-in kinds as the API's Go sources declare them: which fields there are, of what type, and their
 * protobuf numbers. Clients written in Go send built-in kinds as protobuf; and what a type does not have is dropped.
 *
 * A row's fields are separated by spaces, each NAME=NUMBER SHAPE TYPE [?] without spaces. The shape is nothing, '*' (a
 * list) or "{}" (a map from text). The type is s text, b boolean, i integer, d float, y bytes, T time, Q quantity,
 * I integer or text, R any JSON, or the name of another row (without its prefix when that is the same). '?' says that
 * an empty value differs from none. Without a NAME the fields of the type stand among those of this one.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct api_type {
    const char *name; /* "core.Pod" */
    const char *fields;
};

extern const struct api_type api_types_core[];
extern const size_t api_types_core_count;
extern const struct api_type api_types_groups[];
extern const size_t api_types_groups_count;

/* NULL: nothing is known of it. `group` is "" for the core group. */
const struct api_type *api_type_of_kind(const char *group, const char *kind);

enum api_shape { API_ONE, API_LIST, API_MAP };

/* One field; `name` is not terminated. */
struct api_field {
    const char *name;
    size_t name_length; /* 0: its fields stand among those of the type itself */
    unsigned long number;
    enum api_shape shape;
    char scalar;                 /* the type's letter; 0: `type` */
    const struct api_type *type; /* NULL for scalars */
    bool listed;                 /* of a map: its values are lists of texts */
    bool keeps_empty;
};

/* Step through the fields of a type; *cursor begins as NULL. False at the end. */
bool api_type_next(const struct api_type *type, const char **cursor, struct api_field *ret_field);
bool api_type_find(const struct api_type *type, const char *name, struct api_field *ret_field); /* inlined ones, too */

/* Take away what the type of an object does not have; the paths ("spec.foo") are added to `unknown`. */
void api_type_prune(const struct api_type *type, json_t *object, json_t *unknown);
