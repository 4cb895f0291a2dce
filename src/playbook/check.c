#include "playbook/check.h"
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/yaml.h"
#include "playbook/playbook.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define MISTAKE_LIMIT 500 /* a file with more is no playbook */
#define SHOWN_LIMIT   80  /* bytes of a wrong text that are repeated */

struct mistake {
    int line;
    int column;
    char *text;
};

struct check {
    const char *file;
    const struct yaml_positions *positions;
    const json_t *parameters; /* the section; NULL: none */
    struct array mistakes;
};

static void free_mistake(void *item)
{
    struct mistake *mistake = item;
    free(mistake->text);
    free(mistake);
}

struct check *check_new(const char *file, json_t *tree, const struct yaml_positions *positions)
{
    struct check *check = memory_new(sizeof *check);
    check->file = file;
    check->positions = positions;
    check->parameters = json_object_get(tree, "parameters");
    check->mistakes.free_item = free_mistake;
    return check;
}

void check_free(struct check *check)
{
    array_release(&check->mistakes);
    free(check);
}

/* The place of a node, or of the nearest one above it that the file has. */
static void locate(const struct check *check, const char *pointer, bool at_key, int *ret_line, int *ret_column)
{
    CLEANUP_FREE char *place = memory_text(pointer);
    *ret_line = *ret_column = 1;
    while (!yaml_position(check->positions, place, at_key, ret_line, ret_column)) {
        char *slash = strrchr(place, '/');
        if (slash == NULL)
            return;
        *slash = '\0';
    }
}

void check_mistake(struct check *check, const char *pointer, bool at_key, const char *format, ...)
{
    if (check->mistakes.count >= MISTAKE_LIMIT)
        return;
    struct text sentence = {0};
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(&sentence, format, arguments);
    va_end(arguments);
    struct mistake *mistake = memory_new(sizeof *mistake);
    locate(check, pointer, at_key, &mistake->line, &mistake->column);
    mistake->text = memory_format("%s:%d:%d: %s", check->file, mistake->line, mistake->column, text_peek(&sentence));
    text_release(&sentence);
    array_append(&check->mistakes, mistake);
}

static const char *shape_name(enum check_shape shape)
{
    switch (shape) {
    case CHECK_TEXT:
        return _("a text is expected");
    case CHECK_BOOLEAN:
        return _("true or false is expected");
    case CHECK_INTEGER:
        return _("a whole number is expected");
    case CHECK_OBJECT:
        return _("an object (name: value) is expected");
    case CHECK_LIST:
        return _("a list is expected");
    case CHECK_OBJECT_OR_LIST:
        return _("an object or a list is expected");
    }
    return "";
}

static bool has_shape(const json_t *value, enum check_shape shape)
{
    switch (shape) {
    case CHECK_TEXT:
        return json_is_string(value);
    case CHECK_BOOLEAN:
        return json_is_boolean(value);
    case CHECK_INTEGER:
        return json_is_integer(value);
    case CHECK_OBJECT:
        return json_is_object(value);
    case CHECK_LIST:
        return json_is_array(value);
    case CHECK_OBJECT_OR_LIST:
        return json_is_object(value) || json_is_array(value);
    }
    return false;
}

/* What stands there instead; numbers and booleans get the advice that helps most. */
static const char *shape_advice(const json_t *value, enum check_shape shape)
{
    if (value == NULL || json_is_null(value))
        return _("; there is nothing");
    if (shape == CHECK_TEXT && (json_is_number(value) || json_is_boolean(value)))
        return _("; put it in quotes");
    return "";
}

bool check_shape(struct check *check, const char *pointer, const json_t *value, enum check_shape shape)
{
    if (has_shape(value, shape))
        return true;
    check_mistake(check, pointer, false, "%s%s", shape_name(shape), shape_advice(value, shape));
    return false;
}

static char *join_words(const char *const *words)
{
    struct text joined = {0};
    for (size_t i = 0; words[i] != NULL; i++)
        text_append_format(&joined, "%s%s", i == 0 ? "" : words[i + 1] == NULL ? _(" or ") : ", ", words[i]);
    return text_steal(&joined);
}

static bool check_word(struct check *check, const char *pointer, const char *text, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    CLEANUP_FREE char *joined = join_words(words);
    CLEANUP_FREE char *shown = text_clean(text, false, SHOWN_LIMIT);
    check_mistake(check, pointer, false, _("%s is expected, not '%s'"), joined, shown);
    return false;
}

static bool check_text(struct check *check, const char *pointer, const struct check_field *field, const char *text)
{
    if (field->words != NULL)
        return check_word(check, pointer, text, field->words);
    if (text[0] == '\0') {
        check_mistake(check, pointer, false, _("this text is empty"));
        return false;
    }
    if (field->form == NULL || field->form(text))
        return true;
    CLEANUP_FREE char *shown = text_clean(text, false, SHOWN_LIMIT);
    check_mistake(check, pointer, false, _("%s is expected, not '%s'"), _(field->expected), shown);
    return false;
}

static bool check_integer(struct check *check, const char *pointer, const struct check_field *field, int64_t value)
{
    if (value >= field->lowest && value <= field->highest)
        return true;
    check_mistake(check, pointer, false, _("a number from %lld to %lld is expected, not %lld"),
                  (long long)field->lowest, (long long)field->highest, (long long)value);
    return false;
}

