/* What the validation of custom resources says (kube-openapi pkg/validation; apiextensions-apiserver). */
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/refusal.h"
#include "simulator/schema.h"
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_LIMIT 64 /* of allOf, anyOf, oneOf and not inside each other */

/* Where validation stands: the field's path and the causes found so far. */
struct place {
    const char *path;
    json_t *causes;
    int depth;
};

static void validate(const json_t *schema, const json_t *value, struct place place);

static const char *type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "object";
    case JSON_ARRAY:
        return "array";
    case JSON_STRING:
        return "string";
    case JSON_INTEGER:
        return "integer";
    case JSON_REAL:
        return "number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "boolean";
    case JSON_NULL:
        return "null";
    }
    return "null";
}

static bool has_type(const json_t *schema, const json_t *value)
{
    if (json_is_true(json_object_get(schema, "x-kubernetes-int-or-string")))
        return json_is_integer(value) || json_is_string(value);
    const char *wanted = json_string_value(json_object_get(schema, "type"));
    if (wanted == NULL || strcmp(wanted, type_name(value)) == 0)
        return true;
    return strcmp(wanted, "number") == 0 && json_is_integer(value);
}

static void check_number(const json_t *schema, const json_t *value, struct place place)
{
    double number = json_number_value(value);
    const json_t *least = json_object_get(schema, "minimum"), *most = json_object_get(schema, "maximum");
    CLEANUP_FREE char *shown = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    bool above = json_is_true(json_object_get(schema, "exclusiveMinimum"));
    bool below = json_is_true(json_object_get(schema, "exclusiveMaximum"));
    if (json_is_number(least) && (number < json_number_value(least) || (above && !(number > json_number_value(least)))))
        refusal_add_cause(place.causes, "FieldValueInvalid", place.path,
                          "Invalid value: %s: %s in body should be greater than %s%g", shown, place.path,
                          above ? "" : "or equal to ", json_number_value(least));
    if (json_is_number(most) && (number > json_number_value(most) || (below && !(number < json_number_value(most)))))
        refusal_add_cause(place.causes, "FieldValueInvalid", place.path,
                          "Invalid value: %s: %s in body should be less than %s%g", shown, place.path,
                          below ? "" : "or equal to ", json_number_value(most));
}

