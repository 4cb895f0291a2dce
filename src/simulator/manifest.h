/* Objects as people and tools write them: manifests, put into the cluster as kubectl apply and Helm put them. */
#pragma once

#include "simulator/registry.h"
#include <jansson.h>
#include <stdbool.h>

struct manifest_write {
    const json_t *object;
    const json_t *before; /* what the same writer wrote last; NULL: nothing, or what the annotation remembers */
    const char *manager;
    const char *namespace; /* for an object without one, if its kind has namespaces */
    bool remember;         /* keep kubectl's annotation last-applied-configuration */
};

/* Create the object, or change what is there: what `before` had and `object` lacks goes, what `object` has is set, all
 * else stays. False with the server's message (the caller's). */
bool manifest_put(struct registry *registry, const struct manifest_write *write, char **ret_why);

/* Delete it; true also when it was not there. */
bool manifest_remove(struct registry *registry, const json_t *object, const char *namespace);
