#include "situation/object_getter.h"
#include "base/array.h"
#include "base/memory.h"
#include "situation/resource_lookup.h"
#include <stdlib.h>

/* Enough to fill a connection; a chart may have hundreds of objects. */
#define GETS_AT_ONCE 16

struct get {
    struct object_getter *getter;
    const struct helm_object *object;
    void (*done)(const struct object_got *got, void *context);
    void *context;
    char *path;
    struct kube_call *call;
};

struct object_getter {
    struct kube_client *client;
    struct resource_lookup *lookup;
    struct array queue;   /* struct get, not begun */
    struct array running; /* struct get */
    struct loop_timer *start;
};

static void free_get(void *item)
{
    struct get *get = item;
    kube_call_cancel(get->call);
    free(get->path);
    free(get);
}

struct object_getter *object_getter_new(struct kube_client *client)
{
    struct object_getter *getter = memory_new(sizeof *getter);
    getter->client = client;
    getter->lookup = resource_lookup_new(client);
    getter->queue.free_item = free_get;
    getter->running.free_item = free_get;
    return getter;
}

void object_getter_free(struct object_getter *getter)
{
    if (getter == NULL)
        return;
    loop_timer_cancel(getter->start);
    resource_lookup_free(getter->lookup);
    array_release(&getter->queue);
    array_release(&getter->running);
    free(getter);
}

static void start_later(struct object_getter *getter);

static void finish(struct get *get, const struct object_got *got)
{
    struct object_getter *getter = get->getter;
    for (size_t i = 0; i < getter->running.count; i++) {
        if (getter->running.items[i] == get) {
            array_take(&getter->running, i);
            break;
        }
    }
    get->done(got, get->context);
    free_get(get);
    if (getter->queue.count > 0)
        start_later(getter);
}

static void answered(const struct kube_answer *answer, void *context)
{
    struct get *get = context;
    get->call = NULL;
    struct object_got got = {
        .path = get->path, .answer = answer, .error = answer->error, .missing = answer->status == 404};
    finish(get, &got);
}

static void resource_found(const struct kube_resource *resource, const struct error *error, void *context)
{
    struct get *get = context;
    if (resource == NULL) {
        struct object_got got = {.path = "", .error = error};
        finish(get, &got);
        return;
    }
    get->path =
        kube_resource_path(resource, resource->namespaced ? get->object->namespace : NULL, get->object->name, NULL);
    struct kube_request request = {.method = "GET", .path = get->path, .on_done = answered, .context = get};
    get->call = kube_client_start(get->getter->client, &request);
}

static void start_some(void *context)
{
    struct object_getter *getter = context;
    loop_timer_cancel(getter->start);
    getter->start = NULL;
    while (getter->queue.count > 0 && getter->running.count < GETS_AT_ONCE) {
        struct get *get = array_take(&getter->queue, 0);
        array_append(&getter->running, get);
        resource_lookup_find(getter->lookup, get->object->api_version, get->object->kind, resource_found, get);
    }
}

/* From the loop, so that nothing is called back before the asking function has returned. */
static void start_later(struct object_getter *getter)
{
    if (getter->start == NULL)
        getter->start = loop_timer_start(kube_client_loop(getter->client), 0, 0, start_some, getter);
}

void object_getter_get(struct object_getter *getter, const struct helm_object *object,
                       void (*done)(const struct object_got *got, void *context), void *context)
{
    struct get *get = memory_new(sizeof *get);
    *get = (struct get){.getter = getter, .object = object, .done = done, .context = context};
    array_append(&getter->queue, get);
    start_later(getter);
}
