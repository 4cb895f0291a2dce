#include "situation/apis_live.h"
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "helm/manifest.h"
#include "situation/api_usage.h"
#include "situation/watched.h"
#include <stdlib.h>
#include <string.h>

#define APIS_LIMIT 100 /* CRDs of one manifest that are watched */

struct api {
    struct apis_live *apis;
    char *crd_name;
    const struct playbook_api *playbook; /* NULL: found in the manifest */
    struct kube_reflector *crd;
    struct kube_reflector *objects; /* NULL: the CRD is not known yet */
    char *version;                  /* that the objects are asked in */
};

struct apis_live {
    struct kube_client *client;
    bool once;
    void (*on_change)(void *context);
    void *context;
    struct loop_timer
        *follow; /* the CRD is looked at from the loop, as a reflector's callback may not replace reflectors */
    struct array list;
};

/* ---- projections ---- */

static void *make_crd(const json_t *object, const void *context)
{
    (void)context;
    return api_crd_make(object);
}

static void free_crd(void *item)
{
    api_crd_free(item);
}

static void *make_object(const json_t *object, const void *context)
{
    return api_object_make(context, object);
}

static void free_object(void *item)
{
    api_object_free(item);
}

/* Workers may read it after the playbook is gone. */
static struct playbook_api *copy_playbook(const struct playbook_api *api)
{
    if (api == NULL)
        return NULL;
    struct playbook_api *copy = memory_new(sizeof *copy);
    *copy = (struct playbook_api){
        .declared = memory_text(api->declared),
        .ready_label = memory_text(api->ready_label),
        .supported_path = memory_text(api->supported_path),
        .compatible_path = memory_text(api->compatible_path),
        .operator_version_path = memory_text(api->operator_version_path),
    };
    return copy;
}

static void free_playbook_copy(void *context)
{
    struct playbook_api *copy = context;
    if (copy == NULL)
        return;
    free((char *)copy->declared);
    free((char *)copy->ready_label);
    free((char *)copy->supported_path);
    free((char *)copy->compatible_path);
    free((char *)copy->operator_version_path);
    free(copy);
}

/* ---- watching ---- */

static const struct api_crd *known_crd(const struct api *api)
{
    const struct kube_item *item = api->crd != NULL ? kube_reflector_find(api->crd, "", api->crd_name) : NULL;
    return item != NULL ? item->item : NULL;
}

static void api_state(void *context)
{
    struct api *api = context;
    api->apis->on_change(api->apis->context);
}

static void api_changed(enum kube_change change, const struct kube_item *now, const void *before, void *context)
{
    (void)change, (void)now, (void)before;
    api_state(context);
}

static void watch_objects(struct api *api, const struct api_crd *crd, const char *version)
{
    struct kube_reflector_options options = {
        .resource = {crd->group, version, crd->plural, crd->kind, crd->namespaced},
        .once = api->apis->once,
        .projection = {make_object, free_object, copy_playbook(api->playbook), free_playbook_copy},
        .on_change = api_changed,
        .on_state = api_state,
        .context = api,
    };
    kube_reflector_free(api->objects);
    free(api->version);
    api->version = memory_text(version);
    api->objects = kube_reflector_new(api->apis->client, &options);
}

/* The CRD has come, or serves other versions than before. */
static void follow(void *context)
{
    struct apis_live *apis = context;
    loop_timer_cancel(apis->follow);
    apis->follow = NULL;
    for (size_t i = 0; i < apis->list.count; i++) {
        struct api *api = apis->list.items[i];
        const struct api_crd *crd = known_crd(api);
        const char *version = crd != NULL ? api_crd_preferred(crd) : NULL;
        if (version != NULL && !text_equal(version, api->version)) {
            watch_objects(api, crd, version);
        } else if (version == NULL && api->objects != NULL) {
            kube_reflector_free(api->objects);
            free(api->version);
            api->objects = NULL;
            api->version = NULL;
        }
    }
    apis->on_change(apis->context);
}

static void crd_state(void *context)
{
    struct api *api = context;
    struct apis_live *apis = api->apis;
    if (apis->follow == NULL)
        apis->follow = loop_timer_start(kube_client_loop(apis->client), 0, 0, follow, apis);
}

static void crd_changed(enum kube_change change, const struct kube_item *now, const void *before, void *context)
{
    (void)change, (void)now, (void)before;
    crd_state(context);
}

static void free_api(void *item)
{
    struct api *api = item;
    kube_reflector_free(api->crd);
    kube_reflector_free(api->objects);
    free(api->crd_name);
    free(api->version);
    free(api);
}

