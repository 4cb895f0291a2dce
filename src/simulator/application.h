/*
 * A stand-in for Argo CD: an Application is compared with its commit in Git, syncs when it is asked to (the top-level
 * field operation) or by itself (spec.syncPolicy.automated, with selfHeal also against changes by hand), and keeps its
 * history.
 */
#pragma once

#include "simulator/work.h"

int64_t application_reconcile(struct work *work, const json_t *application);
