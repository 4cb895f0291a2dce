/* What a CustomResourceDefinition has to be like (apiextensions-apiserver pkg/apis/apiextensions/validation), as far as
 * the server relies on it. */
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/definition.h"
#include <string.h>

#define KIND "CustomResourceDefinition"

enum wanted { TEXT, TEXTS, BOOLEAN, OBJECT, OBJECTS };

/* A field that is read, and what it must be where it is there. */
struct rule {
    const char *name;
    enum wanted wanted;
};

static const struct rule spec_rules[] = {{"group", TEXT}, {"scope", TEXT}, {"names", OBJECT}, {"versions", OBJECTS}};
static const struct rule name_rules[] = {{"plural", TEXT},   {"singular", TEXT},    {"kind", TEXT},
                                         {"listKind", TEXT}, {"shortNames", TEXTS}, {"categories", TEXTS}};
static const struct rule version_rules[] = {{"name", TEXT},
                                            {"served", BOOLEAN},
                                            {"storage", BOOLEAN},
                                            {"deprecated", BOOLEAN},
                                            {"deprecationWarning", TEXT},
                                            {"schema", OBJECT},
                                            {"subresources", OBJECT},
                                            {"additionalPrinterColumns", OBJECTS},
                                            {"selectableFields", OBJECTS}};

static bool all(const json_t *list, bool (*test)(const json_t *value))
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!test(json_array_get(list, i)))
            return false;
    return json_is_array(list);
}

static bool is_text(const json_t *value)
{
    return json_is_string(value);
}

static bool is_object(const json_t *value)
{
    return json_is_object(value);
}

static bool fits(const json_t *value, enum wanted wanted)
{
    switch (wanted) {
    case TEXT:
        return json_is_string(value);
    case TEXTS:
        return all(value, is_text);
    case BOOLEAN:
        return json_is_boolean(value);
    case OBJECT:
        return json_is_object(value);
    case OBJECTS:
        return all(value, is_object);
    }
    return false;
}

static bool check_types(const json_t *object, const struct rule *rules, size_t count, const char *path,
                        struct refusal *refusal)
{
    static const char *const words[] = {"string", "[]string", "bool", "struct", "[]struct"};
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_object_get(object, rules[i].name);
        if (value != NULL && !json_is_null(value) && !fits(value, rules[i].wanted))
            return refusal_bad_request(refusal,
                                       KIND " in version \"v1\" cannot be handled as a " KIND
                                            ": json: cannot unmarshal %s.%s into Go value of type %s",
                                       path, rules[i].name, words[rules[i].wanted]);
    }
    return true;
}

static bool check_all_types(const json_t *crd, struct refusal *refusal)
{
    const json_t *spec = json_object_get(crd, "spec");
    const json_t *versions = json_object_get(spec, "versions");
    static const struct rule root[] = {{"spec", OBJECT}, {"status", OBJECT}};
    if (!check_types(crd, root, LENGTH_OF(root), KIND, refusal) ||
        !check_types(spec, spec_rules, LENGTH_OF(spec_rules), "spec", refusal) ||
        !check_types(json_object_get(spec, "names"), name_rules, LENGTH_OF(name_rules), "spec.names", refusal))
        return false;
    for (size_t i = 0; i < json_array_size(versions); i++)
        if (!check_types(json_array_get(versions, i), version_rules, LENGTH_OF(version_rules), "spec.versions",
                         refusal))
            return false;
    return true;
}

static bool is_empty(const char *text)
{
    return text == NULL || text[0] == '\0';
}

static void require(const char *value, const char *path, json_t *causes)
{
    if (is_empty(value))
        refusal_add_cause(causes, "FieldValueRequired", path, "Required value");
}

static void check_names(const json_t *crd, json_t *causes)
{
    const char *name = tree_text(crd, "metadata", "name");
    const char *group = tree_text(crd, "spec", "group");
    const json_t *names = tree_get(crd, "spec", "names");
    const char *plural = tree_text(names, "plural");
    const char *kind = tree_text(names, "kind");
    CLEANUP_FREE char *wanted = memory_format("%s.%s", plural != NULL ? plural : "", group != NULL ? group : "");
    if (!text_equal(name, wanted))
        refusal_add_cause(causes, "FieldValueInvalid", "metadata.name",
                          "Invalid value: \"%s\": must be spec.names.plural+\".\"+spec.group", name);
    require(group, "spec.group", causes);
    require(plural, "spec.names.plural", causes);
    if (is_empty(tree_text(names, "singular")) && is_empty(kind))
        require(NULL, "spec.names.singular", causes);
    require(kind, "spec.names.kind", causes);
    if (is_empty(tree_text(names, "listKind")) && is_empty(kind))
        require(NULL, "spec.names.listKind", causes);
}

