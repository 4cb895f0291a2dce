/*
 * Drift: applying the live revision's manifest would change the object. Two looks: a local comparison of the manifest
 * with what lives (both sides brought to one form), and, when that finds something, the server's own answer to a dry
 * run of the merged object.
 *
 * Pure functions over JSON text; they run on workers and only read the records' trees.
 */
#pragma once

#include "helm/manifest.h"
#include "situation/change_set.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DRIFT_OBJECT_LIMIT (8u << 20) /* bytes of one object's JSON */

/* The live revision's and the target's object of one identity; either may be NULL. Borrowed. */
struct drift_manifests {
    const struct helm_object *from;
    const struct helm_object *to;
    const char *release;   /* Helm's annotations, which no manifest contains */
    const char *namespace; /* of the release */
};

/* Owns everything. */
struct drift_look {
    bool matches_from;           /* what lives is what the live revision's manifest says */
    bool matches_to;             /* … the target's */
    struct field_change *fields; /* against `from`: manifest → live */
    size_t field_count;
    char *manager;           /* who wrote last what differs; "" */
    int64_t time_ms;         /* wall; CLOCK_UNKNOWN */
    char *merged;            /* JSON to PUT as a dry run; NULL when nothing differs or there is no `from` */
    struct fingerprint live; /* of `identity` */
};

/* `live` is the object as the server gave it. `identity` may be NULL: no fingerprint. False: it cannot be read
 * (ERROR_INVALID). */
bool drift_look(const struct drift_manifests *manifests, const struct component_identity *identity, const char *live,
                size_t size, struct drift_look *ret_look, struct error *error);

/* `answer` is the server's to the dry run of look->merged: the fields and the writer are taken from what it would
 * really change; none when it would change nothing. `look` keeps the rest. */
bool drift_confirm(struct drift_look *look, const struct drift_manifests *manifests, const char *live, size_t live_size,
                   const char *answer, size_t answer_size, struct error *error);

/* A manifest's object in the form that the server keeps: no status, a Secret's stringData in its data. A new tree; only
 * reads the record. */
json_t *drift_normalise(const struct helm_object *object);

void drift_look_release(struct drift_look *look);

/* "spec.replicas, spec.paused and 3 more". Owned by the caller. */
char *drift_paths(const struct field_change *fields, size_t count);
