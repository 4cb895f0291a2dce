/*
 * A stage for the screen's tests: the real console on a session that is made up, with a clock that stands still.
 *
 * stage SCENE [--real-clock] [--flood] [--color WHEN] [--keys FILE]
 * SIGUSR1: the next thing happens. SIGUSR2: four seconds pass. `--flood`: a thousand changes a second.
 */
#include "base/clock.h"
#include "base/memory.h"
#include "tests/screen/scenes.h"
#include "ui/console.h"
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define START_MS INT64_C(1795271527000) /* 2026-11-21 … a fixed moment */

struct session {
    struct loop *loop;
    struct scenes *scenes;
    struct clock_manual manual;
    const struct clock *clock;
    void (*on_change)(void *context);
    void *context;
    struct loop_timer *coalesce; /* as a situation does: not more often than every 50 ms */
};

struct situation_diff {
    struct session *session;
    struct loop_timer *timer;
    bool live;
    int from, to;
    void (*done)(struct object_diffs *diffs, int from, int to, const struct error *error, void *context);
    void *context;
};

/* ---- the session ---- */

void session_observe(struct session *session, void (*on_change)(void *context), void *context)
{
    session->on_change = on_change;
    session->context = context;
}

enum session_phase session_phase(const struct session *session)
{
    return scenes_phase(session->scenes);
}

const struct error *session_error(const struct session *session)
{
    return scenes_error(session->scenes);
}

struct session_identity session_identity(const struct session *session)
{
    return scenes_identity(session->scenes);
}

size_t session_release_count(const struct session *session)
{
    return scenes_release_count(session->scenes);
}

struct session_release session_release_at(const struct session *session, size_t index)
{
    return scenes_release_at(session->scenes, index);
}

static void tell(struct session *session)
{
    if (session->on_change != NULL)
        session->on_change(session->context);
}

void session_choose(struct session *session, size_t index)
{
    (void)index;
    scenes_choose(session->scenes);
    tell(session);
}

void session_repick(struct session *session)
{
    scenes_repick(session->scenes);
    tell(session);
}

struct situation *session_situation(struct session *session)
{
    return session_phase(session) == SESSION_WATCHING ? (struct situation *)session : NULL;
}

const struct picture *session_picture(struct session *session)
{
    return scenes_picture(session->scenes);
}

size_t session_warning_count(const struct session *session)
{
    return scenes_warning_count(session->scenes);
}

const char *session_warning_at(const struct session *session, size_t index)
{
    (void)session;
    (void)index;
    return "db.microsoft.com/v1 DocumentDB is deprecated; use v2";
}

const struct clock *session_clock(const struct session *session)
{
    return session->clock;
}

/* ---- a diff, answered by the loop as the real one is ---- */

static void answer(void *context)
{
    struct situation_diff *diff = context;
    struct error error = {0};
    struct object_diffs *diffs = scenes_diffs(diff->session->scenes, diff->live, &error);
    diff->done(diffs, diff->from, diff->to, diffs == NULL ? &error : NULL, diff->context);
    error_release(&error);
    situation_diff_cancel(diff);
}

struct situation_diff *situation_diff_start(struct situation *situation, int from, int to, bool live,
                                            void (*done)(struct object_diffs *diffs, int from, int to,
                                                         const struct error *error, void *context),
                                            void *context)
{
    struct situation_diff *diff = memory_new(sizeof *diff);
    *diff = (struct situation_diff){
        (struct session *)situation, NULL, live, from > 0 ? from : 5, to > 0 ? to : 4, done, context};
    diff->timer = loop_timer_start(diff->session->loop, 1, 0, answer, diff);
    return diff;
}

void situation_diff_cancel(struct situation_diff *diff)
{
    loop_timer_cancel(diff->timer);
    free(diff);
}

