/* The components' rows of the picture, and those of all objects and workloads: what lives beside what the manifests
 * say. */
#pragma once

#include "situation/live_objects.h"
#include "situation/pod_pool.h"
#include "situation/situation.h"
#include "situation/workloads_live.h"

/* What is known besides the change set. Borrowed. */
struct components_sources {
    const struct change_set *changes;
    const bool *skewed;                     /* per component */
    const struct live_objects *objects;     /* NULL: not asked for */
    const struct workloads_live *workloads; /* NULL: not asked for */
    /* What is watched; may be of another pair of revisions than the changes. */
    const struct component_identity *identities;
    size_t identity_count;
    struct kube_reflector *const *pods; /* per identity: other pods that show its image; NULL entries */
    const struct picture_hashes *hashes;
    size_t hashes_count;
    int target;     /* the revision that what lives is also compared with; 0: none */
    int64_t now_ms; /* wall */
};

/* One row for each of changes->components. */
void components_fill(const struct components_sources *sources, struct picture_component **ret_rows);
void components_release(struct picture_component *rows, size_t count);

void objects_fill(const struct components_sources *sources, struct picture *picture);
void objects_release(struct picture *picture);

void workloads_fill(const struct workloads_live *workloads, struct picture_workload **ret_rows, size_t *ret_count);
void workloads_release(struct picture_workload *rows, size_t count);
