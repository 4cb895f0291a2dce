/*
 * How Helm keeps its records in the cluster (pkg/storage/driver/{secrets,cfgmaps}.go): one Secret or ConfigMap a revision, named
 * sh.helm.release.v1.RELEASE.vN, with labels owner=helm, name, version, status, createdAt (when made) or modifiedAt (when written again).
 */
#pragma once

#include "base/error.h"
#include "kube/resource.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum helm_driver { HELM_SECRETS, HELM_CONFIGMAPS };

/* HELM_DRIVER as Helm reads it: secret(s), configmap(s), "" or NULL (Secrets); ERROR_USAGE for others (memory, sql: not in the cluster). */
bool helm_driver_parse(const char *text, enum helm_driver *ret_driver, struct error *error);

/* Whether a release can have this name at all (Helm's pkg/chartutil/validate_name.go: a DNS name of at most 53 characters). Everything else is
 * ERROR_USAGE and must not reach a label selector. */
bool helm_driver_check_name(const char *release, struct error *error);

const struct kube_resource *helm_driver_resource(enum helm_driver driver);
char *helm_driver_record_name(const char *release, int revision); /* owned by the caller */

/* What the metadata of a record tells without decoding it. Owns its texts. */
struct record_label {
    char *release;
    int revision;
    char *status;       /* "" when the label is missing */
    int64_t created_ms; /* when the revision was made; CLOCK_UNKNOWN */
};

/* From an object's metadata (a kube_projection's `make`); NULL when the object is no record of Helm's: another name, or labels of another
 * release. The number comes from the name, by which Helm finds a record. */
void *record_label_make(const json_t *object, const void *context);
void record_label_free(void *label);
