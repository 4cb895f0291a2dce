/*
 * Watches: the store's log of changes as a stream of JSON events, seen through the selectors; an object that starts or
 * stops to match is ADDED or DELETED for the client. Bookmarks tell how far the log was read; who falls behind the log
 * gets 410 in the stream.
 */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/api_call.h"
#include "simulator/list_options.h"
#include "simulator/rendering.h"
#include <inttypes.h>
#include <stdlib.h>
#include <sys/random.h>

#define TIMEOUT_MAX_S (7 * 24 * 3600)
#define TIMEOUT_MIN_S 1800 /* of the real server, when a client tells none: up to twice as long */

/* `version` is what the client knows: events up to it have been written. */
struct watch {
    struct stream stream;
    const struct store *store;
    const struct clock *clock;
    struct rendering rendering;
    char *version_name; /* of the URL */
    char *include;
    char *namespace;
    char *name;
    struct filter *filter;
    const json_t *definition; /* of a custom resource, as it was at the start */
    uint64_t version;
    bool initial;     /* begin with what is there … */
    bool initial_end; /* … and say where that ends */
    bool bookmarks;
    int64_t bookmark_ms;
    int64_t next_bookmark; /* boot time */
    int64_t deadline;      /* boot time */
};

static struct watch *watch_of(const struct stream *stream)
{
    return (struct watch *)stream;
}

static void append_event(struct text *buffer, const char *type, json_t *object)
{
    json_t *event = json_pack("{s:s, s:o}", "type", type, "object", object);
    response_append(buffer, event);
    text_append_char(buffer, '\n');
    json_decref(event);
}

static bool selects(const struct watch *watch, const json_t *object)
{
    return object != NULL &&
           (watch->namespace == NULL || text_equal(watch->namespace, tree_text(object, "metadata", "namespace"))) &&
           (watch->name == NULL || text_equal(watch->name, tree_text(object, "metadata", "name"))) &&
           filter_matches(watch->filter, object);
}

static void append_bookmark(struct watch *watch, struct text *buffer, bool initial_end)
{
    CLEANUP_FREE char *version = memory_format("%" PRIu64, watch->version);
    CLEANUP_FREE char *api_version = resource_api_version(watch->rendering.resource, watch->version_name);
    json_t *object = json_pack("{s:s, s:s, s:{s:s}}", "kind", watch->rendering.resource->kind, "apiVersion",
                               api_version, "metadata", "resourceVersion", version);
    json_t *metadata = json_object_get(object, "metadata");
    /* The real server's typed objects have this field even when nothing is in it. */
    json_object_set_new(metadata, "creationTimestamp", json_null());
    if (initial_end)
        json_object_set_new(metadata, "annotations", json_pack("{s:s}", "k8s.io/initial-events-end", "true"));
    struct rendering rendering = watch->rendering;
    rendering.include = "None";
    if (rendering.media == MEDIA_TABLE) {
        json_t *table = rendering_list(&rendering, json_deep_copy(metadata));
        json_t *row = json_pack("{s:[], s:{s:s, s:s, s:O}}", "cells", "object", "kind", "PartialObjectMetadata",
                                "apiVersion", "meta.k8s.io/v1", "metadata", metadata);
        json_array_append_new(json_object_get(table, "rows"), row);
        append_event(buffer, "BOOKMARK", table);
        json_decref(object);
    } else if (rendering.media == MEDIA_JSON) {
        append_event(buffer, "BOOKMARK", object);
    } else {
        append_event(buffer, "BOOKMARK", rendering_object(&rendering, object));
        json_decref(object);
    }
}

static bool append_initial(void *context, json_t *object)
{
    void **pair = context;
    const struct watch *watch = pair[0];
    if (selects(watch, object))
        append_event(pair[1], "ADDED", rendering_object(&watch->rendering, object));
    return true;
}

/* An object that stops to match goes with its last matching state, but with the version of the change. */
static json_t *left_behind(const struct store_event *event)
{
    json_t *object = json_copy(event->before);
    json_t *metadata = json_copy(json_object_get(event->before, "metadata"));
    json_object_set(metadata, "resourceVersion", tree_get(event->object, "metadata", "resourceVersion"));
    json_object_set_new(object, "metadata", metadata);
    return object;
}

static void append_change(const struct watch *watch, struct text *buffer, const struct store_event *event)
{
    bool was = selects(watch, event->before);
    bool is = event->change != STORE_DELETED && selects(watch, event->object);
    if (is) {
        append_event(buffer, was ? "MODIFIED" : "ADDED", rendering_object(&watch->rendering, event->object));
    } else if (was) {
        json_t *gone = event->change == STORE_DELETED ? json_incref(event->object) : left_behind(event);
        append_event(buffer, "DELETED", rendering_object(&watch->rendering, gone));
        json_decref(gone);
    }
}

