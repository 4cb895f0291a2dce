/* Whether a workload has rolled out, by the rules of `kubectl rollout status` (kubectl's
 * polymorphichelpers/rollout_status.go). */
#pragma once

#include "situation/situation.h"
#include <jansson.h>

/* Owns its reason. */
struct rollout {
    enum rollout_state state;
    char *reason;                /* "1 of 2 updated"; "" when there is nothing to say */
    int ready, desired, updated; /* −1: not known, or not a workload */
};

/* For a Deployment, StatefulSet, DaemonSet or CronJob; others are ROLLOUT_UNKNOWN. Reads only. */
void rollout_judge(const char *kind, const json_t *object, struct rollout *ret_rollout);
void rollout_missing(struct rollout *ret_rollout); /* the object does not exist */
void rollout_release(struct rollout *rollout);
