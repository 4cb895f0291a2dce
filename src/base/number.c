#include "base/number.h"
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The "C" locale for this thread only; in glibc it is a constant that costs nothing to get. */
static locale_t enter_c_locale(locale_t *ret_own)
{
    *ret_own = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return *ret_own == (locale_t)0 ? (locale_t)0 : uselocale(*ret_own);
}

static void leave_c_locale(locale_t before, locale_t own)
{
    if (own == (locale_t)0)
        return;
    uselocale(before);
    freelocale(own);
}

bool number_parse(const char *text, double *ret_value)
{
    if (text[0] == '\0' || text[strspn(text, "+-.0123456789eE")] != '\0')
        return false;
    locale_t own = (locale_t)0;
    locale_t before = enter_c_locale(&own);
    char *end = NULL;
    double value = strtod(text, &end);
    leave_c_locale(before, own);
    if (*end != '\0' || end == text || !isfinite(value))
        return false;
    *ret_value = value;
    return true;
}

void number_format(double value, char ret_text[NUMBER_SIZE])
{
    locale_t own = (locale_t)0;
    locale_t before = enter_c_locale(&own);
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(ret_text, NUMBER_SIZE, "%.*g", precision, value);
        if (strtod(ret_text, NULL) == value)
            break;
    }
    leave_c_locale(before, own);
}

void number_format_single(float value, char ret_text[NUMBER_SIZE])
{
    locale_t own = (locale_t)0;
    locale_t before = enter_c_locale(&own);
    int digits = 1;
    for (; digits <= 9; digits++) {
        snprintf(ret_text, NUMBER_SIZE, "%.*e", digits - 1, (double)value);
        if (strtof(ret_text, NULL) == value)
            break;
    }
    int exponent = atoi(strchr(ret_text, 'e') + 1);
    int fraction = digits - 1 - exponent;
    if (exponent >= -4 && exponent < 6)
        snprintf(ret_text, NUMBER_SIZE, "%.*f", fraction > 0 ? fraction : 0, (double)value);
    leave_c_locale(before, own);
}
