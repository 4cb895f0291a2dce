/* Scheduler and kubelet: a pod gets a node, its containers start, become ready, fail, end. */
#pragma once

#include "simulator/work.h"

int64_t pod_reconcile(struct work *work, const json_t *pod);
