#include "simulator/filter.h"
#include "base/array.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <stdlib.h>
#include <string.h>

enum operation { EXISTS, ABSENT, IN, NOT_IN, GREATER, LESS };

/* One condition; all of them must hold. Of a field, `key` is its path. */
struct requirement {
    enum operation operation;
    char *key;
    struct array values; /* texts, owned */
};

struct filter {
    struct array labels; /* struct requirement */
    struct array fields;
};

static void free_requirement(void *item)
{
    struct requirement *requirement = item;
    free(requirement->key);
    array_release(&requirement->values);
    free(requirement);
}

static struct requirement *add(struct array *list, enum operation operation, const char *key, size_t length)
{
    struct requirement *requirement = memory_new(sizeof *requirement);
    requirement->operation = operation;
    requirement->key = memory_text_part(key, length);
    requirement->values.free_item = free;
    array_append(list, requirement);
    return requirement;
}

/* Reading "a=b, c in (d,e), !f": what is left of the text, and what the next token is. */
struct lexer {
    const char *at;
    const char *token;
    size_t length;
};

static void next(struct lexer *lexer)
{
    lexer->at += strspn(lexer->at, " \t\r\n");
    lexer->token = lexer->at;
    lexer->length = strcspn(lexer->at, " \t\r\n!=<>(),");
    if (lexer->length == 0 && *lexer->at != '\0')
        lexer->length = strncmp(lexer->at, "==", 2) == 0 || strncmp(lexer->at, "!=", 2) == 0 ? 2 : 1;
    lexer->at += lexer->length;
}

static bool is(const struct lexer *lexer, const char *word)
{
    return lexer->length == strlen(word) && strncmp(lexer->token, word, lexer->length) == 0;
}

static bool is_word(const struct lexer *lexer)
{
    return lexer->length > 0 && strchr("!=<>(),", lexer->token[0]) == NULL;
}

static bool unexpected(const struct lexer *lexer, const char *expected, struct refusal *refusal)
{
    return refusal_bad_request(refusal, "unable to parse requirement: found '%.*s', expected: %s", (int)lexer->length,
                               lexer->token, expected);
}

static bool check_key(const struct lexer *lexer, struct refusal *refusal)
{
    for (size_t i = 0; i < lexer->length; i++) {
        char c = lexer->token[i];
        bool good =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-_./", c) != NULL;
        if (!good)
            return refusal_bad_request(refusal,
                                       "unable to parse requirement: <nil>: Invalid value: \"%.*s\": name "
                                       "part must consist of alphanumeric characters, '-', '_' or '.', and "
                                       "must start and end with an alphanumeric character",
                                       (int)lexer->length, lexer->token);
    }
    return true;
}

/* "(a, b)" behind in and notin. */
static bool parse_values(struct lexer *lexer, struct requirement *requirement, struct refusal *refusal)
{
    next(lexer);
    if (!is(lexer, "("))
        return unexpected(lexer, "'('", refusal);
    for (;;) {
        next(lexer);
        if (is_word(lexer)) {
            array_append(&requirement->values, memory_text_part(lexer->token, lexer->length));
            next(lexer);
        } else if (is(lexer, ",") || is(lexer, ")")) {
            array_append(&requirement->values, memory_text(""));
        } else {
            return unexpected(lexer, "',', ')' or identifier", refusal);
        }
        if (is(lexer, ")"))
            break;
        if (!is(lexer, ","))
            return unexpected(lexer, "',' or ')'", refusal);
    }
    next(lexer);
    return true;
}

/* The one value behind "=", "!=", ">" and "<"; it may be empty behind the first two. */
static bool parse_value(struct lexer *lexer, struct requirement *requirement, struct refusal *refusal)
{
    bool number = requirement->operation == GREATER || requirement->operation == LESS;
    next(lexer);
    if (!is_word(lexer)) {
        if (number || !(is(lexer, ",") || lexer->length == 0))
            return unexpected(lexer, "identifier", refusal);
        array_append(&requirement->values, memory_text(""));
        return true;
    }
    char *value = memory_text_part(lexer->token, lexer->length);
    array_append(&requirement->values, value);
    char *end = value;
    if (number)
        strtoll(value, &end, 10);
    if (number && *end != '\0')
        return refusal_bad_request(refusal,
                                   "unable to parse requirement: values[0][%s]: Invalid value: \"%s\": for "
                                   "'Gt', 'Lt' operators, the value must be an integer",
                                   requirement->key, value);
    next(lexer);
    return true;
}

