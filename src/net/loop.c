#include "net/loop.h"
#include "base/memory.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* libuv has four worker threads; two stay free for what libuv itself puts there. */
#define JOBS_AT_ONCE 2

#define NEVER INT64_MAX

struct loop_timer {
    struct loop *loop;
    int64_t due; /* boot time */
    int64_t repeat;
    uint64_t number; /* of starting: equal times fire in this order */
    bool pending;
    void (*call)(void *context);
    void *context;
    TAILQ_ENTRY(loop_timer) link;
};

struct loop_job {
    uv_work_t request;
    struct loop *loop;
    bool running;
    bool cancelled;
    void (*work)(void *data);
    void (*done)(void *data);
    void (*discard)(void *data);
    void *data;
    TAILQ_ENTRY(loop_job) link;
};

TAILQ_HEAD(timer_list, loop_timer);
TAILQ_HEAD(job_list, loop_job);

/*
 * Timers are kept here and not in libuv, whose clock stands still while the machine sleeps. One timerfd of boot time
 * wakes the loop for the earliest; each turn of the loop asks the clock that was passed in which are due, so that a
 * test's clock moves them.
 */
struct loop {
    uv_loop_t uv;
    const struct clock *clock;
    uv_prepare_t turn;
    uv_poll_t alarm;
    int alarm_fd;
    int64_t armed;    /* what alarm_fd is set to */
    uv_timer_t limit; /* of loop_run_until() */
    const bool *until;
    bool stopped;
    struct timer_list pending; /* by due, number */
    struct timer_list fired;   /* not cancelled yet */
    uint64_t timers_started;
    struct job_list waiting;
    struct job_list running;
    int running_count;
};

static void insert_timer(struct loop *loop, struct loop_timer *timer)
{
    struct loop_timer *before = TAILQ_LAST(&loop->pending, timer_list);
    while (before != NULL && before->due > timer->due)
        before = TAILQ_PREV(before, timer_list, link);
    if (before != NULL)
        TAILQ_INSERT_AFTER(&loop->pending, before, timer, link);
    else
        TAILQ_INSERT_HEAD(&loop->pending, timer, link);
    timer->pending = true;
    uv_ref((uv_handle_t *)&loop->alarm); /* only pending timers keep the loop running; arm() takes this back */
}

static void take_out_timer(struct loop_timer *timer)
{
    TAILQ_REMOVE(timer->pending ? &timer->loop->pending : &timer->loop->fired, timer, link);
    timer->pending = false;
}

/* Point the timerfd at the earliest timer. */
static void arm(struct loop *loop)
{
    const struct loop_timer *first = TAILQ_FIRST(&loop->pending);
    if (first == NULL) {
        uv_unref((uv_handle_t *)&loop->alarm);
        return; /* an alarm that finds nothing to do costs less than a system call each time */
    }
    if (loop->armed == first->due)
        return;
    int64_t wait = first->due - clock_boot_ms(loop->clock);
    if (wait < 0)
        wait = 0;
    struct itimerspec when = {.it_value = {.tv_sec = wait / 1000, .tv_nsec = wait % 1000 * 1000000}};
    if (wait == 0)
        when.it_value.tv_nsec = 1; /* zero would disarm */
    if (timerfd_settime(loop->alarm_fd, 0, &when, NULL) != 0)
        abort();
    loop->armed = first->due;
}

static void fire_due(struct loop *loop)
{
    int64_t now = clock_boot_ms(loop->clock);
    uint64_t last = loop->timers_started; /* those started meanwhile wait for the next turn: the loop must not starve */
    struct loop_timer *timer;
    while ((timer = TAILQ_FIRST(&loop->pending)) != NULL && timer->due <= now && timer->number <= last) {
        take_out_timer(timer);
        if (timer->repeat > 0) {
            /* Ticks that were slept through are not made up for. */
            timer->due = timer->due + timer->repeat > now ? timer->due + timer->repeat : now + timer->repeat;
            insert_timer(loop, timer);
        } else {
            TAILQ_INSERT_TAIL(&loop->fired, timer, link);
        }
        timer->call(timer->context); /* may cancel, and so free, any timer */
    }
}

static void on_turn(uv_prepare_t *handle)
{
    struct loop *loop = handle->data;
    fire_due(loop);
    arm(loop);
    if (loop->until != NULL && *loop->until)
        uv_stop(&loop->uv); /* do not wait for the next event */
}

static void on_alarm(uv_poll_t *handle, int status, int events)
{
    struct loop *loop = handle->data;
    (void)status;
    (void)events;
    uint64_t expirations = 0;
    if (read(loop->alarm_fd, &expirations, sizeof(expirations)) > 0)
        loop->armed = NEVER; /* the next turn fires what is due and arms again */
}

static void on_limit(uv_timer_t *handle)
{
    (void)handle; /* waking the loop is all */
}

static void expect(int result)
{
    if (result != 0)
        abort(); /* out of descriptors or memory before anything has begun */
}

