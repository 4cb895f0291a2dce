/* Scenario files: read with what they extend, and put together. */
#include "base/file.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/yaml.h"
#include "simulator/scenario_data.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_LIMIT   (8 << 20)
#define EXTEND_LIMIT 4 /* files that extend each other */

bool scenario_complain(const struct scenario_file *file, struct error *error, const char *pointer, const char *format,
                       ...)
{
    va_list arguments;
    char *message = NULL;
    int line = 0, column = 0;
    va_start(arguments, format);
    if (vasprintf(&message, format, arguments) < 0)
        abort();
    va_end(arguments);
    if (yaml_position(file->positions, pointer, false, &line, &column))
        error_set(error, ERROR_INVALID, "%s:%d:%d: %s", file->path, line, column, message);
    else
        error_set(error, ERROR_INVALID, "%s: %s", file->path, message);
    free(message);
    return false;
}

void scenario_file_free(void *item)
{
    struct scenario_file *file = item;
    yaml_positions_free(file->positions);
    json_decref(file->tree);
    free(file->path);
    free(file);
}

static bool read_file(struct scenario *scenario, const char *path, int depth, struct error *error);

/* The file that this one builds on goes before it. */
static bool read_extended(struct scenario *scenario, const struct scenario_file *file, int depth, struct error *error)
{
    const char *name = tree_text(file->tree, "extends");
    if (name == NULL)
        return true;
    if (depth >= EXTEND_LIMIT)
        return scenario_complain(file, error, "/extends", _("Scenarios extend each other too deeply, or in a circle."));
    CLEANUP_FREE char *wanted = memory_format("%s.yaml", name);
    CLEANUP_FREE char *path = file_resolve(file->path, wanted);
    struct error why = {0};
    bool good = read_file(scenario, path, depth + 1, &why);
    if (!good && why.code == ERROR_NOT_FOUND)
        scenario_complain(file, error, "/extends", _("The scenario '%s' that this one extends is not there: %s"), name,
                          why.message);
    else if (!good)
        error_move(error, &why);
    error_release(&why);
    return good;
}

static bool read_file(struct scenario *scenario, const char *path, int depth, struct error *error)
{
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    struct scenario_file *file = memory_new(sizeof(*file));
    file->path = memory_text(path);
    bool good = file_read(path, FILE_LIMIT, &bytes, &size, error) &&
                yaml_parse(YAML_STRICT, path, bytes, size, &file->tree, &file->positions, error) &&
                scenario_check(file, error) && read_extended(scenario, file, depth, error);
    if (good)
        array_append(&scenario->files, file);
    else
        scenario_file_free(file);
    return good;
}

/* Of two lists, one behind the other. The caller's. */
static json_t *joined(const json_t *first, const json_t *second)
{
    json_t *list = json_array();
    if (first != NULL)
        json_array_extend(list, (json_t *)first);
    if (second != NULL)
        json_array_extend(list, (json_t *)second);
    return list;
}

/* Rules of the later file are asked first; what happens in it comes behind; objects are overlaid; all else is replaced.
 */
static void put_together(json_t *whole, const json_t *tree)
{
    static const char *const rules[] = {"containers", "services", "refuse", "trouble"};
    static const char *const lists[] = {"changes", "namespaces", "git"};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)tree, key, value)
    {
        json_t *before = json_object_get(whole, key);
        bool rule = false, list = false;
        for (size_t i = 0; i < LENGTH_OF(rules); i++)
            rule = rule || strcmp(rules[i], key) == 0;
        for (size_t i = 0; i < LENGTH_OF(lists); i++)
            list = list || strcmp(lists[i], key) == 0;
        if (rule || list)
            json_object_set_new(whole, key, rule ? joined(value, before) : joined(before, value));
        else if (json_is_object(before) && json_is_object(value))
            json_object_update(before, value);
        else
            json_object_set_new(whole, key, json_copy(value));
    }
}

bool scenario_read(struct scenario *scenario, const char *path, struct error *error)
{
    if (!read_file(scenario, path, 0, error))
        return false;
    scenario->tree = json_object();
    for (size_t i = 0; i < scenario->files.count; i++)
        put_together(scenario->tree, ((const struct scenario_file *)scenario->files.items[i])->tree);
    const struct scenario_file *last = scenario->files.items[scenario->files.count - 1];
    if (json_array_size(json_object_get(scenario->tree, "nodes")) == 0)
        return scenario_complain(last, error, "", _("'nodes' is missing here: a list of texts."));
    return true;
}
