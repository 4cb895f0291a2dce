/*
 * One Helm release record, decoded: base64 → base64 → gzip (when the bytes say so) → JSON (Helm's pkg/storage/driver/util.go).
 *
 * A record is decoded on a worker, once per (uid, resourceVersion). It has a small head, which is kept, and a large body (values and
 * manifest), which lives only as long as somebody needs it. Only the parts that are read are ever made into trees: the chart's templates
 * and files, most of a record's bytes, are passed over.
 */
#pragma once

#include "base/digest.h"
#include "base/error.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HELM_RECORD_PACKED_LIMIT   (2u << 20)  /* a Secret holds at most 1 MiB; base64 inside */
#define HELM_RECORD_UNPACKED_LIMIT (32u << 20) /* what a record may grow to; more is refused as a bomb */

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
    int rollback_to;    /* Helm 4's info.rollback_revision, else read from the description "Rollback to N"; 0: none, or not told: a
                         * failed rollback's description has the failure instead */
    int64_t updated_ms; /* info.last_deployed; CLOCK_UNKNOWN when absent */
    char content_hash[DIGEST_SIZE]; /* of manifest and user values as stored: a rollback copies both, so equal hashes tell its target */

    /* The body; both NULL when only the head was decoded. */
    json_t *values; /* effective: chart defaults with subcharts, overlaid by the user's */
    struct helm_manifest *manifest; /* the objects, parsed */
    unsigned holds; /* beside the owner's; see helm_record_hold() */
};

enum helm_depth { HELM_HEAD, HELM_WHOLE };

/* `data` is the Secret's data.release as the API gives it (still base64 of the API) with `api_base64`, or a ConfigMap's text without.
 * Errors: ERROR_INVALID saying which layer is damaged and where. A field of a wrong type is damage, as it is to Helm. */
bool helm_record_decode(const char *data, size_t size, bool api_base64, enum helm_depth depth, struct helm_record **ret_record,
                        struct error *error);

/* The same record without its body. */
struct helm_record *helm_record_copy_head(const struct helm_record *record);

/*
 * Records are read-only, so a worker may read one while others do, as long as nobody takes references of its trees. What keeps it from being freed
 * meanwhile is a hold, taken and let go on the loop's thread: helm_record_free() lets go of one, and frees with the last. Returns `record`.
 */
const struct helm_record *helm_record_hold(const struct helm_record *record);
void helm_record_free(const struct helm_record *record);
