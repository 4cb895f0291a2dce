/*
 * One Helm release record, decoded: base64 → base64 → gzip (when the bytes say so) → JSON (Helm's pkg/storage/driver/util.go).
 *
 * A record is decoded on a worker, once per (uid, resourceVersion), and is read-only from then on.
 */
#pragma once

#include "base/error.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HELM_RECORD_PACKED_LIMIT   (2u << 20)  /* a Secret holds at most 1 MiB; base64 inside */
#define HELM_RECORD_UNPACKED_LIMIT (64u << 20) /* what a record may grow to; more is refused as a bomb */

struct helm_manifest;

/* Owns everything. Texts that the record lacks are "". */
struct helm_record {
    char *name;
    char *namespace;
    int revision;
    char *status;      /* "deployed", "failed", … */
    char *description;
    char *chart;       /* "name-version" as helm prints it */
    char *chart_name;
    char *chart_version;
    char *app_version;
    char *apply_method; /* "csa", "ssa" or "" (Helm 3 writes none) */
    int rollback_to;   /* Helm 4's info.rollback_revision, else read from the description "Rollback to N"; 0: none */
    int64_t updated_ms; /* info.last_deployed; CLOCK_UNKNOWN when absent */
    json_t *values;    /* effective: chart defaults with subcharts, overlaid by the user's */
    struct helm_manifest *manifest; /* the objects, parsed */
    unsigned holds;    /* beside the owner's; see helm_record_hold() */
};

/* `data` is the Secret's data.release as the API gives it (still base64 of the API) with `api_base64`, or a ConfigMap's text without.
 * Errors: ERROR_INVALID saying which layer is damaged and where. */
bool helm_record_decode(const char *data, size_t size, bool api_base64, struct helm_record **ret_record, struct error *error);

/*
 * Records are read-only, so a worker may read one while others do, as long as nobody takes references of its trees. What keeps it from being freed
 * meanwhile is a hold, taken and let go on the loop's thread: helm_record_free() lets go of one, and frees with the last. Returns `record`.
 */
const struct helm_record *helm_record_hold(const struct helm_record *record);
void helm_record_free(struct helm_record *record);
