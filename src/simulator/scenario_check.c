/* The format of scenario files, as a table: what may stand where. data/scenarios/healthy.yaml explains it to people. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/yaml.h"
#include "simulator/scenario_data.h"
#include <stdlib.h>
#include <string.h>

enum value_type {
    TEXT,
    MOMENT,   /* "-27m" */
    DURATION, /* "5s" */
    ENDLESS,  /* "5s" or "never" */
    INTEGER,
    NUMBER,
    BOOLEAN,
    FREE,    /* any object */
    ANY,     /* anything at all */
    TEXTS,   /* a list of texts */
    FREES,   /* a list of objects */
    OBJECT,  /* an object of `shape` */
    LIST,    /* a list of objects of `shape` */
    MAP,     /* an object whose values are objects of `shape` */
    TEXT_MAP /* an object of texts */
};

struct field {
    const char *name;
    enum value_type type;
    bool required;
    const struct field *shape; /* ended by a name of NULL */
};

static const struct field reference[] = {{"apiVersion", TEXT, true, NULL},
                                         {"kind", TEXT, true, NULL},
                                         {"namespace", TEXT, false, NULL},
                                         {"name", TEXT, true, NULL},
                                         {0}};
static const struct field event[] = {{"about", OBJECT, true, reference}, {"type", TEXT, true, NULL},
                                     {"reason", TEXT, true, NULL},       {"component", TEXT, true, NULL},
                                     {"message", TEXT, true, NULL},      {0}};
static const struct field change[] = {{"at", MOMENT, true, NULL},         {"by", TEXT, false, NULL},
                                      {"apply", FREES, false, NULL},      {"patch", OBJECT, false, reference},
                                      {"with", ANY, false, NULL},         {"type", TEXT, false, NULL},
                                      {"subresource", TEXT, false, NULL}, {"delete", OBJECT, false, reference},
                                      {"event", OBJECT, false, event},    {0}};
static const struct field revision[] = {{"at", MOMENT, true, NULL},         {"chart", FREE, false, NULL},
                                        {"values", FREE, false, NULL},      {"templates", TEXTS, true, NULL},
                                        {"description", TEXT, false, NULL}, {"fails", TEXT, false, NULL},
                                        {"applies", BOOLEAN, false, NULL},  {0}};
static const struct field release[] = {{"name", TEXT, true, NULL},          {"namespace", TEXT, true, NULL},
                                       {"chart", FREE, false, NULL},        {"values", FREE, false, NULL},
                                       {"revisions", LIST, true, revision}, {0}};
static const struct field commit[] = {{"repository", TEXT, true, NULL},
                                      {"revision", TEXT, true, NULL},
                                      {"branch", TEXT, false, NULL},
                                      {"at", MOMENT, true, NULL},
                                      {"templates", TEXTS, true, NULL},
                                      {"values", FREE, false, NULL},
                                      {0}};
static const struct field match[] = {{"image", TEXT, false, NULL},
                                     {"namespace", TEXT, false, NULL},
                                     {"pod", TEXT, false, NULL},
                                     {"container", TEXT, false, NULL},
                                     {0}};
static const struct field line[] = {
    {"after", DURATION, false, NULL}, {"every", DURATION, false, NULL}, {"text", TEXT, true, NULL}, {0}};
static const struct field container[] = {{"match", OBJECT, true, match},       {"from", MOMENT, false, NULL},
                                         {"until", MOMENT, false, NULL},       {"pull_error", TEXT, false, NULL},
                                         {"start", DURATION, false, NULL},     {"ready", ENDLESS, false, NULL},
                                         {"unready", TEXT, false, NULL},       {"runs", ENDLESS, false, NULL},
                                         {"exit", INTEGER, false, NULL},       {"reason", TEXT, false, NULL},
                                         {"millicores", INTEGER, false, NULL}, {"bytes", INTEGER, false, NULL},
                                         {"log", LIST, false, line},           {0}};
