#include "simulator/validate.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/validate_pod.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum wanted_type { WANT_TEXT, WANT_INTEGER, WANT_TEXT_MAP, WANT_BOOLEAN };

/* Fields that people get wrong in YAML, by their name, with the Go struct that has them ("" is the kind's own Spec, "*"
 * the kind itself). */
static const struct typed_field {
    const char *key, *in;
    enum wanted_type type;
} typed_fields_of_kinds[] = {
    {"data", "*", WANT_TEXT_MAP}, /* of ConfigMap and Secret: of the kind itself */
    {"stringData", "*", WANT_TEXT_MAP},
    {"annotations", "ObjectMeta", WANT_TEXT_MAP},
    {"labels", "ObjectMeta", WANT_TEXT_MAP},
    {"matchLabels", "LabelSelector", WANT_TEXT_MAP},
    {"nodeSelector", "PodSpec", WANT_TEXT_MAP},
    {"replicas", "", WANT_INTEGER},
    {"image", "Container", WANT_TEXT},
    {"containerPort", "ContainerPort", WANT_INTEGER},
    {"paused", "", WANT_BOOLEAN},
};

static const char *go_name(const json_t *value)
{
    return json_is_string(value)    ? "string"
           : json_is_boolean(value) ? "bool"
           : json_is_array(value)   ? "array"
           : json_is_object(value)  ? "object"
                                    : "number";
}

static bool fits(const json_t *value, enum wanted_type type)
{
    return type == WANT_TEXT      ? json_is_string(value)
           : type == WANT_INTEGER ? json_is_integer(value)
           : type == WANT_BOOLEAN ? json_is_boolean(value)
                                  : json_is_object(value);
}

static char *misfit(const char *kind, const struct typed_field *field, const char *path, const json_t *value)
{
    CLEANUP_FREE char *in = strcmp(field->in, "*") == 0 ? memory_text(kind)
                            : field->in[0] != '\0'      ? memory_text(field->in)
                                                        : memory_format("%sSpec", kind);
    static const char *const go_types[] = {"string", "int32", "string", "bool"};
    return memory_format("json: cannot unmarshal %s into Go struct field %s.%s of type %s", go_name(value), in, path,
                         go_types[field->type]);
}

static char *check_field(const char *kind, const struct typed_field *field, const char *path, const json_t *value)
{
    if (!fits(value, field->type))
        return misfit(kind, field, path, value);
    const char *key;
    json_t *one;
    if (field->type == WANT_TEXT_MAP)
        json_object_foreach((json_t *)value, key, one)
        {
            if (!json_is_string(one))
                return misfit(kind, field, path, one);
        }
    return NULL;
}

static const struct typed_field *find_typed(const char *key)
{
    for (size_t i = 0; i < LENGTH_OF(typed_fields_of_kinds); i++)
        if (strcmp(typed_fields_of_kinds[i].key, key) == 0)
            return &typed_fields_of_kinds[i];
    return NULL;
}

/* Free-form parts have no types. */
static bool is_opaque(const char *key)
{
    return strcmp(key, "status") == 0 || strcmp(key, "managedFields") == 0 || strcmp(key, "openAPIV3Schema") == 0;
}

static char *check_types(const char *kind, const char *path, const json_t *value)
{
    const char *key;
    json_t *child;
    size_t index;
    char *why = NULL;
    if (json_is_array(value)) {
        json_array_foreach(value, index, child)
        {
            if ((why = check_types(kind, path, child)) != NULL)
                return why;
        }
        return NULL;
    }
    json_object_foreach((json_t *)value, key, child)
    {
        if (is_opaque(key) || json_is_null(child))
            continue;
        CLEANUP_FREE char *place = path[0] != '\0' ? memory_format("%s.%s", path, key) : memory_text(key);
        const struct typed_field *field = find_typed(key);
        why = field != NULL ? check_field(kind, field, place, child) : check_types(kind, place, child);
        if (why != NULL)
            return why;
    }
    return NULL;
}

