/* The database clusters of a system, watched with their pods. */
#pragma once

#include "kube/client.h"
#include "kube/reflector.h"
#include "playbook/playbook.h"
#include "situation/pod_pool.h"
#include "situation/situation.h"
#include <stdbool.h>
#include <stddef.h>

#define DATABASE_PODS                                                                                                  \
    "cnpg.io/cluster" /* the label that CloudNativePG gives its pods; a playbook may name another selector of them */

struct databases_live;

/* NULL when the playbook names no database clusters. */
struct databases_live *databases_live_new(struct kube_client *client, const struct playbook *playbook,
                                          struct pod_pool *pods, bool once, void (*on_change)(void *context),
                                          void *context);
void databases_live_free(struct databases_live *databases); /* NULL is accepted; before the pods */
bool databases_live_complete(const struct databases_live *databases);
const struct kube_reflector *databases_live_clusters(const struct databases_live *databases);

/* Rows by namespace and name, each released with database_release(). */
void databases_live_read(const struct databases_live *databases, struct part *part, struct picture_database **ret_rows,
                         size_t *ret_count);
