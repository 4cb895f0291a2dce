/*
 * Streaming lists and watches. Bytes are collected for a moment, then whole lines are read on a worker, one batch at a
 * time, so that their order is kept; the stream's end is looked at after its last line.
 */
#include "base/i18n.h"
#include "base/memory.h"
#include "kube/reflector_core.h"
#include "kube/watch_batch.h"
#include <stdlib.h>
#include <string.h>

enum {
    LINE_LIMIT = 8 << 20,
    INCOMING_LIMIT = 16 << 20, /* what waits for the worker */
    INITIAL_LIMIT = 4 << 20,   /* of initial events: more is better read in pages, which are packed and come one by one */
    BATCH_LIMIT = 256 << 10,   /* so that taking over what a worker read is short */
    GATHER_MS = 20,            /* a thousand events a second become fifty batches */
    SILENCE_MS = 90000,        /* the server sends a bookmark every minute */
    QUIET_MS = 5000,           /* a server that cannot stream lists may just say nothing, or never end them */
    WATCH_MIN_S = 300,
    WATCH_SPREAD_S = 300,
    RESUME_MS = 200,       /* a torn connection is not worth a word if the next one stands */
    SHORT_WATCH_MS = 1000, /* a watch that ends sooner is a failure, or it would be asked for without pause */
};

static void pump(struct kube_reflector *reflector);

/* ---- reading ---- */

struct batch_job {
    struct kube_reflector *reflector;
    struct shared_projection *shared;
    char *bytes;
    size_t size;
    struct watch_batch batch;
};

static void free_job(void *data)
{
    struct batch_job *job = data;
    watch_batch_release(&job->batch, &job->shared->projection);
    reflector_unshare(job->shared);
    free(job->bytes);
    free(job);
}

static void parse(void *data)
{
    struct batch_job *job = data;
    watch_batch_parse(&job->batch, job->bytes, job->size, &job->shared->projection);
    free(STEAL(job->bytes));
}

/* ---- taking over ---- */

static void set_version(struct kube_reflector *reflector, const char *version)
{
    if (version[0] == '\0' || text_equal(version, reflector->resource_version))
        return;
    free(reflector->resource_version);
    reflector->resource_version = memory_text(version);
}

static void list_again(struct kube_reflector *reflector)
{
    reflector_drop_connection(reflector);
    reflector_forget_version(reflector);
    reflector_begin(reflector);
}

static void refuse_streaming(struct kube_reflector *reflector)
{
    reflector->stream_refused = true;
    list_again(reflector);
}

/* An initial event: the list is not complete before its bookmark. */
static void apply_initial(struct kube_reflector *reflector, struct watch_event *event)
{
    if (event->kind == WATCH_DELETED)
        item_store_drop(&reflector->arriving, event->item->namespace, event->item->name,
                        &reflector->options.projection);
    else
        item_store_append(&reflector->arriving, STEAL(event->item));
}

static void apply_bookmark(struct kube_reflector *reflector, const struct watch_event *event)
{
    if (reflector->phase == REFLECTOR_WATCH) {
        set_version(reflector, event->resource_version);
        return;
    }
    if (!event->initial_end)
        return;
    set_version(reflector, event->resource_version);
    reflector->phase = REFLECTOR_WATCH;
    loop_timer_cancel(STEAL(reflector->quiet));
    reflector_take_over(reflector);
}

/* 410: at once from a new list, the first time; a server that forgets what it has just said is asked less often. */
static void forgotten(struct kube_reflector *reflector)
{
    struct error error = {0};
    error_set(&error, ERROR_UNREACHABLE,
              _("The server no longer knows the version of %s that was seen last; they are read again."),
              reflector->options.resource.plural);
    reflector_forget_version(reflector);
    if (reflector->failures > 0) {
        reflector_fail(reflector, &error, -1);
    } else {
        reflector->failures++;
        reflector_drop_connection(reflector);
        reflector_stale(reflector, &error);
        if (!reflector->dead)
            reflector_begin(reflector);
    }
    error_release(&error);
}

