#include "base/clock.h"
#include <check.h>
#include <string.h>

Suite *suite_clock(void);

static void expect_time(const char *text, int64_t wall_ms, const char *formatted)
{
    int64_t parsed = 0;
    char buffer[32];
    ck_assert_msg(clock_parse(text, &parsed), "%s", text);
    ck_assert_int_eq(parsed, wall_ms);
    clock_format(parsed, buffer, sizeof buffer);
    ck_assert_str_eq(buffer, formatted);
}

START_TEST(times_read_and_written)
{
    expect_time("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z");
    expect_time("2026-11-20T10:00:00Z", INT64_C(1795168800000), "2026-11-20T10:00:00Z");
    expect_time("2026-11-20T10:00:00.123456789+01:30", INT64_C(1795163400123), "2026-11-20T08:30:00.123Z");
    expect_time("2026-11-20T10:00:00.5-07:00", INT64_C(1795194000500), "2026-11-20T17:00:00.500Z");
    expect_time("2024-02-29T23:59:59Z", INT64_C(1709251199000), "2024-02-29T23:59:59Z");
    expect_time("1969-12-31T23:59:59.999Z", -1, "1969-12-31T23:59:59.999Z");
    expect_time("0001-01-01T00:00:00Z", INT64_C(-62135596800000), "0001-01-01T00:00:00Z"); /* Go's zero time */
    expect_time("2100-03-01T00:00:00Z", INT64_C(4107542400000), "2100-03-01T00:00:00Z");
}
END_TEST

START_TEST(every_day_goes_round)
{
    for (int64_t day = -800000; day < 2900000; day += 1) {
        int64_t back = 0;
        char buffer[32];
        clock_format(day * 86400000, buffer, sizeof buffer);
        if (buffer[0] == '\0')
            continue;
        if (!clock_parse(buffer, &back) || back != day * 86400000)
            ck_abort_msg("day %lld is %s", (long long)day, buffer);
    }
}
END_TEST

START_TEST(wrong_times_refused)
{
    static const char *const wrong[] = {
        "",
        "now",
        "2026-11-20",
        "2026-11-20T10:00:00",
        "2026-11-20 10:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00+1:00",
        "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00Zx",
        "26-01-01T00:00:00Z",
        "-026-01-01T00:00:00Z",
    };
    int64_t parsed = 42;
    ck_assert(!clock_parse(NULL, &parsed));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_msg(!clock_parse(wrong[i], &parsed), "%s", wrong[i]);
    ck_assert_int_eq(parsed, 42);
}
END_TEST

START_TEST(unknown_times_are_empty)
{
    char buffer[32] = "x";
    clock_format(CLOCK_UNKNOWN, buffer, sizeof buffer);
    ck_assert_str_eq(buffer, "");
    clock_format(INT64_MAX, buffer, sizeof buffer);
    ck_assert_str_eq(buffer, "");
    clock_format_time_of_day(CLOCK_UNKNOWN, buffer, sizeof buffer);
    ck_assert_str_eq(buffer, "");
    clock_format_time_of_day(INT64_C(1795168800000) + 4327999, buffer, sizeof buffer);
    ck_assert_str_eq(buffer, "11:12:07");
    clock_format_time_of_day(-1, buffer, sizeof buffer);
    ck_assert_str_eq(buffer, "23:59:59");
}
END_TEST

START_TEST(durations_read)
{
    static const struct {
        const char *text;
        int64_t ms;
    } right[] = {
        {"0s", 0},      {"90s", 90000},    {"5m", 300000},     {"1h30m", 5400000},
        {"250ms", 250}, {"2d", 172800000}, {"1m500ms", 60500}, {"106751991167d", INT64_C(106751991167) * 86400000},
    };
    static const char *const wrong[] = {"",
                                        "5",
                                        "m",
                                        "5 m",
                                        "-5m",
                                        "1.5h",
                                        "30m1h",
                                        "5m5m",
                                        "5x",
                                        "5mm",
                                        "106751991168d",
                                        "99999999999999999999s",
                                        "9223372036854775807ms1"};
    int64_t parsed = 0;
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        ck_assert_msg(clock_parse_duration(right[i].text, &parsed), "%s", right[i].text);
        ck_assert_int_eq(parsed, right[i].ms);
    }
    parsed = 42;
    ck_assert(!clock_parse_duration(NULL, &parsed));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_msg(!clock_parse_duration(wrong[i], &parsed), "%s", wrong[i]);
    ck_assert_int_eq(parsed, 42);
}
END_TEST

static void expect_duration(int64_t ms, const char *duration, const char *age)
{
    char buffer[32];
    clock_format_duration(ms, buffer, sizeof buffer);
    ck_assert_str_eq(buffer, duration);
    clock_format_age(ms, buffer, sizeof buffer);
    ck_assert_str_eq(buffer, age);
}

START_TEST(durations_written)
{
    expect_duration(0, "0:00", "0 s");
    expect_duration(3999, "0:03", "3 s");
    expect_duration(1632000, "27:12", "27 min");
    expect_duration(3723000, "1:02:03", "1 h");
    expect_duration(INT64_C(273600000), "3 d 04:00", "3 d");
    expect_duration(-999, "0:00", "0 s");
    expect_duration(-5000, "-0:05", "0 s");
    expect_duration(INT64_MIN, "-106751991167 d 07:12", "0 s");
}
END_TEST

START_TEST(manual_clock_moves_by_hand)
{
    struct clock_manual manual;
    clock_manual_init(&manual, 1000);
    ck_assert_int_eq(clock_wall_ms(&manual.clock), 1000);
    ck_assert_int_eq(clock_boot_ms(&manual.clock), 0);
    clock_manual_advance(&manual, 250);
    ck_assert_int_eq(clock_wall_ms(&manual.clock), 1250);
    ck_assert_int_eq(clock_boot_ms(&manual.clock), 250);
}
END_TEST

START_TEST(system_clock_goes_on)
{
    int64_t before = clock_boot_ms(clock_system());
    ck_assert_int_gt(clock_wall_ms(clock_system()), INT64_C(1600000000000));
    ck_assert_int_ge(clock_boot_ms(clock_system()), before);
}
END_TEST

Suite *suite_clock(void)
{
    Suite *suite = suite_create("clock");
    TCase *tests = tcase_create("clock");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, times_read_and_written);
    tcase_add_test(tests, every_day_goes_round);
    tcase_add_test(tests, wrong_times_refused);
    tcase_add_test(tests, unknown_times_are_empty);
    tcase_add_test(tests, durations_read);
    tcase_add_test(tests, durations_written);
    tcase_add_test(tests, manual_clock_moves_by_hand);
    tcase_add_test(tests, system_clock_goes_on);
    suite_add_tcase(suite, tests);
    return suite;
}