struct loop *loop_new(const struct clock *clock)
{
    struct loop *loop = memory_new(sizeof(*loop));
    loop->clock = clock != NULL ? clock : clock_system();
    loop->armed = NEVER;
    TAILQ_INIT(&loop->pending);
    TAILQ_INIT(&loop->fired);
    TAILQ_INIT(&loop->waiting);
    TAILQ_INIT(&loop->running);
    signal(SIGPIPE, SIG_IGN);
    expect(uv_loop_init(&loop->uv));
    loop->alarm_fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    expect(loop->alarm_fd < 0);
    expect(uv_poll_init(&loop->uv, &loop->alarm, loop->alarm_fd));
    loop->alarm.data = loop;
    expect(uv_poll_start(&loop->alarm, UV_READABLE, on_alarm));
    uv_unref((uv_handle_t *)&loop->alarm);
    expect(uv_prepare_init(&loop->uv, &loop->turn));
    loop->turn.data = loop;
    expect(uv_prepare_start(&loop->turn, on_turn));
    uv_unref((uv_handle_t *)&loop->turn);
    expect(uv_timer_init(&loop->uv, &loop->limit));
    uv_unref((uv_handle_t *)&loop->limit);
    return loop;
}

static void close_handle(uv_handle_t *handle, void *context)
{
    (void)context;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void free_timers(struct timer_list *timers)
{
    struct loop_timer *timer;
    while ((timer = TAILQ_FIRST(timers)) != NULL) {
        TAILQ_REMOVE(timers, timer, link);
        free(timer);
    }
}

void loop_free(struct loop *loop)
{
    if (loop == NULL)
        return;
    struct loop_job *job;
    while ((job = TAILQ_FIRST(&loop->waiting)) != NULL)
        loop_job_cancel(job);
    TAILQ_FOREACH(job, &loop->running, link)
    job->cancelled = true;
    uv_walk(&loop->uv, close_handle, NULL);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    expect(uv_loop_close(&loop->uv));
    close(loop->alarm_fd);
    free_timers(&loop->pending);
    free_timers(&loop->fired);
    free(loop);
}

uv_loop_t *loop_uv(struct loop *loop)
{
    return &loop->uv;
}

const struct clock *loop_clock(const struct loop *loop)
{
    return loop->clock;
}

void loop_run(struct loop *loop)
{
    arm(loop);
    if (!loop->stopped)
        uv_run(&loop->uv, UV_RUN_DEFAULT);
    loop->stopped = false;
}

void loop_stop(struct loop *loop)
{
    loop->stopped = true;
    uv_stop(&loop->uv);
}

bool loop_run_until(struct loop *loop, const bool *done, int64_t limit_ms)
{
    int64_t end = clock_boot_ms(clock_system()) + limit_ms;
    bool alive = true;
    loop->until = done;
    while (!*done && !loop->stopped && alive) {
        int64_t left = end - clock_boot_ms(clock_system());
        if (left <= 0)
            break;
        uv_update_time(&loop->uv);
        uv_timer_start(&loop->limit, on_limit, (uint64_t)left, 0);
        arm(loop);
        alive = uv_run(&loop->uv, UV_RUN_ONCE) != 0;
    }
    uv_timer_stop(&loop->limit);
    loop->until = NULL;
    loop->stopped = false;
    return *done;
}

struct loop_timer *loop_timer_start(struct loop *loop, int64_t delay_ms, int64_t repeat_ms, void (*call)(void *context),
                                    void *context)
{
    struct loop_timer *timer = memory_new(sizeof(*timer));
    int64_t now = clock_boot_ms(loop->clock);
    timer->loop = loop;
    timer->due = delay_ms < NEVER - 1 - now ? now + (delay_ms > 0 ? delay_ms : 0) : NEVER - 1;
    timer->repeat = repeat_ms;
    timer->number = ++loop->timers_started;
    timer->call = call;
    timer->context = context;
    insert_timer(loop, timer);
    return timer;
}

void loop_timer_cancel(struct loop_timer *timer)
{
    if (timer == NULL)
        return;
    take_out_timer(timer);
    free(timer);
}

static void run_job(uv_work_t *request)
{
    struct loop_job *job = request->data;
    job->work(job->data);
}

static void start_waiting_jobs(struct loop *loop);

static void end_job(uv_work_t *request, int status)
{
    (void)status; /* a started request is never cancelled through libuv */
    struct loop_job job = *(struct loop_job *)request->data;
    TAILQ_REMOVE(&job.loop->running, (struct loop_job *)request->data, link);
    job.loop->running_count--;
    free(request->data);
    start_waiting_jobs(job.loop);
    if (job.cancelled)
        job.discard(job.data);
    else
        job.done(job.data);
}

static void start_waiting_jobs(struct loop *loop)
{
    struct loop_job *job;
    while (loop->running_count < JOBS_AT_ONCE && (job = TAILQ_FIRST(&loop->waiting)) != NULL) {
        TAILQ_REMOVE(&loop->waiting, job, link);
        TAILQ_INSERT_TAIL(&loop->running, job, link);
        loop->running_count++;
        job->running = true;
        expect(uv_queue_work(&loop->uv, &job->request, run_job, end_job));
    }
}

struct loop_job *loop_job_start(struct loop *loop, void (*work)(void *data), void (*done)(void *data),
                                void (*discard)(void *data), void *data)
{
    struct loop_job *job = memory_new(sizeof(*job));
    job->request.data = job;
    job->loop = loop;
    job->work = work;
    job->done = done;
    job->discard = discard;
    job->data = data;
    TAILQ_INSERT_TAIL(&loop->waiting, job, link);
    start_waiting_jobs(loop);
    return job;
}

void loop_job_cancel(struct loop_job *job)
{
    if (job == NULL)
        return;
    if (job->running) {
        job->cancelled = true;
        return;
    }
    TAILQ_REMOVE(&job->loop->waiting, job, link);
    job->discard(job->data);
    free(job);
}
