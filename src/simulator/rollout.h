/* The arithmetic of a Deployment's rolling update and what its status says about it; used by deployment.c. */
#pragma once

#include "simulator/work.h"

/* `asked` are the ReplicaSets' specs, `running`, `ready` and `available` their statuses; `current_…` of the newest one.
 */
struct rollout {
    json_int_t wanted, surge, unavailable;
    json_int_t asked, running, ready, available;
    json_int_t current_asked, current_running, current_available;
};

void rollout_read(struct rollout *rollout,
                  const json_t *spec); /* wanted, surge and unavailable (percentages resolved) */

json_int_t rollout_next_current(const struct rollout *rollout); /* what the new ReplicaSet may be scaled to now */
json_int_t rollout_minimum(const struct rollout *rollout);      /* how many must stay available */
json_int_t rollout_spare(const struct rollout *rollout);        /* how many pods the old ReplicaSets may lose now */
bool rollout_complete(const struct rollout *rollout);

/* Write status and conditions; `current` may be NULL. Returns when the progress deadline passes. */
int64_t rollout_report(struct work *work, const json_t *deployment, const json_t *current,
                       const struct rollout *rollout);
