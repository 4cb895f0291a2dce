/* What a path of the Kubernetes API names (apiserver pkg/endpoints/request). */
#pragma once

#include "simulator/request.h"
#include <stdbool.h>
#include <stddef.h>

/* Everything is borrowed from the request. */
struct route {
    const char *group; /* "" for /api; NULL: no resource is named */
    const char *version;
    const char *namespace;
    const char *plural;
    const char *name;
    const char *subresource;
    char *const *rest; /* what stands behind the subresource */
    size_t rest_count;
    bool watch; /* the old form, /api/v1/watch/… */
};

/* False: the path names no resource (a discovery document, /version, …). */
bool route_parse(const struct request *request, struct route *ret_route);

/* What access reviews and RBAC call the request: "get", "list", "watch", "deletecollection" … NULL: a method that the
 * API does not know. */
const char *route_verb(const struct request *request, const struct route *route);
