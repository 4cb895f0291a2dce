/*
 * Objects under a shape: compared, merged, turned into sets of fields and stripped of such sets, as
 * structured-merge-diff (packages typed and merge) does it for server-side apply and for managedFields. Values are
 * borrowed, results owned.
 */
#pragma once

#include "simulator/shape.h"
#include <jansson.h>
#include <stdbool.h>

/* What differs between two objects; sets in the form of fields.h. Release it. */
struct typed_comparison {
    json_t *added, *modified, *removed;
};

void typed_compare(const json_t *old, const json_t *changed, struct shape shape,
                   struct typed_comparison *ret_comparison);
void typed_comparison_release(struct typed_comparison *comparison);

json_t *typed_fields(const json_t *value, struct shape shape); /* every field that the object sets */
json_t *typed_merge(const json_t *live, const json_t *config, struct shape shape);
json_t *typed_remove(const json_t *value, const json_t *fields, struct shape shape); /* NULL when nothing is left */

/* Elements of a list of maps whose keys are missing or appear twice cannot be applied: false, and why (owned by the
 * caller). */
bool typed_check(const json_t *value, struct shape shape, char **ret_why);

/* A struct's fields that lead to members become members themselves, so that a removed struct goes as a whole. */
json_t *typed_name_members(const json_t *fields, struct shape shape);
