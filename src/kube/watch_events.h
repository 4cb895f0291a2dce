/* Parsing of list pages and watch streams on worker threads: bytes in, finished items out, JSON trees freed at once. */
#pragma once

#include "base/error.h"
#include "kube/item_store.h"
#include <stdbool.h>
#include <stddef.h>

/* One page of a LIST. Owns its items until they are taken. */
struct list_page {
    struct item_store items; /* in the order of the answer */
    char *resource_version;
    char *continue_token; /* "" at the last page */
    struct error error;   /* the body could not be read */
};
void list_page_parse(struct list_page *page, const char *bytes, size_t size, const struct kube_projection *projection);
void list_page_release(struct list_page *page, const struct kube_projection *projection);

enum watch_event_kind { WATCH_ADDED, WATCH_MODIFIED, WATCH_DELETED, WATCH_BOOKMARK, WATCH_ERROR };

/* One event (metav1.WatchEvent). */
struct watch_event {
    enum watch_event_kind kind;
    struct kube_item *item;  /* ADDED, MODIFIED, DELETED; NULL when the object has no name */
    char *resource_version;  /* BOOKMARK */
    bool initial_end;        /* BOOKMARK annotated k8s.io/initial-events-end */
    int code;                /* ERROR: the Status' code */
    char *message;           /* ERROR */
};

struct watch_batch {
    struct watch_event *events;
    size_t count;
    struct error error; /* a line that is no event; those before it stand */
};

/* `bytes` are whole lines. */
void watch_batch_parse(struct watch_batch *batch, const char *bytes, size_t size, const struct kube_projection *projection);
void watch_batch_release(struct watch_batch *batch, const struct kube_projection *projection);
