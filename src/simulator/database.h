/*
 * A stand-in for the CloudNativePG operator: for every Cluster its pods <name>-1 …, its services and its status. It
 * restarts the pods one by one, the primary last, when the annotation kubectl.kubernetes.io/restartedAt, the cluster's
 * image or the operator's own image changes, and it does anything only while its own Deployment has a ready pod.
 */
#pragma once

#include "simulator/work.h"
#include <stdbool.h>

#define DATABASE_HOLD "simulator.rollback-console.dev/hold" /* annotation: the status stays as it was given */

int64_t database_reconcile(struct work *work, const json_t *cluster);
bool database_is_operator(const json_t *deployment); /* is this the Deployment that the clusters depend on? */
