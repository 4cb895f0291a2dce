#include "simulator/work.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <stdlib.h>
#include <string.h>

const struct resource *work_resource(const struct work *work, const char *group, const char *plural)
{
    return resources_find(registry_resources(work->registry), group, plural);
}

const json_t *work_get(const struct work *work, const char *group, const char *plural, const char *namespace,
                       const char *name)
{
    const struct resource *resource = work_resource(work, group, plural);
    return resource != NULL ? store_get(registry_store(work->registry), resource, namespace, name) : NULL;
}

json_t *work_children(const struct work *work, const json_t *owner, const char *group, const char *plural)
{
    json_t *found = json_array();
    const char *uid = tree_text(owner, "metadata", "uid");
    const struct map *keys = uid != NULL ? map_get(work->children, uid) : NULL;
    const struct resource *resource = work_resource(work, group, plural);
    CLEANUP_FREE char *prefix = memory_format("%s.%s|", plural, group);
    for (size_t i = 0; keys != NULL && resource != NULL && i < map_count(keys); i++) {
        const char *key = NULL;
        map_at(keys, i, &key);
        if (!text_starts(key, prefix))
            continue;
        const char *name = strrchr(key, '|') + 1;
        json_t *child = store_get(registry_store(work->registry), resource, work_namespace(owner), name);
        if (child != NULL)
            json_array_append(found, child);
    }
    return found;
}

static struct registry_call call_for(const struct work *work, const char *manager, const char *group,
                                     const char *plural, const json_t *object)
{
    return (struct registry_call){.resource = work_resource(work, group, plural),
                                  .namespace = work_namespace(object),
                                  .name = work_name(object),
                                  .manager = manager};
}

bool work_create(struct work *work, const char *manager, const char *group, const char *plural, const json_t *object,
                 char **ret_why)
{
    struct registry_call call = call_for(work, manager, group, plural, object);
    struct refusal refusal = {0};
    call.name = NULL;
    call.user = "system:kube-controller-manager"; /* admission asks about what controllers make, too */
    bool good = call.resource != NULL && registry_create(work->registry, &call, object, NULL, &refusal);
    if (!good && ret_why != NULL)
        *ret_why = memory_text(refusal.message != NULL ? refusal.message : "");
    refusal_release(&refusal);
    return good;
}

bool work_patch(struct work *work, const char *manager, const char *group, const char *plural, const json_t *object,
                const json_t *patch)
{
    json_t *kept = json_incref((json_t *)object); /* what the store has of it is replaced */
    struct registry_call call = call_for(work, manager, group, plural, kept);
    bool good = call.resource != NULL && registry_patch(work->registry, &call, PATCH_MERGE, patch, NULL, NULL, NULL);
    json_decref(kept);
    return good;
}

bool work_patch_status(struct work *work, const char *manager, const char *group, const char *plural,
                       const json_t *object, const json_t *patch)
{
    json_t *kept = json_incref((json_t *)object);
    struct registry_call call = call_for(work, manager, group, plural, kept);
    call.subresource = "status";
    bool good = call.resource != NULL && registry_patch(work->registry, &call, PATCH_MERGE, patch, NULL, NULL, NULL);
    json_decref(kept);
    return good;
}

bool work_set_status(struct work *work, const char *manager, const char *group, const char *plural,
                     const json_t *object, json_t *status)
{
    bool good = true;
    if (!tree_equal(json_object_get(object, "status"), status)) {
        struct registry_call call = call_for(work, manager, group, plural, object);
        json_t *body = json_copy((json_t *)object);
        json_object_set(body, "status", status);
        call.subresource = "status";
        good = call.resource != NULL && registry_update(work->registry, &call, body, NULL, NULL, NULL);
        json_decref(body);
    }
    json_decref(status);
    return good;
}

bool work_delete(struct work *work, const char *group, const char *plural, const json_t *object)
{
    json_t *kept = json_incref((json_t *)object);
    struct registry_call call = call_for(work, NULL, group, plural, kept);
    struct registry_delete options = {
        .uid = tree_text(kept, "metadata", "uid"), .grace_s = -1, .propagation = REGISTRY_BACKGROUND};
    bool good = call.resource != NULL && registry_delete(work->registry, &call, &options, NULL, NULL, NULL);
    json_decref(kept);
    return good;
}

