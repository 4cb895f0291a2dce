/*
 * Which resources the simulated server serves: the built-in ones from a table, the custom ones from the
 * CustomResourceDefinitions that are stored at the moment.
 */
#pragma once

#include "simulator/write.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define RESOURCE_VERSIONS_LIMIT 16

struct resource_version {
    const char *name; /* "v1" */
    bool served;
    bool storage;
    bool deprecated;
    const char *warning; /* deprecationWarning, or NULL: the server's own words are used */
    bool has_status;     /* the subresources, which custom resources have per version */
    bool has_scale;
    const json_t *definition; /* of a custom resource: its element of spec.versions */
};

/* One resource in all its versions. A resource keeps its address for as long as it is served, so pointers to it may be
 * compared; what it says changes with its definition. */
struct resource {
    const char *group; /* "" for the core group */
    const char *plural;
    const char *singular;
    const char *kind;
    const char *list_kind;
    const char *const *short_names; /* ended by NULL */
    const char *const *categories;  /* ended by NULL */
    bool namespaced;
    const json_t *crd; /* NULL for a built-in resource */
    struct resource_version versions[RESOURCE_VERSIONS_LIMIT];
    size_t version_count;
    const char *const *subresources; /* beyond status and scale, ended by NULL */
    bool put_creates;                /* a PUT of what is not there makes it */
    bool conditional;                /* a built-in one whose PUT has to name the resourceVersion */
    bool returns_deleted;            /* a DELETE answers with the object instead of a Status */
    bool virtual;                    /* nothing is stored: reviews, bindings, metrics */
    bool gone;                       /* its definition was deleted */
};

struct resources;

struct resources *resources_new(void); /* with every built-in resource */
void resources_free(struct resources *resources);

size_t resources_count(const struct resources *resources);
const struct resource *resources_at(const struct resources *resources, size_t index); /* built-in ones first */

/* NULL when not served. By plural name, by kind; `group` is "" for the core group. */
const struct resource *resources_find(const struct resources *resources, const char *group, const char *plural);
const struct resource *resources_find_kind(const struct resources *resources, const char *group, const char *kind);
/* By a manifest's apiVersion ("v1", "apps/v1") and kind; the version must be served. */
const struct resource *resources_find_manifest(const struct resources *resources, const char *api_version,
                                               const char *kind);

const struct resource_version *resource_version(const struct resource *resource, const char *version); /* or NULL */
/* Kubernetes' order of versions: v10, v2, v1, v3beta1, v3alpha2, then other names by their letters. */
bool resource_version_precedes(const char *a, const char *b);
const char *resource_preferred(const struct resource *resource); /* the served version that kubectl would use */
const char *resource_storage(const struct resource *resource);
char *resource_api_version(const struct resource *resource, const char *version); /* "apps/v1"; the caller's */

/* What write.h wants to know, for a write through `version`. */
struct write_kind resource_write_kind(const struct resource *resource, const char *version);

/* Follow a CustomResourceDefinition that was stored, changed or deleted (its object is borrowed for the call). */
const struct resource *resources_define(struct resources *resources, const json_t *crd);
void resources_undefine(struct resources *resources, const json_t *crd);