/* An ERROR inside the stream ends it. What the server has forgotten is listed anew; what else went wrong is not trusted
 * either. */
static void apply_error(struct kube_reflector *reflector, const struct watch_event *event)
{
    if (event->code == 410) {
        forgotten(reflector);
    } else if (reflector->phase == REFLECTOR_STREAM) {
        refuse_streaming(reflector); /* with an etcd of old the refusal comes like this */
    } else {
        struct error error = {0};
        error_set(&error, ERROR_UNREACHABLE, _("The server ended the watch on %s: %s"),
                  reflector->options.resource.plural, event->message);
        reflector_forget_version(reflector);
        reflector_fail(reflector, &error, -1);
        error_release(&error);
    }
}

static void apply_change(struct kube_reflector *reflector, struct watch_event *event)
{
    set_version(reflector, event->item->resource_version);
    if (event->kind == WATCH_DELETED)
        reflector_take_away(reflector, event->item);
    else
        reflector_put(reflector, STEAL(event->item));
}

/* False when the stream is over. */
static bool apply(struct kube_reflector *reflector, struct watch_event *event)
{
    if (event->kind == WATCH_ERROR) {
        apply_error(reflector, event);
        return false;
    }
    if (reflector->phase == REFLECTOR_WATCH)
        reflector->failures = 0; /* a watch that says something works; a list alone does not prove it */
    if (event->kind == WATCH_BOOKMARK)
        apply_bookmark(reflector, event);
    else if (reflector->phase == REFLECTOR_STREAM)
        apply_initial(reflector, event);
    else
        apply_change(reflector, event);
    return !reflector->dead;
}

static void parsed(void *data)
{
    struct batch_job *job = data;
    struct kube_reflector *reflector = job->reflector;
    reflector_enter(reflector);
    reflector->job = NULL;
    bool goes_on = true;
    for (size_t i = 0; i < job->batch.count && goes_on; i++)
        goes_on = apply(reflector, &job->batch.events[i]);
    if (goes_on && job->batch.error.code != ERROR_NONE) {
        reflector_forget_version(reflector);
        reflector_fail(reflector, &job->batch.error, -1);
        goes_on = false;
    }
    free_job(job);
    if (goes_on && !reflector_has_too_many(reflector))
        pump(reflector);
    reflector_leave(reflector);
}

/* ---- the end of a stream ---- */

/* The connection was torn: the first try to go on is not told, if what is shown was heard of until now. */
static bool may_resume_quietly(const struct kube_reflector *reflector)
{
    return reflector->resource_version != NULL && reflector->failures == 0 && !reflector->ended_silent;
}

static void resume(struct kube_reflector *reflector, int64_t delay_ms)
{
    reflector_drop_connection(reflector);
    if (delay_ms > 0)
        reflector_retry_in(reflector, delay_ms / 2 + kube_client_random(reflector->client, (uint32_t)delay_ms));
    else
        reflector_begin(reflector);
}

/* A watch that lasted and ended as agreed: the next one goes on where it stopped. */
static void renew(struct kube_reflector *reflector)
{
    reflector->failures = 0;
    resume(reflector, 0);
}

static void stream_broke(struct kube_reflector *reflector, const struct error *reason)
{
    bool refused = reason->code != ERROR_UNREACHABLE;
    if (refused)
        reflector_forget_version(
            reflector); /* forbidden, not served, not understood: whatever comes later starts with a list */
    if (!refused && may_resume_quietly(reflector)) {
        reflector->failures++;
        resume(reflector, RESUME_MS);
    } else if (reflector->ended_silent && reflector->failures == 0) {
        reflector->failures++;
        reflector_stale(reflector, reason);
        if (!reflector->dead)
            resume(reflector, 0);
    } else {
        reflector_fail(reflector, reason, reflector->retry_after_ms);
    }
}

