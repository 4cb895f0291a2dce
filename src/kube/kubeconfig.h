/*
 * kubeconfig as kubectl reads it (client-go's clientcmd): KUBECONFIG is a list, missing files are skipped, the first file wins per entry,
 * relative paths stand beside their file, *-data overrides files; without any kubeconfig, the service account inside a pod.
 * Files are read as hostile input: bounded, with line and column in errors.
 */
#pragma once

#include "base/error.h"
#include "kube/credential.h"
#include <stdbool.h>
#include <stddef.h>

struct kube_config_options {
    const char *kubeconfig; /* --kubeconfig FILE: this file only, and it must exist; NULL: $KUBECONFIG, else ~/.kube/config, else in-cluster */
    const char *context;    /* NULL: current-context */
    const char *namespace;  /* NULL: the context's, else the pod's (inside one), else "default" */
};

/* One resolved context. Owns its texts; read-only once loaded. */
struct kube_config {
    char *source;    /* the file the context came from, or "in-cluster"; for messages */
    char *context;   /* "" in-cluster */
    char *cluster;
    char *user;
    char *namespace;
    char *server;    /* "https://host:port/path", no trailing slash; with "http://" no credential is ever sent */
    char *ca_pem;    /* NULL: the system's */
    char *server_name;
    char *proxy;
    bool insecure;
    bool disable_compression;
    struct kube_credential_spec *credential; /* how this user proves who they are */
    /* Impersonation: sent as Impersonate-* headers. */
    char *as_user;
    char *as_uid;
    char **as_groups;  /* NULL at the end, may be NULL */
    char **as_extra;   /* "key=value", the key percent-encoded for a header's name (Impersonate-Extra-<key>); NULL at the end, may be NULL */
};

/* Errors: ERROR_INVALID for a file that cannot be read as kubeconfig (file:line:column), ERROR_NOT_FOUND for an unknown context (with the
 * nearest names) and when there is no configuration at all. Blocks on small file reads: call it before the loop runs. */
bool kube_config_load(const struct kube_config_options *options, struct kube_config **ret_config, struct error *error);
void kube_config_free(struct kube_config *config);

/* The names of all contexts, sorted, NULL at the end; owned by the caller (each text and the vector). */
bool kube_config_contexts(const struct kube_config_options *options, char ***ret_names, char **ret_current, struct error *error);
