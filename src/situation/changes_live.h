/* The change set between two records, computed on a worker. */
#pragma once

#include "helm/record.h"
#include "net/loop.h"
#include "situation/change_set.h"
#include <stdbool.h>

struct changes_live;

struct changes_live *changes_live_new(struct loop *loop, void (*on_change)(void *context), void *context);
void changes_live_free(struct changes_live *changes); /* NULL is accepted */

/* Compute for these, unless they are what was computed last; all are held. `to` NULL: there is nothing to compare with.
 * What was computed before stays until the new one is there. */
void changes_live_set(struct changes_live *changes, const struct playbook *playbook, const struct helm_record *from,
                      const struct helm_record *to);
bool changes_live_complete(const struct changes_live *changes);

/* Earlier results stay until this is called: a picture may still show one. */
void changes_live_drop_stale(struct changes_live *changes);

/* Borrowed until the next result and the dropping after it; NULL: not yet. */
const struct change_set *changes_live_set_now(const struct changes_live *changes);
const bool *changes_live_skewed(const struct changes_live *changes); /* per component */
const char *changes_live_skew(const struct changes_live *changes);   /* one line, "" */