static const struct field point[] = {{"at", MOMENT, true, NULL}, {"value", NUMBER, true, NULL}, {0}};
static const struct field series[] = {{"query", TEXT, true, NULL}, {"points", LIST, true, point}, {0}};
static const struct field service[] = {
    {"namespace", TEXT, true, NULL}, {"name", TEXT, true, NULL},           {"path", TEXT, false, NULL},
    {"port", TEXT, false, NULL},     {"method", TEXT, false, NULL},        {"from", MOMENT, false, NULL},
    {"until", MOMENT, false, NULL},  {"status", INTEGER, false, NULL},     {"type", TEXT, false, NULL},
    {"body", TEXT, false, NULL},     {"prometheus", BOOLEAN, false, NULL}, {0}};
static const struct field refusal[] = {
    {"operations", TEXTS, true, NULL}, {"kind", TEXT, true, NULL},    {"namespace", TEXT, false, NULL},
    {"name", TEXT, false, NULL},       {"from", MOMENT, false, NULL}, {"until", MOMENT, false, NULL},
    {"code", INTEGER, false, NULL},    {"message", TEXT, true, NULL}, {0}};
static const struct field trouble[] = {{"from", MOMENT, true, NULL},
                                       {"until", MOMENT, false, NULL},
                                       {"delay", DURATION, false, NULL},
                                       {"frozen", BOOLEAN, false, NULL},
                                       {"unavailable", BOOLEAN, false, NULL},
                                       {"tear_watches", BOOLEAN, false, NULL},
                                       {"forget_history", BOOLEAN, false, NULL},
                                       {0}};
static const struct field bulk[] = {{"namespaces", INTEGER, true, NULL},
                                    {"releases", INTEGER, true, NULL},
                                    {"pods", INTEGER, true, NULL},
                                    {"revisions", INTEGER, true, NULL},
                                    {0}};
static const struct field whole_file[] = {
    {"format", INTEGER, true, NULL},    {"name", TEXT, true, NULL},           {"title", TEXT, true, NULL},
    {"summary", TEXT, false, NULL},     {"extends", TEXT, false, NULL},       {"nodes", TEXTS, false, NULL},
    {"namespaces", TEXTS, false, NULL}, {"templates", TEXT_MAP, false, NULL}, {"releases", LIST, false, release},
    {"git", LIST, false, commit},       {"changes", LIST, false, change},     {"containers", LIST, false, container},
    {"services", LIST, false, service}, {"series", MAP, false, series},       {"refuse", LIST, false, refusal},
    {"trouble", LIST, false, trouble},  {"bulk", OBJECT, false, bulk},        {0}};

static bool check_object(const struct scenario_file *file, const json_t *value, const struct field *shape,
                         const char *pointer, struct error *error);

/* What a person should have written. */
static const char *expected(enum value_type type)
{
    switch (type) {
    case TEXT:
        return _("a text");
    case MOMENT:
        return _("a time relative to the start, like \"-27m\" or \"+30s\"");
    case DURATION:
        return _("a duration, like \"5s\"");
    case ENDLESS:
        return _("a duration, like \"5s\", or \"never\"");
    case INTEGER:
        return _("a whole number");
    case NUMBER:
        return _("a number");
    case BOOLEAN:
        return _("true or false");
    case TEXTS:
        return _("a list of texts");
    case FREES:
    case LIST:
        return _("a list of objects");
    case TEXT_MAP:
        return _("an object of texts");
    case FREE:
    case OBJECT:
    case MAP:
    case ANY:
        break;
    }
    return _("an object");
}

static bool all_are(const json_t *value, bool texts)
{
    size_t index;
    const json_t *item;
    json_array_foreach(value, index, item)
    {
        if (texts ? !json_is_string(item) : !json_is_object(item))
            return false;
    }
    return json_is_array(value);
}

static bool all_texts(const json_t *value)
{
    const char *key;
    json_t *item;
    json_object_foreach((json_t *)value, key, item)
    {
        if (!json_is_string(item))
            return false;
    }
    return json_is_object(value);
}

static bool fits(const json_t *value, enum value_type type)
{
    const char *text = json_string_value(value);
    int64_t time = 0;
    switch (type) {
    case TEXT:
        return text != NULL;
    case MOMENT:
        return scenario_time(text, &time);
    case ENDLESS:
        return text_equal(text, "never") || clock_parse_duration(text, &time);
    case DURATION:
        return clock_parse_duration(text, &time);
    case INTEGER:
        return json_is_integer(value);
    case NUMBER:
        return json_is_number(value);
    case BOOLEAN:
        return json_is_boolean(value);
    case TEXTS:
        return all_are(value, true);
    case FREES:
    case LIST:
        return all_are(value, false);
    case TEXT_MAP:
        return all_texts(value);
    case FREE:
    case OBJECT:
    case MAP:
        return json_is_object(value);
    case ANY:
        break;
    }
    return true;
}