static void stream_over(struct kube_reflector *reflector)
{
    struct error reason = {0};
    error_move(&reason, &reflector->end_reason);
    if (reflector->phase == REFLECTOR_STREAM) {
        reflector_forget_version(reflector); /* half a list is none */
        reflector->stream_refused = reflector->accepted;
    }
    if (reason.code == ERROR_NONE && reflector_now(reflector) - reflector->started_ms < SHORT_WATCH_MS)
        error_set(&reason, ERROR_UNREACHABLE, _("The server closed the watch on %s at once."),
                  reflector->options.resource.plural);
    if (reason.code == ERROR_NONE)
        renew(reflector);
    else
        stream_broke(reflector, &reason);
    error_release(&reason);
}

/* ---- bytes ---- */

/* How many bytes to hand to the worker: whole lines, not many at once, but at least one. 0: no line is whole yet. */
static size_t next_batch(struct kube_reflector *reflector)
{
    const struct text *incoming = &reflector->incoming;
    size_t waiting = incoming->size - reflector->taken;
    if (waiting == 0)
        return 0;
    const char *start = incoming->bytes + reflector->taken;
    const char *last = memrchr(start, '\n', waiting < BATCH_LIMIT ? waiting : BATCH_LIMIT);
    if (last == NULL) {
        size_t from = reflector->searched > reflector->taken ? reflector->searched : reflector->taken;
        last = memchr(incoming->bytes + from, '\n', incoming->size - from);
        if (last == NULL)
            reflector->searched = incoming->size;
    }
    return last != NULL ? (size_t)(last - start) + 1 : 0;
}

/* Forget what was handed over, when that is most of it. */
static void compact(struct kube_reflector *reflector)
{
    struct text *incoming = &reflector->incoming;
    size_t left = incoming->size - reflector->taken;
    if (left > incoming->size / 2)
        return;
    struct text rest = {0};
    if (left > 0)
        text_append_bytes(&rest, incoming->bytes + reflector->taken, left);
    text_release(incoming);
    *incoming = rest;
    reflector->taken = 0;
    reflector->searched = 0;
}

static void pump(struct kube_reflector *reflector)
{
    if (reflector->job != NULL)
        return;
    size_t size = next_batch(reflector);
    if (size == 0) {
        if (reflector->ended)
            stream_over(reflector); /* a last line without an end is no line */
        return;
    }
    struct batch_job *job = memory_new(sizeof *job);
    job->reflector = reflector;
    job->shared = reflector_share(reflector);
    job->size = size;
    job->bytes = memory_copy(reflector->incoming.bytes + reflector->taken, size);
    reflector->taken += size;
    compact(reflector);
    reflector->job = loop_job_start(reflector->loop, parse, parsed, free_job, job);
}

static void on_flush(void *context)
{
    struct kube_reflector *reflector = context;
    loop_timer_cancel(STEAL(reflector->flush));
    reflector_enter(reflector);
    pump(reflector);
    reflector_leave(reflector);
}

/* What is more than can be kept ends the stream; what came whole is still read. */
static bool overruns(struct kube_reflector *reflector)
{
    const char *plural = reflector->options.resource.plural;
    size_t waiting = reflector->incoming.size - reflector->taken;
    if (waiting > LINE_LIMIT && reflector->job == NULL && next_batch(reflector) == 0)
        return !error_set(&reflector->end_reason, ERROR_UNREACHABLE,
                          _("An event about %s is larger than the %d MiB that are read at most."), plural,
                          LINE_LIMIT >> 20);
    if (waiting > INCOMING_LIMIT)
        return !error_set(&reflector->end_reason, ERROR_UNREACHABLE,
                          _("Changes of %s come faster than they can be read."), plural);
    return false;
}

static bool stream_data(const void *bytes, size_t size, void *context)
{
    struct kube_reflector *reflector = context;
    reflector_heard(reflector);
    reflector->streamed += size;
    if (reflector->phase == REFLECTOR_STREAM && reflector->streamed > INITIAL_LIMIT) {
        refuse_streaming(reflector);
        return false;
    }
    text_append_bytes(&reflector->incoming, bytes, size);
    if (overruns(reflector))
        return false;
    if (reflector->flush == NULL && reflector->job == NULL)
        reflector->flush = loop_timer_start(reflector->loop, reflector->phase == REFLECTOR_WATCH ? GATHER_MS : 0, 0,
                                            on_flush, reflector);
    return true;
}