void object_diffs_free(struct object_diffs *diffs)
{
    for (size_t i = 0; i < diffs->count; i++) {
        struct object_diff *object = &diffs->objects[i];
        for (size_t line = 0; line < object->line_count; line++)
            free(object->lines[line].text);
        free(object->lines);
        free(object->api_version);
        free(object->kind);
        free(object->namespace);
        free(object->name);
    }
    free(diffs->objects);
    free(diffs);
}

void situation_want_facts(struct situation *situation)
{
    (void)situation; /* they are all there */
}

/* ---- what happens ---- */

static void on_next(uv_signal_t *handle, int number)
{
    struct session *session = handle->data;
    if (number == SIGUSR1)
        scenes_step(session->scenes);
    else
        clock_manual_advance(&session->manual, 4000);
    tell(session);
}

static void on_coalesced(void *context)
{
    struct session *session = context;
    loop_timer_cancel(STEAL(session->coalesce));
    tell(session);
}

static void on_flood(void *context)
{
    struct session *session = context;
    scenes_step(session->scenes);
    if (session->coalesce == NULL)
        session->coalesce = loop_timer_start(session->loop, 50, 0, on_coalesced, session);
}

static bool parse_arguments(int count, char **arguments, struct console_options *options, bool *ret_real,
                            bool *ret_flood)
{
    struct error error = {0};
    for (int i = 2; i < count; i++) {
        const char *value = i + 1 < count ? arguments[i + 1] : "";
        if (strcmp(arguments[i], "--real-clock") == 0) {
            *ret_real = true;
        } else if (strcmp(arguments[i], "--flood") == 0) {
            *ret_flood = true;
        } else if (strcmp(arguments[i], "--keys") == 0) {
            options->keys = value;
            i++;
        } else if (strcmp(arguments[i], "--color") == 0 && console_parse_color(value, &options->color, &error)) {
            i++;
        } else {
            fprintf(stderr, "stage: %s\n", error.message != NULL ? error.message : arguments[i]);
            error_release(&error);
            return false;
        }
    }
    return count > 1;
}

static void close_signal(uv_signal_t *handle)
{
    uv_close((uv_handle_t *)handle, NULL);
}

int main(int count, char **arguments)
{
    struct console_options options = {0};
    struct session session = {0};
    struct error error = {0};
    bool real = false;
    bool flood = false;
    setlocale(LC_ALL, "");
    clock_manual_init(&session.manual, START_MS);
    session.manual.boot_ms = 5000000;
    if (!parse_arguments(count, arguments, &options, &real, &flood))
        return 2;
    session.clock = real ? clock_system() : &session.manual.clock;
    session.scenes = scenes_new(arguments[1], clock_wall_ms(session.clock), clock_boot_ms(session.clock));
    if (session.scenes == NULL) {
        fprintf(stderr, "stage: there is no scene '%s'\n", arguments[1]);
        return 2;
    }
    session.loop = loop_new(NULL); /* frames and ticks go on while the clock that is shown stands still */
    uv_signal_t next[2];
    for (size_t i = 0; i < 2; i++) {
        uv_signal_init(loop_uv(session.loop), &next[i]);
        next[i].data = &session;
        uv_signal_start(&next[i], on_next, i == 0 ? SIGUSR1 : SIGUSR2);
    }
    struct loop_timer *timer = flood ? loop_timer_start(session.loop, 1, 1, on_flood, &session) : NULL;
    bool well = console_run(&session, session.loop, &options, &error);
    loop_timer_cancel(timer);
    loop_timer_cancel(session.coalesce);
    for (size_t i = 0; i < 2; i++)
        close_signal(&next[i]);
    loop_free(session.loop);
    scenes_free(session.scenes);
    if (!well)
        fprintf(stderr, "stage: %s%s%s\n", error.message, error.hint != NULL ? "\nhint: " : "",
                error.hint != NULL ? error.hint : "");
    int status = (int)error.code;
    error_release(&error);
    return status;
}
