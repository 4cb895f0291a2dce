#include "situation/databases_live.h"
#include "base/memory.h"
#include "base/text.h"
#include "situation/databases.h"
#include "situation/watched.h"
#include <stdlib.h>
#include <string.h>

struct databases_live {
    struct pod_pool *pool;
    struct kube_reflector *clusters;
    struct kube_reflector *pods;
    void (*on_change)(void *context);
    void *context;
};

static void *make_database(const json_t *object, const void *context)
{
    (void)context;
    return database_make(object);
}

static void free_database(void *item)
{
    database_free(item);
}

static void clusters_state(void *context)
{
    struct databases_live *databases = context;
    databases->on_change(databases->context);
}

static void clusters_changed(enum kube_change change, const struct kube_item *now, const void *before, void *context)
{
    (void)change, (void)now, (void)before;
    clusters_state(context);
}

struct databases_live *databases_live_new(struct kube_client *client, const struct playbook *playbook,
                                          struct pod_pool *pods, bool once, void (*on_change)(void *context),
                                          void *context)
{
    const char *crd = playbook != NULL ? playbook->databases.crd : NULL;
    const char *dot = crd != NULL ? strchr(crd, '.') : NULL;
    if (dot == NULL)
        return NULL;
    struct databases_live *databases = memory_new(sizeof *databases);
    CLEANUP_FREE char *plural = memory_text_part(crd, (size_t)(dot - crd));
    struct kube_reflector_options options = {
        /* CloudNativePG has had this one version since its first release. */
        .resource = {dot + 1, "v1", plural, "Cluster", true},
        .once = once,
        .projection = {.make = make_database, .free_item = free_database},
        .on_change = clusters_changed,
        .on_state = clusters_state,
        .context = databases,
    };
    *databases = (struct databases_live){.pool = pods, .on_change = on_change, .context = context};
    databases->clusters = kube_reflector_new(client, &options);
    databases->pods =
        pod_pool_get(pods, NULL, playbook->databases.label != NULL ? playbook->databases.label : DATABASE_PODS);
    return databases;
}

void databases_live_free(struct databases_live *databases)
{
    if (databases == NULL)
        return;
    kube_reflector_free(databases->clusters);
    pod_pool_put(databases->pool, databases->pods);
    free(databases);
}

bool databases_live_complete(const struct databases_live *databases)
{
    return kube_reflector_complete(databases->clusters) && kube_reflector_complete(databases->pods);
}

const struct kube_reflector *databases_live_clusters(const struct databases_live *databases)
{
    return databases->clusters;
}

void databases_live_read(const struct databases_live *databases, struct part *part, struct picture_database **ret_rows,
                         size_t *ret_count)
{
    size_t count = kube_reflector_count(databases->clusters);
    struct picture_database *rows = memory_new_array(count, sizeof *rows);
    watched_part(databases->clusters, part);
    for (size_t i = 0; i < count; i++) {
        const struct kube_item *item = kube_reflector_at(databases->clusters, i);
        database_picture(item->item, item->namespace, item->name, &rows[i]);
    }
    /* Both are in the order of namespaces, so that each pod's row is near the one before. */
    size_t begin = 0;
    for (size_t i = 0; i < kube_reflector_count(databases->pods); i++) {
        const struct kube_item *item = kube_reflector_at(databases->pods, i);
        const struct pod *pod = item->item;
        while (begin < count && strcmp(rows[begin].namespace, item->namespace) < 0)
            begin++;
        for (size_t k = begin; k < count && text_equal(rows[k].namespace, item->namespace); k++)
            if (text_equal(rows[k].name, pod->cluster))
                database_add_pod(&rows[k], pod);
    }
    for (size_t i = 0; i < count; i++)
        database_finish(&rows[i]);
    *ret_rows = rows;
    *ret_count = count;
}
