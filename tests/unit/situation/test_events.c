#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "fixture.h"
#include "situation/events.h"
#include <check.h>
#include <stdlib.h>

Suite *suite_events(void);

static struct event *make(const char *json)
{
    json_t *tree = fixture_parse(json);
    struct event *event = event_make(tree);
    json_decref(tree);
    return event;
}

START_TEST(whose_event_it_is)
{
    struct event *pod = make("{'involvedObject':{'kind':'Pod','name':'web-5d-abc','namespace':'n'},'type':'Warning','"
                             "reason':'BackOff','message':'m','count':3}");
    struct event *other = make("{'involvedObject':{'kind':'Pod','name':'webshop-5d'}}");
    struct event *scaled = make("{'involvedObject':{'kind':'Deployment','name':'web'}}");
    ck_assert(event_is_about(pod, "Deployment", "web"));
    ck_assert(!event_is_about(other, "Deployment", "web"));
    ck_assert(event_is_about(scaled, "Deployment", "web"));
    ck_assert(!event_is_about(scaled, "StatefulSet", "web"));
    ck_assert(pod->shown.warning);
    ck_assert_int_eq(pod->shown.count, 3);
    ck_assert_str_eq(pod->shown.object, "Pod web-5d-abc");
    event_free(pod);
    event_free(other);
    event_free(scaled);
}
END_TEST

START_TEST(when_it_was_last_seen)
{
    struct event *series =
        make("{'series':{'lastObservedTime':'2026-01-01T00:00:03.5Z','count':9},'eventTime':'2026-01-01T00:00:01Z'}");
    struct event *modern = make("{'lastTimestamp':null,'eventTime':'2026-01-01T00:00:01.000000Z'}");
    struct event *never = make("{'lastTimestamp':'soon'}");
    ck_assert_int_eq(series->shown.last_ms % 1000, 500);
    ck_assert_int_eq(series->shown.count, 9);
    ck_assert_int_eq(modern->shown.last_ms, series->shown.last_ms - 2500);
    ck_assert(never->shown.last_ms == CLOCK_UNKNOWN);
    event_free(series);
    event_free(modern);
    event_free(never);
}
END_TEST

START_TEST(newest_first_and_bounded)
{
    const struct event *events[EVENTS_LIMIT + 50];
    for (size_t i = 0; i < EVENTS_LIMIT + 50; i++) {
        CLEANUP_FREE char *json = memory_format(
            "{'involvedObject':{'kind':'Pod','name':'p%zu'},'lastTimestamp':'2026-01-01T%02zu:%02zu:00Z'}", i, i / 60,
            i % 60);
        events[i] = make(json);
    }
    struct picture_event *rows;
    size_t count;
    events_picture(events, EVENTS_LIMIT + 50, &rows, &count);
    ck_assert_uint_eq(count, EVENTS_LIMIT);
    ck_assert_str_eq(rows[0].object, "Pod p249");
    for (size_t i = 1; i < count; i++)
        ck_assert_int_ge(rows[i - 1].last_ms, rows[i].last_ms);
    events_free_picture(rows, count);
    for (size_t i = 0; i < EVENTS_LIMIT + 50; i++)
        event_free((struct event *)events[i]);
}
END_TEST

START_TEST(hostile_text_is_cleaned)
{
    struct event *event =
        make("{'involvedObject':{'kind':'Pod','name':'a\\u001b[2J'},'message':'x\\u202ey\\nz','count':-5}");
    ck_assert_str_eq(event->name, "a\\x1b[2J");
    ck_assert_str_eq(event->shown.message, "x\\u202ey\\nz");
    ck_assert_int_eq(event->shown.count, 1);
    event_free(event);
}
END_TEST

Suite *suite_events(void)
{
    Suite *suite = suite_create("events");
    TCase *tests = tcase_create("events");
    tcase_add_test(tests, whose_event_it_is);
    tcase_add_test(tests, when_it_was_last_seen);
    tcase_add_test(tests, newest_first_and_bounded);
    tcase_add_test(tests, hostile_text_is_cleaned);
    suite_add_tcase(suite, tests);
    return suite;
}
