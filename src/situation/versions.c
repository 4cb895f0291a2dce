#include "situation/versions.h"
#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define VERSION_NUMBER_LIMIT 100000000

bool version_parse(const char *text, struct version *ret_version)
{
    struct version version = {0};
    const char *at = *text == 'v' ? text + 1 : text;
    do {
        int number = 0;
        if (!isdigit((unsigned char)*at) || version.count == 3)
            return false;
        for (; isdigit((unsigned char)*at); at++) {
            number = number * 10 + (*at - '0');
            if (number >= VERSION_NUMBER_LIMIT)
                return false;
        }
        version.numbers[version.count++] = number;
    } while (*at == '.' && at++);
    if (*at != '\0' && *at != '-' && *at != '+' && *at != '_')
        return false;
    *ret_version = version;
    return true;
}

enum version_step version_step(const struct version *a, const struct version *b)
{
    static const enum version_step steps[] = {VERSION_MAJOR, VERSION_MINOR, VERSION_PATCH};
    for (size_t i = 0; i < 3; i++)
        if (a->numbers[i] != b->numbers[i])
            return steps[i];
    return VERSION_SAME;
}

int version_compare(const struct version *a, const struct version *b)
{
    for (size_t i = 0; i < 3; i++)
        if (a->numbers[i] != b->numbers[i])
            return a->numbers[i] < b->numbers[i] ? -1 : 1;
    return 0;
}

const char *version_extension(const char *tag)
{
    const char *dash = strchr(tag, '-');
    return dash != NULL && dash[1] != '\0' ? dash + 1 : NULL;
}
