#include "simulator/jsonpath.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_LIMIT 64

/* Replaces the array of found values by what one step leads to. */
static void step_key(json_t **found, const char *key)
{
    json_t *next = json_array();
    for (size_t i = 0; i < json_array_size(*found); i++) {
        json_t *value = json_object_get(json_array_get(*found, i), key);
        if (value != NULL)
            json_array_append(next, value);
    }
    json_decref(*found);
    *found = next;
}

static void step_all(json_t **found)
{
    json_t *next = json_array();
    for (size_t i = 0; i < json_array_size(*found); i++) {
        json_t *value = json_array_get(*found, i);
        const char *key;
        json_t *child;
        json_object_foreach(value, key, child) json_array_append(next, child);
        for (size_t k = 0; k < json_array_size(value); k++)
            json_array_append(next, json_array_get(value, k));
    }
    json_decref(*found);
    *found = next;
}

static void step_index(json_t **found, long index)
{
    json_t *next = json_array();
    for (size_t i = 0; i < json_array_size(*found); i++) {
        json_t *value = json_array_get(*found, i);
        long size = (long)json_array_size(value);
        long at = index < 0 ? size + index : index;
        if (at >= 0 && at < size)
            json_array_append(next, json_array_get(value, (size_t)at));
    }
    json_decref(*found);
    *found = next;
}

/* "@.type=='Ready'": the path, whether equality is wanted, and the value. */
struct condition {
    char *path;
    bool equal;
    json_t *value;
};

static json_t *read_literal(const char *text, size_t length)
{
    CLEANUP_FREE char *literal = memory_text_part(text, length);
    if (length >= 2 && (literal[0] == '\'' || literal[0] == '"') && literal[length - 1] == literal[0]) {
        literal[length - 1] = '\0';
        return json_string(literal + 1);
    }
    return json_loads(literal, JSON_DECODE_ANY, NULL);
}

static bool read_condition(const char *text, size_t length, struct condition *ret_condition)
{
    CLEANUP_FREE char *whole = memory_text_part(text, length);
    char *operator= strstr(whole, "==");
    bool equal = operator!= NULL;
    if (!equal)
        operator= strstr(whole, "!=");
    if (operator== NULL || whole[0] != '@')
        return false;
    const char *literal = operator+ 2;
    literal += strspn(literal, " ");
    size_t literal_length = strlen(literal);
    while (literal_length > 0 && literal[literal_length - 1] == ' ')
        literal_length--;
    size_t path_length = (size_t)(operator- whole) - 1;
    while (path_length > 0 && whole[path_length] == ' ')
        path_length--;
    *ret_condition = (struct condition){.path = memory_text_part(whole + 1, path_length),
                                        .equal = equal,
                                        .value = read_literal(literal, literal_length)};
    return true;
}

static void step_filter(json_t **found, const struct condition *condition)
{
    json_t *next = json_array();
    step_all(found);
    for (size_t i = 0; i < json_array_size(*found); i++) {
        json_t *value = json_array_get(*found, i);
        json_t *tested = jsonpath_find(value, condition->path);
        bool same = json_array_size(tested) > 0 && tree_equal(json_array_get(tested, 0), condition->value);
        if (same == condition->equal)
            json_array_append(next, value);
        json_decref(tested);
    }
    json_decref(*found);
    *found = next;
}

/* "[…]": returns what stands behind it, NULL when it cannot be read. */
static const char *step_bracket(json_t **found, const char *path)
{
    const char *inside = path + 1;
    if (inside[0] == '?' && inside[1] == '(') {
        const char *end = strstr(inside, ")]");
        struct condition condition;
        if (end == NULL || !read_condition(inside + 2, (size_t)(end - inside) - 2, &condition))
            return NULL;
        step_filter(found, &condition);
        free(condition.path);
        json_decref(condition.value);
        return end + 2;
    }
    if (inside[0] == '\'' || inside[0] == '"') {
        const char *end = strchr(inside + 1, inside[0]);
        if (end == NULL || end[1] != ']')
            return NULL;
        CLEANUP_FREE char *key = memory_text_part(inside + 1, (size_t)(end - inside) - 1);
        step_key(found, key);
        return end + 2;
    }
    if (inside[0] == '*' && inside[1] == ']') {
        step_all(found);
        return inside + 2;
    }
    char *end;
    long index = strtol(inside, &end, 10);
    if (end == inside || *end != ']')
        return NULL;
    step_index(found, index);
    return end + 1;
}

/* ".key", with "\." for a dot within it. */
static const char *step_dot(json_t **found, const char *path)
{
    struct text key = {0};
    const char *at = path + 1;
    if (at[0] == '*') {
        step_all(found);
        return at + 1;
    }
    for (; *at != '\0' && *at != '.' && *at != '['; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        text_append_char(&key, *at);
    }
    if (key.size > 0)
        step_key(found, text_peek(&key));
    text_release(&key);
    return at;
}

json_t *jsonpath_find(const json_t *tree, const char *path)
{
    json_t *found = json_array();
    json_array_append(found, (json_t *)tree);
    for (int steps = 0; path != NULL && *path != '\0' && steps < STEPS_LIMIT; steps++) {
        if (*path == '.')
            path = step_dot(&found, path);
        else if (*path == '[')
            path = step_bracket(&found, path);
        else
            path = NULL;
    }
    if (path == NULL || *path != '\0')
        json_array_clear(found);
    return found;
}
