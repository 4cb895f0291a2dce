/*
 * What one write makes of an object, without storing it: patches, pruning, defaults, validation, immutable fields,
 * generation and managedFields, in the order in which the real API server does these. Pure: time comes in, nothing is
 * kept.
 *
 * An object is kept as it was last written, in that version's apiVersion; write_convert() shows it in another one.
 */
#pragma once

#include "simulator/kind.h"
#include "simulator/patch.h"
#include "simulator/refusal.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum write_validation {
    WRITE_IGNORE,
    WRITE_WARN,
    WRITE_STRICT
}; /* query parameter fieldValidation; the server's default is Warn */

struct write_options {
    const char *version;              /* of the request's URL, "v1" */
    const char *subresource;          /* NULL, "status" or "scale" */
    const char *manager;              /* query parameter fieldManager, else write_manager() of the User-Agent */
    bool force;                       /* of an apply */
    enum write_validation validation; /* of unknown fields */
    int64_t now_ms;                   /* wall time */
};

/* `body` becomes the object to create. metadata.name (and namespace) must be there already; the caller then adds uid
 * and resourceVersion. `warnings` is a JSON array of texts for Warning headers that is added to, or NULL. All results
 * are the caller's: object and metadata to change, while what lies deeper may be shared with what is stored. */
bool write_create(const struct write_kind *kind, const json_t *body, const struct write_options *options,
                  json_t **ret_object, json_t *warnings, struct refusal *refusal);

/* A PUT. Checks body against `live`: name, namespace, uid, resourceVersion (when the body has them). A result that
 * write_same() as `live` is not to be stored: the real server writes nothing then. */
bool write_update(const struct write_kind *kind, const json_t *live, const json_t *body,
                  const struct write_options *options, json_t **ret_object, json_t *warnings, struct refusal *refusal);

/* A PATCH of any type. `live` may be NULL for PATCH_APPLY only: `name` and `namespace` (NULL without one) then name
 * what is created. */
bool write_patch(const struct write_kind *kind, const json_t *live, enum patch_type type, const json_t *patch,
                 const char *namespace, const char *name, const struct write_options *options, json_t **ret_object,
                 json_t *warnings, struct refusal *refusal);

/* Set spec.replicas as the subresource scale does (manager entry with subresource "scale"). */
bool write_scale(const struct write_kind *kind, const json_t *live, json_int_t replicas,
                 const struct write_options *options, json_t **ret_object, struct refusal *refusal);

bool write_same(const json_t *live, const json_t *object); /* nothing but managedFields' times differs */

/* The object as a GET through `version` shows it (kind_convert()). */
json_t *write_convert(const struct write_kind *kind, const json_t *object, const char *version);

/* The manager's name that the server makes of a User-Agent: up to the first '/', "kubectl/v1.34 (…)" is "kubectl".
 * Owned by the caller. */
char *write_manager(const char *user_agent);
