/*
 * What comes with a CustomResourceDefinition: its status (accepted names, established, stored versions), and the
 * resource that is served from then on.
 */
#pragma once

#include "simulator/resources.h"
#include <jansson.h>
#include <stdbool.h>

bool definition_is(const struct resource *resource); /* is this the resource of the definitions themselves? */

/* Complete a definition before it is stored: names, conditions and status.storedVersions, to which the storage version
 * is added as soon as it is one. `now` is a timestamp. */
void definition_complete(json_t *crd, const json_t *now);

/* "a definition is ending" condition and finalizer, as a DELETE leaves it. */
void definition_end(json_t *crd, const json_t *now);

#define DEFINITION_FINALIZER "customresourcecleanup.apiextensions.k8s.io"
