#include "helm/json_part.h"
#include "base/i18n.h"
#include "base/tree.h"
#include <string.h>

struct scanner {
    const char *start;
    const char *at;
    const char *end;
};

static bool is_space(char character)
{
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

static void skip_space(struct scanner *scanner)
{
    while (scanner->at < scanner->end && is_space(*scanner->at))
        scanner->at++;
}

static bool refuse(const struct scanner *scanner, struct error *error)
{
    if (scanner->at >= scanner->end)
        return error_set(error, ERROR_INVALID, _("the JSON ends too early, after %zu bytes"),
                         (size_t)(scanner->end - scanner->start));
    return error_set(error, ERROR_INVALID, _("this is not JSON at byte %zu"), (size_t)(scanner->at - scanner->start));
}

static bool take(struct scanner *scanner, char wanted)
{
    skip_space(scanner);
    if (scanner->at >= scanner->end || *scanner->at != wanted)
        return false;
    scanner->at++;
    return true;
}

/* From the opening quote to behind the closing one: the first quote that an even number of backslashes stands before.
 */
static bool skip_string(struct scanner *scanner)
{
    const char *first = scanner->at + 1;
    const char *from = first;
    while (from < scanner->end) {
        const char *quote = memchr(from, '"', (size_t)(scanner->end - from));
        if (quote == NULL)
            break;
        const char *before = quote;
        while (before > first && before[-1] == '\\')
            before--;
        if ((quote - before) % 2 == 0) {
            scanner->at = quote + 1;
            return true;
        }
        from = quote + 1;
    }
    scanner->at = scanner->end;
    return false;
}

/* From an opening bracket to behind the one that closes it. */
static bool skip_nested(struct scanner *scanner)
{
    size_t depth = 0;
    while (scanner->at < scanner->end) {
        switch (*scanner->at) {
        case '"':
            if (!skip_string(scanner))
                return false;
            continue;
        case '{':
        case '[':
            if (++depth > TREE_DEPTH_LIMIT)
                return false;
            break;
        case '}':
        case ']':
            depth--;
            break;
        default:
            break;
        }
        scanner->at++;
        if (depth == 0)
            return true;
    }
    return false;
}

static bool skip_value(struct scanner *scanner)
{
    skip_space(scanner);
    if (scanner->at >= scanner->end)
        return false;
    if (*scanner->at == '"')
        return skip_string(scanner);
    if (*scanner->at == '{' || *scanner->at == '[')
        return skip_nested(scanner);
    const char *first = scanner->at;
    while (scanner->at < scanner->end && !is_space(*scanner->at) && strchr(",]}", *scanner->at) == NULL)
        scanner->at++;
    return scanner->at > first;
}

/* One "key": value; the value is noted when it is wanted. */
static bool take_member(struct scanner *scanner, const char *const *keys, struct json_part *parts)
{
    skip_space(scanner);
    const char *key = scanner->at + 1;
    if (scanner->at >= scanner->end || *scanner->at != '"' || !skip_string(scanner))
        return false;
    size_t key_size = (size_t)(scanner->at - key) - 1;
    if (!take(scanner, ':'))
        return false;
    skip_space(scanner);
    const char *value = scanner->at;
    if (!skip_value(scanner))
        return false;
    for (size_t i = 0; keys[i] != NULL; i++)
        if (strlen(keys[i]) == key_size && memcmp(keys[i], key, key_size) == 0)
            parts[i] = (struct json_part){.bytes = value, .size = (size_t)(scanner->at - value)};
    return true;
}

bool json_part_members(struct json_part object, const char *const *keys, struct json_part *ret_parts,
                       struct error *error)
{
    struct scanner scanner = {.start = object.bytes, .at = object.bytes, .end = object.bytes + object.size};
    for (size_t i = 0; keys[i] != NULL; i++)
        ret_parts[i] = (struct json_part){0};
    if (!take(&scanner, '{'))
        return refuse(&scanner, error);
    if (!take(&scanner, '}')) {
        do {
            if (!take_member(&scanner, keys, ret_parts))
                return refuse(&scanner, error);
        } while (take(&scanner, ','));
        if (!take(&scanner, '}'))
            return refuse(&scanner, error);
    }
    skip_space(&scanner);
    return scanner.at == scanner.end ? true : refuse(&scanner, error);
}
