/*
 * How a user proves who they are: nothing, a token, a token file (read again as it changes), basic auth, client
 * certificate, or an exec plugin (client.authentication.k8s.io v1 and v1beta1; cached until its expiry, run again once
 * after a 401, no stdin, stderr kept for the message).
 */
#pragma once

#include "base/error.h"
#include "net/loop.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct kube_credential_spec; /* what the kubeconfig says; never changes once made */
struct kube_credential;      /* the living provider */
struct kube_fields;          /* an entry of a kubeconfig and its place, see kube/fields.h */

/* What a plugin is told that asks for cluster information (provideClusterInfo): ExecCredential's spec.cluster.
 * Borrowed. */
struct kube_credential_cluster {
    const char *server;
    const char *server_name; /* or NULL */
    const char *ca_pem;      /* or NULL */
    const char *proxy;       /* or NULL */
    bool insecure;
    bool disable_compression;
    const json_t *settings; /* the cluster's extension "client.authentication.k8s.io/exec", or NULL */
};

/* The `user` object of a kubeconfig named `name`. Reads the files that it points to, within bounds: call it before the
 * loop runs. ERROR_INVALID with file:line:column for what cannot be used; never tells a secret. */
bool kube_credential_parse(const struct kube_fields *user, const char *name,
                           const struct kube_credential_cluster *cluster, struct kube_credential_spec **ret_spec,
                           struct error *error);
void kube_credential_spec_free(struct kube_credential_spec *spec);

/* What a request needs. Texts stay valid until the next refresh; client.c copies what it keeps. */
struct kube_proof {
    const char *authorization; /* "Bearer …", "Basic …" or NULL */
    const char *cert_pem;      /* or NULL */
    const char *key_pem;
    uint64_t generation; /* from 1; grows with every new proof */
};

/* `spec` is borrowed for the credential's life. */
struct kube_credential *kube_credential_new(struct loop *loop, const struct kube_credential_spec *spec);
void kube_credential_free(
    struct kube_credential *credential); /* ends a running plugin; who still waits is not called */

/* Calls `ready` soon (never before returning) with a proof or an error (ERROR_UNREACHABLE, with the plugin's stderr,
 * cleaned). Several requests at once share one plugin run. `rejected` is the generation that the server answered 401 to
 * (0: none): that proof is made anew, and where nothing can be made anew (a fixed token) the error says so, and why it
 * was refused if that can be known (expired). Returns a token for cancelling, which ends with the call of `ready`. */
struct kube_credential_wait;
typedef void (*kube_credential_ready)(const struct kube_proof *proof, const struct error *error, void *context);
struct kube_credential_wait *kube_credential_get(struct kube_credential *credential, uint64_t rejected,
                                                 kube_credential_ready ready, void *context);
void kube_credential_cancel(struct kube_credential_wait *wait); /* NULL is accepted; not after `ready` */
