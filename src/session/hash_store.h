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
 * ERROR_REFUSED when the console is read-only, ERROR_FORBIDDEN by RBAC. */
bool hash_store_write(struct session *session, struct loop *loop, struct hash_store_result *result, struct error *error);
bool hash_store_prune(struct session *session, struct loop *loop, int keep, struct hash_store_result *result, struct error *error);