static void accepted(void *context)
{
    struct kube_reflector *reflector = context;
    reflector_enter(reflector);
    reflector_heard(reflector);
    reflector->accepted = true;
    if (reflector->phase == REFLECTOR_WATCH)
        reflector_live(reflector);
    reflector_leave(reflector);
}

static void stream_done(const struct kube_answer *answer, void *context)
{
    struct kube_reflector *reflector = context;
    reflector_enter(reflector);
    reflector->call = NULL;
    loop_timer_cancel(STEAL(reflector->quiet));
    if (answer->expired) {
        forgotten(reflector);
    } else if (reflector->phase == REFLECTOR_STREAM && (answer->status == 400 || answer->status == 422)) {
        refuse_streaming(reflector);
    } else {
        reflector->ended = true;
        reflector->ended_silent = answer->silent;
        reflector->retry_after_ms = answer->retry_after_ms;
        if (answer->error != NULL && reflector->end_reason.code == ERROR_NONE)
            error_copy(&reflector->end_reason, answer->error);
        pump(reflector);
    }
    reflector_leave(reflector);
}

static void on_quiet(void *context)
{
    struct kube_reflector *reflector = context;
    int64_t since = reflector->heard_ms > reflector->started_ms ? reflector->heard_ms : reflector->started_ms;
    int64_t left = since + QUIET_MS - reflector_now(reflector);
    loop_timer_cancel(STEAL(reflector->quiet));
    if (left > 0 || reflector->job != NULL) {
        reflector->quiet = loop_timer_start(reflector->loop, left > 0 ? left : QUIET_MS, 0, on_quiet, reflector);
        return;
    }
    reflector_enter(reflector);
    refuse_streaming(reflector);
    reflector_leave(reflector);
}

/* ---- asking ---- */

/* `list_first`: the server sends what there is as initial events (KEP-3157), as fresh as a list. */
void reflector_ask_watch(struct kube_reflector *reflector, bool list_first)
{
    CLEANUP_FREE char *seconds =
        memory_format("%u", WATCH_MIN_S + kube_client_random(reflector->client, WATCH_SPREAD_S));
    char *path = reflector_path(reflector);
    kube_path_add(&path, "watch", "true");
    kube_path_add(&path, "allowWatchBookmarks", "true");
    kube_path_add(&path, "timeoutSeconds", seconds);
    if (list_first) {
        kube_path_add(&path, "sendInitialEvents", "true");
        kube_path_add(&path, "resourceVersionMatch", "NotOlderThan");
        reflector->quiet = loop_timer_start(reflector->loop, QUIET_MS, 0, on_quiet, reflector);
    } else {
        kube_path_add(&path, "resourceVersion", reflector->resource_version);
    }
    const struct kube_request request = {
        .method = "GET",
        .path = path,
        .accept = reflector->options.metadata_only ? KUBE_METADATA : KUBE_JSON,
        .idle_timeout_ms = SILENCE_MS,
        .attempts = 1,
        .watch = true,
        .on_accepted = accepted,
        .on_data = stream_data,
        .on_done = stream_done,
        .context = reflector,
    };
    reflector->phase = list_first ? REFLECTOR_STREAM : REFLECTOR_WATCH;
    reflector->started_ms = reflector_now(reflector);
    reflector->accepted = false;
    reflector->streamed = 0;
    reflector->call = kube_client_start(reflector->client, &request);
    free(path);
}

void reflector_drop_stream(struct kube_reflector *reflector)
{
    loop_timer_cancel(STEAL(reflector->flush));
    loop_timer_cancel(STEAL(reflector->quiet));
    text_release(&reflector->incoming);
    error_release(&reflector->end_reason);
    reflector->taken = 0;
    reflector->searched = 0;
    reflector->ended = false;
    reflector->ended_silent = false;
    reflector->retry_after_ms = -1;
}
