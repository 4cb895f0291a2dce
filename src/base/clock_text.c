/* Times and durations as people and Kubernetes write them. */
#include "base/clock.h"
#include "base/i18n.h"
#include <stdio.h>
#include <string.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* Howard Hinnant's algorithms for the proleptic Gregorian calendar: no table, no time zone, no year 2038. */
static int64_t days_from_date(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void date_from_days(int64_t days, int64_t *ret_year, int64_t *ret_month, int64_t *ret_day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    *ret_day = day_of_year - (153 * shifted + 2) / 5 + 1;
    *ret_month = shifted < 10 ? shifted + 3 : shifted - 9;
    *ret_year = year_of_era + era * 400 + (*ret_month <= 2);
}

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

/* Exactly `digits` digits, moving *text behind them. */
static bool read_number(const char **text, int digits, int64_t *ret_value)
{
    int64_t value = 0;
    for (int i = 0; i < digits; i++) {
        if (!is_digit((*text)[i]))
            return false;
        value = value * 10 + ((*text)[i] - '0');
    }
    *text += digits;
    *ret_value = value;
    return true;
}

static bool read_mark(const char **text, char mark)
{
    if (**text != mark)
        return false;
    (*text)++;
    return true;
}

static bool read_date(const char **text, int64_t *ret_days)
{
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    if (!read_number(text, 4, &year) || !read_mark(text, '-') || !read_number(text, 2, &month) ||
        !read_mark(text, '-') || !read_number(text, 2, &day))
        return false;
    static const int64_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12)
        return false;
    bool leap = month == 2 && (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    if (day < 1 || day > lengths[month - 1] + leap)
        return false;
    *ret_days = days_from_date(year, month, day);
    return true;
}

static bool read_time_of_day(const char **text, int64_t *ret_ms)
{
    int64_t hour = 0;
    int64_t minute = 0;
    int64_t second = 0;
    if (!read_number(text, 2, &hour) || !read_mark(text, ':') || !read_number(text, 2, &minute) ||
        !read_mark(text, ':') || !read_number(text, 2, &second) || hour > 23 || minute > 59 || second > 59)
        return false;
    *ret_ms = hour * HOUR + minute * MINUTE + second * SECOND;
    if (!read_mark(text, '.'))
        return true;
    if (!is_digit(**text))
        return false;
    int64_t weight = 100;
    for (; is_digit(**text); (*text)++, weight /= 10)
        *ret_ms += (**text - '0') * weight;
    return true;
}

/* "Z" or "+01:00": how far the written time is ahead of UTC. */
static bool read_offset(const char **text, int64_t *ret_ms)
{
    *ret_ms = 0;
    if (read_mark(text, 'Z'))
        return true;
    int64_t sign = **text == '-' ? -1 : 1;
    int64_t hours = 0;
    int64_t minutes = 0;
    if (!(read_mark(text, '+') || read_mark(text, '-')) || !read_number(text, 2, &hours) || !read_mark(text, ':') ||
        !read_number(text, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_ms = sign * (hours * HOUR + minutes * MINUTE);
    return true;
}

bool clock_parse(const char *text, int64_t *ret_wall_ms)
{
    int64_t days = 0;
    int64_t time_of_day = 0;
    int64_t offset = 0;
    if (text == NULL || !read_date(&text, &days) || !read_mark(&text, 'T') || !read_time_of_day(&text, &time_of_day) ||
        !read_offset(&text, &offset) || *text != '\0')
        return false;
    *ret_wall_ms = days * DAY + time_of_day - offset;
    return true;
}

/* Division that rounds down, so that times before 1970 keep their order. */
static int64_t split(int64_t value, int64_t unit, int64_t *ret_rest)
{
    int64_t rest = value % unit;
    if (rest < 0)
        rest += unit;
    *ret_rest = rest;
    return (value - rest) / unit;
}

void clock_format(int64_t wall_ms, char *buffer, size_t size)
{
    buffer[0] = '\0';
    if (wall_ms < days_from_date(0, 1, 1) * DAY || wall_ms >= days_from_date(10000, 1, 1) * DAY)
        return; /* CLOCK_UNKNOWN, and what RFC 3339 cannot write */
    int64_t rest = 0;
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    date_from_days(split(wall_ms, DAY, &rest), &year, &month, &day);
    char fraction[8] = "";
    if (rest % SECOND != 0)
        snprintf(fraction, sizeof fraction, ".%03d", (int)(rest % SECOND));
    snprintf(buffer, size, "%04d-%02d-%02dT%02d:%02d:%02d%sZ", (int)year, (int)month, (int)day, (int)(rest / HOUR),
             (int)(rest / MINUTE % 60), (int)(rest / SECOND % 60), fraction);
}

void clock_format_time_of_day(int64_t wall_ms, char *buffer, size_t size)
{
    buffer[0] = '\0';
    if (wall_ms == CLOCK_UNKNOWN)
        return;
    int64_t rest = 0;
    split(wall_ms, DAY, &rest);
    snprintf(buffer, size, "%02d:%02d:%02d", (int)(rest / HOUR), (int)(rest / MINUTE % 60), (int)(rest / SECOND % 60));
}

/* The unit at *text, moving behind it; 0 when there is none. */
static int64_t read_unit(const char **text)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", SECOND}, {"m", MINUTE}, {"h", HOUR}, {"d", DAY}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t size = strlen(units[i].name);
        if (strncmp(*text, units[i].name, size) == 0) {
            *text += size;
            return units[i].ms;
        }
    }
    return 0;
}

bool clock_parse_duration(const char *text, int64_t *ret_ms)
{
    int64_t total = 0;
    int64_t last_unit = INT64_MAX;
    if (text == NULL || *text == '\0')
        return false;
    while (*text != '\0') {
        int64_t value = 0;
        if (!is_digit(*text))
            return false;
        for (; is_digit(*text); text++)
            if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
                __builtin_add_overflow(value, *text - '0', &value))
                return false;
        int64_t unit = read_unit(&text);
        if (unit == 0 || unit >= last_unit) /* "30m1h" is a slip more often than it is meant */
            return false;
        last_unit = unit;
        if (__builtin_mul_overflow(value, unit, &value) || __builtin_add_overflow(total, value, &total))
            return false;
    }
    *ret_ms = total;
    return true;
}

