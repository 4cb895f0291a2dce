#include "simulator/table.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/columns.h"
#include "simulator/jsonpath.h"
#include <stdlib.h>
#include <string.h>

static json_t *define(const char *name, const char *type, const char *format, const char *description, int priority)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:i}", "name", name, "type", type, "format", format, "description",
                     description, "priority", priority);
}

static json_t *define_name(void)
{
    return define("Name", "string", "name", "Name must be unique within a namespace.", 0);
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static const json_t *custom_columns(const struct resource *resource, const char *version)
{
    const struct resource_version *found = resource_version(resource, version);
    return found != NULL ? json_object_get(found->definition, "additionalPrinterColumns") : NULL;
}

static json_t *custom_definitions(const struct resource *resource, const char *version)
{
    const json_t *columns = custom_columns(resource, version);
    json_t *definitions = json_array();
    json_array_append_new(definitions, define_name());
    for (size_t i = 0; i < json_array_size(columns); i++) {
        const json_t *column = json_array_get(columns, i);
        json_array_append_new(definitions,
                              define(or_empty(tree_text(column, "name")), or_empty(tree_text(column, "type")),
                                     or_empty(tree_text(column, "format")), or_empty(tree_text(column, "description")),
                                     (int)tree_integer(json_object_get(column, "priority"), 0)));
    }
    if (json_array_size(columns) == 0)
        json_array_append_new(definitions, define("Age", "date", "", "", 0));
    return definitions;
}

json_t *table_columns(const struct resource *resource, const char *version)
{
    size_t count;
    if (resource->crd != NULL)
        return custom_definitions(resource, version);
    const struct column *columns = columns_of(resource->kind, &count);
    json_t *definitions = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(definitions,
                              define(columns[i].name, columns[i].type,
                                     strcmp(columns[i].name, "Name") == 0 ? "name" : "", "", columns[i].priority));
    return definitions;
}

/* A cell of the type that the column has; what does not fit is left empty, as the real server does. */
static json_t *custom_cell(const json_t *column, const json_t *object, int64_t now_ms)
{
    const char *type = tree_text(column, "type");
    json_t *found = jsonpath_find(object, tree_text(column, "jsonPath"));
    json_t *value = json_incref(json_array_get(found, 0));
    json_decref(found);
    json_t *cell = NULL;
    if (value == NULL)
        cell = json_null();
    else if (text_equal(type, "date"))
        cell = columns_age(json_string_value(value), now_ms);
    else if (text_equal(type, "string"))
        cell = json_is_string(value) ? json_incref(value) : columns_text(value);
    else if (text_equal(type, "integer"))
        cell = json_is_integer(value) ? json_incref(value) : json_null();
    else if (text_equal(type, "number"))
        cell = json_is_number(value) ? json_incref(value) : json_null();
    else if (text_equal(type, "boolean"))
        cell = json_is_boolean(value) ? json_incref(value) : json_null();
    else
        cell = json_null();
    json_decref(value);
    return cell;
}

static json_t *custom_cells(const struct resource *resource, const char *version, const json_t *object, int64_t now_ms)
{
    const json_t *columns = custom_columns(resource, version);
    json_t *cells = json_array();
    json_array_append(cells, tree_get(object, "metadata", "name"));
    for (size_t i = 0; i < json_array_size(columns); i++)
        json_array_append_new(cells, custom_cell(json_array_get(columns, i), object, now_ms));
    if (json_array_size(columns) == 0)
        json_array_append_new(cells, columns_age(tree_text(object, "metadata", "creationTimestamp"), now_ms));
    return cells;
}

json_t *table_cells(const struct resource *resource, const char *version, const json_t *object, int64_t now_ms)
{
    size_t count;
    if (resource->crd != NULL)
        return custom_cells(resource, version, object, now_ms);
    const struct column *columns = columns_of(resource->kind, &count);
    json_t *cells = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(cells, columns[i].cell(&columns[i], object, now_ms));
    return cells;
}
