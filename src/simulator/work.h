/*
 * What the controllers stand on: the cluster as they see it, their writes and their events. One `struct work` lives as
 * long as the controllers do; `now` is set before each run.
 *
 * Controllers are level-triggered: what is to be done follows from the objects alone, so they can be started at any
 * time on any state. Each returns the wall time at which its object needs another look, WORK_NEVER when only a change
 * gives work.
 */
#pragma once

#include "simulator/registry.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define WORK_NEVER INT64_MAX

struct map;
struct scenario;

struct work {
    struct registry *registry;
    const struct scenario *scenario; /* NULL: nothing special happens to any container */
    int64_t now;                     /* wall time in ms */
    int64_t events_since;            /* events before this are gone already when somebody looks: they are not written */
    struct map *children;            /* uid of an owner -> struct map of the keys of what it controls */
    uint64_t names;                  /* counts the names made up */
};

typedef int64_t (*work_reconcile)(struct work *work, const json_t *object);

/* Reading; everything is borrowed until the next write. */
const json_t *work_get(const struct work *work, const char *group, const char *plural, const char *namespace,
                       const char *name);
const struct resource *work_resource(const struct work *work, const char *group, const char *plural);

/* The objects of a resource that `owner` controls, as an array of references to them, ordered by name. The caller's. */
json_t *work_children(const struct work *work, const json_t *owner, const char *group, const char *plural);

/* Writing, as the controller `manager`; false when the cluster refused. *ret_why, if given, gets the server's message
 * (the caller's). An unchanged object or status is not written. */
bool work_create(struct work *work, const char *manager, const char *group, const char *plural, const json_t *object,
                 char **ret_why);
bool work_patch(struct work *work, const char *manager, const char *group, const char *plural, const json_t *object,
                const json_t *patch); /* merge patch */
bool work_patch_status(struct work *work, const char *manager, const char *group, const char *plural,
                       const json_t *object, const json_t *patch); /* status and, of built-in kinds, annotations */
bool work_set_status(struct work *work, const char *manager, const char *group, const char *plural,
                     const json_t *object, json_t *status); /* the whole status; takes it over */
bool work_delete(struct work *work, const char *group, const char *plural, const json_t *object);
bool work_end(struct work *work, const json_t *pod); /* a pod whose containers have ended: deleted for good */

/* An Event about `object`, as `component` writes it: a repeated one is counted. */
void work_event(struct work *work, const json_t *object, const char *type, const char *reason, const char *component,
                const char *format, ...) __attribute__((format(printf, 6, 7)));

/* The same for what happens over and over: counted again only when the last time is `every_ms` ago. */
void work_event_again(struct work *work, int64_t every_ms, const json_t *object, const char *type, const char *reason,
                      const char *component, const char *message);

/* Small helpers on objects. */
const char *work_name(const json_t *object);
const char *work_namespace(const json_t *object);           /* NULL for cluster-scoped ones */
int64_t work_time(const json_t *object, const char *field); /* of metadata, wall ms; CLOCK_UNKNOWN when absent */
json_t *work_time_text(int64_t wall_ms);                    /* RFC 3339, whole seconds; the caller's */
json_t *work_owner_references(const json_t *owner);         /* for metadata of what it controls; the caller's */
uint32_t work_hash(const char *text);
char *work_suffix(struct work *work, const char *seed); /* five letters as the API server makes them; the caller's */
char *work_template_hash(const json_t *pod_template);   /* as pod-template-hash labels have it; the caller's */
bool work_being_deleted(const json_t *object);

/* Conditions: the one of `type` in status.conditions, or NULL; borrowed. */
const json_t *work_condition(const json_t *object, const char *type);
bool work_ready(const json_t *pod); /* its condition Ready is True and it is not being deleted */

/* Add a condition to the list of a status that is being built; its lastTransitionTime (and, with `updates`, its
 * lastUpdateTime) are kept from `old`, the object it was read from, where nothing changed. */
void work_add_condition(struct work *work, json_t *conditions, const json_t *old, const char *type, const char *status,
                        const char *reason, const char *message, bool updates);