static bool matches(const char *pattern, const char *text)
{
    regex_t expression;
    if (regcomp(&expression, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return true; /* a pattern that only Go's dialect has */
    bool found = regexec(&expression, text, 0, NULL, 0) == 0;
    regfree(&expression);
    return found;
}

static size_t characters(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static void check_text(const json_t *schema, const json_t *value, struct place place)
{
    const char *text = json_string_value(value);
    const char *pattern = json_string_value(json_object_get(schema, "pattern"));
    const json_t *least = json_object_get(schema, "minLength"), *most = json_object_get(schema, "maxLength");
    json_int_t length = (json_int_t)characters(text);
    if (json_is_integer(most) && length > json_integer_value(most))
        refusal_add_cause(place.causes, "FieldValueTooLong", place.path,
                          "Too long: may not be more than %" JSON_INTEGER_FORMAT " bytes", json_integer_value(most));
    else if (json_is_integer(least) && length < json_integer_value(least))
        refusal_add_cause(place.causes, "FieldValueInvalid", place.path,
                          "Invalid value: \"%s\": %s in body should be at least %" JSON_INTEGER_FORMAT " chars long",
                          text, place.path, json_integer_value(least));
    else if (pattern != NULL && !matches(pattern, text))
        refusal_add_cause(place.causes, "FieldValueInvalid", place.path,
                          "Invalid value: \"%s\": %s in body should match '%s'", text, place.path, pattern);
}

static void check_enum(const json_t *schema, const json_t *value, struct place place)
{
    const json_t *allowed = json_object_get(schema, "enum");
    struct text list = {0};
    size_t index;
    const json_t *one;
    bool found = !json_is_array(allowed);
    json_array_foreach(allowed, index, one)
    {
        CLEANUP_FREE char *shown = json_dumps(one, JSON_COMPACT | JSON_ENCODE_ANY);
        text_append_format(&list, "%s%s", index > 0 ? ", " : "", shown);
        found = found || tree_equal(one, value);
    }
    CLEANUP_FREE char *shown = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (!found)
        refusal_add_cause(place.causes, "FieldValueNotSupported", place.path,
                          "Unsupported value: %s: supported values: %s", shown, text_peek(&list));
    text_release(&list);
}

/* The element's identity in a list of type set or map. Owned by the caller. */
static char *identity(const json_t *schema, const json_t *item)
{
    const json_t *keys = json_object_get(schema, "x-kubernetes-list-map-keys");
    if (json_array_size(keys) == 0)
        return tree_canonical(item);
    json_t *named = json_object();
    size_t index;
    const json_t *key;
    json_array_foreach(keys, index, key)
    {
        json_t *value = json_object_get(item, json_string_value(key));
        if (value != NULL)
            json_object_set(named, json_string_value(key), value);
    }
    char *text = tree_canonical(named);
    json_decref(named);
    return text;
}

static void check_unique(const json_t *schema, const json_t *value, struct place place)
{
    const char *type = json_string_value(json_object_get(schema, "x-kubernetes-list-type"));
    if (type == NULL || strcmp(type, "atomic") == 0)
        return;
    json_t *seen = json_object();
    size_t index;
    const json_t *item;
    json_array_foreach(value, index, item)
    {
        CLEANUP_FREE char *text = identity(schema, item);
        CLEANUP_FREE char *path = memory_format("%s[%zu]", place.path, index);
        if (json_object_get(seen, text) != NULL)
            refusal_add_cause(place.causes, "FieldValueDuplicate", path, "Duplicate value: %s", text);
        json_object_set_new(seen, text, json_true());
    }
    json_decref(seen);
}

static void check_list(const json_t *schema, const json_t *value, struct place place)
{
    const json_t *least = json_object_get(schema, "minItems"), *most = json_object_get(schema, "maxItems");
    json_int_t count = (json_int_t)json_array_size(value);
    if (json_is_integer(most) && count > json_integer_value(most))
        refusal_add_cause(place.causes, "FieldValueTooMany", place.path,
                          "Too many: %" JSON_INTEGER_FORMAT ": must have at most %" JSON_INTEGER_FORMAT " items", count,
                          json_integer_value(most));
    if (json_is_integer(least) && count < json_integer_value(least))
        refusal_add_cause(place.causes, "FieldValueInvalid", place.path,
                          "Invalid value: %" JSON_INTEGER_FORMAT
                          ": %s in body should have at least %" JSON_INTEGER_FORMAT " items",
                          count, place.path, json_integer_value(least));
    check_unique(schema, value, place);
    size_t index;
    const json_t *item;
    json_array_foreach(value, index, item)
    {
        CLEANUP_FREE char *path = memory_format("%s[%zu]", place.path, index);
        validate(json_object_get(schema, "items"), item, (struct place){path, place.causes, place.depth});
    }
}

static char *below(const char *path, const char *key)
{
    return path[0] != '\0' ? memory_format("%s.%s", path, key) : memory_text(key);
}

static void check_object(const json_t *schema, const json_t *value, struct place place)
{
    const json_t *properties = json_object_get(schema, "properties");
    const json_t *rest = json_object_get(schema, "additionalProperties");
    size_t index;
    const json_t *name;
    json_array_foreach(json_object_get(schema, "required"), index, name)
    {
        CLEANUP_FREE char *path = below(place.path, json_string_value(name));
        if (json_object_get(value, json_string_value(name)) == NULL)
            refusal_add_cause(place.causes, "FieldValueRequired", path, "Required value");
    }
    const char *key;
    json_t *child;
    json_object_foreach((json_t *)value, key, child)
    {
        CLEANUP_FREE char *path = below(place.path, key);
        const json_t *property = json_object_get(properties, key);
        if (property == NULL && json_is_object(rest))
            property = rest;
        if (property != NULL)
            validate(property, child, (struct place){path, place.causes, place.depth});
    }
}

static bool holds(const json_t *schema, const json_t *value, struct place place)
{
    json_t *causes = json_array();
    validate(schema, value, (struct place){place.path, causes, place.depth + 1});
    bool good = json_array_size(causes) == 0;
    json_decref(causes);
    return good;
}

static size_t count_holding(const json_t *schemas, const json_t *value, struct place place)
{
    size_t count = 0, index;
    const json_t *schema;
    json_array_foreach(schemas, index, schema)
    {
        count += holds(schema, value, place);
    }
    return count;
}

static void check_combined(const json_t *schema, const json_t *value, struct place place)
{
    if (place.depth >= DEPTH_LIMIT)
        return;
    const json_t *all = json_object_get(schema, "allOf"), *any = json_object_get(schema, "anyOf");
    const json_t *one = json_object_get(schema, "oneOf"), *none = json_object_get(schema, "not");
    size_t index;
    const json_t *part;
    json_array_foreach(all, index, part)
    {
        validate(part, value, (struct place){place.path, place.causes, place.depth + 1});
    }
    if (json_array_size(any) > 0 && count_holding(any, value, place) == 0)
        refusal_add_cause(place.causes, "FieldValueInvalid", place.path,
                          "Invalid value: \"\": \"%s\" must validate at least one schema (anyOf)", place.path);
    if (json_array_size(one) > 0 && count_holding(one, value, place) != 1)
        refusal_add_cause(place.causes, "FieldValueInvalid", place.path,
                          "Invalid value: \"\": \"%s\" must validate one and only one schema (oneOf)", place.path);
    if (none != NULL && holds(none, value, place))
        refusal_add_cause(place.causes, "FieldValueInvalid", place.path,
                          "Invalid value: \"\": \"%s\" must not validate the schema (not)", place.path);
}

static void validate(const json_t *schema, const json_t *value, struct place place)
{
    if (!json_is_object(schema) || (json_is_null(value) && json_is_true(json_object_get(schema, "nullable"))))
        return;
    if (!has_type(schema, value)) {
        const char *wanted = json_string_value(json_object_get(schema, "type"));
        refusal_add_cause(place.causes, "FieldValueTypeInvalid", place.path,
                          "Invalid value: \"%s\": %s in body must be of type %s: \"%s\"", type_name(value), place.path,
                          wanted != NULL ? wanted : "integer,string", type_name(value));
        return;
    }
    if (json_is_object(value))
        check_object(schema, value, place);
    else if (json_is_array(value))
        check_list(schema, value, place);
    else if (json_is_string(value))
        check_text(schema, value, place);
    else if (json_is_number(value))
        check_number(schema, value, place);
    check_enum(schema, value, place);
    check_combined(schema, value, place);
}

void schema_validate(const json_t *schema, const json_t *object, json_t *causes)
{
    validate(schema, object, (struct place){"", causes, 0});
}
