/*
 * Which API versions of a custom resource are in use, and on what evidence.
 *
 * The version of a list says nothing: it is the one that was asked for. Evidence, best first: the version that the
 * object declares itself; managedFields (who wrote last, with what); kubectl's last-applied-configuration; the only
 * entry of the CRD's storedVersions.
 */
#pragma once

#include "playbook/playbook.h"
#include "situation/situation.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- a CustomResourceDefinition ---- */

struct api_version {
    char *name;
    bool served, storage, deprecated;
    char *warning; /* "" */
};

struct api_crd {
    char *name;
    char *group, *kind, *plural;
    bool namespaced;
    struct api_version *versions; /* newest first, as Kubernetes orders them: v2, v1, v2beta1, v1alpha1 */
    size_t version_count;
    char **stored; /* NULL at the end */
};

struct api_crd *api_crd_make(const json_t *object); /* NULL when it is none */
void api_crd_free(struct api_crd *crd);
const struct api_version *api_crd_find(const struct api_crd *crd, const char *version);

/* The version to ask for: served, best also stored, and rather one that is not deprecated. NULL when none is served. */
const char *api_crd_preferred(const struct api_crd *crd);

/* As Kubernetes orders versions: negative when `a` is the newer one. */
int api_version_compare(const char *a, const char *b);

/* ---- a custom object: what is kept of it ---- */

struct api_object {
    char *declared;     /* at the playbook's path, "" */
    char *written;      /* version of the newest write of anything but the status, "" */
    char *written_by;   /* its manager, "" */
    int64_t written_ms; /* wall; CLOCK_UNKNOWN */
    char *applied;      /* version in last-applied-configuration, "" */
    char *ready;
    char *supported, *compatible, *operator_version;
    json_t *marks; /* labels that begin as the playbook's ready_label does, by name; NULL: none */
};

/* `api` may be NULL. Reads only; may run on a worker. */
struct api_object *api_object_make(const struct playbook_api *api, const json_t *object);
void api_object_free(struct api_object *object);

/* ---- both, as the picture shows them ---- */

/* Fills everything but `part`. Objects are added one by one, then counted. */
void api_usage_begin(struct picture_api *usage, const struct api_crd *crd);
void api_usage_add(struct picture_api *usage, const struct playbook_api *api, const struct api_crd *crd,
                   const char *namespace, const char *name, const struct api_object *object);

/* Objects whose version `target`, the CRD in the target revision's manifest, does not serve; none when it is NULL (the
 * CRD then stays). "namespace/name", NULL at the end; owned by the caller. */
char **api_usage_orphans(const struct picture_api *usage, const struct api_crd *target);
void api_usage_free_orphans(char **orphans);
void api_usage_release(struct picture_api *usage);
