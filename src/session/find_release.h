/*
 * Finding the release to look at: the one that is named, in the namespace that is named or wherever it is; without a name, the one that a playbook's
 * match finds. Several: a person or the caller chooses.
 */
#pragma once

#include "base/error.h"
#include "helm/releases.h"
#include "kube/client.h"
#include "playbook/library.h"
#include <stddef.h>

struct find_release;

struct find_release_options {
    enum helm_driver driver;
    const char *release;           /* NULL: any */
    const char *namespace;         /* NULL: not named by the user */
    const char *context_namespace; /* where to look when all namespaces may not be listed */
    const struct playbook_library *library;
    const struct playbook *playbook; /* --playbook: only releases it may match count; NULL: all playbooks */
};

/* What was found; rows are in the order of preference. Owned by the receiver. */
struct find_release_result {
    struct helm_releases *releases; /* all that were listed; NULL when the list failed */
    const struct helm_release **candidates; /* those that fit, best first */
    size_t candidate_count;
    bool decided;                   /* exactly one is right */
};
void find_release_result_free(struct find_release_result *result);

/* Calls back once: a result, or an error (forbidden, unreachable, ERROR_NOT_FOUND with the nearest names). */
struct find_release *find_release_start(struct kube_client *client, const struct find_release_options *options,
                                        void (*done)(struct find_release_result *result, const struct error *error, void *context),
                                        void *context);
void find_release_cancel(struct find_release *find); /* NULL is accepted; not after done */
