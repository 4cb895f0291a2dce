/*
 * Who set which field: metadata.managedFields, kept as the API server keeps it (apimachinery
 * pkg/util/managedfields): one entry for each manager, operation, version and subresource.
 */
#pragma once

#include "simulator/kind.h"
#include "simulator/refusal.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Who writes, through which version and when. */
struct managed_writer {
    const char *manager;
    const char *version;     /* of the URL */
    const char *subresource; /* NULL: the main resource */
    bool force;              /* apply only */
    int64_t now_ms;
};

/* After a create, a PUT or a patch that is no apply: write managedFields into `object`. `live` is NULL for a create.
 * The managedFields that a client sent along in `object` are honoured, as the real server does; [{}] resets them. */
void managed_update(const struct write_kind *kind, const json_t *live, json_t *object,
                    const struct managed_writer *writer);

/* Server-side apply: merge `config` into `live` (an empty object with apiVersion and kind for a create), take away what
 * this manager applied before and no longer does, and record the fields. Without `force`, fields of other managers that
 * would change are a 409 with a cause each. `live` must be in the writer's version. *ret_object is the caller's. */
bool managed_apply(const struct write_kind *kind, const json_t *live, const json_t *config,
                   const struct managed_writer *writer, json_t **ret_object, struct refusal *refusal);

/* Equal but for the times in managedFields. */
bool managed_same(const json_t *a, const json_t *b);
