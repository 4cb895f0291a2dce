/* One container of a pod, as its kubelet sees it: the next status after the one before. */
#pragma once

#include "base/text.h"
#include "simulator/behaviour.h"
#include "simulator/work.h"

struct container_step {
    const json_t *pod;
    const json_t *container; /* of spec.containers */
    const json_t *before;    /* of status.containerStatuses, or NULL */
    int64_t scheduled;       /* wall ms */
    struct behaviour behaviour;
    json_t *after; /* the result; the caller's */
};

/* Returns the wall time of the next change. Writes the events that a kubelet writes. */
int64_t container_step(struct work *work, struct container_step *step);

/* What a pod's containers come to; start with {0}. */
struct container_sum {
    size_t count, started, ready, ended, failed;
    struct text unready; /* names, separated by spaces; release it */
};
void container_count(struct container_sum *sum, const json_t *status);