static void check_scope(const json_t *crd, json_t *causes)
{
    const char *scope = tree_text(crd, "spec", "scope");
    if (is_empty(scope))
        require(scope, "spec.scope", causes);
    else if (strcmp(scope, "Namespaced") != 0 && strcmp(scope, "Cluster") != 0)
        refusal_add_cause(causes, "FieldValueNotSupported", "spec.scope",
                          "Unsupported value: \"%s\": supported values: \"Cluster\", \"Namespaced\"", scope);
}

/* [a-z]([-a-z0-9]*[a-z0-9])? */
static bool is_label(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length <= 63 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length &&
           name[0] >= 'a' && name[length - 1] != '-';
}

static void refuse_label(const char *name, const char *path, json_t *causes)
{
    refusal_add_cause(causes, "FieldValueInvalid", path,
                      "Invalid value: \"%s\": a DNS-1035 label must consist of lower case alphanumeric characters or "
                      "'-', start with an alphabetic character, and end with an alphanumeric character (e.g. "
                      "'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
                      name != NULL ? name : "");
}

static void check_version(const json_t *version, size_t index, json_t *causes)
{
    const char *name = tree_text(version, "name");
    const json_t *schema = tree_get(version, "schema", "openAPIV3Schema");
    CLEANUP_FREE char *name_path = memory_format("spec.versions[%zu].name", index);
    CLEANUP_FREE char *schema_path = memory_format("spec.versions[%zu].schema.openAPIV3Schema", index);
    if (name == NULL || !is_label(name)) {
        refuse_label(name, name_path, causes);
        if (index == 0) /* the old field for a single version stands for the first */
            refuse_label(name, "spec.version", causes);
    }
    if (!json_is_object(schema))
        require(NULL, schema_path, causes);
    else if (!text_equal(tree_text(schema, "type"), "object"))
        refusal_add_cause(causes, "FieldValueRequired", schema_path, "Required value: must not be empty at the root");
}

static void check_versions(const json_t *crd, json_t *causes)
{
    const json_t *versions = tree_get(crd, "spec", "versions");
    size_t storing = 0;
    for (size_t i = 0; i < json_array_size(versions); i++) {
        const json_t *version = json_array_get(versions, i);
        check_version(version, i, causes);
        storing += json_is_true(json_object_get(version, "storage"));
        for (size_t k = 0; k < i; k++)
            if (text_equal(tree_text(json_array_get(versions, k), "name"), tree_text(version, "name")))
                refusal_add_cause(causes, "FieldValueInvalid", "spec.versions",
                                  "Invalid value: must contain unique version names");
    }
    if (storing != 1) {
        refusal_add_cause(causes, "FieldValueInvalid", "spec.versions",
                          "Invalid value: must have exactly one version marked as storage version");
        refusal_add_cause(causes, "FieldValueInvalid", "status.storedVersions",
                          "Invalid value: null: must have at least one stored version");
    }
    if (json_array_size(versions) > RESOURCE_VERSIONS_LIMIT)
        refusal_add_cause(causes, "FieldValueTooMany", "spec.versions", "Too many: %zu: must have at most %d items",
                          json_array_size(versions), RESOURCE_VERSIONS_LIMIT);
}

bool definition_check(const json_t *crd, struct refusal *refusal)
{
    if (!check_all_types(crd, refusal))
        return false;
    json_t *causes = json_array();
    check_names(crd, causes);
    check_scope(crd, causes);
    check_versions(crd, causes);
    bool good = json_array_size(causes) == 0;
    if (!good)
        refusal_invalid(refusal, "apiextensions.k8s.io", KIND, tree_text(crd, "metadata", "name"), causes);
    json_decref(causes);
    return good;
}
