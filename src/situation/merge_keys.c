#include "situation/merge_keys.h"
#include "base/memory.h"
#include <stdio.h>
#include <string.h>

struct rule {
    const char *kind;   /* NULL: any */
    const char *parent; /* NULL: any */
    const char *field;
    struct merge_keys keys;
};

static const struct rule rules[] = {
    {NULL, "spec", "containers", {{"name", NULL}}},
    {NULL, "spec", "initContainers", {{"name", NULL}}},
    {NULL, "spec", "ephemeralContainers", {{"name", NULL}}},
    {NULL, "spec", "volumes", {{"name", NULL}}},
    {NULL, "spec", "imagePullSecrets", {{"name", NULL}}},
    {NULL, "spec", "hostAliases", {{"ip", NULL}}},
    {NULL, "spec", "resourceClaims", {{"name", NULL}}},
    {NULL, "spec", "schedulingGates", {{"name", NULL}}},
    {NULL, "spec", "topologySpreadConstraints", {{"topologyKey", "whenUnsatisfiable"}}},
    {NULL, "containers", "env", {{"name", NULL}}},
    {NULL, "initContainers", "env", {{"name", NULL}}},
    {NULL, "containers", "ports", {{"containerPort", "protocol"}}},
    {NULL, "initContainers", "ports", {{"containerPort", "protocol"}}},
    {NULL, "containers", "volumeMounts", {{"mountPath", NULL}}},
    {NULL, "initContainers", "volumeMounts", {{"mountPath", NULL}}},
    {NULL, "containers", "volumeDevices", {{"devicePath", NULL}}},
    {NULL, "initContainers", "volumeDevices", {{"devicePath", NULL}}},
    {NULL, "resources", "claims", {{"name", NULL}}},
    {NULL, "metadata", "ownerReferences", {{"uid", NULL}}},
    {"Service", "spec", "ports", {{"port", "protocol"}}},
    {"ServiceAccount", "", "secrets", {{"name", NULL}}},
    {"MutatingWebhookConfiguration", "", "webhooks", {{"name", NULL}}},
    {"ValidatingWebhookConfiguration", "", "webhooks", {{"name", NULL}}},
    {NULL, "webhooks", "matchConditions", {{"name", NULL}}},
    {"ValidatingAdmissionPolicy", "spec", "matchConditions", {{"name", NULL}}},
    {"ValidatingAdmissionPolicy", "spec", "variables", {{"name", NULL}}},
};

const struct merge_keys *merge_keys_find(const char *kind, const char *parent, const char *field)
{
    for (size_t i = 0; i < LENGTH_OF(rules); i++) {
        const struct rule *rule = &rules[i];
        if (strcmp(rule->field, field) == 0 && (rule->kind == NULL || strcmp(rule->kind, kind) == 0) &&
            (rule->parent == NULL || strcmp(rule->parent, parent) == 0))
            return &rule->keys;
    }
    return NULL;
}

const char *merge_keys_text(const json_t *element, const char *key, char *buffer, size_t size)
{
    const json_t *value = json_object_get(element, key);
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value)) {
        snprintf(buffer, size, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return buffer;
    }
    return value == NULL && strcmp(key, "protocol") == 0 ? "TCP" : NULL;
}

static bool key_same(const char *key, const json_t *a, const json_t *b)
{
    char left_buffer[32], right_buffer[32];
    const char *left = merge_keys_text(a, key, left_buffer, sizeof left_buffer);
    const char *right = merge_keys_text(b, key, right_buffer, sizeof right_buffer);
    return left != NULL && right != NULL && strcmp(left, right) == 0;
}

bool merge_keys_same(const struct merge_keys *keys, const json_t *a, const json_t *b)
{
    for (size_t i = 0; i < LENGTH_OF(keys->keys) && keys->keys[i] != NULL; i++)
        if (!key_same(keys->keys[i], a, b))
            return false;
    return true;
}

bool merge_keys_complete(const struct merge_keys *keys, const json_t *element)
{
    return json_is_object(element) && merge_keys_same(keys, element, element);
}
