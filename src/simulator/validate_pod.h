/* Pods and the kinds that make them; used by validate.c. */
#pragma once

#include <jansson.h>

void validate_workload(const char *kind, const json_t *object, json_t *causes);
void validate_stateful_set_update(const json_t *old, const json_t *object, json_t *causes);
void validate_pod_update(const json_t *old, const json_t *object, json_t *causes);
