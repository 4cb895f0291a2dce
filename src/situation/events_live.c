#include "situation/events_live.h"
#include "base/array.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/reflector.h"
#include "situation/events.h"
#include "situation/watched.h"
#include <stdlib.h>

#define EVENT_NAMESPACES_LIMIT 30

/* What every healthy pod goes through says nothing, and is most of all events. The server keeps events in no cache, so
 * a namespace is read once. */
static const char telling[] =
    "reason!=Scheduled,reason!=Pulling,reason!=Pulled,reason!=Created,reason!=Started,reason!=Killing,"
    "reason!=SuccessfulCreate,reason!=SuccessfulDelete";

struct source {
    char *namespace;
    struct kube_reflector *reflector;
};

struct events_live {
    struct kube_client *client;
    bool once;
    void (*on_change)(void *context);
    void *context;
    struct array sources;
};

static void *make_event(const json_t *object, const void *context)
{
    (void)context;
    return event_make(object);
}

static void free_event(void *item)
{
    event_free(item);
}

static void free_source(void *item)
{
    struct source *source = item;
    kube_reflector_free(source->reflector);
    free(source->namespace);
    free(source);
}

struct events_live *events_live_new(struct kube_client *client, bool once, void (*on_change)(void *context),
                                    void *context)
{
    struct events_live *events = memory_new(sizeof *events);
    *events = (struct events_live){.client = client,
                                   .once = once,
                                   .on_change = on_change,
                                   .context = context,
                                   .sources = {.free_item = free_source}};
    return events;
}

void events_live_free(struct events_live *events)
{
    if (events == NULL)
        return;
    array_release(&events->sources);
    free(events);
}

static void events_state(void *context)
{
    struct events_live *events = context;
    events->on_change(events->context);
}

static void events_changed(enum kube_change change, const struct kube_item *now, const void *before, void *context)
{
    (void)change, (void)now, (void)before;
    events_state(context);
}

static void watch(struct events_live *events, const char *namespace)
{
    for (size_t i = 0; i < events->sources.count; i++) {
        const struct source *source = events->sources.items[i];
        if (text_equal(source->namespace, namespace))
            return;
    }
    if (events->sources.count == EVENT_NAMESPACES_LIMIT)
        return;
    struct kube_reflector_options options = {
        .resource = *kube_resource_find("v1", "Event"),
        .namespace = namespace,
        .field_selector = telling,
        .once = events->once,
        .projection = {.make = make_event, .free_item = free_event},
        .on_change = events_changed,
        .on_state = events_state,
        .context = events,
    };
    struct source *source = memory_new(sizeof *source);
    *source = (struct source){memory_text(namespace), NULL};
    array_append(&events->sources, source);
    source->reflector = kube_reflector_new(events->client, &options);
}

void events_live_follow(struct events_live *events, const struct event_subject *subjects, size_t count)
{
    for (size_t i = 0; i < count; i++)
        watch(events, subjects[i].namespace);
}

bool events_live_complete(const struct events_live *events)
{
    for (size_t i = 0; i < events->sources.count; i++) {
        const struct source *source = events->sources.items[i];
        if (!kube_reflector_complete(source->reflector))
            return false;
    }
    return true;
}

static bool is_wanted(const struct event *event, const struct event_subject *subjects, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(event->shown.namespace, subjects[i].namespace) &&
            event_is_about(event, subjects[i].kind, subjects[i].name))
            return true;
    return false;
}

void events_live_read(const struct events_live *events, const struct event_subject *subjects, size_t count,
                      struct part *part, struct picture_event **ret_rows, size_t *ret_count)
{
    struct array wanted = {0};
    part_release(part);
    part->state = PART_UNUSED;
    for (size_t i = 0; i < events->sources.count; i++) {
        const struct source *source = events->sources.items[i];
        struct part one = {.heard_ms = -1};
        watched_part(source->reflector, &one);
        part_join(part, &one);
        part_release(&one);
        for (size_t k = 0; k < kube_reflector_count(source->reflector); k++) {
            const struct kube_item *item = kube_reflector_at(source->reflector, k);
            if (is_wanted(item->item, subjects, count))
                array_append(&wanted, item->item);
        }
    }
    events_picture((const struct event *const *)wanted.items, wanted.count, ret_rows, ret_count);
    array_release(&wanted);
}