bool validate_types(const char *kind, const json_t *object, char **ret_why)
{
    static const char *const typed[] = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job",      "CronJob",
                                        "Pod",        "Service",     "ConfigMap", "Secret",     "Namespace"};
    for (size_t i = 0; i < LENGTH_OF(typed); i++) {
        if (strcmp(typed[i], kind) != 0)
            continue;
        char *why = check_types(kind, "", object);
        if (why != NULL) {
            *ret_why = why;
            return false;
        }
    }
    return true;
}

/* An RFC 1123 subdomain; with `label`, one without dots. */
static bool is_dns_name(const char *name, bool label)
{
    size_t length = strlen(name);
    if (length == 0 || length > (label ? 63u : 253u))
        return false;
    for (size_t i = 0; i < length; i++) {
        bool edge = i == 0 || i + 1 == length || name[i - 1] == '.' || name[i + 1] == '.';
        bool plain = islower((unsigned char)name[i]) || isdigit((unsigned char)name[i]);
        bool dot = name[i] == '.' && !label && i > 0 && i + 1 < length && name[i - 1] != '.';
        if (!plain && !dot && !(name[i] == '-' && !edge))
            return false;
    }
    return true;
}

static bool is_label_value(const char *value)
{
    size_t length = strlen(value);
    for (size_t i = 0; i < length; i++) {
        bool edge = i == 0 || i + 1 == length;
        if (!isalnum((unsigned char)value[i]) && (edge || strchr("-_.", value[i]) == NULL))
            return false;
    }
    return length <= 63;
}

/* A name, or "prefix.example.com/name". */
static bool is_qualified_name(const char *key)
{
    const char *slash = strchr(key, '/');
    const char *name = slash != NULL ? slash + 1 : key;
    CLEANUP_FREE char *prefix = memory_text_part(key, slash != NULL ? (size_t)(slash - key) : 0);
    return name[0] != '\0' && is_label_value(name) && (slash == NULL || is_dns_name(prefix, false));
}

static void check_finalizers(const json_t *object, json_t *causes)
{
    static const char *const standard[] = {"kubernetes", "orphan", "foregroundDeletion"};
    const json_t *finalizers = tree_get(object, "metadata", "finalizers");
    for (size_t i = 0; i < json_array_size(finalizers); i++) {
        const char *finalizer = json_string_value(json_array_get(finalizers, i));
        CLEANUP_FREE char *path = memory_format("metadata.finalizers[%zu]", i);
        bool known = finalizer != NULL && strchr(finalizer, '/') != NULL && is_qualified_name(finalizer);
        for (size_t k = 0; k < LENGTH_OF(standard); k++)
            known = known || text_equal(finalizer, standard[k]);
        if (!known)
            refusal_add_cause(causes, "FieldValueInvalid", path,
                              "Invalid value: \"%s\": name is neither a standard finalizer name nor is it fully "
                              "qualified",
                              finalizer != NULL ? finalizer : "");
    }
}

void validate_metadata(const char *kind, const json_t *object, json_t *causes)
{
    const char *name = tree_text(object, "metadata", "name");
    bool rbac = text_ends(kind, "Role") || text_ends(kind, "RoleBinding");
    bool label = strcmp(kind, "Service") == 0 || strcmp(kind, "Namespace") == 0;
    if (name == NULL || name[0] == '\0') {
        refusal_add_cause(causes, "FieldValueRequired", "metadata.name",
                          "Required value: name or generateName is required");
    } else if (!rbac && !is_dns_name(name, label)) {
        const char *rule =
            label && strchr(name, '.') != NULL ? "must not contain dots"
            : label
                ? "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
                  "start "
                  "and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
                  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
                : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and "
                  "must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
                  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
        refusal_add_cause(causes, "FieldValueInvalid", "metadata.name", "Invalid value: \"%s\": %s", name, rule);
    }
    const char *key;
    json_t *value;
    json_object_foreach(tree_get(object, "metadata", "labels"), key, value)
    {
        const char *text = json_string_value(value);
        if (!is_qualified_name(key))
            refusal_add_cause(
                causes, "FieldValueInvalid", "metadata.labels",
                "Invalid value: \"%s\": name part must consist of alphanumeric characters, '-', '_' or "
                "'.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name', "
                " or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
                key);
        if (text != NULL && !is_label_value(text))
            refusal_add_cause(
                causes, "FieldValueInvalid", "metadata.labels",
                "Invalid value: \"%s\": a valid label must be an empty string or consist of alphanumeric "
                "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. "
                "'MyValue',  or 'my_value',  or '12345', regex used for validation is "
                "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
                text);
    }
    check_finalizers(object, causes);
}

