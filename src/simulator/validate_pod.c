#include "simulator/validate_pod.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/refusal.h"
#include "simulator/selector.h"
#include "simulator/validate.h"
#include <string.h>

static void check_containers(const json_t *spec, const char *path, json_t *causes)
{
    const json_t *containers = json_object_get(spec, "containers");
    if (json_array_size(containers) == 0) {
        CLEANUP_FREE char *place = memory_format("%s.containers", path);
        refusal_add_cause(causes, "FieldValueRequired", place, "Required value");
    }
    json_t *names = json_object();
    size_t index;
    const json_t *container;
    json_array_foreach(containers, index, container)
    {
        const char *name = tree_text(container, "name"), *image = tree_text(container, "image");
        CLEANUP_FREE char *name_path = memory_format("%s.containers[%zu].name", path, index);
        CLEANUP_FREE char *image_path = memory_format("%s.containers[%zu].image", path, index);
        if (name == NULL || name[0] == '\0')
            refusal_add_cause(causes, "FieldValueRequired", name_path, "Required value");
        else if (json_object_get(names, name) != NULL)
            refusal_add_cause(causes, "FieldValueDuplicate", name_path, "Duplicate value: \"%s\"", name);
        else
            json_object_set_new(names, name, json_true());
        if (image == NULL || image[0] == '\0')
            refusal_add_cause(causes, "FieldValueRequired", image_path, "Required value");
    }
    json_decref(names);
}

static void check_restart_policy(const char *kind, const json_t *spec, const char *path, json_t *causes)
{
    const char *policy = tree_text(spec, "restartPolicy");
    CLEANUP_FREE char *place = memory_format("%s.restartPolicy", path);
    bool always = text_equal(policy, "Always");
    if (text_ends(kind, "Job") && always)
        refusal_add_cause(causes, "FieldValueRequired", place,
                          "Required value: valid values: \"OnFailure\", \"Never\"");
    else if (!text_ends(kind, "Job") && policy != NULL && !always)
        refusal_add_cause(causes, "FieldValueNotSupported", place,
                          "Unsupported value: \"%s\": supported values: \"Always\"", policy);
}

static void check_selector(const json_t *object, json_t *causes)
{
    const json_t *selector = tree_get(object, "spec", "selector");
    const json_t *labels = tree_get(object, "spec", "template", "metadata", "labels");
    CLEANUP_FREE char *shown = labels != NULL ? json_dumps(labels, JSON_COMPACT | JSON_SORT_KEYS) : memory_text("null");
    if (selector == NULL)
        refusal_add_cause(causes, "FieldValueRequired", "spec.selector", "Required value");
    if (selector == NULL || !selector_matches(selector, labels))
        refusal_add_cause(causes, "FieldValueInvalid", "spec.template.metadata.labels",
                          "Invalid value: %s: `selector` does not match template `labels`", shown);
}

static void check_strategy(const json_t *object, json_t *causes)
{
    const json_t *strategy = tree_get(object, "spec", "strategy");
    const char *type = tree_text(strategy, "type");
    if (strategy == NULL)
        return;
    if (text_equal(type, "Recreate") && json_object_get(strategy, "rollingUpdate") != NULL) {
        refusal_add_cause(causes, "FieldValueForbidden", "spec.strategy.rollingUpdate",
                          "Forbidden: may not be specified when strategy `type` is 'Recreate'");
    } else if (!text_equal(type, "Recreate") && !text_equal(type, "RollingUpdate")) {
        CLEANUP_FREE char *shown = json_dumps(strategy, JSON_COMPACT);
        refusal_add_cause(causes, "FieldValueNotSupported", "spec.strategy",
                          "Unsupported value: %s: supported values: \"Recreate\", \"RollingUpdate\"", shown);
    }
}

