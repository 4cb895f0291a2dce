/* The rows behind shape.h; only shape.c reads them. */
#pragma once

#include "simulator/shape.h"

#define SHAPE_ATOMIC_OBJECT "="

struct shape_field {
    const char *type; /* the type that has the field */
    const char *name;
    const char *of; /* the type of the field, or of its elements; SHAPE_ATOMIC_OBJECT; NULL when it has no rows */
    enum shape_list list;
    const char *keys[3];   /* of SHAPE_MAP, sorted */
    const char *merge_key; /* strategic merge */
    bool merges;           /* strategic merge: element by element, not as a whole */
    bool map;              /* an object whose keys are not field names, with objects as values */
};

extern const struct shape_field shape_fields[];
extern const size_t shape_field_count;
