/*
 * Each object of the live and the target revision's manifests as it lives: does it match the one, the other, both or
 * neither, and has it drifted.
 *
 * Workloads are fed from the reflectors that watch them; everything else is asked for, once or (living screens) again
 * every 20 s.
 */
#pragma once

#include "helm/record.h"
#include "kube/client.h"
#include "situation/drift.h"
#include "situation/situation.h"
#include <stdbool.h>
#include <stddef.h>

struct live_objects;

/* One object; owned by live_objects, valid until the next event. */
struct live_object {
    const struct helm_object *from;            /* NULL: not in the live revision */
    const struct helm_object *to;              /* NULL: not in the target */
    const struct component_identity *identity; /* the component whose workload it is, or NULL */
    struct part part;
    bool missing; /* it does not exist */
    enum drift drift;
    struct error reason;    /* why drift is unknown, or what the server says to the manifest */
    struct drift_look look; /* empty while waiting and when missing */
};

struct live_objects_options {
    const struct helm_record *from; /* held */
    const struct helm_record *to;   /* held; NULL: no target */
    const char *release;
    const char *namespace;
    const struct component_identity *identities; /* borrowed for life */
    size_t identity_count;
    bool once;
    void (*on_change)(void *context);
    void *context;
};

struct live_objects *live_objects_new(struct kube_client *client, const struct live_objects_options *options);
void live_objects_free(struct live_objects *objects); /* NULL is accepted */

/* What a reflector says of a workload: `text` is its JSON (copied), NULL when it does not exist; `mark` changes when
 * anything but its status has. */
void live_objects_feed(struct live_objects *objects, const char *kind, const char *namespace, const char *name,
                       const char *text, const char *mark, const struct part *part);

/* Something was applied: ask for everything that nobody watches. */
void live_objects_ask_again(struct live_objects *objects);

bool live_objects_complete(const struct live_objects *objects);
size_t live_objects_count(const struct live_objects *objects);
const struct live_object *live_objects_at(const struct live_objects *objects,
                                          size_t index); /* kind, namespace, name order */
const struct live_object *live_objects_find(const struct live_objects *objects,
                                            const struct component_identity *identity);
