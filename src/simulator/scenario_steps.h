/* The scenario's own timed changes: revisions of releases, things that people apply, patch and delete. */
#pragma once

#include "base/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scenario;
struct scenario_release;
struct work;

int64_t scenario_origin(const struct scenario *scenario); /* wall time of its "0s" */

/* Do the steps that are due at work->now; returns the wall time of the next one, WORK_NEVER at the end. */
int64_t scenario_run_steps(struct scenario *scenario, struct work *work);

/* Were all steps that are done accepted by the cluster? The first refusal, else. */
bool scenario_steps_good(const struct scenario *scenario, struct error *error);

/* What Helm does for one revision: objects and release records. False with the server's message (the caller's). */
bool scenario_upgrade(struct scenario_release *release, size_t revision, struct work *work, char **ret_why);
