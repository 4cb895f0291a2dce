/*
 * A release's revisions: watched by metadata, decoded where needed; which one LIVES and which one is GOOD.
 *
 * Live: the newest record that may have applied objects, whatever its status (failed and pending ones included). Not: one that failed in a hook
 * before Helm applied anything, and nothing lives after an uninstallation that kept the history.
 * Good: the newest earlier one with proof that it was once deployed: superseded or deployed, and a description that is no failure.
 * A rollback revision counts as the content it restored. What was rolled back from, or passed over by a rollback, is never proposed,
 * unless somebody went back to it later.
 */
#pragma once

#include "base/error.h"
#include "helm/driver.h"
#include "helm/record.h"
#include "kube/client.h"
#include "kube/reflector.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum helm_proof { HELM_PROOF_NO, HELM_PROOF_YES, HELM_PROOF_UNPROVEN };
const char *helm_proof_name(enum helm_proof proof); /* "no", "yes", "unproven" */

/* One row. Texts are owned by the history and valid until the next change. */
struct helm_revision {
    int revision;
    const char *status;       /* from the labels, which Helm writes together with the record; "" when they lack it */
    int64_t updated_ms;       /* record's last_deployed, else when the record was made; CLOCK_UNKNOWN */
    const struct helm_record *record; /* NULL until decoded, and when damaged. Its body (values, manifest) is there for the live and the
                                       * target revision and for wanted ones; NULL otherwise */
    const char *error;        /* why the record cannot be read, or NULL */
    const struct error *failure; /* the same with its code and what to do: damage, a missing right, no answer; or NULL */
    enum helm_proof once_deployed;
    int content;              /* the revision whose content this one has (itself, or what it rolled back to) */
    bool live;
    bool target;              /* proposed */
};

struct helm_history_options {
    const char *name;
    const char *namespace;
    enum helm_driver driver;
    bool once;        /* for commands: load, decode, done */
    int from;         /* propose the target for a rollback from this revision, as if it were the newest; 0: from the live one */
    bool decode_all;  /* decode every record; otherwise those that live, target and proof need, and those asked for */
    void (*on_change)(void *context); /* rows or states changed; on the loop. Must not free the history */
    /* Optional: each record as it is decoded, whole, on the loop, before on_change; bodies that nobody needs are freed right after, so that a long
     * history of large records never stands in memory at once. Valid during the call. */
    void (*on_record)(const struct helm_record *record, void *context);
    void *context;
};

struct helm_history;

struct helm_history *helm_history_new(struct kube_client *client, const struct helm_history_options *options);
void helm_history_free(struct helm_history *history);

/* Complete: the list has arrived (or failed for good, see reason) and every record that is needed so far is decoded or known to be damaged. */
bool helm_history_complete(const struct helm_history *history);
size_t helm_history_count(const struct helm_history *history); /* 0 when complete without a reason: no such release */
const struct helm_revision *helm_history_at(const struct helm_history *history, size_t index); /* ascending by revision */
const struct helm_revision *helm_history_find(const struct helm_history *history, int revision);
const struct helm_revision *helm_history_live(const struct helm_history *history);   /* NULL: none */
const struct helm_revision *helm_history_target(const struct helm_history *history); /* NULL: none proven */
const char *helm_history_target_reason(const struct helm_history *history); /* why this target, or why none; a sentence; "" before a list is there */

/* Ask for one revision's whole record (on_change tells when it is there); it is kept until helm_history_release(). Nothing when it is there
 * already. A revision that does not exist yet is remembered. Both are changes: rows read before may be gone. */
void helm_history_want(struct helm_history *history, int revision);
void helm_history_release(struct helm_history *history, int revision);

/* From now on decode every record, for a screen that shows what they say; nothing waits for them, so what is complete stays so. A change, as above. */
void helm_history_want_all(struct helm_history *history);

enum kube_freshness helm_history_freshness(const struct helm_history *history);
const struct error *helm_history_reason(const struct helm_history *history);
int64_t helm_history_heard_ms(const struct helm_history *history);

/* The rule alone, over ascending rows with status, record (description, rollback_to, content_hash) or error, and revision filled: sets
 * once_deployed, content, live, target. Rows without record and error are not decoded yet: 'unproven'. Pure; for tests.
 * *ret_reason is owned by the caller. */
void helm_history_judge(struct helm_revision *rows, size_t count, char **ret_reason);
