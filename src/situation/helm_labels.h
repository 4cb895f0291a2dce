/* Labels and annotations that Helm changes on every revision: they say nothing about what runs. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

bool helm_labels_is(const char *key); /* helm.sh/chart, chart, heritage */

/* Take them out of `object`'s own metadata (of an object or of a pod template). Returns what was taken, {"labels": {…},
 * "annotations": {…}}, a new tree that is empty when nothing was; owned by the caller. */
json_t *helm_labels_take(json_t *object);
