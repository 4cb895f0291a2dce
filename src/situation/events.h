/* Events as the picture shows them: core/v1 Events about the release's workloads, their pods, and the database
 * clusters. */
#pragma once

#include "situation/situation.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define EVENTS_LIMIT 200 /* the newest ones are shown */

/* What is kept of an event; owns its texts. */
struct event {
    struct picture_event shown; /* object is "Kind name" */
    char *kind;
    char *name;
};

struct event *event_make(const json_t *object); /* a reflector's projection */
void event_free(struct event *event);

/* Kind and name are those of `wanted_kind` and `wanted_name`, or it is a pod, ReplicaSet or Job that carries the name
 * and a '-' before more. */
bool event_is_about(const struct event *event, const char *wanted_kind, const char *wanted_name);

/* Newest first, cut to EVENTS_LIMIT; copies the events. */
void events_picture(const struct event *const *events, size_t count, struct picture_event **ret_rows,
                    size_t *ret_count);
void events_free_picture(struct picture_event *rows, size_t count);
