/* The controllers of workloads: what keeps the number and the kind of pods that a spec asks for. */
#pragma once

#include "simulator/work.h"

int64_t replica_set_reconcile(struct work *work, const json_t *set);
int64_t deployment_reconcile(struct work *work, const json_t *deployment);
int64_t stateful_set_reconcile(struct work *work, const json_t *set);
int64_t daemon_set_reconcile(struct work *work, const json_t *set);
int64_t job_reconcile(struct work *work, const json_t *job);
int64_t cron_job_reconcile(struct work *work, const json_t *cron_job);

/* Shared by them. */

/* A pod made from a template; `name` NULL: made of `base` and a random end. The caller's. */
json_t *workload_pod(struct work *work, const json_t *owner, const json_t *pod_template, const char *base,
                     const char *name);
json_int_t workload_replicas(const json_t *object); /* spec.replicas, 1 when absent */

/* Create a pod and write the event: SuccessfulCreate, or FailedCreate with the server's reason. */
bool workload_create_pod(struct work *work, const json_t *owner, const char *component, const json_t *pod);
void workload_delete_pod(struct work *work, const json_t *owner, const char *component, const json_t *pod);

/* How many of the pods are ready, and available: ready for minReadySeconds. *due gets an earlier time when one is to
 * become available then. */
void workload_count_ready(const struct work *work, const json_t *pods, int64_t min_ready_s, json_int_t *ret_ready,
                          json_int_t *ret_available, int64_t *due);
