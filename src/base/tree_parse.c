/* JSON text into a tree. Depth and values are measured before jansson sees a byte: its parser recurses up to 2,048 deep,
 * too much for a small stack, and makes a hundred bytes of each "[],". */
#include "base/i18n.h"
#include "base/tree.h"
#include <string.h>

/* The end of the string whose opening quote is at `at`: behind its closing quote, or `end`. */
static const char *skip_string(const char *at, const char *end)
{
    for (at++; at < end; at++) {
        if (*at == '\\')
            at++;
        else if (*at == '"')
            return at + 1;
    }
    return end;
}

/* Where a limit is first exceeded, or NULL. Text that is not JSON may be misjudged, but only behind the place where
 * jansson stops. */
static const char *find_excess(const char *bytes, size_t size, bool *ret_too_deep)
{
    const char *end = bytes + size;
    size_t depth = 0;
    size_t values = 1;
    for (const char *at = bytes; at < end;) {
        switch (*at) {
        case '"':
            at = skip_string(at, end);
            continue;
        case '{':
        case '[':
            depth++;
            values++;
            break;
        case '}':
        case ']':
            depth -= depth > 0;
            break;
        case ',':
            values++;
            break;
        default:
            break;
        }
        *ret_too_deep = depth > TREE_DEPTH_LIMIT;
        if (*ret_too_deep || values > TREE_VALUES_LIMIT)
            return at;
        at++;
    }
    return NULL;
}

/* jansson's own texts quote the input, which may be secret; these do not. */
static const char *explain(enum json_error_code code)
{
    switch (code) {
    case json_error_premature_end_of_input:
        return _("the JSON ends too early");
    case json_error_end_of_input_expected:
        return _("something follows where the JSON should end");
    case json_error_invalid_utf8:
        return _("the JSON has bytes that are not UTF-8");
    case json_error_null_byte_in_key:
    case json_error_null_character:
        return _("the JSON has a NUL character where none may be");
    case json_error_numeric_overflow:
        return _("the JSON has a number that is too large");
    case json_error_stack_overflow:
        return _("the JSON is nested too deep");
    default:
        return _("this is not JSON");
    }
}

static bool refuse(const char *bytes, const char *place, const char *what, struct error *error)
{
    int line = 1;
    const char *start = bytes;
    for (const char *at = bytes; (at = memchr(at, '\n', (size_t)(place - at))) != NULL; start = ++at)
        line++;
    return error_set(error, ERROR_INVALID, _("line %d, column %d: %s"), line, (int)(place - start) + 1, what);
}

/* Reals that came from small enough integers become integers again. */
static json_t *restore_integers(json_t *tree)
{
    const char *key = NULL;
    void *next = NULL;
    json_t *value = NULL;
    switch (json_typeof(tree)) {
    case JSON_OBJECT:
        json_object_foreach_safe(tree, next, key, value)
            json_object_set_new(tree, key, restore_integers(json_incref(value)));
        return tree;
    case JSON_ARRAY:
        for (size_t i = 0; i < json_array_size(tree); i++)
            json_array_set_new(tree, i, restore_integers(json_incref(json_array_get(tree, i))));
        return tree;
    case JSON_REAL: {
        double real = json_real_value(tree);
        if (!(real >= -0x1p53 && real <= 0x1p53) || (double)(json_int_t)real != real)
            return tree;
        json_decref(tree);
        return json_integer((json_int_t)real);
    }
    default:
        return tree;
    }
}

bool tree_parse(const char *bytes, size_t size, json_t **ret_tree, struct error *error)
{
    bool too_deep = false;
    const char *excess = find_excess(bytes, size, &too_deep);
    if (excess != NULL)
        return refuse(bytes, excess, too_deep ? _("the JSON is nested too deep") : _("the JSON has too many values"),
                      error);
    const char *nul = size == 0 ? NULL : memchr(bytes, '\0', size); /* which jansson would skip in silence */
    if (nul != NULL)
        return refuse(bytes, nul, explain(json_error_null_character), error);
    /* An escaped NUL is legal within a text, and one odd object must not hide the others of its list. */
    size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL;
    json_error_t problem;
    json_t *tree = json_loadb(bytes, size, flags, &problem);
    if (tree == NULL && json_error_code(&problem) == json_error_numeric_overflow) {
        tree = json_loadb(bytes, size, flags | JSON_DECODE_INT_AS_REAL, &problem);
        if (tree != NULL)
            tree = restore_integers(tree);
    }
    if (tree == NULL)
        return error_set(error, ERROR_INVALID, _("line %d, column %d: %s"), problem.line, problem.column,
                         explain(json_error_code(&problem)));
    *ret_tree = tree;
    return true;
}
