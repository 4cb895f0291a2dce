/* The stored hashes of every revision beside those of its record. The ConfigMaps are watched by their metadata; one is
 * read when it is of this kind. */
#pragma once

#include "helm/history.h"
#include "kube/client.h"
#include "playbook/playbook.h"
#include "situation/situation.h"
#include <stdbool.h>
#include <stddef.h>

struct hashes_live;

struct hashes_live *hashes_live_new(struct kube_client *client, const struct playbook *playbook, const char *release,
                                    const char *namespace, bool once, void (*on_change)(void *context), void *context);
void hashes_live_free(struct hashes_live *hashes); /* NULL is accepted */

/* A whole record has come: compute what it says, unless that is known. It is held meanwhile. */
void hashes_live_record(struct hashes_live *hashes, const struct helm_record *record);

/* Forget revisions that are gone; take records that are there and came before the hashes were asked for. */
void hashes_live_follow(struct hashes_live *hashes, const struct helm_history *history);
bool hashes_live_complete(const struct hashes_live *hashes);

/* Ascending by revision; each released with stored_hashes_release(). */
void hashes_live_read(const struct hashes_live *hashes, struct part *part, struct picture_hashes **ret_rows,
                      size_t *ret_count);