bool work_end(struct work *work, const json_t *pod)
{
    json_t *kept = json_incref((json_t *)pod);
    struct registry_call call = call_for(work, "kubelet", "", "pods", kept);
    struct registry_delete options = {.uid = tree_text(kept, "metadata", "uid"), .grace_s = 0};
    bool good = registry_delete(work->registry, &call, &options, NULL, NULL, NULL);
    json_decref(kept);
    return good;
}

const char *work_name(const json_t *object)
{
    const char *name = tree_text(object, "metadata", "name");
    return name != NULL ? name : "";
}

const char *work_namespace(const json_t *object)
{
    return tree_text(object, "metadata", "namespace");
}

int64_t work_time(const json_t *object, const char *field)
{
    const char *text = tree_text(object, "metadata", field);
    int64_t time = CLOCK_UNKNOWN;
    return text != NULL && clock_parse(text, &time) ? time : CLOCK_UNKNOWN;
}

json_t *work_time_text(int64_t wall_ms)
{
    char text[32];
    clock_format(wall_ms - wall_ms % 1000, text, sizeof(text));
    return json_string(text);
}

json_t *work_owner_references(const json_t *owner)
{
    return json_pack("[{s:s*, s:s*, s:s, s:s*, s:b, s:b}]", "apiVersion", tree_text(owner, "apiVersion"), "kind",
                     tree_text(owner, "kind"), "name", work_name(owner), "uid", tree_text(owner, "metadata", "uid"),
                     "controller", 1, "blockOwnerDeletion", 1);
}

uint32_t work_hash(const char *text)
{
    uint32_t hash = 2166136261u;
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash ^ hash >> 15;
}

/* Letters and digits that make no words: apimachinery pkg/util/rand. */
static const char safe_letters[] = "bcdfghjklmnpqrstvwxz2456789";

static char *letters(uint64_t number, size_t count)
{
    char *text = memory_new(count + 1);
    for (size_t i = 0; i < count; i++) {
        number = number * 6364136223846793005u + 1442695040888963407u;
        text[i] = safe_letters[(number >> 33) % (sizeof(safe_letters) - 1)];
    }
    return text;
}

char *work_suffix(struct work *work, const char *seed)
{
    uint64_t number = work_hash(seed);
    return letters(number << 20 ^ ++work->names, 5);
}

char *work_template_hash(const json_t *pod_template)
{
    CLEANUP_FREE char *text = tree_canonical(pod_template);
    return letters(work_hash(text), 10);
}

bool work_being_deleted(const json_t *object)
{
    return tree_text(object, "metadata", "deletionTimestamp") != NULL;
}

const json_t *work_condition(const json_t *object, const char *type)
{
    size_t index;
    const json_t *condition;
    json_array_foreach(tree_get(object, "status", "conditions"), index, condition)
    {
        if (text_equal(tree_text(condition, "type"), type))
            return condition;
    }
    return NULL;
}

bool work_ready(const json_t *pod)
{
    return !work_being_deleted(pod) && text_equal(tree_text(work_condition(pod, "Ready"), "status"), "True");
}

void work_add_condition(struct work *work, json_t *conditions, const json_t *old, const char *type, const char *status,
                        const char *reason, const char *message, bool updates)
{
    const json_t *before = work_condition(old, type);
    bool same_status = text_equal(tree_text(before, "status"), status);
    bool same = same_status && text_equal(tree_text(before, "reason"), reason) &&
                text_equal(tree_text(before, "message"), message);
    json_t *now = work_time_text(work->now);
    json_t *changed = same_status ? json_object_get(before, "lastTransitionTime") : NULL;
    json_t *updated = same ? json_object_get(before, "lastUpdateTime") : NULL;
    json_t *condition = json_pack("{s:s, s:s}", "type", type, "status", status);
    if (updates)
        json_object_set(condition, "lastUpdateTime", updated != NULL ? updated : now);
    json_object_set(condition, "lastTransitionTime", changed != NULL ? changed : now);
    if (reason != NULL)
        json_object_set_new(condition, "reason", json_string(reason));
    if (message != NULL)
        json_object_set_new(condition, "message", json_string(message));
    json_array_append_new(conditions, condition);
    json_decref(now);
}
