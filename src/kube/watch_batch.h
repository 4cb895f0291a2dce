/* Lines of a watch stream (metav1.WatchEvent), read on a worker: bytes in, finished items out, JSON trees freed at once. */
#pragma once

#include "base/error.h"
#include "kube/item_store.h"
#include <stdbool.h>
#include <stddef.h>

enum watch_kind { WATCH_ADDED, WATCH_MODIFIED, WATCH_DELETED, WATCH_BOOKMARK, WATCH_ERROR };

struct watch_event {
    enum watch_kind kind;
    struct kube_item *item; /* ADDED and MODIFIED: projected; DELETED: its head alone; or NULL */
    char *resource_version; /* BOOKMARK */
    bool initial_end;       /* BOOKMARK: all objects that were there at the start have come */
    int code;               /* ERROR: of the Status */
    char *message;          /* ERROR: cleaned */
};

/* Starts zeroed. Items that are taken leave NULL behind. */
struct watch_batch {
    struct watch_event *events;
    size_t count;
    struct error error; /* a line that is no event (ERROR_UNREACHABLE); the events before it stand */
};

/* `bytes` are whole lines. False when `error` is filled. */
bool watch_batch_parse(struct watch_batch *batch, const char *bytes, size_t size, const struct kube_projection *projection);
void watch_batch_release(struct watch_batch *batch, const struct kube_projection *projection);
