/* The subresource scale: the Scale object of autoscaling/v1 that stands for an object's number of replicas. */
#pragma once

#include "simulator/refusal.h"
#include "simulator/resources.h"
#include "simulator/write.h"
#include <jansson.h>

/* The Scale of an object; the caller's. */
json_t *scale_of(const struct resource *resource, const char *version, const json_t *object);

/* What a PUT of `scale` makes of the object; the caller's. Custom resources say themselves where their replicas are. */
bool scale_write(const struct resource *resource, const json_t *live, const json_t *scale,
                 const struct write_options *options, json_t **ret_object, struct refusal *refusal);

/* The rule that a custom resource's version ({name, subresources …}, or NULL) with a scale has: no replicas below 0. */
void scale_validate(const json_t *definition, const json_t *object, json_t *causes);