/* One present field; a wrong one is taken out of the tree. */
static void check_value(struct check *check, const char *parent, json_t *object, const struct check_field *field)
{
    CLEANUP_FREE char *pointer = yaml_pointer(parent, field->name);
    json_t *value = json_object_get(object, field->name);
    bool right = check_shape(check, pointer, value, field->shape);
    if (right && field->shape == CHECK_INTEGER)
        right = check_integer(check, pointer, field, json_integer_value(value));
    if (right && field->shape == CHECK_TEXT) {
        CLEANUP_FREE char *filled = check_fill(check, pointer, json_string_value(value), field->placeholder);
        right = filled != NULL && check_text(check, pointer, field, filled);
        if (right)
            json_object_set_new(object, field->name, json_string(filled));
    }
    if (!right)
        json_object_del(object, field->name);
}

static void report_unknown(struct check *check, const char *parent, const char *key, const struct check_field *fields,
                           size_t count)
{
    CLEANUP_FREE char *pointer = yaml_pointer(parent, key);
    CLEANUP_FREE char *shown = text_clean(key, false, SHOWN_LIMIT);
    const char **names = memory_new_array(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = fields[i].name;
    CLEANUP_FREE char *nearest = text_nearest(key, names, count);
    free(names);
    if (nearest != NULL)
        check_mistake(check, pointer, true, _("the key '%s' is not known here; did you mean %s?"), shown, nearest);
    else
        check_mistake(check, pointer, true, _("the key '%s' is not known here"), shown);
}

bool check_object(struct check *check, const char *pointer, json_t *object, const struct check_field *fields,
                  size_t count)
{
    if (!check_shape(check, pointer, object, CHECK_OBJECT))
        return false;
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(object, key, value)
    {
        bool known = false;
        for (size_t i = 0; i < count && !known; i++)
            known = strcmp(key, fields[i].name) == 0;
        if (!known)
            report_unknown(check, pointer, key, fields, count);
    }
    for (size_t i = 0; i < count; i++) {
        if (json_object_get(object, fields[i].name) != NULL)
            check_value(check, pointer, object, &fields[i]);
        else if (fields[i].required)
            check_mistake(check, pointer, true, _("the key '%s' is missing here"), fields[i].name);
    }
    return true;
}

static int compare_places(const void *a, const void *b)
{
    const struct mistake *first = a;
    const struct mistake *second = b;
    return first->line != second->line ? first->line - second->line : first->column - second->column;
}

bool check_finish(struct check *check, struct playbook_mistakes *mistakes, struct error *error)
{
    size_t count = check->mistakes.count;
    if (count == 0)
        return true;
    array_sort(&check->mistakes, compare_places);
    const struct mistake *first = check->mistakes.items[0];
    error_set(error, ERROR_INVALID, "%s", first->text);
    if (count > 1)
        error_hint(error,
                   ngettext("%zu more mistake is named by 'rollback-console playbook lint %s'",
                            "%zu more mistakes are named by 'rollback-console playbook lint %s'", count - 1),
                   count - 1, check->file);
    if (mistakes == NULL)
        return false;
    mistakes->texts = memory_new_array(count, sizeof *mistakes->texts);
    mistakes->count = count;
    for (size_t i = 0; i < count; i++) {
        struct mistake *mistake = check->mistakes.items[i];
        mistakes->texts[i] = STEAL(mistake->text);
    }
    return false;
}

bool check_name(struct check *check, const char *pointer, const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    size_t size = strlen(name);
    if (size > 0 && size <= 63 && name[0] >= 'a' && name[0] <= 'z' && strspn(name, letters) == size)
        return true;
    CLEANUP_FREE char *shown = text_clean(name, false, SHOWN_LIMIT);
    check_mistake(check, pointer, true,
                  _("'%s' is no name: a name has lower-case letters, digits, '-' and '_' and begins with a letter"),
                  shown);
    return false;
}

/* The parameter whose name stands in braces at `text`, *ret_size being the whole of it; NULL when that is no name in
 * braces. */
static char *braced_name(const char *text, size_t *ret_size)
{
    size_t size = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (size == 0 || text[1 + size] != '}')
        return NULL;
    *ret_size = size + 2;
    return memory_text_part(text + 1, size);
}

/* The text that takes a parameter's place; NULL after a mistake. */
static const char *parameter_value(struct check *check, const char *pointer, const char *name)
{
    const json_t *parameter = json_object_get(check->parameters, name);
    const char *value = json_string_value(json_object_get(parameter, "default"));
    if (value != NULL)
        return value;
    if (parameter != NULL) {
        check_mistake(check, pointer, false, _("the parameter '%s' has no default, so it cannot be used here"), name);
        return NULL;
    }
    const char **names = memory_new_array(json_object_size(check->parameters), sizeof *names);
    size_t count = 0;
    const char *key = NULL;
    json_t *unused = NULL;
    json_object_foreach((json_t *)check->parameters, key, unused) names[count++] = key;
    CLEANUP_FREE char *nearest = text_nearest(name, names, count);
    free(names);
    if (nearest != NULL)
        check_mistake(check, pointer, false, _("there is no parameter '%s'; did you mean %s?"), name, nearest);
    else
        check_mistake(check, pointer, false, _("there is no parameter '%s'"), name);
    return NULL;
}

char *check_fill(struct check *check, const char *pointer, const char *text, const char *placeholder)
{
    struct text filled = {0};
    bool right = true;
    while (*text != '\0') {
        size_t size = 1;
        CLEANUP_FREE char *name = *text == '{' ? braced_name(text, &size) : NULL;
        if (name == NULL || text_equal(name, placeholder)) {
            text_append_bytes(&filled, text, size);
        } else {
            const char *value = parameter_value(check, pointer, name);
            right = right && value != NULL;
            text_append(&filled, value);
        }
        text += size;
    }
    if (right)
        return text_steal(&filled);
    text_release(&filled);
    return NULL;
}
