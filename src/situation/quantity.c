#include "situation/quantity.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Everything is counted in billionths: 16Ei is 1.9e28 of them, far inside 128 bits. */
typedef __int128 quantity;

#define QUANTITY_NANO_DIGITS  9
#define QUANTITY_DIGITS_LIMIT 24

/* A factor of `base`, `count` times; false when it leaves what is plausible. */
static bool scale(quantity *value, int base, int count)
{
    const quantity limit = (quantity)1 << 120;
    for (int i = 0; i < count; i++) {
        if (*value > limit / base || *value < -(limit / base))
            return false;
        *value *= base;
    }
    return true;
}

static bool shift(quantity *value, int exponent)
{
    for (; exponent < 0; exponent++)
        *value /= 10;
    return scale(value, 10, exponent);
}

static bool read_suffix(const char *suffix, quantity *value)
{
    static const char decimal[] = "numkMGTPE";
    static const int exponents[] = {-9, -6, -3, 3, 6, 9, 12, 15, 18};
    static const char binary[] = "KMGTPE";
    if (suffix[0] == '\0')
        return true;
    if (suffix[1] == 'i' && suffix[2] == '\0') {
        const char *place = strchr(binary, suffix[0]);
        return place != NULL && scale(value, 1024, (int)(place - binary) + 1);
    }
    if (suffix[1] == '\0') {
        const char *place = strchr(decimal, suffix[0]);
        return place != NULL && shift(value, exponents[place - decimal]);
    }
    if (suffix[0] != 'e' && suffix[0] != 'E')
        return false;
    char *end = NULL;
    long exponent = strtol(suffix + 1, &end, 10);
    return *end == '\0' && end != suffix + 1 && exponent >= -30 && exponent <= 30 && shift(value, (int)exponent);
}

static bool read_text(const char *text, quantity *ret_value)
{
    bool negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    quantity value = 0;
    int digits = 0, decimals = 0;
    for (bool point = false; isdigit((unsigned char)*text) || (*text == '.' && !point); text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        if (++digits > QUANTITY_DIGITS_LIMIT)
            return false;
        /* More than nine decimals are rounded away by the server, too. */
        if (point && ++decimals > QUANTITY_NANO_DIGITS) {
            decimals--;
            continue;
        }
        value = value * 10 + (*text - '0');
    }
    if (digits == 0 || !shift(&value, QUANTITY_NANO_DIGITS - decimals) || !read_suffix(text, &value))
        return false;
    *ret_value = negative ? -value : value;
    return true;
}

static bool read_value(const json_t *value, quantity *ret_value)
{
    char buffer[64];
    if (json_is_string(value))
        return read_text(json_string_value(value), ret_value);
    if (json_is_integer(value))
        snprintf(buffer, sizeof buffer, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        snprintf(buffer, sizeof buffer, "%.9g", json_real_value(value));
    else
        return false;
    return read_text(buffer, ret_value);
}

bool quantity_equal(const json_t *a, const json_t *b)
{
    quantity left, right;
    return read_value(a, &left) && read_value(b, &right) && left == right;
}
