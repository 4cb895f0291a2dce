/*
 * The four patches an API server knows, as pure functions on trees. `object` and `patch` are borrowed and not changed;
 * the result is the caller's. Sources: RFC 6902 and RFC 7386 as evanphx/json-patch has them, apimachinery
 * pkg/util/strategicpatch; server-side apply is in apply.h.
 */
#pragma once

#include "simulator/refusal.h"
#include "simulator/shape.h"
#include <jansson.h>
#include <stdbool.h>

enum patch_type {
    PATCH_JSON,      /* application/json-patch+json */
    PATCH_MERGE,     /* application/merge-patch+json */
    PATCH_STRATEGIC, /* application/strategic-merge-patch+json; 415 for custom resources */
    PATCH_APPLY,     /* application/apply-patch+yaml */
};

/* A failed test or a path that is not there: 422; a patch that is not one: 400. */
bool patch_json(const json_t *object, const json_t *patch, json_t **ret_object, struct refusal *refusal);
bool patch_merge(const json_t *object, const json_t *patch, json_t **ret_object, struct refusal *refusal);
bool patch_strategic(const json_t *object, const json_t *patch, struct shape shape, json_t **ret_object,
                     struct refusal *refusal);
