/*
 * What the API server refuses of built-in kinds, with its own words (kubernetes pkg/apis/…/validation), as far as a
 * release, a rollback or a person at a terminal runs into it. Causes are collected as refusal.h says.
 */
#pragma once

#include "simulator/refusal.h"
#include <jansson.h>
#include <stdbool.h>

/* Values of a type that Go's decoder refuses ("labels: {a: true}"). *ret_why is its message; owned by the caller. */
bool validate_types(const char *kind, const json_t *object, char **ret_why);

/* Names and labels, which hold for custom resources too. */
void validate_metadata(const char *kind, const json_t *object, json_t *causes);

/* The quality of service that a pod's requests and limits give it: "BestEffort", "Burstable" or "Guaranteed". Static.
 */
const char *validate_qos_class(const json_t *spec);

void validate_object(const char *kind, const json_t *object, json_t *causes);
void validate_update(const char *kind, const json_t *old, const json_t *object, json_t *causes);
