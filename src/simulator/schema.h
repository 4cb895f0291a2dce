/*
 * Structural schemas of custom resources (apiextensions.k8s.io/v1): what they prune, default and refuse. `schema` is a
 * version's openAPIV3Schema; objects are changed in place.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* Remove fields that the schema does not have. Their paths ("spec.foo") are added to `unknown`, a JSON array, or NULL.
 */
void schema_prune(const json_t *schema, json_t *object, json_t *unknown);

/* Fill in defaults; a null where the schema allows none and has a default becomes the default. */
void schema_default(const json_t *schema, json_t *object);

/* Add a cause (refusal.h) to `causes` for each thing that the schema does not allow. Rules in CEL are not evaluated. */
void schema_validate(const json_t *schema, const json_t *object, json_t *causes);
