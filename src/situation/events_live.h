/* Events about the release's workloads, their pods, its custom objects and the database clusters. What is watched: the
 * namespaces that matter, without what every healthy pod goes through; what is shown: those about the objects
 * themselves. */
#pragma once

#include "kube/client.h"
#include "situation/situation.h"
#include <stdbool.h>
#include <stddef.h>

struct events_live;

/* One object that events may be about; borrowed during the call. */
struct event_subject {
    const char *kind, *namespace, *name;
};

struct events_live *events_live_new(struct kube_client *client, bool once, void (*on_change)(void *context),
                                    void *context);
void events_live_free(struct events_live *events); /* NULL is accepted */

/* Watch what is needed for these and has not been watched before. */
void events_live_follow(struct events_live *events, const struct event_subject *subjects, size_t count);
bool events_live_complete(const struct events_live *events);

/* Newest first, bounded; freed with events_free_picture(). */
void events_live_read(const struct events_live *events, const struct event_subject *subjects, size_t count,
                      struct part *part, struct picture_event **ret_rows, size_t *ret_count);
