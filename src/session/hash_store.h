/*
 * The hash ConfigMaps that the source document's tooling reads: one per revision, keys `<component>-hash` and `<component>-config`. Written as
 * manager rollback-console with the resourceVersion that was read; deleted with the uid that was read, oldest revision first.
 */
#pragma once

#include "base/error.h"
#include "session/session.h"
#include <stdbool.h>

struct hash_store_result {
    int written;
    int unchanged;
    int deleted;
};

/* Both run the loop until done; for commands. The session must have been gathered with SITUATION_STORED_HASHES (and `decode_all` for writing).
 * They stop at the first failure, which names the ConfigMap; `result` then says what was done before. ERROR_REFUSED when the console is
 * read-only or somebody else was faster, ERROR_FORBIDDEN by RBAC. */

/* Only the newest `keep` of those that are stored or can be (0: all): what a prune would delete at once is not written first. */
bool hash_store_write(struct session *session, struct loop *loop, int keep, struct hash_store_result *result, struct error *error);
/* Deletes all but the newest `keep` (by number), counting what `result` says was written just before. `keep` is at least 1. */
bool hash_store_prune(struct session *session, struct loop *loop, int keep, struct hash_store_result *result, struct error *error);
