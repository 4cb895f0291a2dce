/* The workloads of a release as they live: each watched by its name, its pods by their labels. */
#pragma once

#include "helm/record.h"
#include "kube/client.h"
#include "kube/reflector.h"
#include "situation/fingerprint.h"
#include "situation/live_objects.h"
#include "situation/pod_pool.h"
#include "situation/rollout.h"
#include <stdbool.h>
#include <stddef.h>

struct workloads_live;

/* Texts are borrowed from the records (held) and the identities. */
struct workload_live {
    const char *kind, *namespace, *name;
    const struct component_identity *identity; /* NULL: no component names it */
    bool in_release;                           /* the live revision's manifest has it */
    struct kube_reflector *workload;
    struct kube_reflector *pods; /* NULL: it has none to show */
};

struct workloads_live_options {
    const struct helm_record *from;              /* held */
    const struct helm_record *to;                /* held; NULL: none */
    const struct component_identity *identities; /* borrowed for life */
    size_t identity_count;
    struct pod_pool *pods;        /* borrowed */
    struct live_objects *objects; /* borrowed; is fed */
    bool once;
    void (*on_change)(void *context);
    void *context;
};

struct workloads_live *workloads_live_new(struct kube_client *client, const struct workloads_live_options *options);
void workloads_live_free(
    struct workloads_live *workloads); /* NULL is accepted; before the pods and objects it was given */

bool workloads_live_complete(const struct workloads_live *workloads);
size_t workloads_live_count(const struct workloads_live *workloads); /* those of components first */
const struct workload_live *workloads_live_at(const struct workloads_live *workloads, size_t index);
const struct workload_live *workloads_live_find(const struct workloads_live *workloads,
                                                const struct component_identity *identity);

/* What is known of one: state, numbers, reason (with what troubles its pods), and how fresh that is. */
void workload_live_read(const struct workload_live *workload, struct rollout *ret_rollout, struct part *ret_part);

/* The images that its pods run in `container` (NULL: their first), counted and sorted; owned by the caller. */
void workload_live_images(struct kube_reflector *pods, const char *container, struct picture_image **ret_images,
                          size_t *ret_count);
