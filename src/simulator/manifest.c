#include "simulator/manifest.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/fields.h"
#include "simulator/typed.h"
#include <stdlib.h>

#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"

static bool resolve(struct registry *registry, const json_t *object, const char *namespace, struct registry_call *call,
                    char **ret_why)
{
    const char *api_version = tree_text(object, "apiVersion"), *kind = tree_text(object, "kind");
    const char *own = tree_text(object, "metadata", "namespace");
    if (api_version == NULL || kind == NULL || !registry_resolve(registry, api_version, kind, call)) {
        *ret_why = memory_format("no matches for kind \"%s\" in version \"%s\"", kind != NULL ? kind : "",
                                 api_version != NULL ? api_version : "");
        return false;
    }
    call->name = tree_text(object, "metadata", "name");
    call->namespace = call->resource->namespaced ? (own != NULL         ? own
                                                    : namespace != NULL ? namespace
                                                                        : "default")
                                                 : NULL;
    return true;
}

/* The object with its namespace and, if wanted, kubectl's annotation. The caller's. */
static json_t *prepare(const struct manifest_write *write, const struct registry_call *call)
{
    json_t *object = json_deep_copy(write->object);
    json_t *metadata = json_object_get(object, "metadata");
    if (call->namespace != NULL)
        json_object_set_new(metadata, "namespace", json_string(call->namespace));
    if (!write->remember)
        return object;
    if (json_object_get(metadata, "annotations") == NULL)
        json_object_set_new(metadata, "annotations", json_object());
    CLEANUP_FREE char *text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
    CLEANUP_FREE char *line = memory_format("%s\n", text);
    json_object_set_new(json_object_get(metadata, "annotations"), LAST_APPLIED, json_string(line));
    return object;
}

/* What the writer wrote last. The caller's; NULL when unknown. */
static json_t *written_before(const struct manifest_write *write, const json_t *live)
{
    if (write->before != NULL)
        return json_deep_copy(write->before);
    const char *text = write->remember ? tree_text(live, "metadata", "annotations", LAST_APPLIED) : NULL;
    return text != NULL ? json_loads(text, 0, NULL) : NULL;
}

/* The three-way merge: live, without what is no longer written, with what is written now. The caller's. */
static json_t *merge(const json_t *live, const json_t *before, const json_t *object, struct shape shape)
{
    json_t *rest = json_deep_copy(live);
    if (before != NULL) {
        json_t *old = typed_fields(before, shape), *now = typed_fields(object, shape);
        json_t *gone = fields_difference(old, now);
        json_decref(rest);
        rest = typed_remove(live, gone, shape);
        json_decref(old);
        json_decref(now);
        json_decref(gone);
    }
    json_t *merged = typed_merge(rest, object, shape);
    json_decref(rest);
    return merged;
}

static bool change(struct registry *registry, const struct manifest_write *write, const struct registry_call *call,
                   const json_t *live, const json_t *object, struct refusal *refusal)
{
    struct write_kind kind = resource_write_kind(call->resource, call->version);
    json_t *before = written_before(write, live);
    json_t *merged = merge(live, before, object, kind_shape(&kind, call->version));
    bool good = registry_update(registry, call, merged, NULL, NULL, refusal);
    json_decref(before);
    json_decref(merged);
    return good;
}

bool manifest_put(struct registry *registry, const struct manifest_write *write, char **ret_why)
{
    struct registry_call call = {.manager = write->manager};
    struct refusal refusal = {0};
    json_t *live = NULL;
    if (!resolve(registry, write->object, write->namespace, &call, ret_why))
        return false;
    json_t *object = prepare(write, &call);
    bool good;
    if (registry_get(registry, &call, &live, NULL)) {
        good = change(registry, write, &call, live, object, &refusal);
    } else {
        call.name = NULL;
        good = registry_create(registry, &call, object, NULL, &refusal);
    }
    if (!good)
        *ret_why = memory_text(refusal.message != NULL ? refusal.message : "");
    refusal_release(&refusal);
    json_decref(live);
    json_decref(object);
    return good;
}

bool manifest_remove(struct registry *registry, const json_t *object, const char *namespace)
{
    struct registry_call call = {0};
    struct registry_delete options = {.grace_s = -1, .propagation = REGISTRY_BACKGROUND};
    CLEANUP_FREE char *why = NULL;
    struct refusal refusal = {0};
    if (!resolve(registry, object, namespace, &call, &why))
        return true;
    bool good = registry_delete(registry, &call, &options, NULL, NULL, &refusal) || refusal.code == 404;
    refusal_release(&refusal);
    return good;
}