static bool check_inside(const struct scenario_file *file, const json_t *value, const struct field *field,
                         const char *pointer, struct error *error)
{
    size_t index;
    const char *key;
    json_t *item;
    if (field->type == OBJECT)
        return check_object(file, value, field->shape, pointer, error);
    if (field->type == LIST) {
        json_array_foreach((json_t *)value, index, item)
        {
            CLEANUP_FREE char *place = yaml_pointer_index(pointer, index);
            if (!check_object(file, item, field->shape, place, error))
                return false;
        }
    } else if (field->type == MAP) {
        json_object_foreach((json_t *)value, key, item)
        {
            CLEANUP_FREE char *place = yaml_pointer(pointer, key);
            if (!json_is_object(item))
                return scenario_complain(file, error, place, _("'%s' must be %s."), key, expected(OBJECT));
            if (!check_object(file, item, field->shape, place, error))
                return false;
        }
    }
    return true;
}

static const struct field *find_field(const struct field *shape, const char *name)
{
    for (; shape->name != NULL; shape++)
        if (strcmp(shape->name, name) == 0)
            return shape;
    return NULL;
}

static bool complain_unknown(const struct scenario_file *file, const struct field *shape, const char *key,
                             const char *pointer, struct error *error)
{
    const char *names[32];
    size_t count = 0;
    for (; shape->name != NULL && count < LENGTH_OF(names); shape++)
        names[count++] = shape->name;
    CLEANUP_FREE char *nearest = text_nearest(key, names, count);
    scenario_complain(file, error, pointer, _("A scenario has no field '%s' here."), key);
    return nearest != NULL && error_hint(error, _("Did you mean %s?"), nearest);
}

static bool check_object(const struct scenario_file *file, const json_t *value, const struct field *shape,
                         const char *pointer, struct error *error)
{
    const char *key;
    json_t *child;
    json_object_foreach((json_t *)value, key, child)
    {
        const struct field *field = find_field(shape, key);
        CLEANUP_FREE char *place = yaml_pointer(pointer, key);
        if (field == NULL)
            return complain_unknown(file, shape, key, place, error);
        if (!fits(child, field->type))
            return scenario_complain(file, error, place, _("'%s' must be %s."), key, expected(field->type));
        if (!check_inside(file, child, field, place, error))
            return false;
    }
    for (; shape->name != NULL; shape++)
        if (shape->required && json_object_get(value, shape->name) == NULL)
            return scenario_complain(file, error, pointer, _("'%s' is missing here: %s."), shape->name,
                                     expected(shape->type));
    return true;
}

/* A change does exactly one thing. */
static bool check_changes(const struct scenario_file *file, struct error *error)
{
    static const char *const verbs[] = {"apply", "patch", "delete", "event"};
    size_t index;
    const json_t *item;
    json_array_foreach(json_object_get(file->tree, "changes"), index, item)
    {
        CLEANUP_FREE char *pointer = yaml_pointer_index("/changes", index);
        size_t found = 0;
        for (size_t i = 0; i < LENGTH_OF(verbs); i++)
            found += json_object_get(item, verbs[i]) != NULL;
        if (found != 1)
            return scenario_complain(file, error, pointer,
                                     _("A change does exactly one of 'apply', 'patch', 'delete' and 'event'."));
        if (json_object_get(item, "patch") != NULL && json_object_get(item, "with") == NULL)
            return scenario_complain(file, error, pointer, _("A 'patch' needs 'with': what is changed."));
    }
    return true;
}

bool scenario_check(const struct scenario_file *file, struct error *error)
{
    if (!json_is_object(file->tree))
        return scenario_complain(file, error, "", _("A scenario file is one YAML object."));
    if (!check_object(file, file->tree, whole_file, "", error) || !check_changes(file, error))
        return false;
    if (json_integer_value(json_object_get(file->tree, "format")) != 1)
        return scenario_complain(file, error, "/format", _("This program reads scenarios of format 1."));
    return true;
}
