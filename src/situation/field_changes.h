/* Differences of two trees, place by place, as people read them. */
#pragma once

#include "situation/change_set.h"
#include "situation/compare.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Start with `struct field_changes changes = {0};`. Owns its items; take them out by copying the pointer and count. */
struct field_changes {
    struct field_change *items;
    size_t count;
    size_t counts[8]; /* by enum field_sort, beyond the limit as well */
    bool masked;      /* the values are a Secret's: told by their size alone */
};

enum field_sort {
    FIELD_IMAGE,
    FIELD_ENV,
    FIELD_ARGUMENTS,
    FIELD_RESOURCES,
    FIELD_VOLUMES,
    FIELD_ANNOTATIONS,
    FIELD_LABELS,
    FIELD_OTHER
};

#define FIELD_CHANGES_LIMIT 500 /* more are counted, not kept */
#define FIELD_VALUE_LIMIT   2000

/* A compare_differs function; `context` is the struct field_changes. Containers are told without what
 * leads to them. */
void field_changes_note(const struct place *place, const json_t *from, const json_t *to, void *context);

/* "image, 1 env, 2 resources"; "" without changes. Owned by the caller. */
char *field_changes_summary(const struct field_changes *changes);

void field_changes_free_items(struct field_change *items, size_t count);
