/* The parts that kubeconfig.c puts together: cluster, impersonation, and the service account inside a pod. */
#pragma once

#include "base/error.h"
#include "kube/fields.h"
#include "kube/kubeconfig.h"
#include <stdbool.h>

/* Server, trust, proxy and compression of the cluster's entry into `config` (whose other fields are left alone). Trust
 * is read for https only, as clientcmd does. */
bool kube_cluster_read(const struct kube_fields *cluster, const char *name, struct kube_config *config,
                       struct error *error);

/* The entry's extension that is meant for exec plugins, or NULL. Borrowed. */
const json_t *kube_cluster_exec_settings(const struct kube_fields *cluster);

/* "https://host:port/path" without query, fragment and trailing slashes. "host:port" alone means http, as in client-go.
 * The message goes behind the name of the field. */
bool kube_server_normalise(const char *server, char **ret_server, struct error *error);
bool kube_server_is_secure(const char *server); /* a normalised one: https */

/* `as`, `as-uid`, `as-groups` and `as-user-extra` of the user's entry into `config`. */
bool kube_impersonation_read(const struct kube_fields *user, struct kube_config *config, struct error *error);

/* Inside a pod: KUBERNETES_SERVICE_HOST and _PORT are set and `folder` has a token. */
#define KUBE_SERVICE_ACCOUNT_FOLDER "/var/run/secrets/kubernetes.io/serviceaccount"
bool kube_in_cluster_possible(const char *folder);
bool kube_in_cluster_load(const char *folder, const char *namespace, struct kube_config **ret_config,
                          struct error *error);

/* $POD_NAMESPACE, else the service account's, else "default". Owned by the caller. */
char *kube_in_cluster_namespace(const char *folder);
