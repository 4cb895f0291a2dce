#include "situation/pod_pool.h"
#include "base/array.h"
#include "base/memory.h"
#include "base/text.h"
#include "situation/pod.h"
#include <stdlib.h>

struct pods {
    char *namespace; /* NULL: all */
    char *selector;
    struct kube_reflector *reflector;
    unsigned users;
};

struct pod_pool {
    struct kube_client *client;
    bool once;
    void (*on_change)(void *context);
    void *context;
    struct array pods;
};

static void free_pods(void *item)
{
    struct pods *pods = item;
    kube_reflector_free(pods->reflector);
    free(pods->namespace);
    free(pods->selector);
    free(pods);
}

struct pod_pool *pod_pool_new(struct kube_client *client, bool once, void (*on_change)(void *context), void *context)
{
    struct pod_pool *pool = memory_new(sizeof *pool);
    *pool = (struct pod_pool){
        .client = client, .once = once, .on_change = on_change, .context = context, .pods = {.free_item = free_pods}};
    return pool;
}

void pod_pool_free(struct pod_pool *pool)
{
    if (pool == NULL)
        return;
    array_release(&pool->pods);
    free(pool);
}

static void *make_pod(const json_t *object, const void *context)
{
    (void)context;
    return pod_make(object);
}

static void free_pod(void *item)
{
    pod_free(item);
}

static void pods_changed(enum kube_change change, const struct kube_item *now, const void *before, void *context)
{
    (void)change, (void)now, (void)before;
    struct pod_pool *pool = context;
    pool->on_change(pool->context);
}

static void pods_state(void *context)
{
    struct pod_pool *pool = context;
    pool->on_change(pool->context);
}

struct kube_reflector *pod_pool_get(struct pod_pool *pool, const char *namespace, const char *selector)
{
    for (size_t i = 0; i < pool->pods.count; i++) {
        struct pods *pods = pool->pods.items[i];
        if (text_equal(pods->namespace, namespace) && text_equal(pods->selector, selector)) {
            pods->users++;
            return pods->reflector;
        }
    }
    struct kube_reflector_options options = {
        .resource = *kube_resource_find("v1", "Pod"),
        .namespace = namespace,
        .label_selector = selector,
        .once = pool->once,
        .projection = {.make = make_pod, .free_item = free_pod},
        .on_change = pods_changed,
        .on_state = pods_state,
        .context = pool,
    };
    struct pods *pods = memory_new(sizeof *pods);
    *pods = (struct pods){memory_text(namespace), memory_text(selector), kube_reflector_new(pool->client, &options), 1};
    array_append(&pool->pods, pods);
    return pods->reflector;
}

void pod_pool_put(struct pod_pool *pool, struct kube_reflector *reflector)
{
    for (size_t i = 0; i < pool->pods.count; i++) {
        struct pods *pods = pool->pods.items[i];
        if (pods->reflector == reflector && --pods->users == 0) {
            array_remove(&pool->pods, i);
            return;
        }
    }
}