void validate_workload(const char *kind, const json_t *object, json_t *causes)
{
    static const char *const with_selector[] = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"};
    const json_t *spec = json_object_get(object, "spec");
    bool selects = false;
    for (size_t i = 0; i < LENGTH_OF(with_selector); i++)
        selects = selects || strcmp(kind, with_selector[i]) == 0;
    const json_t *replicas = json_object_get(spec, "replicas");
    if (selects && json_is_integer(replicas) && json_integer_value(replicas) < 0)
        refusal_add_cause(causes, "FieldValueInvalid", "spec.replicas",
                          "Invalid value: %" JSON_INTEGER_FORMAT ": must be greater than or equal to 0",
                          json_integer_value(replicas));
    if (selects)
        check_selector(object, causes);
    if (strcmp(kind, "Deployment") == 0)
        check_strategy(object, causes);
    if (selects || strcmp(kind, "Job") == 0) {
        check_containers(tree_get(spec, "template", "spec"), "spec.template.spec", causes);
        check_restart_policy(kind, tree_get(spec, "template", "spec"), "spec.template.spec", causes);
    } else if (strcmp(kind, "CronJob") == 0) {
        const json_t *inner = tree_get(spec, "jobTemplate", "spec", "template", "spec");
        check_containers(inner, "spec.jobTemplate.spec.template.spec", causes);
        check_restart_policy(kind, inner, "spec.jobTemplate.spec.template.spec", causes);
    } else if (strcmp(kind, "Pod") == 0) {
        check_containers(spec, "spec", causes);
    }
}

/* The spec without the fields that may change. Owned by the caller. */
static json_t *frozen(const json_t *object, const char *const *free_fields)
{
    json_t *spec = json_deep_copy(json_object_get(object, "spec"));
    for (; *free_fields != NULL; free_fields++)
        json_object_del(spec, *free_fields);
    return spec;
}

void validate_stateful_set_update(const json_t *old, const json_t *object, json_t *causes)
{
    static const char *const may_change[] = {"replicas",
                                             "ordinals",
                                             "template",
                                             "updateStrategy",
                                             "minReadySeconds",
                                             "revisionHistoryLimit",
                                             "persistentVolumeClaimRetentionPolicy",
                                             NULL};
    json_t *before = frozen(old, may_change), *after = frozen(object, may_change);
    if (!tree_equal(before, after))
        refusal_add_cause(causes, "FieldValueForbidden", "spec",
                          "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', "
                          "'template', 'updateStrategy', 'revisionHistoryLimit', "
                          "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
    json_decref(before);
    json_decref(after);
}

/* A pod's images may change; its node is set once, by the scheduler. */
static json_t *frozen_pod(const json_t *object)
{
    static const char *const may_change[] = {
        "activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "nodeName", "schedulingGates",
        "ephemeralContainers",   NULL};
    json_t *spec = frozen(object, may_change);
    static const char *const lists[] = {"containers", "initContainers"};
    for (size_t i = 0; i < LENGTH_OF(lists); i++) {
        size_t index;
        json_t *container;
        json_array_foreach(json_object_get(spec, lists[i]), index, container)
        {
            json_object_del(container, "image");
        }
    }
    return spec;
}

void validate_pod_update(const json_t *old, const json_t *object, json_t *causes)
{
    json_t *before = frozen_pod(old), *after = frozen_pod(object);
    if (!tree_equal(before, after))
        refusal_add_cause(
            causes, "FieldValueForbidden", "spec",
            "Forbidden: pod updates may not change fields other than "
            "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
            "`spec.tolerations` (only additions to existing tolerations),"
            "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)");
    json_decref(before);
    json_decref(after);
}

/* Are processor and memory both limited, and asked for as they are limited? */
static bool guaranteed(const json_t *resources)
{
    static const char *const names[] = {"cpu", "memory"};
    for (size_t i = 0; i < LENGTH_OF(names); i++) {
        const json_t *limit = tree_get(resources, "limits", names[i]);
        if (limit == NULL || !tree_equal(limit, tree_get(resources, "requests", names[i])))
            return false;
    }
    return true;
}

const char *validate_qos_class(const json_t *spec)
{
    bool all = true, some = false;
    size_t index;
    const json_t *container;
    json_array_foreach(json_object_get(spec, "containers"), index, container)
    {
        const json_t *resources = json_object_get(container, "resources");
        some = some || json_object_size(json_object_get(resources, "requests")) > 0 ||
               json_object_size(json_object_get(resources, "limits")) > 0;
        all = all && guaranteed(resources);
    }
    return !some ? "BestEffort" : all ? "Guaranteed" : "Burstable";
}