static void append_expired(const struct watch *watch, struct text *buffer)
{
    struct refusal refusal = {0};
    refusal_set(&refusal, 410, "Expired", "too old resource version: %" PRIu64 " (%" PRIu64 ")", watch->version,
                store_oldest(watch->store));
    append_event(buffer, "ERROR", refusal_status(&refusal));
    refusal_release(&refusal);
}

/* The definition of a custom resource changed: the real server, too, ends its watches then. */
static bool is_redefined(const struct watch *watch)
{
    return watch->rendering.resource->gone || watch->rendering.resource->crd != watch->definition;
}

static bool watch_fill(struct stream *stream, struct text *buffer, int64_t now_ms)
{
    struct watch *watch = watch_of(stream);
    if (watch->initial) {
        watch->initial = false;
        watch->version = store_version(watch->store);
        void *pair[] = {watch, buffer};
        store_visit_at(watch->store, watch->rendering.resource, watch->version, append_initial, pair);
        if (watch->initial_end)
            append_bookmark(watch, buffer, true);
    }
    if (watch->version < store_oldest(watch->store)) {
        append_expired(watch, buffer);
        return false;
    }
    if (is_redefined(watch))
        return false;
    watch->rendering.now_ms = clock_wall_ms(watch->clock);
    const struct store_event *event;
    while ((event = store_next_event(watch->store, watch->version)) != NULL) {
        watch->version = event->version;
        if (event->resource == watch->rendering.resource)
            append_change(watch, buffer, event);
    }
    if (watch->bookmarks && now_ms >= watch->next_bookmark) {
        watch->next_bookmark = now_ms + watch->bookmark_ms;
        append_bookmark(watch, buffer, false);
    }
    return now_ms < watch->deadline;
}

static int64_t watch_due(const struct stream *stream)
{
    const struct watch *watch = watch_of(stream);
    return watch->bookmarks && watch->next_bookmark < watch->deadline ? watch->next_bookmark : watch->deadline;
}

static void watch_free(struct stream *stream)
{
    struct watch *watch = watch_of(stream);
    filter_free(watch->filter);
    json_decref((json_t *)watch->definition);
    free(watch->version_name);
    free(watch->include);
    free(watch->namespace);
    free(watch->name);
    free(watch);
}

static int64_t timeout_of(const struct list_options *options)
{
    uint32_t random = 0;
    if (options->timeout_s > 0)
        return (options->timeout_s < TIMEOUT_MAX_S ? options->timeout_s : TIMEOUT_MAX_S) * 1000;
    if (getrandom(&random, sizeof random, 0) < 0)
        random = 0;
    return (TIMEOUT_MIN_S + random % TIMEOUT_MIN_S) * (int64_t)1000;
}

/* A client that names no version begins with what is there; "0" means the same. */
static void choose_start(struct watch *watch, const struct list_options *options)
{
    uint64_t now = store_version(watch->store);
    watch->initial = options->initial_events || !options->versioned || options->version == 0;
    watch->initial_end = options->initial_events && options->bookmarks;
    watch->version = options->version;
    if (watch->initial || watch->version > now)
        watch->version = now;
}

bool watch_start(const struct api_call *call, struct refusal *refusal)
{
    struct list_options options;
    struct rendering rendering;
    /* An event holds one object, so clients ask for it in the form of one or of a list. */
    enum media media = call->media == MEDIA_METADATA_LIST ? MEDIA_METADATA : call->media;
    if (!rendering_init(&rendering, media, call->resource, call->route.version, call->request, false, api_wall_ms(call),
                        refusal) ||
        !list_options_parse(call, &options, refusal))
        return false;
    int64_t now = api_boot_ms(call);
    struct watch *watch = memory_new(sizeof *watch);
    watch->stream = (struct stream){.fill = watch_fill, .due = watch_due, .free = watch_free};
    watch->store = api_store(call);
    watch->clock = registry_clock(call->api->registry);
    watch->version_name = memory_text(call->route.version);
    watch->include = memory_text(rendering.include);
    watch->rendering = rendering;
    watch->rendering.version = watch->version_name;
    watch->rendering.include = watch->include;
    watch->namespace = memory_text(call->route.namespace);
    watch->name = memory_text(call->route.name);
    watch->filter = STEAL(options.filter);
    watch->definition = json_incref((json_t *)call->resource->crd);
    watch->bookmarks = options.bookmarks;
    watch->bookmark_ms = call->api->bookmark_ms;
    watch->next_bookmark = now + watch->bookmark_ms;
    watch->deadline = now + timeout_of(&options);
    choose_start(watch, &options);
    call->response->status = 200;
    call->response->content_type = "application/json";
    call->response->stream = &watch->stream;
    list_options_release(&options);
    return true;
}
