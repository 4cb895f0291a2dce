/* A simulated cluster in a test: a scenario, and time that the test moves. */
#pragma once

#include "base/clock.h"
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#define CLUSTER_NOW 1795230000000 /* 2026-11-21T03:00:00Z */

struct cluster {
    struct clock_manual clock;
    struct scenario *scenario;
    struct registry *registry;
    struct controllers *controllers;
};

void cluster_start(struct cluster *cluster, const char *name); /* a scenario that ships */
void cluster_start_text(struct cluster *cluster,
                        const char *text); /* or one in the test; without "format" and "nodes" */
void cluster_stop(struct cluster *cluster);

void cluster_live(struct cluster *cluster, int64_t for_ms); /* let time pass, as the simulator's loop does */

/* The newest state of an object, borrowed; the test fails when it is not there. */
json_t *cluster_get(const struct cluster *cluster, const char *group, const char *plural, const char *namespace,
                    const char *name);
json_t *cluster_find(const struct cluster *cluster, const char *group, const char *plural, const char *namespace,
                     const char *name); /* NULL when absent */
size_t cluster_count(const struct cluster *cluster, const char *group, const char *plural,
                     const char *phase);                            /* phase NULL: all */
json_int_t cluster_number(const json_t *object, const char *field); /* of the status; 0 when absent */

/* A strategic merge (or, for custom resources, a merge) as kubectl sends it; the test fails when it is refused. */
void cluster_patch(struct cluster *cluster, const char *api_version, const char *kind, const char *namespace,
                   const char *name, const char *patch);
