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
