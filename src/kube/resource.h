/* What is asked for: a resource of the Kubernetes API and the path it has. No discovery: the console knows its resources, and custom
 * ones come from their CRD or from a playbook. */
#pragma once

#include <stdbool.h>

/* Borrowed texts; group "" is the core group. */
struct kube_resource {
    const char *group;
    const char *version;
    const char *plural;
    const char *kind;
    bool namespaced;
};

/* Built-in kinds that Helm charts contain (apps, batch, core, rbac, networking, policy, apiextensions, admissionregistration, …): NULL when
 * unknown. `api_version` is "v1" or "group/version" as in a manifest. */
const struct kube_resource *kube_resource_find(const char *api_version, const char *kind);

/* "/apis/apps/v1/namespaces/x/deployments/y"; namespace NULL: all namespaces or cluster-scoped; name NULL: the collection;
 * subresource NULL: none. Segments are percent-encoded. Owned by the caller. */
char *kube_resource_path(const struct kube_resource *resource, const char *namespace, const char *name, const char *subresource);

/* "a=b" appended to a path's query with percent-encoding ('?' or '&' chosen). Replaces *path, owned by the caller. */
void kube_path_add(char **path, const char *name, const char *value);
