#include "base/memory.h"
#include "base/text.h"
#include "net/loop.h"
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

Suite *suite_loop(void);

#define LIMIT 20000

struct diary {
    struct loop *loop;
    struct text text;
    struct loop_timer *timers[4];
    size_t count;
    bool done;
};

static void note_a(void *context)
{
    text_append_char(&((struct diary *)context)->text, 'a');
}

static void note_b(void *context)
{
    text_append_char(&((struct diary *)context)->text, 'b');
}

static void finish(void *context)
{
    ((struct diary *)context)->done = true;
}

START_TEST(timers_fire_by_the_clock_that_was_passed_in)
{
    struct clock_manual clock;
    clock_manual_init(&clock, 0);
    struct diary diary = {.loop = loop_new(&clock.clock)};
    diary.timers[0] = loop_timer_start(diary.loop, 90000, 0, note_b, &diary);
    diary.timers[1] = loop_timer_start(diary.loop, 60000, 0, note_a, &diary);
    diary.timers[2] = loop_timer_start(diary.loop, 90000, 0, finish, &diary);
    ck_assert(!loop_run_until(diary.loop, &diary.done, 20));
    ck_assert_str_eq(text_peek(&diary.text), "");
    clock_manual_advance(&clock, 60000);
    ck_assert(!loop_run_until(diary.loop, &diary.done, 20));
    ck_assert_str_eq(text_peek(&diary.text), "a");
    clock_manual_advance(&clock, 3600000); /* the machine slept */
    ck_assert(loop_run_until(diary.loop, &diary.done, LIMIT));
    ck_assert_str_eq(text_peek(&diary.text), "ab");
    for (int i = 0; i < 3; i++)
        loop_timer_cancel(diary.timers[i]);
    loop_free(diary.loop);
    text_release(&diary.text);
}
END_TEST

static void count_three(void *context)
{
    struct diary *diary = context;
    if (++diary->count == 3) {
        loop_timer_cancel(diary->timers[0]);
        diary->done = true;
    }
}

START_TEST(repeating_timer_ends_when_cancelled_in_its_own_call)
{
    struct diary diary = {.loop = loop_new(NULL)};
    diary.timers[0] = loop_timer_start(diary.loop, 1, 1, count_three, &diary);
    loop_run(diary.loop); /* ends: nothing is left to wait for */
    ck_assert_uint_eq(diary.count, 3);
    loop_free(diary.loop);
}
END_TEST

START_TEST(slept_through_ticks_are_not_made_up_for)
{
    struct clock_manual clock;
    clock_manual_init(&clock, 0);
    struct diary diary = {.loop = loop_new(&clock.clock)};
    diary.timers[0] = loop_timer_start(diary.loop, 1000, 1000, note_a, &diary);
    clock_manual_advance(&clock, 1000000);
    bool never = false;
    loop_run_until(diary.loop, &never, 20);
    ck_assert_str_eq(text_peek(&diary.text), "a");
    loop_timer_cancel(diary.timers[0]);
    loop_free(diary.loop);
    text_release(&diary.text);
}
END_TEST

static void cancel_the_other(void *context)
{
    struct diary *diary = context;
    loop_timer_cancel(diary->timers[1]);
    diary->timers[1] = NULL;
    diary->done = true;
}

START_TEST(cancelled_timer_never_calls_though_due_at_once)
{
    struct diary diary = {.loop = loop_new(NULL)};
    diary.timers[0] = loop_timer_start(diary.loop, 0, 0, cancel_the_other, &diary);
    diary.timers[1] = loop_timer_start(diary.loop, 0, 0, note_a, &diary);
    loop_run(diary.loop);
    ck_assert_str_eq(text_peek(&diary.text), "");
    ck_assert(diary.done);
    loop_timer_cancel(diary.timers[0]);
    loop_timer_cancel(NULL);
    loop_free(diary.loop);
}
END_TEST

static void start_again(void *context)
{
    struct diary *diary = context;
    if (diary->count++ < 1000) {
        loop_timer_cancel(diary->timers[0]);
        diary->timers[0] = loop_timer_start(diary->loop, 0, 0, start_again, diary);
    }
}

START_TEST(timers_of_no_delay_do_not_starve_the_loop)
{
    struct diary diary = {.loop = loop_new(NULL)};
    diary.timers[0] = loop_timer_start(diary.loop, 0, 0, start_again, &diary);
    diary.timers[1] = loop_timer_start(diary.loop, 0, 0, note_a, &diary);
    uv_run(loop_uv(diary.loop), UV_RUN_NOWAIT);
    ck_assert_str_eq(text_peek(&diary.text), "a");
    ck_assert_uint_eq(diary.count, 1);
    loop_run(diary.loop);
    ck_assert_uint_eq(diary.count, 1001);
    loop_timer_cancel(diary.timers[0]);
    loop_free(diary.loop); /* frees the other */
    text_release(&diary.text);
}
END_TEST