void clock_format_duration(int64_t duration_ms, char *buffer, size_t size)
{
    const char *sign = duration_ms <= -SECOND ? "-" : "";
    uint64_t seconds = (duration_ms < 0 ? 0 - (uint64_t)duration_ms : (uint64_t)duration_ms) / SECOND;
    unsigned long long days = seconds / 86400;
    int hours = (int)(seconds / 3600 % 24);
    int minutes = (int)(seconds / 60 % 60);
    int rest = (int)(seconds % 60);
    if (days > 0)
        snprintf(buffer, size, _("%s%llu d %02d:%02d"), sign, days, hours, minutes);
    else if (hours > 0)
        snprintf(buffer, size, "%s%d:%02d:%02d", sign, hours, minutes, rest);
    else
        snprintf(buffer, size, "%s%d:%02d", sign, minutes, rest);
}

void clock_format_age(int64_t duration_ms, char *buffer, size_t size)
{
    /* A server's clock may run ahead of ours: what comes from the future is new. */
    long long age = duration_ms < 0 ? 0 : duration_ms;
    if (age < MINUTE)
        snprintf(buffer, size, _("%lld s"), age / SECOND);
    else if (age < HOUR)
        snprintf(buffer, size, _("%lld min"), age / MINUTE);
    else if (age < DAY)
        snprintf(buffer, size, _("%lld h"), age / HOUR);
    else
        snprintf(buffer, size, _("%lld d"), age / DAY);
}
