/*
 * A release's manifest: YAML documents, split as Helm does it (lines that begin with '---', not inside block scalars), read as Helm reads them
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
    char *namespace; /* as written, else the release's for namespaced kinds; "" for cluster-scoped */
    char *name;
    char *source;    /* "# Source: chart/templates/x.yaml", or "" */
    json_t *tree;
    char *error;     /* why this document could not be read, else NULL; then tree is NULL */
};

struct helm_manifest {
    struct helm_object *objects;
    size_t count;
};

bool helm_manifest_parse(const char *text, size_t size, const char *release_namespace, struct helm_manifest **ret_manifest,
                         struct error *error);
void helm_manifest_free(struct helm_manifest *manifest);

/* kind may be given with any case and with its plural ("deployments"); api group is not compared; namespace NULL: any. NULL when absent. */
const struct helm_object *helm_manifest_find(const struct helm_manifest *manifest, const char *kind, const char *namespace, const char *name);

/* Same group, kind, namespace and name (the version may differ). */
bool helm_object_same(const struct helm_object *a, const struct helm_object *b);
