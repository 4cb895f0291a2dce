/* Defaults of pods and pod templates, and the small verbs that all defaults are written with; used by defaults.c. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* Set a field that is not there. */
void defaults_integer(json_t *object, const char *key, json_int_t value);
void defaults_text(json_t *object, const char *key, const char *value);
void defaults_boolean(json_t *object, const char *key, bool value);
json_t *defaults_object(json_t *object, const char *key); /* the object at `key`, made when it is missing; borrowed */

void defaults_pod(json_t *spec);
void defaults_admit_pod(json_t *spec); /* what admission adds, which no manager owns */
void defaults_pod_template(json_t *pod_template);
