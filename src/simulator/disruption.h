/* The status of PodDisruptionBudgets. */
#pragma once

#include "simulator/work.h"

int64_t disruption_reconcile(struct work *work, const json_t *budget);
