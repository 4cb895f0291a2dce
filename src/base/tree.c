#include "base/tree.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include <stdlib.h>
#include <string.h>

json_t *tree_get_path(const json_t *tree, const char *const *keys)
{
    const json_t *place = tree;
    for (; *keys != NULL; keys++)
        place = json_object_get(place, *keys); /* NULL for anything but an object that has the key */
    return (json_t *)place;
}

/* Whether a real is an integer that 64 bits hold. */
static bool integral(double value, int64_t *ret_integer)
{
    if (!(value >= -0x1p63 && value < 0x1p63) || (double)(int64_t)value != value)
        return false;
    *ret_integer = (int64_t)value;
    return true;
}

int64_t tree_integer(const json_t *value, int64_t otherwise)
{
    int64_t integer = otherwise;
    if (json_is_integer(value))
        return json_integer_value(value);
    if (json_is_real(value))
        integral(json_real_value(value), &integer);
    return integer;
}

static bool number_equal(const json_t *a, const json_t *b)
{
    if (json_is_integer(a) && json_is_integer(b))
        return json_integer_value(a) == json_integer_value(b);
    if (json_is_real(a) && json_is_real(b))
        return json_real_value(a) == json_real_value(b);
    int64_t integer = 0;
    if (json_is_real(a))
        return integral(json_real_value(a), &integer) && integer == json_integer_value(b);
    return integral(json_real_value(b), &integer) && integer == json_integer_value(a);
}

static bool object_equal(const json_t *a, const json_t *b)
{
    if (json_object_size(a) != json_object_size(b))
        return false;
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)a, key, value)
    {
        const json_t *other = json_object_get(b, key);
        if (other == NULL || !tree_equal(value, other))
            return false;
    }
    return true;
}

static bool array_equal(const json_t *a, const json_t *b)
{
    if (json_array_size(a) != json_array_size(b))
        return false;
    for (size_t i = 0; i < json_array_size(a); i++)
        if (!tree_equal(json_array_get(a, i), json_array_get(b, i)))
            return false;
    return true;
}

bool tree_equal(const json_t *a, const json_t *b)
{
    if (a == b)
        return true;
    if (a == NULL || b == NULL)
        return false;
    if (json_is_number(a) && json_is_number(b))
        return number_equal(a, b);
    if (json_typeof(a) != json_typeof(b))
        return false;
    switch (json_typeof(a)) {
    case JSON_OBJECT:
        return object_equal(a, b);
    case JSON_ARRAY:
        return array_equal(a, b);
    case JSON_STRING:
        return json_string_length(a) == json_string_length(b) &&
               memcmp(json_string_value(a), json_string_value(b), json_string_length(a)) == 0;
    default:
        return true; /* true, false and null are their own type */
    }
}

static void write_string(struct text *out, const char *bytes, size_t size)
{
    text_append_char(out, '"');
    size_t start = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        text_append_bytes(out, bytes + start, i - start);
        start = i + 1;
        if (byte == '"' || byte == '\\')
            text_append_format(out, "\\%c", byte);
        else
            text_append_format(out, "\\u%04x", byte);
    }
    text_append_bytes(out, bytes + start, size - start);
    text_append_char(out, '"');
}

static void write_real(struct text *out, double value)
{
    int64_t integer = 0;
    char digits[NUMBER_SIZE];
    if (integral(value, &integer)) {
        text_append_format(out, "%lld", (long long)integer);
        return;
    }
    number_format(value, digits);
    text_append(out, digits);
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void write_tree(struct text *out, const json_t *tree);

static void write_object(struct text *out, const json_t *object)
{
    size_t count = 0;
    const char **keys = memory_new_array(json_object_size(object), sizeof *keys);
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)object, key, value) keys[count++] = key;
    qsort(keys, count, sizeof *keys, compare_keys);
    text_append_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            text_append_char(out, ',');
        write_string(out, keys[i], strlen(keys[i]));
        text_append_char(out, ':');
        write_tree(out, json_object_get(object, keys[i]));
    }
    text_append_char(out, '}');
    free(keys);
}

static void write_array(struct text *out, const json_t *array)
{
    text_append_char(out, '[');
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i > 0)
            text_append_char(out, ',');
        write_tree(out, json_array_get(array, i));
    }
    text_append_char(out, ']');
}

static void write_tree(struct text *out, const json_t *tree)
{
    if (tree == NULL) {
        text_append(out, "null");
        return;
    }
    switch (json_typeof(tree)) {
    case JSON_OBJECT:
        write_object(out, tree);
        break;
    case JSON_ARRAY:
        write_array(out, tree);
        break;
    case JSON_STRING:
        write_string(out, json_string_value(tree), json_string_length(tree));
        break;
    case JSON_INTEGER:
        text_append_format(out, "%lld", (long long)json_integer_value(tree));
        break;
    case JSON_REAL:
        write_real(out, json_real_value(tree));
        break;
    case JSON_TRUE:
        text_append(out, "true");
        break;
    case JSON_FALSE:
        text_append(out, "false");
        break;
    case JSON_NULL:
        text_append(out, "null");
        break;
    }
}

char *tree_canonical(const json_t *tree)
{
    struct text out = {0};
    write_tree(&out, tree);
    return text_steal(&out);
}

/* Keys that would read as part of the path's own signs are quoted. */
static bool is_plain_key(const char *key)
{
    return key[0] != '\0' && key[strcspn(key, ".[]\"\\ \t\n")] == '\0';
}

void tree_path_append_key(char **path, const char *key)
{
    struct text longer = {0};
    text_append(&longer, *path);
    if (longer.size > 0)
        text_append_char(&longer, '.');
    if (is_plain_key(key))
        text_append(&longer, key);
    else
        write_string(&longer, key, strlen(key));
    free(*path);
    *path = text_steal(&longer);
}

void tree_path_append_index(char **path, size_t index)
{
    struct text longer = {0};
    text_append(&longer, *path);
    text_append_format(&longer, "[%zu]", index);
    free(*path);
    *path = text_steal(&longer);
}
