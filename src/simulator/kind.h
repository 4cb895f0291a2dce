/*
 * What the simulated server knows about a kind: its versions with their schemas, and how an object looks in each of
 * them. Built-in kinds have one version and no schema here.
 */
#pragma once

#include "simulator/shape.h"
#include <jansson.h>
#include <stdbool.h>

/* A resource that can be written. Everything is borrowed. */
struct write_kind {
    const char *group; /* "" for the core group */
    const char *kind;
    const char *resource; /* plural, for messages */
    const json_t *crd;    /* its CustomResourceDefinition; NULL for a built-in kind */
    bool has_status;      /* the status is a subresource: a write of the main resource leaves it, and the reverse */
};

char *kind_api_version(const struct write_kind *kind, const char *version); /* "apps/v1", "v1"; owned by the caller */

/* The version of a custom resource in its definition ({name, served, storage, schema…}), or NULL. */
const json_t *kind_version(const struct write_kind *kind, const char *version);
const json_t *kind_schema(const struct write_kind *kind, const char *version); /* openAPIV3Schema, or NULL */
bool kind_knows(const struct write_kind *kind, const char *version);           /* always true for built-in kinds */
struct shape kind_shape(const struct write_kind *kind, const char *version);

/* A copy of `object` as `version` shows it: apiVersion changed, and for custom resources what this version's schema
 * lacks pruned and its defaults added (conversion strategy None). Owned by the caller. */
json_t *kind_convert(const struct write_kind *kind, const json_t *object, const char *version);
