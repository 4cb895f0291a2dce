#include "base/clock.h"
#include "ui/words.h"
#include <check.h>
#include <stdio.h>

Suite *suite_words(void);

static struct text text;

/* What has been appended since the last call. */
static const char *said(void)
{
    static char shown[200];
    snprintf(shown, sizeof shown, "%s", text_peek(&text));
    text_clear(&text);
    return shown;
}

START_TEST(times_name_the_day_only_when_it_is_another)
{
    int64_t now = 0;
    int64_t then = 0;
    ck_assert(clock_parse("2026-11-21T00:10:00Z", &now));
    ck_assert(clock_parse("2026-11-21T00:04:59Z", &then));
    words_append_time(&text, then, now);
    ck_assert_str_eq(said(), "00:04");
    words_append_time(&text, then - 600000, now);
    ck_assert_str_eq(said(), "2026-11-20 23:54");
    words_append_time(&text, CLOCK_UNKNOWN, now);
    ck_assert_str_eq(said(), "-");
    words_append_ago(&text, then, now);
    ck_assert_str_eq(said(), "5 min ago");
    words_append_ago(&text, now + 5000, now); /* a clock that is ahead of ours */
    ck_assert_str_eq(said(), "0 s ago");
    words_append_ago(&text, CLOCK_UNKNOWN, now);
    ck_assert_str_eq(said(), "-");
}
END_TEST

START_TEST(unknown_is_not_zero)
{
    words_append_ready(&text, 1, 2);
    ck_assert_str_eq(said(), "1/2");
    words_append_ready(&text, -1, 2);
    ck_assert_str_eq(said(), "?/2");
    words_append_ready(&text, -1, -1);
    ck_assert_str_eq(said(), "-");
    words_append_hash(&text, "");
    ck_assert_str_eq(said(), "-");
    words_append_hash(&text, NULL);
    ck_assert_str_eq(said(), "-");
    words_append_hash(&text, "0123456789abcdef");
    ck_assert_str_eq(said(), "01234567");
    ck_assert_str_ne(words_yes_no(-1), words_yes_no(0));
}
END_TEST

START_TEST(a_part_speaks_only_when_it_is_not_fresh)
{
    struct part part = {.state = PART_LIVE, .heard_ms = 1000};
    words_append_part(&text, &part, 99000);
    words_append_part_reason(&text, &part, 99000);
    part.state = PART_UNUSED;
    words_append_part(&text, &part, 99000);
    ck_assert_str_eq(said(), "");
    part.state = PART_STALE;
    words_append_part(&text, &part, 96000);
    ck_assert_str_eq(said(), "STALE for 1 min");
    error_set(&part.error, ERROR_UNREACHABLE, "no answer");
    error_hint(&part.error, "Wait.");
    part.state = PART_UNKNOWN;
    words_append_part_reason(&text, &part, 96000);
    ck_assert_str_eq(said(), "UNKNOWN: no answer. Wait.");
    error_release(&part.error);
}
END_TEST

Suite *suite_words(void)
{
    Suite *suite = suite_create("words");
    TCase *tests = tcase_create("words");
    tcase_add_test(tests, times_name_the_day_only_when_it_is_another);
    tcase_add_test(tests, unknown_is_not_zero);
    tcase_add_test(tests, a_part_speaks_only_when_it_is_not_fresh);
    suite_add_tcase(suite, tests);
    return suite;
}
