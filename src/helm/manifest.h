/*
 * A release's manifest: YAML documents, split as Helm and the Kubernetes client that applies them do it, read as Helm reads them
 * (YAML_KUBERNETES), Lists unfolded. Hooks are not part of it.
 */
#pragma once

#include "base/error.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Owned by the manifest. */
struct helm_object {
    char *api_version;
    char *kind;
    char *namespace; /* as written, else the release's for namespaced kinds; "" for cluster-scoped. A kind that neither Kubernetes nor
                      * a CRD of this manifest defines counts as namespaced */
    char *name;
    char *source;    /* "chart/templates/x.yaml" from Helm's comment "# Source: …", or "" */
    json_t *tree;
    char *error;     /* why this document could not be read, else NULL; then tree is NULL and the names may be "" */
};

struct helm_manifest {
    struct helm_object *objects; /* in the order of the text */
    size_t count;
};

/* Never fails for one bad document: it becomes an object with `error`. ERROR_INVALID when there are more objects than
 * HELM_MANIFEST_OBJECTS_LIMIT. */
#define HELM_MANIFEST_OBJECTS_LIMIT 5000
bool helm_manifest_parse(const char *text, size_t size, const char *release_namespace, struct helm_manifest **ret_manifest,
                         struct error *error);
void helm_manifest_free(struct helm_manifest *manifest);

/* kind may be given with any case and with its plural ("deployments"); api group is not compared; namespace NULL: any. NULL when absent;
 * documents that could not be read are never found. */
const struct helm_object *helm_manifest_find(const struct helm_manifest *manifest, const char *kind, const char *namespace, const char *name);

/* Same group, kind, namespace and name (the version may differ). False for documents that could not be read. */
bool helm_object_same(const struct helm_object *a, const struct helm_object *b);