static void add(struct apis_live *apis, const char *crd_name, const struct playbook_api *playbook)
{
    if (apis->list.count == APIS_LIMIT)
        return;
    struct api *api = memory_new(sizeof *api);
    CLEANUP_FREE char *by_name = memory_format("metadata.name=%s", crd_name);
    *api = (struct api){.apis = apis, .crd_name = memory_text(crd_name), .playbook = playbook};
    struct kube_reflector_options options = {
        .resource = *kube_resource_find("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
        .field_selector = by_name,
        .once = apis->once,
        .projection = {.make = make_crd, .free_item = free_crd},
        .on_change = crd_changed,
        .on_state = crd_state,
        .context = api,
    };
    array_append(&apis->list, api);
    api->crd = kube_reflector_new(apis->client, &options);
}

static bool is_crd(const struct helm_object *object)
{
    return object->tree != NULL && text_equal(object->kind, "CustomResourceDefinition");
}

struct apis_live *apis_live_new(struct kube_client *client, const struct playbook *playbook,
                                const struct helm_record *record, bool once, void (*on_change)(void *context),
                                void *context)
{
    struct apis_live *apis = memory_new(sizeof *apis);
    *apis = (struct apis_live){
        .client = client, .once = once, .on_change = on_change, .context = context, .list = {.free_item = free_api}};
    for (size_t i = 0; playbook != NULL && i < playbook->api_count; i++)
        add(apis, playbook->apis[i].crd, &playbook->apis[i]);
    const struct helm_manifest *manifest = playbook == NULL && record != NULL ? record->manifest : NULL;
    for (size_t i = 0; manifest != NULL && i < manifest->count; i++)
        if (is_crd(&manifest->objects[i]))
            add(apis, manifest->objects[i].name, NULL);
    return apis;
}

void apis_live_free(struct apis_live *apis)
{
    if (apis == NULL)
        return;
    loop_timer_cancel(apis->follow);
    array_release(&apis->list);
    free(apis);
}

/* ---- reading ---- */

bool apis_live_complete(const struct apis_live *apis)
{
    for (size_t i = 0; i < apis->list.count; i++) {
        const struct api *api = apis->list.items[i];
        if (!kube_reflector_complete(api->crd) || (api->objects != NULL && !kube_reflector_complete(api->objects)))
            return false;
    }
    return apis->follow == NULL;
}

size_t apis_live_count(const struct apis_live *apis)
{
    return apis->list.count;
}

static void read_part(const struct api *api, struct part *ret_part)
{
    struct part objects = {.heard_ms = -1};
    struct error error = {0};
    watched_part(api->crd, ret_part);
    if (api->objects != NULL) {
        watched_part(api->objects, &objects);
        part_join(ret_part, &objects);
    } else if (ret_part->state == PART_LIVE && known_crd(api) == NULL) {
        error_set(&error, ERROR_NOT_FOUND, _("the cluster has no CustomResourceDefinition %s"), api->crd_name);
        part_set_unknown(ret_part, &error);
    } else if (ret_part->state == PART_LIVE && api_crd_preferred(known_crd(api)) == NULL) {
        error_set(&error, ERROR_NOT_FOUND, _("%s serves no version"), api->crd_name);
        part_set_unknown(ret_part, &error);
    }
    error_release(&error);
    part_release(&objects);
}

/* What the target revision's manifest says of the CRD; NULL when it does not have it. */
static struct api_crd *target_crd(const struct api *api, const struct helm_record *target)
{
    if (target == NULL || target->manifest == NULL)
        return NULL;
    const struct helm_object *object =
        helm_manifest_find(target->manifest, "CustomResourceDefinition", NULL, api->crd_name);
    return object != NULL && object->tree != NULL ? api_crd_make(object->tree) : NULL;
}

/* "documentdbs.db.microsoft.com" without its CRD: plural and group are in the name. */
static void read_name(const struct api *api, struct picture_api *usage)
{
    const char *dot = strchr(api->crd_name, '.');
    size_t length = dot != NULL ? (size_t)(dot - api->crd_name) : strlen(api->crd_name);
    usage->crd = memory_text(api->crd_name);
    usage->group = memory_text(dot != NULL ? dot + 1 : "");
    usage->kind = memory_text("");
    usage->plural = memory_text_part(api->crd_name, length);
    usage->stored_versions = memory_new(sizeof *usage->stored_versions);
    usage->orphaned = memory_new(sizeof *usage->orphaned);
}

void apis_live_read(const struct apis_live *apis, size_t index, const struct helm_record *target,
                    struct picture_api *ret_api)
{
    const struct api *api = apis->list.items[index];
    const struct api_crd *crd = known_crd(api);
    struct picture_api usage = {.part = {.heard_ms = -1}};
    read_part(api, &usage.part);
    if (crd == NULL) {
        read_name(api, &usage);
        *ret_api = usage;
        return;
    }
    api_usage_begin(&usage, crd);
    for (size_t i = 0; api->objects != NULL && i < kube_reflector_count(api->objects); i++) {
        const struct kube_item *item = kube_reflector_at(api->objects, i);
        api_usage_add(&usage, api->playbook, crd, item->namespace, item->name, item->item);
    }
    struct api_crd *wanted = target_crd(api, target);
    if (wanted != NULL) {
        api_usage_free_orphans(usage.orphaned);
        usage.orphaned = api_usage_orphans(&usage, wanted);
    }
    api_crd_free(wanted);
    *ret_api = usage;
}

const struct kube_reflector *apis_live_objects(const struct apis_live *apis, size_t index, const char **ret_kind)
{
    const struct api *api = apis->list.items[index];
    const struct api_crd *crd = known_crd(api);
    *ret_kind = crd != NULL ? crd->kind : "";
    return api->objects;
}
