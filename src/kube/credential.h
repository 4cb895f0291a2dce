/*
 * How a user proves who they are: nothing, a token, a token file (read again as it changes), basic auth, client certificate, or an exec plugin
 * (client.authentication.k8s.io v1 and v1beta1; cached until its expiry, run again once after a 401, no stdin, stderr kept for the message).
 */
#pragma once

#include "base/error.h"
#include "net/loop.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct kube_credential_spec; /* what the kubeconfig says */
struct kube_credential;      /* the living provider */

/* From the `user` object of a kubeconfig (file `source` for messages and relative paths). */
bool kube_credential_parse(const json_t *user, const char *source, struct kube_credential_spec **ret_spec, struct error *error);
void kube_credential_spec_free(struct kube_credential_spec *spec);

/* What a request needs. Texts stay valid until the next refresh; client.c copies what it keeps. */
struct kube_proof {
    const char *authorization; /* "Bearer …", "Basic …" or NULL */
    const char *cert_pem;      /* or NULL */
    const char *key_pem;
    uint64_t generation;       /* grows with every new proof */
};

/* `server` and `ca_pem` are handed to plugins that ask for cluster information (provideClusterInfo). */
struct kube_credential *kube_credential_new(struct loop *loop, const struct kube_credential_spec *spec, const char *server,
                                            const char *ca_pem, bool insecure);
void kube_credential_free(struct kube_credential *credential);

/* Calls `ready` soon (never before returning) with a proof or an error (ERROR_UNREACHABLE with the plugin's stderr, cleaned). Several requests
 * at once share one plugin run. `rejected` is the generation that the server answered 401 to (0: none): that proof is made anew.
 * Returns a token for cancelling. */
struct kube_credential_wait;
struct kube_credential_wait *kube_credential_get(struct kube_credential *credential, uint64_t rejected,
                                                 void (*ready)(const struct kube_proof *proof, const struct error *error, void *context),
                                                 void *context);
void kube_credential_cancel(struct kube_credential_wait *wait);
