/* Workloads of a manifest: where their pod template and their containers are. */
#pragma once

#include "helm/manifest.h"
#include <jansson.h>
#include <stdbool.h>

/* Deployment, StatefulSet, DaemonSet or CronJob of Kubernetes itself: what a console without a playbook takes for a
 * component. */
bool workload_is(const char *api_version, const char *kind);

/* The pod template of a workload or Job, by kind; for other kinds `spec.template` when there is one. NULL: none.
 * Borrowed. */
const json_t *workload_template(const char *kind, const json_t *object);

/* The path of the pod template as people write it: "spec.template". */
const char *workload_template_path(const char *kind);

/* "Deployment documentdb-operator": how an object is named to people. Owned by the caller, cleaned. */
char *workload_title(const char *kind, const char *name);
