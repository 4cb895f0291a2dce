#include "simulator/scale.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <string.h>

static const char *path_of(const struct resource *resource, const char *version, const char *which)
{
    const struct resource_version *found = resource_version(resource, version);
    return found != NULL ? tree_text(found->definition, "subresources", "scale", which) : NULL;
}

/* The value at ".spec.instances"; only such plain paths are allowed there. */
static json_t *value_at(const json_t *object, const char *path)
{
    const json_t *value = object;
    while (path != NULL && path[0] == '.') {
        size_t length = strcspn(path + 1, ".");
        CLEANUP_FREE char *key = memory_text_part(path + 1, length);
        value = json_object_get(value, key);
        path += 1 + length;
    }
    return (json_t *)value;
}

/* {"spec": {"instances": value}} for ".spec.instances"; takes over `value`. */
static json_t *patch_for(const char *path, json_t *value)
{
    const char *last = strrchr(path, '.');
    if (last == NULL || last[1] == '\0')
        return value;
    json_t *inner = json_pack("{s:o}", last + 1, value);
    CLEANUP_FREE char *rest = memory_text_part(path, (size_t)(last - path));
    return patch_for(rest, inner);
}

/* A LabelSelector as text: "app=web,tier in (a,b)". */
static void selector_text(const json_t *selector, struct text *text)
{
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(selector, "matchLabels"), key, value)
        text_append_format(text, "%s%s=%s", text->size > 0 ? "," : "", key, json_string_value(value));
    size_t index;
    json_array_foreach(json_object_get(selector, "matchExpressions"), index, value)
    {
        const char *operator= tree_text(value, "operator");
        const char *name = tree_text(value, "key");
        const json_t *values = json_object_get(value, "values");
        text_append_format(text, "%s%s%s", text->size > 0 ? "," : "", text_equal(operator, "DoesNotExist") ? "!" : "",
                           name);
        if (!text_equal(operator, "In") && !text_equal(operator, "NotIn"))
            continue;
        text_append(text, text_equal(operator, "In") ? " in (" : " notin (");
        for (size_t i = 0; i < json_array_size(values); i++)
            text_append_format(text, "%s%s", i > 0 ? "," : "", json_string_value(json_array_get(values, i)));
        text_append(text, ")");
    }
}

static json_t *selector_of(const struct resource *resource, const char *version, const json_t *object)
{
    struct text text = {0};
    const json_t *selector = tree_get(object, "spec", "selector");
    if (resource->crd != NULL) {
        const char *path = path_of(resource, version, "labelSelectorPath");
        text_append(&text, path != NULL ? json_string_value(value_at(object, path)) : NULL);
    } else {
        selector_text(selector, &text);
    }
    json_t *found = json_string(text_peek(&text));
    text_release(&text);
    return found;
}

json_t *scale_of(const struct resource *resource, const char *version, const json_t *object)
{
    static const char *const kept[] = {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"};
    bool custom = resource->crd != NULL;
    const char *wanted = custom ? path_of(resource, version, "specReplicasPath") : ".spec.replicas";
    const char *seen = custom ? path_of(resource, version, "statusReplicasPath") : ".status.replicas";
    json_t *metadata = json_object();
    for (size_t i = 0; i < LENGTH_OF(kept); i++) {
        json_t *value = tree_get(object, "metadata", kept[i]);
        if (value != NULL)
            json_object_set(metadata, kept[i], value);
    }
    json_t *spec = json_object();
    json_int_t replicas = tree_integer(value_at(object, wanted), custom ? 0 : 1);
    if (replicas != 0)
        json_object_set_new(spec, "replicas", json_integer(replicas));
    json_t *status = json_pack("{s:I}", "replicas", (json_int_t)tree_integer(value_at(object, seen), 0));
    json_t *selector = selector_of(resource, version, object);
    if (json_string_length(selector) > 0)
        json_object_set(status, "selector", selector);
    json_decref(selector);
    return json_pack("{s:s, s:s, s:o, s:o, s:o}", "kind", "Scale", "apiVersion", "autoscaling/v1", "metadata", metadata,
                     "spec", spec, "status", status);
}

static bool refuse_negative(const char *name, json_int_t replicas, struct refusal *refusal)
{
    json_t *causes = json_array();
    refusal_add_cause(causes, "FieldValueInvalid", "spec.replicas",
                      "Invalid value: %" JSON_INTEGER_FORMAT ": must be greater than or equal to 0", replicas);
    refusal_invalid(refusal, "autoscaling", "Scale", name, causes);
    json_decref(causes);
    return false;
}

bool scale_write(const struct resource *resource, const json_t *live, const json_t *scale,
                 const struct write_options *options, json_t **ret_object, struct refusal *refusal)
{
    const char *name = tree_text(live, "metadata", "name");
    const char *given = tree_text(scale, "metadata", "resourceVersion");
    json_int_t replicas = tree_integer(tree_get(scale, "spec", "replicas"), 0);
    struct write_kind kind = resource_write_kind(resource, options->version);
    if (replicas < 0)
        return refuse_negative(name, replicas, refusal);
    if (given != NULL && given[0] != '\0' && !text_equal(given, tree_text(live, "metadata", "resourceVersion")))
        return refusal_modified(refusal, resource->group, resource->plural, name);
    if (resource->crd == NULL)
        return write_scale(&kind, live, replicas, options, ret_object, refusal);
    const char *path = path_of(resource, options->version, "specReplicasPath");
    if (path == NULL || path[0] != '.')
        return refusal_not_found(refusal, resource->group, resource->plural, name);
    struct write_options main_options = *options;
    main_options.subresource = NULL;
    json_t *patch = patch_for(path, json_integer(replicas));
    bool good = write_patch(&kind, live, PATCH_MERGE, patch, tree_text(live, "metadata", "namespace"), name,
                            &main_options, ret_object, NULL, refusal);
    json_decref(patch);
    return good;
}

void scale_validate(const json_t *definition, const json_t *object, json_t *causes)
{
    const char *path = tree_text(definition, "subresources", "scale", "specReplicasPath");
    json_int_t replicas = tree_integer(value_at(object, path), 0);
    if (path != NULL && replicas < 0)
        refusal_add_cause(causes, "FieldValueInvalid", path,
                          "Invalid value: %" JSON_INTEGER_FORMAT ": should be a non-negative integer", replicas);
}
