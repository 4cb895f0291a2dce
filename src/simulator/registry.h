/*
 * Reads and writes as the API server does them: on top of the pure writes of write.h come names, uids, namespaces,
 * preconditions, finalizers, propagation of deletes, admission and what custom resource definitions bring about. The
 * HTTP server, the controllers and the scenarios all write through here.
 *
 * Named after the API server's own pkg/registry.
 */
#pragma once

#include "simulator/patch.h"
#include "simulator/refusal.h"
#include "simulator/resources.h"
#include "simulator/store.h"
#include "simulator/write.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct clock;
struct registry;

/* Who writes what, and how. Everything is borrowed for the call; start with {0} and fill what is needed. */
struct registry_call {
    const struct resource *resource;
    const char *version;     /* of the URL; NULL: the storage version */
    const char *subresource; /* NULL, "status" or "scale" */
    const char *namespace;   /* NULL for cluster-scoped resources */
    const char *name;        /* NULL for a create: the body's */
    const char *manager;     /* field manager; NULL: "kube-controller-manager" */
    const char *user;        /* NULL: the cluster itself, which admission rules do not bind */
    const json_t *groups;    /* of the user; array of texts or NULL */
    bool force;              /* of an apply */
    bool dry_run;
    enum write_validation validation;
    json_t *warnings; /* array of texts for Warning headers that is added to, or NULL */
};

enum registry_propagation { REGISTRY_DEFAULT_PROPAGATION, REGISTRY_BACKGROUND, REGISTRY_FOREGROUND, REGISTRY_ORPHAN };

struct registry_delete {
    const char *uid;              /* preconditions, or NULL */
    const char *resource_version; /* … */
    int64_t grace_s;              /* −1: the kind's default. A pod with a node waits for 0, as a kubelet gives it */
    enum registry_propagation propagation;
};

/* Asked before each write by a user. `operation` is CREATE, UPDATE or DELETE; `object` is what would be stored (what is
 * there, for a DELETE). False with a refusal: admission said no. */
typedef bool (*registry_admit)(void *context, const struct registry_call *call, const char *operation,
                               const json_t *object, struct refusal *refusal);

struct registry *registry_new(const struct clock *clock, size_t history); /* with the namespaces every cluster has */
void registry_free(struct registry *registry);
void registry_set_admission(struct registry *registry, registry_admit admit, void *context);

struct resources *registry_resources(const struct registry *registry);
struct store *registry_store(const struct registry *registry);
const struct clock *registry_clock(const struct registry *registry);
void registry_set_clock(struct registry *registry, const struct clock *clock); /* a scenario's past has its own */

/* By apiVersion and kind of a manifest: the call's resource and version filled in; false when not served. */
bool registry_resolve(const struct registry *registry, const char *api_version, const char *kind,
                      struct registry_call *call);

/* Can it be shown? 500 for a custom resource that is kept in a version which its definition no longer has. */
bool registry_readable(const struct resource *resource, const json_t *object, struct refusal *refusal);

/* An object as call->version shows it. The caller's, but it may be the stored tree itself: copy it before a change. */
bool registry_get(struct registry *registry, const struct registry_call *call, json_t **ret_object,
                  struct refusal *refusal);

/* *ret_object is what was stored, or would be (dry run), through call->version (the Scale, for that subresource); the
 * caller's reference, not to be changed. Every ret_ pointer may be NULL. */
bool registry_create(struct registry *registry, const struct registry_call *call, const json_t *body,
                     json_t **ret_object, struct refusal *refusal);
/* A PUT of the whole object, or of its status or scale. *ret_created: it was not there, and its kind may be made by a
 * PUT. */
bool registry_update(struct registry *registry, const struct registry_call *call, const json_t *body,
                     json_t **ret_object, bool *ret_created, struct refusal *refusal);
/* *ret_created: an apply made the object. */
bool registry_patch(struct registry *registry, const struct registry_call *call, enum patch_type type,
                    const json_t *patch, json_t **ret_object, bool *ret_created, struct refusal *refusal);
/* `options` NULL: the defaults. *ret_object: its last state. *ret_gone: it is no longer there; false when it stays for
 * its finalizers or its grace. */
bool registry_delete(struct registry *registry, const struct registry_call *call, const struct registry_delete *options,
                     json_t **ret_object, bool *ret_gone, struct refusal *refusal);

/* Work that follows later: garbage collection, namespaces and definitions that end. Call it after changes of the store;
 * returns true when there is more to do at once. */
bool registry_step(struct registry *registry);