static void check_port_number(const json_t *value, const char *path, json_t *causes)
{
    if (json_is_integer(value) && (json_integer_value(value) < 1 || json_integer_value(value) > 65535))
        refusal_add_cause(causes, "FieldValueInvalid", path,
                          "Invalid value: %" JSON_INTEGER_FORMAT ": must be between 1 and 65535, inclusive",
                          json_integer_value(value));
}

static void check_service(const json_t *object, json_t *causes)
{
    static const char *const types[] = {"ClusterIP", "ExternalName", "LoadBalancer", "NodePort"};
    const json_t *spec = json_object_get(object, "spec"), *ports = json_object_get(spec, "ports");
    const char *type = tree_text(spec, "type");
    bool known = false;
    for (size_t i = 0; i < LENGTH_OF(types); i++)
        known = known || text_equal(types[i], type);
    if (!known)
        refusal_add_cause(causes, "FieldValueNotSupported", "spec.type",
                          "Unsupported value: \"%s\": supported values: \"ClusterIP\", \"ExternalName\", "
                          "\"LoadBalancer\", \"NodePort\"",
                          type != NULL ? type : "");
    if (json_array_size(ports) == 0 && !text_equal(type, "ExternalName") &&
        !text_equal(tree_text(spec, "clusterIP"), "None"))
        refusal_add_cause(causes, "FieldValueRequired", "spec.ports", "Required value");
    size_t index;
    const json_t *port;
    json_array_foreach(ports, index, port)
    {
        CLEANUP_FREE char *number = memory_format("spec.ports[%zu].port", index);
        CLEANUP_FREE char *target = memory_format("spec.ports[%zu].targetPort", index);
        CLEANUP_FREE char *name = memory_format("spec.ports[%zu].name", index);
        if (json_array_size(ports) > 1 && tree_text(port, "name") == NULL)
            refusal_add_cause(causes, "FieldValueRequired", name, "Required value");
        check_port_number(json_object_get(port, "port"), number, causes);
        check_port_number(json_object_get(port, "targetPort"), target, causes);
    }
}

/* What else a definition must be, definition_check() looks at. */
static void check_definition(const json_t *object, json_t *causes)
{
    const json_t *versions = tree_get(object, "spec", "versions");
    size_t index;
    const json_t *version;
    json_array_foreach(tree_get(object, "status", "storedVersions"), index, version)
    {
        const char *name = json_string_value(version);
        size_t at;
        const json_t *one;
        bool found = name == NULL;
        json_array_foreach(versions, at, one)
        {
            found = found || text_equal(tree_text(one, "name"), name);
        }
        CLEANUP_FREE char *path = memory_format("status.storedVersions[%zu]", index);
        if (!found)
            refusal_add_cause(
                causes, "FieldValueInvalid", path,
                "Invalid value: \"%s\": missing from spec.versions; %s was previously a storage version, and "
                "must remain in spec.versions until a storage migration ensures no data remains persisted in "
                "%s and removes %s from status.storedVersions",
                name, name, name, name);
    }
}

void validate_object(const char *kind, const json_t *object, json_t *causes)
{
    if (strcmp(kind, "Service") == 0)
        check_service(object, causes);
    else if (strcmp(kind, "CustomResourceDefinition") == 0)
        check_definition(object, causes);
    else
        validate_workload(kind, object, causes);
}