static void stop(void *context)
{
    loop_stop(((struct diary *)context)->loop);
}

START_TEST(stop_ends_a_run_and_not_the_next)
{
    struct diary diary = {.loop = loop_new(NULL)};
    diary.timers[0] = loop_timer_start(diary.loop, 0, 0, stop, &diary);
    diary.timers[1] = loop_timer_start(diary.loop, 10, 0, finish, &diary);
    loop_run(diary.loop);
    ck_assert(!diary.done);
    ck_assert(loop_run_until(diary.loop, &diary.done, LIMIT));
    loop_free(diary.loop);
}
END_TEST

struct sum {
    struct diary *diary;
    pthread_t thread;
    int from;
    int to;
    atomic_int *at_once;
    int most;
    long result;
};

static void add_up(void *data)
{
    struct sum *sum = data;
    sum->thread = pthread_self();
    sum->most = atomic_fetch_add(sum->at_once, 1) + 1;
    for (int i = sum->from; i < sum->to; i++)
        sum->result += i;
    atomic_fetch_sub(sum->at_once, 1);
}

static void added_up(void *data)
{
    struct sum *sum = data;
    ck_assert(!pthread_equal(sum->thread, pthread_self()));
    ck_assert_int_eq(sum->result, 499500);
    ck_assert_int_le(sum->most, 3);
    sum->diary->done = ++sum->diary->count == 20;
    free(sum);
}

static void discarded(void *data)
{
    struct sum *sum = data;
    text_append_char(&sum->diary->text, 'd');
    free(sum);
}

static struct sum *sum_new(struct diary *diary, atomic_int *at_once)
{
    struct sum *sum = memory_new(sizeof(*sum));
    sum->diary = diary;
    sum->to = 1000;
    sum->at_once = at_once;
    return sum;
}

START_TEST(jobs_work_elsewhere_and_end_here)
{
    struct diary diary = {.loop = loop_new(NULL)};
    atomic_int at_once = 0;
    for (int i = 0; i < 20; i++)
        loop_job_start(diary.loop, add_up, added_up, discarded, sum_new(&diary, &at_once));
    ck_assert(loop_run_until(diary.loop, &diary.done, LIMIT));
    ck_assert_str_eq(text_peek(&diary.text), "");
    loop_free(diary.loop);
}
END_TEST

START_TEST(cancelled_jobs_are_discarded_once_each)
{
    struct diary diary = {.loop = loop_new(NULL)};
    atomic_int at_once = 0;
    struct loop_job *jobs[8];
    for (int i = 0; i < 8; i++)
        jobs[i] = loop_job_start(diary.loop, add_up, added_up, discarded, sum_new(&diary, &at_once));
    for (int i = 0; i < 8; i++)
        loop_job_cancel(jobs[i]);
    loop_job_cancel(NULL);
    loop_run(diary.loop);
    ck_assert_str_eq(text_peek(&diary.text), "dddddddd");
    ck_assert_uint_eq(diary.count, 0);
    loop_free(diary.loop);
    text_release(&diary.text);
}
END_TEST

START_TEST(freeing_the_loop_discards_jobs)
{
    struct diary diary = {.loop = loop_new(NULL)};
    atomic_int at_once = 0;
    for (int i = 0; i < 8; i++)
        loop_job_start(diary.loop, add_up, added_up, discarded, sum_new(&diary, &at_once));
    loop_free(diary.loop);
    ck_assert_str_eq(text_peek(&diary.text), "dddddddd");
    text_release(&diary.text);
}
END_TEST

Suite *suite_loop(void)
{
    Suite *suite = suite_create("loop");
    TCase *tests = tcase_create("loop");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, timers_fire_by_the_clock_that_was_passed_in);
    tcase_add_test(tests, repeating_timer_ends_when_cancelled_in_its_own_call);
    tcase_add_test(tests, slept_through_ticks_are_not_made_up_for);
    tcase_add_test(tests, cancelled_timer_never_calls_though_due_at_once);
    tcase_add_test(tests, timers_of_no_delay_do_not_starve_the_loop);
    tcase_add_test(tests, stop_ends_a_run_and_not_the_next);
    tcase_add_test(tests, jobs_work_elsewhere_and_end_here);
    tcase_add_test(tests, cancelled_jobs_are_discarded_once_each);
    tcase_add_test(tests, freeing_the_loop_discards_jobs);
    suite_add_tcase(suite, tests);
    return suite;
}