static bool parse_requirement(struct lexer *lexer, struct array *list, struct refusal *refusal)
{
    bool absent = is(lexer, "!");
    if (absent)
        next(lexer);
    if (!is_word(lexer))
        return unexpected(lexer, "!, identifier, or 'end of string'", refusal);
    if (!check_key(lexer, refusal))
        return false;
    struct requirement *requirement = add(list, absent ? ABSENT : EXISTS, lexer->token, lexer->length);
    next(lexer);
    if (absent || lexer->length == 0 || is(lexer, ","))
        return true;
    if (is(lexer, "in") || is(lexer, "notin")) {
        requirement->operation = is(lexer, "in") ? IN : NOT_IN;
        return parse_values(lexer, requirement, refusal);
    }
    if (is(lexer, "=") || is(lexer, "=="))
        requirement->operation = IN;
    else if (is(lexer, "!="))
        requirement->operation = NOT_IN;
    else if (is(lexer, ">") || is(lexer, "<"))
        requirement->operation = is(lexer, ">") ? GREATER : LESS;
    else
        return unexpected(lexer, "in, notin, =, ==, !=, gt, lt", refusal);
    return parse_value(lexer, requirement, refusal);
}

static bool parse_labels(const char *text, struct array *list, struct refusal *refusal)
{
    struct lexer lexer = {.at = text};
    next(&lexer);
    while (lexer.length > 0) {
        if (!parse_requirement(&lexer, list, refusal))
            return false;
        if (lexer.length == 0)
            break;
        if (!is(&lexer, ","))
            return unexpected(&lexer, "',' or 'end of string'", refusal);
        next(&lexer);
        if (lexer.length == 0)
            return unexpected(&lexer, "identifier after ','", refusal);
    }
    return true;
}

/* What can be selected by beside metadata.name and metadata.namespace (kubernetes pkg/registry, pkg/apis). */
static const struct {
    const char *kind;
    const char *field;
} selectable[] = {
    {"Pod", "spec.nodeName"},
    {"Pod", "spec.restartPolicy"},
    {"Pod", "spec.schedulerName"},
    {"Pod", "spec.serviceAccountName"},
    {"Pod", "spec.hostNetwork"},
    {"Pod", "status.phase"},
    {"Pod", "status.podIP"},
    {"Pod", "status.nominatedNodeName"},
    {"Event", "involvedObject.kind"},
    {"Event", "involvedObject.namespace"},
    {"Event", "involvedObject.name"},
    {"Event", "involvedObject.uid"},
    {"Event", "involvedObject.apiVersion"},
    {"Event", "involvedObject.resourceVersion"},
    {"Event", "involvedObject.fieldPath"},
    {"Event", "reason"},
    {"Event", "reportingComponent"},
    {"Event", "source"},
    {"Event", "type"},
    {"Secret", "type"},
    {"Namespace", "status.phase"},
    {"Node", "spec.unschedulable"},
    {"Job", "status.successful"},
    {"ReplicaSet", "status.replicas"},
    {"ReplicationController", "status.replicas"},
    {"Service", "spec.clusterIP"},
    {"Service", "spec.type"},
    {"CertificateSigningRequest", "spec.signerName"},
};

static bool is_selectable(const struct resource *resource, const char *version, const char *field)
{
    if (strcmp(field, "metadata.name") == 0 || (resource->namespaced && strcmp(field, "metadata.namespace") == 0))
        return true;
    for (size_t i = 0; i < LENGTH_OF(selectable) && resource->crd == NULL; i++)
        if (strcmp(selectable[i].kind, resource->kind) == 0 && strcmp(selectable[i].field, field) == 0)
            return true;
    const struct resource_version *found = resource_version(resource, version);
    const json_t *fields = found != NULL ? json_object_get(found->definition, "selectableFields") : NULL;
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const char *path = tree_text(json_array_get(fields, i), "jsonPath");
        if (path != NULL && path[0] == '.' && strcmp(path + 1, field) == 0)
            return true;
    }
    return false;
}

