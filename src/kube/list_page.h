/*
 * One page of a LIST, read on a worker: bytes in, finished items out.
 *
 * The page is cut into its objects as text first, and each is parsed, projected and freed alone: a page of 500 pods takes megabytes as text and
 * ten times that as one tree.
 */
#pragma once

#include "base/error.h"
#include "kube/item_store.h"
#include <stdbool.h>
#include <stddef.h>

/* Owns its items until they are taken. Starts zeroed. */
struct list_page {
    struct item_store items; /* in the order of the answer */
    char *resource_version;
    char *continue_token; /* "" at the last page */
    bool too_large;       /* more than is read at once: ask for fewer objects; `error` says it, too */
    struct error error;   /* the body could not be read: ERROR_UNREACHABLE */
};

/* `bytes` may be gzip. False when `error` is filled. */
bool list_page_parse(struct list_page *page, const char *bytes, size_t size, const struct kube_projection *projection);
void list_page_release(struct list_page *page, const struct kube_projection *projection);