static void immutable(const json_t *old, const json_t *object, const char *path, json_t *causes)
{
    const json_t *a = old, *b = object;
    CLEANUP_FREE char *steps = memory_text(path);
    char *rest = NULL;
    for (char *step = strtok_r(steps, ".", &rest); step != NULL; step = strtok_r(NULL, ".", &rest)) {
        a = json_object_get(a, step);
        b = json_object_get(b, step);
    }
    if (tree_equal(a, b))
        return;
    CLEANUP_FREE char *shown =
        b != NULL ? json_dumps(b, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS) : memory_text("null");
    refusal_add_cause(causes, "FieldValueInvalid", path, "Invalid value: %s: field is immutable", shown);
}

static void check_immutable_data(const json_t *old, const json_t *object, json_t *causes)
{
    if (!json_is_true(json_object_get(old, "immutable")))
        return;
    static const char *const fields[] = {"immutable", "data", "binaryData"};
    for (size_t i = 0; i < LENGTH_OF(fields); i++)
        if (!tree_equal(json_object_get(old, fields[i]), json_object_get(object, fields[i])))
            refusal_add_cause(causes, "FieldValueForbidden", fields[i],
                              "Forbidden: field is immutable when `immutable` is set");
}

static void check_cluster_ip(const json_t *old, const json_t *object, json_t *causes)
{
    const char *before = tree_text(old, "spec", "clusterIP"), *after = tree_text(object, "spec", "clusterIP");
    if (before == NULL || before[0] == '\0' || text_equal(before, after) ||
        text_equal(tree_text(object, "spec", "type"), "ExternalName"))
        return;
    refusal_add_cause(causes, "FieldValueInvalid", "spec.clusterIPs[0]",
                      "Invalid value: [\"%s\"]: may not change once set", after != NULL ? after : "");
}

static void check_role_ref(const json_t *old, const json_t *object, json_t *causes)
{
    const json_t *reference = json_object_get(object, "roleRef");
    if (!tree_equal(json_object_get(old, "roleRef"), reference))
        refusal_add_cause(causes, "FieldValueInvalid", "roleRef",
                          "Invalid value: {\"APIGroup\":\"%s\",\"Kind\":\"%s\",\"Name\":\"%s\"}: cannot change roleRef",
                          tree_text(reference, "apiGroup"), tree_text(reference, "kind"), tree_text(reference, "name"));
}

void validate_update(const char *kind, const json_t *old, const json_t *object, json_t *causes)
{
    static const char *const with_selector[] = {"Deployment", "DaemonSet", "ReplicaSet"};
    for (size_t i = 0; i < LENGTH_OF(with_selector); i++)
        if (strcmp(kind, with_selector[i]) == 0)
            immutable(old, object, "spec.selector", causes);
    if (strcmp(kind, "StatefulSet") == 0) {
        validate_stateful_set_update(old, object, causes);
    } else if (strcmp(kind, "Pod") == 0) {
        validate_pod_update(old, object, causes);
    } else if (strcmp(kind, "Job") == 0) {
        immutable(old, object, "spec.completions", causes);
        immutable(old, object, "spec.selector", causes);
        immutable(old, object, "spec.template", causes);
    } else if (strcmp(kind, "ConfigMap") == 0 || strcmp(kind, "Secret") == 0) {
        check_immutable_data(old, object, causes);
        if (strcmp(kind, "Secret") == 0)
            immutable(old, object, "type", causes);
    } else if (strcmp(kind, "Service") == 0) {
        check_cluster_ip(old, object, causes);
    } else if (text_ends(kind, "RoleBinding")) {
        check_role_ref(old, object, causes);
    } else if (strcmp(kind, "CustomResourceDefinition") == 0) {
        immutable(old, object, "spec.names.kind", causes);
        immutable(old, object, "spec.scope", causes);
    }
}
