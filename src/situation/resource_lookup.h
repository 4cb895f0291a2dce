/* Which resource a manifest's kind is: the console's own table, else the discovery document of that one group and
 * version (asked once). */
#pragma once

#include "base/error.h"
#include "kube/client.h"
#include "kube/resource.h"

struct resource_lookup;

struct resource_lookup *resource_lookup_new(struct kube_client *client);
void resource_lookup_free(struct resource_lookup *lookup); /* cancels; no `found` is called any more */

/* Calls `found` once: before returning when the kind is known already, else later. `resource` is NULL with an error
 * (ERROR_NOT_FOUND: not served). It stays valid as long as the lookup. */
void resource_lookup_find(struct resource_lookup *lookup, const char *api_version, const char *kind,
                          void (*found)(const struct kube_resource *resource, const struct error *error, void *context),
                          void *context);
