/* A simulated cluster for tests of what lives, served by a thread of its own, with a client of it on a loop. */
#pragma once

#include "kube/client.h"
#include "net/loop.h"
#include "situation/situation.h"
#include <stdbool.h>

struct cluster;

struct cluster *cluster_start(enum kube_access access); /* the scenario tests/data/situation/live.yaml */
void cluster_stop(struct cluster *cluster);             /* after everything that uses its client */
struct loop *cluster_loop(const struct cluster *cluster);
struct kube_client *cluster_client(const struct cluster *cluster);

/* A situation of the release "shop" without a playbook, watched until it is complete. */
struct situation *cluster_watch(struct cluster *cluster, const struct situation_options *options);

/* Runs until `is_so` says yes of the picture, as long as a slow machine may need; fails the test otherwise, naming
 * `what`. */
void cluster_await(struct cluster *cluster, struct situation *situation, bool (*is_so)(const struct picture *picture),
                   const char *what);

/* A merge patch, as somebody else makes it; `manager` is its field manager. Waits for the answer. */
void cluster_patch(struct cluster *cluster, const char *path, const char *manager, const char *json);
void cluster_create(struct cluster *cluster, const char *collection, const char *json);
void cluster_delete(struct cluster *cluster, const char *path);
