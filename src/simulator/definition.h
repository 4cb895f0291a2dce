/*
 * What comes with a CustomResourceDefinition: its status (accepted names, established, stored versions), and the
 * resource that is served from then on.
 */
#pragma once

#include "simulator/refusal.h"
#include "simulator/resources.h"
#include <jansson.h>
#include <stdbool.h>

bool definition_is(const struct resource *resource); /* is this the resource of the definitions themselves? */

/* Is it one? Wrong types are a 400, what does not fit together a 422. */
bool definition_check(const json_t *crd, struct refusal *refusal);

/* Complete a definition before it is stored: names, conditions and status.storedVersions, to which the storage version
 * is added as soon as it is one. `now` is a timestamp. */
void definition_complete(json_t *crd, const json_t *now);

/* "a definition is ending" condition and finalizer, as a DELETE leaves it. */
void definition_end(json_t *crd, const json_t *now);

#define DEFINITION_FINALIZER "customresourcecleanup.apiextensions.k8s.io"
