/*
 * Time that is passed in. Production reads CLOCK_REALTIME (what people write down) and CLOCK_BOOTTIME (what durations and ages are
 * measured with: it goes on during suspend and never jumps); tests move their own clock.
 * All times are int64_t milliseconds; wall times count from the Unix epoch, UTC.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clock {
    int64_t (*wall)(const struct clock *clock);
    int64_t (*boot)(const struct clock *clock);
};

const struct clock *clock_system(void);
int64_t clock_wall_ms(const struct clock *clock);
int64_t clock_boot_ms(const struct clock *clock);

/* A clock for tests: embed, pass &manual.clock, and set the two times. */
struct clock_manual {
    struct clock clock;
    int64_t wall_ms;
    int64_t boot_ms;
};
void clock_manual_init(struct clock_manual *manual, int64_t wall_ms);
void clock_manual_advance(struct clock_manual *manual, int64_t by_ms);

#define CLOCK_UNKNOWN INT64_MIN /* a wall time that is not known */

/* RFC 3339: "2026-11-20T10:00:00Z", with fractions and offsets read as Go's encoder writes them (nanoseconds are cut to
 * milliseconds). Formatting is always UTC, with milliseconds only where they are not zero. CLOCK_UNKNOWN formats as "". */
bool clock_parse(const char *text, int64_t *ret_wall_ms);
void clock_format(int64_t wall_ms, char *buffer, size_t size); /* 32 bytes are enough */
void clock_format_time_of_day(int64_t wall_ms, char *buffer, size_t size); /* "14:32:07", UTC */

/* Durations: "90s", "5m", "1h30m", "250ms", "2d". Bare numbers are refused: a duration has a unit. */
bool clock_parse_duration(const char *text, int64_t *ret_ms);
void clock_format_duration(int64_t duration_ms, char *buffer, size_t size); /* "27:12", "1:02:03", "3 d 04:00" */
void clock_format_age(int64_t duration_ms, char *buffer, size_t size);      /* "3 s", "27 min", "5 h", "12 d" */
