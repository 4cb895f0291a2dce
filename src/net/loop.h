/*
 * The one event loop (libuv) of a console run: timers and worker jobs on it.
 *
 * Everything except a job's `work` runs on the loop's thread. A cancelled timer or job never calls back.
 */
#pragma once

#include "base/clock.h"
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct loop;
struct loop_timer;
struct loop_job;

/* NULL: clock_system(). Also lets the process ignore SIGPIPE: a closed connection is an error of that connection alone. */
struct loop *loop_new(const struct clock *clock);
/* Closes what is left, lets running jobs end (then discards them), frees. Everything that was made on the loop is freed before. */
void loop_free(struct loop *loop);

uv_loop_t *loop_uv(struct loop *loop);
const struct clock *loop_clock(const struct loop *loop);

void loop_run(struct loop *loop); /* until loop_stop() or nothing is left to wait for */
void loop_stop(struct loop *loop);

/* Run until *done is true, loop_stop(), nothing is left to wait for, or `limit_ms` have passed on the machine's own clock (so that a
 * test whose clock stands still ends, too); returns *done. For commands and tests. */
bool loop_run_until(struct loop *loop, const bool *done, int64_t limit_ms);

/* Timers go by loop_clock()'s boot time, so they fall due while the machine sleeps. `call` is never called before loop_timer_start()
 * has returned; a delay of 0 is the loop's next turn. */

/* Calls `call` once after `delay_ms`, then every `repeat_ms` (0: only once). Cancel it when it is no longer wanted, also after it fired;
 * it is freed by that. */
struct loop_timer *loop_timer_start(struct loop *loop, int64_t delay_ms, int64_t repeat_ms, void (*call)(void *context),
                                    void *context);
void loop_timer_cancel(struct loop_timer *timer); /* NULL is accepted */

/* Run `work(data)` on a worker thread, then `done(data)` on the loop, which owns `data` from then on. When the job is cancelled,
 * `done` is not called and `discard(data)` is (on the loop, after the worker has let go of it; at once if no worker has begun).
 * `data` must be private to the job. At most a few jobs run at once, so that libuv's own work always finds a thread; the others wait
 * in order. */
struct loop_job *loop_job_start(struct loop *loop, void (*work)(void *data), void (*done)(void *data),
                                void (*discard)(void *data), void *data);
void loop_job_cancel(struct loop_job *job); /* NULL is accepted; not after `done` was called */
