#include "simulator/definition.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"

bool definition_is(const struct resource *resource)
{
    return resource->crd == NULL && text_equal(resource->plural, "customresourcedefinitions");
}

static json_t *child(json_t *object, const char *key, json_t *(*make)(void))
{
    json_t *found = json_object_get(object, key);
    if (found == NULL || json_typeof(found) == JSON_NULL) {
        found = make();
        json_object_set_new(object, key, found);
    }
    return found;
}

static void set_condition(json_t *status, const char *type, const char *reason, const char *message, const json_t *now)
{
    json_t *conditions = child(status, "conditions", json_array);
    for (size_t i = 0; i < json_array_size(conditions); i++)
        if (text_equal(tree_text(json_array_get(conditions, i), "type"), type))
            return;
    json_array_append_new(conditions,
                          json_pack("{s:s, s:s, s:O, s:s, s:s}", "type", type, "status", "True", "lastTransitionTime",
                                    (json_t *)now, "reason", reason, "message", message));
}

static void note_stored_version(json_t *crd, json_t *status)
{
    json_t *stored = child(status, "storedVersions", json_array);
    const json_t *versions = tree_get(crd, "spec", "versions");
    for (size_t i = 0; i < json_array_size(versions); i++) {
        const json_t *version = json_array_get(versions, i);
        bool known = !json_is_true(json_object_get(version, "storage"));
        for (size_t k = 0; k < json_array_size(stored) && !known; k++)
            known = json_equal(json_array_get(stored, k), json_object_get(version, "name"));
        if (!known)
            json_array_append(stored, json_object_get(version, "name"));
    }
}

/* The tree may be shared with what is stored: what is changed is copied first. */
static json_t *own_status(json_t *crd)
{
    const json_t *old = json_object_get(crd, "status");
    json_t *status = json_is_object(old) ? json_deep_copy(old) : json_object();
    json_object_set_new(crd, "status", status);
    return status;
}

void definition_complete(json_t *crd, const json_t *now)
{
    json_t *status = own_status(crd);
    json_t *names = tree_get(crd, "spec", "names");
    if (names != NULL)
        json_object_set(status, "acceptedNames", names);
    note_stored_version(crd, status);
    set_condition(status, "NamesAccepted", "NoConflicts", "no conflicts found", now);
    set_condition(status, "Established", "InitialNamesAccepted", "the initial names have been accepted", now);
}

void definition_end(json_t *crd, const json_t *now)
{
    json_t *metadata = json_object_get(crd, "metadata");
    json_t *finalizers = child(metadata, "finalizers", json_array);
    bool known = false;
    for (size_t i = 0; i < json_array_size(finalizers); i++)
        known = known || text_equal(json_string_value(json_array_get(finalizers, i)), DEFINITION_FINALIZER);
    if (!known)
        json_array_append_new(finalizers, json_string(DEFINITION_FINALIZER));
    set_condition(own_status(crd), "Terminating", "InstanceDeletionPending",
                  "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon", now);
}