/* Kinds that know fields of their own refuse others in other words. */
static bool refuse_field(const struct resource *resource, const char *field, struct refusal *refusal)
{
    bool knows_fields = resource->crd != NULL;
    for (size_t i = 0; i < LENGTH_OF(selectable); i++)
        knows_fields = knows_fields || strcmp(selectable[i].kind, resource->kind) == 0;
    if (knows_fields)
        return refusal_bad_request(refusal, "field label not supported: %s", field);
    return refusal_bad_request(
        refusal, "\"%s\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"", field);
}

static bool parse_fields(const struct resource *resource, const char *version, const char *text, struct array *list,
                         struct refusal *refusal)
{
    while (*text != '\0') {
        size_t length = strcspn(text, ",");
        size_t key_length = strcspn(text, "=!,");
        CLEANUP_FREE char *term = memory_text_part(text, length);
        const char *operator= text + key_length;
        bool negated = *operator== '!' && operator[1] == '=';
        if (length > 0 && *operator!= '=' && !negated)
            return refusal_bad_request(refusal, "invalid selector: '%s'; can't understand '%s'", text, term);
        if (length > 0) {
            const char *value = operator+ 1;
            value += negated || *value == '=';
            struct requirement *requirement = add(list, negated ? NOT_IN : IN, text, key_length);
            array_append(&requirement->values, memory_text_part(value, (size_t)(text + length - value)));
            if (!is_selectable(resource, version, requirement->key))
                return refuse_field(resource, requirement->key, refusal);
        }
        text += length;
        text += *text == ',';
    }
    return true;
}

bool filter_parse(const struct resource *resource, const char *version, const char *labels, const char *fields,
                  struct filter **ret_filter, struct refusal *refusal)
{
    struct filter *filter = memory_new(sizeof *filter);
    filter->labels.free_item = free_requirement;
    filter->fields.free_item = free_requirement;
    bool good = (labels == NULL || parse_labels(labels, &filter->labels, refusal)) &&
                (fields == NULL || parse_fields(resource, version, fields, &filter->fields, refusal));
    if (good)
        *ret_filter = filter;
    else
        filter_free(filter);
    return good;
}

void filter_free(struct filter *filter)
{
    if (filter == NULL)
        return;
    array_release(&filter->labels);
    array_release(&filter->fields);
    free(filter);
}

static bool has_value(const struct requirement *requirement, const char *value)
{
    for (size_t i = 0; i < requirement->values.count; i++)
        if (strcmp(requirement->values.items[i], value) == 0)
            return true;
    return false;
}

static bool compare_numbers(const struct requirement *requirement, const char *value)
{
    char *end;
    long long number = strtoll(value, &end, 10);
    long long limit = strtoll(requirement->values.items[0], NULL, 10);
    if (end == value || *end != '\0')
        return false;
    return requirement->operation == GREATER ? number > limit : number < limit;
}

static bool holds(const struct requirement *requirement, const char *value)
{
    switch (requirement->operation) {
    case EXISTS:
        return value != NULL;
    case ABSENT:
        return value == NULL;
    case IN:
        return value != NULL && has_value(requirement, value);
    case NOT_IN:
        return value == NULL || !has_value(requirement, value);
    case GREATER:
    case LESS:
        return value != NULL && compare_numbers(requirement, value);
    }
    return false;
}

/* The value at "spec.nodeName" as text, the caller's; absent ones count as "". An event's source is its component. */
static char *field_text(const json_t *object, const char *path)
{
    const json_t *value = object;
    if (strcmp(path, "source") == 0)
        path = "source.component";
    if (strcmp(path, "status.successful") == 0)
        path = "status.succeeded";
    for (const char *at = path; value != NULL && *at != '\0';) {
        size_t length = strcspn(at, ".");
        CLEANUP_FREE char *key = memory_text_part(at, length);
        value = json_object_get(value, key);
        at += length;
        at += *at == '.';
    }
    if (json_is_string(value))
        return memory_text(json_string_value(value));
    if (json_is_boolean(value))
        return memory_text(json_is_true(value) ? "true" : "false");
    if (json_is_number(value))
        return tree_canonical(value);
    return memory_text(strcmp(path, "spec.hostNetwork") == 0 || strcmp(path, "spec.unschedulable") == 0 ? "false" : "");
}

bool filter_matches(const struct filter *filter, const json_t *object)
{
    const json_t *labels = tree_get(object, "metadata", "labels");
    for (size_t i = 0; i < filter->labels.count; i++) {
        const struct requirement *requirement = filter->labels.items[i];
        if (!holds(requirement, json_string_value(json_object_get(labels, requirement->key))))
            return false;
    }
    for (size_t i = 0; i < filter->fields.count; i++) {
        const struct requirement *requirement = filter->fields.items[i];
        CLEANUP_FREE char *value = field_text(object, requirement->key);
        if (!holds(requirement, value))
            return false;
    }
    return true;
}

bool filter_is_empty(const struct filter *filter)
{
    return filter->labels.count == 0 && filter->fields.count == 0;
}
