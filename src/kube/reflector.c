/*
 * The state machine: list (streamed where the server has it, else in pages), then watch; again from the last resourceVersion when a connection ends, from
 * a new list when the server has forgotten that version. Bytes are parsed on workers, one batch at a time, so that their order is kept.
 */
#include "kube/reflector.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/item_store.h"
#include "kube/watch_events.h"
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    PAGE_LIMIT = 500,
    OBJECT_LIMIT = 200000,
    LINE_LIMIT = 8 << 20,
    INCOMING_LIMIT = 64 << 20,
    SILENCE_MS = 90000,       /* the server sends a bookmark every minute */
    STREAM_SILENCE_MS = 10000, /* a server that cannot stream lists may just say nothing */
    CHECK_MS = 5000,
    WATCH_MIN_S = 300,
    WATCH_MAX_S = 600,
    BACKOFF_MIN_MS = 1000,
    BACKOFF_MAX_MS = 30000,
    REFUSED_BACKOFF_MS = 60000, /* forbidden or not served: it may change, but not soon */
    SHORT_WATCH_MS = 1000,      /* a watch that ends sooner counts as a failure, or it would be asked for in a hot loop */
};

enum phase { PHASE_WAITING, PHASE_PAGES, PHASE_STREAM, PHASE_WATCH };

/* Shared with jobs that may outlive the reflector. The count is touched on the loop's thread only. */
struct shared_projection {
    struct kube_projection projection;
    unsigned users;
};

struct kube_reflector {
    struct kube_client *client;
    struct loop *loop;
    struct kube_reflector_options options;
    struct shared_projection *shared;
    char *group, *version, *plural, *kind, *namespace, *label_selector, *field_selector; /* what options point into */

    struct item_store shown;    /* what can be read */
    struct item_store arriving; /* a list that is not complete yet */
    bool complete;
    bool stream_refused;

    enum phase phase;
    char *resource_version; /* where to go on watching; NULL: a list is needed */
    char *continue_token;
    struct kube_call *call;
    struct loop_job *job;
    struct loop_timer *retry;
    struct loop_timer *check;
    struct text incoming; /* bytes of the stream that no job has taken yet */
    bool stream_ended;
    struct error stream_error; /* why it ended, code NONE: as agreed */
    int64_t started_ms;
    int failures;

    enum kube_freshness freshness;
    struct error reason;
    int64_t heard_ms;
};

static void begin(struct kube_reflector *reflector);
static void pump(struct kube_reflector *reflector);

static int64_t now(const struct kube_reflector *reflector)
{
    return clock_boot_ms(loop_clock(reflector->loop));
}

static uint32_t random_below(uint32_t limit)
{
    uint32_t number = 0;
    if (getrandom(&number, sizeof number, 0) != sizeof number)
        number = 0;
    return number % limit;
}

static struct shared_projection *share(struct shared_projection *shared)
{
    shared->users++;
    return shared;
}

static void let_go(struct shared_projection *shared)
{
    if (--shared->users > 0)
        return;
    if (shared->projection.free_context != NULL)
        shared->projection.free_context((void *)shared->projection.context);
    free(shared);
}

/* ---- freshness ---- */

static void told(struct kube_reflector *reflector)
{
    if (reflector->options.on_state != NULL)
        reflector->options.on_state(reflector->options.context);
}

static void heard(struct kube_reflector *reflector)
{
    reflector->heard_ms = now(reflector);
    reflector->failures = 0;
    if (!reflector->complete || reflector->freshness == KUBE_LIVE)
        return;
    reflector->freshness = KUBE_LIVE;
    error_release(&reflector->reason);
    told(reflector);
}

static void not_fresh(struct kube_reflector *reflector, const struct error *reason)
{
    error_copy(&reflector->reason, reason);
    bool usable = reflector->complete && reflector->heard_ms >= 0 && reason->code != ERROR_FORBIDDEN;
    reflector->freshness = usable ? KUBE_STALE : KUBE_UNKNOWN;
    told(reflector);
}

/* ---- starting again ---- */

static void drop_connection(struct kube_reflector *reflector)
{
    kube_call_cancel(reflector->call);
    reflector->call = NULL;
    loop_job_cancel(reflector->job);
    reflector->job = NULL;
    text_release(&reflector->incoming);
    error_release(&reflector->stream_error);
    reflector->stream_ended = false;
    item_store_release(&reflector->arriving, &reflector->options.projection);
}

static void forget_version(struct kube_reflector *reflector)
{
    free(reflector->resource_version);
    reflector->resource_version = NULL;
    free(reflector->continue_token);
    reflector->continue_token = NULL;
}

static void retry(void *context)
{
    struct kube_reflector *reflector = context;
    loop_timer_cancel(reflector->retry);
    reflector->retry = NULL;
    begin(reflector);
}

static int64_t backoff(const struct kube_reflector *reflector, const struct error *reason)
{
    if (reason->code == ERROR_FORBIDDEN || reason->code == ERROR_NOT_FOUND)
        return REFUSED_BACKOFF_MS + random_below(REFUSED_BACKOFF_MS / 4);
    int64_t delay = BACKOFF_MIN_MS;
    for (int i = 1; i < reflector->failures && delay < BACKOFF_MAX_MS; i++)
        delay *= 2;
    return delay + random_below((uint32_t)delay / 2);
}

static void fail(struct kube_reflector *reflector, const struct error *reason)
{
    drop_connection(reflector);
    reflector->phase = PHASE_WAITING;
    reflector->failures++;
    if (reflector->options.once)
        reflector->complete = true; /* for good: a command does not wait for better times */
    else if (reflector->retry == NULL)
        reflector->retry = loop_timer_start(reflector->loop, backoff(reflector, reason), 0, retry, reflector);
    not_fresh(reflector, reason);
}

static void list_again(struct kube_reflector *reflector)
{
    drop_connection(reflector);
    forget_version(reflector);
    begin(reflector);
}

/* ---- taking over ---- */

static void change(struct kube_reflector *reflector, enum kube_change kind, const struct kube_item *item, const void *before)
{
    if (reflector->complete && reflector->options.on_change != NULL)
        reflector->options.on_change(kind, item, before, reflector->options.context);
}

/* Tells the differences between what was shown and the list that replaces it: both are sorted. */
static void tell_differences(struct kube_reflector *reflector, const struct item_store *old, const struct item_store *new)
{
    size_t i = 0, j = 0;
    while (i < old->count || j < new->count) {
        int order = i == old->count ? 1 : j == new->count ? -1 : item_compare(old->items[i], new->items[j]);
        if (order < 0) {
            change(reflector, KUBE_DELETED, old->items[i], old->items[i]->item);
            i++;
        } else if (order > 0) {
            change(reflector, KUBE_ADDED, new->items[j++], NULL);
        } else {
            if (!text_equal(old->items[i]->resource_version, new->items[j]->resource_version))
                change(reflector, KUBE_MODIFIED, new->items[j], old->items[i]->item);
            i++, j++;
        }
    }
}

static void take_over_list(struct kube_reflector *reflector)
{
    struct item_store old = reflector->shown;
    item_store_sort(&reflector->arriving, &reflector->options.projection);
    reflector->shown = reflector->arriving;
    reflector->arriving = (struct item_store){0};
    tell_differences(reflector, &old, &reflector->shown);
    item_store_release(&old, &reflector->options.projection);
    reflector->complete = true;
    bool was_live = reflector->freshness == KUBE_LIVE;
    heard(reflector); /* tells, unless it was live already */
    if (was_live)
        told(reflector);
}

static bool too_many(struct kube_reflector *reflector)
{
    if (reflector->arriving.count + reflector->shown.count <= OBJECT_LIMIT)
        return false;
    struct error error = {0};
    error_set(&error, ERROR_REFUSED, _("there are more than %d %s; the console does not keep so many"), OBJECT_LIMIT, reflector->plural);
    error_hint(&error, _("name a namespace with -n"));
    fail(reflector, &error);
    error_release(&error);
    return true;
}

/* ---- requests ---- */

static char *base_path(const struct kube_reflector *reflector)
{
    char *path = kube_resource_path(&reflector->options.resource, reflector->namespace, NULL, NULL);
    if (reflector->label_selector != NULL)
        kube_path_add(&path, "labelSelector", reflector->label_selector);
    if (reflector->field_selector != NULL)
        kube_path_add(&path, "fieldSelector", reflector->field_selector);
    return path;
}

/* ---- paged list ---- */

struct page_job {
    struct kube_reflector *reflector;
    struct shared_projection *shared;
    char *bytes;
    size_t size;
    struct list_page page;
};

static void free_page_job(void *data)
{
    struct page_job *job = data;
    list_page_release(&job->page, &job->shared->projection);
    let_go(job->shared);
    free(job->bytes);
    free(job);
}

static void parse_page(void *data)
{
    struct page_job *job = data;
    list_page_parse(&job->page, job->bytes, job->size, &job->shared->projection);
    free(job->bytes);
    job->bytes = NULL;
}

static void page_parsed(void *data)
{
    struct page_job *job = data;
    struct kube_reflector *reflector = job->reflector;
    reflector->job = NULL;
    if (job->page.error.code != ERROR_NONE) {
        fail(reflector, &job->page.error);
        free_page_job(job);
        return;
    }
    for (size_t i = 0; i < job->page.items.count; i++)
        item_store_append(&reflector->arriving, job->page.items.items[i]);
    job->page.items.count = 0;
    free(reflector->continue_token);
    reflector->continue_token = STEAL(job->page.continue_token);
    free(reflector->resource_version);
    reflector->resource_version = STEAL(job->page.resource_version);
    free_page_job(job);
    if (too_many(reflector))
        return;
    if (reflector->continue_token[0] == '\0') {
        free(reflector->continue_token);
        reflector->continue_token = NULL;
        take_over_list(reflector);
    }
    if (reflector->continue_token != NULL || !reflector->options.once)
        begin(reflector);
}

static void page_answered(const struct kube_answer *answer, void *context)
{
    struct kube_reflector *reflector = context;
    reflector->call = NULL;
    if (answer->expired && reflector->continue_token != NULL) {
        list_again(reflector); /* the rest of the list is gone: from the beginning */
        return;
    }
    if (answer->error != NULL) {
        forget_version(reflector);
        fail(reflector, answer->error);
        return;
    }
    struct page_job *job = memory_new(sizeof *job);
    job->reflector = reflector;
    job->shared = share(reflector->shared);
    job->size = answer->size;
    job->bytes = kube_answer_take_body(answer);
    reflector->job = loop_job_start(reflector->loop, parse_page, page_parsed, free_page_job, job);
}

static void ask_page(struct kube_reflector *reflector)
{
    CLEANUP_FREE char *limit = memory_format("%d", PAGE_LIMIT);
    char *path = base_path(reflector);
    kube_path_add(&path, "limit", limit);
    if (reflector->continue_token != NULL)
        kube_path_add(&path, "continue", reflector->continue_token);
    struct kube_request request = {
        .method = "GET",
        .path = path,
        .accept = reflector->options.metadata_only ? KUBE_METADATA_LIST : KUBE_JSON,
        .attempts = reflector->options.once ? 0 : 1, /* a screen tells a failure at once and tries again by itself */
        .on_done = page_answered,
        .context = reflector,
    };
    reflector->phase = PHASE_PAGES;
    reflector->call = kube_client_start(reflector->client, &request);
    free(path);
}

/* ---- watch ---- */

struct batch_job {
    struct kube_reflector *reflector;
    struct shared_projection *shared;
    char *bytes;
    size_t size;
    struct watch_batch batch;
};

static void free_batch_job(void *data)
{
    struct batch_job *job = data;
    watch_batch_release(&job->batch, &job->shared->projection);
    let_go(job->shared);
    free(job->bytes);
    free(job);
}

static void parse_batch(void *data)
{
    struct batch_job *job = data;
    watch_batch_parse(&job->batch, job->bytes, job->size, &job->shared->projection);
    free(job->bytes);
    job->bytes = NULL;
}

static void set_version(struct kube_reflector *reflector, const char *version)
{
    if (version[0] == '\0' || text_equal(version, reflector->resource_version))
        return;
    free(reflector->resource_version);
    reflector->resource_version = memory_text(version);
}

static void apply_object(struct kube_reflector *reflector, struct watch_event *event)
{
    if (event->item == NULL)
        return;
    if (reflector->phase == PHASE_STREAM) { /* initial events: the list is not complete before its bookmark */
        if (event->kind == WATCH_DELETED)
            item_store_drop(&reflector->arriving, event->item->namespace, event->item->name, &reflector->options.projection);
        else
            item_store_append(&reflector->arriving, STEAL(event->item));
        return;
    }
    set_version(reflector, event->item->resource_version);
    if (event->kind == WATCH_DELETED) {
        struct kube_item *old = item_store_take(&reflector->shown, event->item->namespace, event->item->name);
        if (old != NULL)
            change(reflector, KUBE_DELETED, event->item, old->item);
        item_free(old, &reflector->options.projection);
        return;
    }
    struct kube_item *item = STEAL(event->item);
    struct kube_item *old = item_store_put(&reflector->shown, item);
    change(reflector, old == NULL ? KUBE_ADDED : KUBE_MODIFIED, item, old != NULL ? old->item : NULL);
    item_free(old, &reflector->options.projection);
}

/* An ERROR inside the stream. Returns false: the stream is over. */
static bool apply_error(struct kube_reflector *reflector, const struct watch_event *event)
{
    if (event->code == 410) {
        list_again(reflector);
    } else if (reflector->phase == PHASE_STREAM) {
        reflector->stream_refused = true;
        list_again(reflector);
    } else {
        struct error error = {0};
        error_set(&error, ERROR_UNREACHABLE, _("the server ended the watch on %s: %s"), reflector->plural, event->message);
        fail(reflector, &error);
        error_release(&error);
    }
    return false;
}

static bool apply(struct kube_reflector *reflector, struct watch_event *event)
{
    switch (event->kind) {
    case WATCH_ADDED:
    case WATCH_MODIFIED:
    case WATCH_DELETED:
        apply_object(reflector, event);
        return true;
    case WATCH_BOOKMARK:
        set_version(reflector, event->resource_version);
        if (event->initial_end && reflector->phase == PHASE_STREAM) {
            reflector->phase = PHASE_WATCH;
            take_over_list(reflector);
        }
        return true;
    case WATCH_ERROR:
        return apply_error(reflector, event);
    }
    return true;
}

static void batch_parsed(void *data)
{
    struct batch_job *job = data;
    struct kube_reflector *reflector = job->reflector;
    reflector->job = NULL;
    bool goes_on = true;
    for (size_t i = 0; i < job->batch.count && goes_on; i++)
        goes_on = apply(reflector, &job->batch.events[i]);
    if (goes_on && job->batch.error.code != ERROR_NONE) {
        fail(reflector, &job->batch.error);
        goes_on = false;
    }
    free_batch_job(job);
    if (goes_on && !too_many(reflector))
        pump(reflector);
}

static void stream_over(struct kube_reflector *reflector)
{
    struct error error = {0};
    error_move(&error, &reflector->stream_error);
    bool too_short = now(reflector) - reflector->started_ms < SHORT_WATCH_MS;
    if (error.code == ERROR_NONE && too_short)
        error_set(&error, ERROR_UNREACHABLE, _("the server closed the watch on %s at once"), reflector->plural);
    if (reflector->phase == PHASE_STREAM)
        forget_version(reflector);
    if (error.code != ERROR_NONE) {
        fail(reflector, &error);
    } else {
        drop_connection(reflector);
        begin(reflector);
    }
    error_release(&error);
}

/* Hands the whole lines that have come to a worker, when none is at work; a last line without an end is no line. */
static void pump(struct kube_reflector *reflector)
{
    if (reflector->job != NULL)
        return;
    const char *last = reflector->incoming.size > 0 ? memrchr(reflector->incoming.bytes, '\n', reflector->incoming.size) : NULL;
    if (last == NULL) {
        if (reflector->stream_ended)
            stream_over(reflector);
        return;
    }
    struct batch_job *job = memory_new(sizeof *job);
    job->reflector = reflector;
    job->shared = share(reflector->shared);
    job->size = (size_t)(last - reflector->incoming.bytes) + 1;
    struct text rest = {0};
    text_append_bytes(&rest, last + 1, reflector->incoming.size - job->size);
    job->bytes = text_steal(&reflector->incoming);
    reflector->incoming = rest;
    reflector->job = loop_job_start(reflector->loop, parse_batch, batch_parsed, free_batch_job, job);
}

static bool stream_data(const void *bytes, size_t size, void *context)
{
    struct kube_reflector *reflector = context;
    heard(reflector);
    text_append_bytes(&reflector->incoming, bytes, size);
    if (reflector->incoming.size > INCOMING_LIMIT)
        return false;
    pump(reflector);
    /* While a worker is busy the rest waits; without one, what is left is the beginning of a single line. */
    return reflector->job != NULL || reflector->incoming.size <= LINE_LIMIT;
}

static bool refuses_streaming(const struct kube_reflector *reflector, const struct kube_answer *answer)
{
    return reflector->phase == PHASE_STREAM && (answer->status == 400 || answer->status == 422);
}

static void stream_done(const struct kube_answer *answer, void *context)
{
    struct kube_reflector *reflector = context;
    reflector->call = NULL;
    if (answer->expired) {
        list_again(reflector);
    } else if (refuses_streaming(reflector, answer)) {
        reflector->stream_refused = true;
        list_again(reflector);
    } else {
        reflector->stream_ended = true;
        if (answer->error != NULL)
            error_copy(&reflector->stream_error, answer->error);
        pump(reflector);
    }
}

/* `list_first`: the server sends what there is as initial events (KEP-3157); version 0 lets it answer from its cache at once. */
static void ask_watch(struct kube_reflector *reflector, bool list_first)
{
    CLEANUP_FREE char *seconds = memory_format("%u", WATCH_MIN_S + random_below(WATCH_MAX_S - WATCH_MIN_S));
    char *path = base_path(reflector);
    kube_path_add(&path, "watch", "true");
    kube_path_add(&path, "allowWatchBookmarks", "true");
    kube_path_add(&path, "resourceVersion", list_first ? "0" : reflector->resource_version);
    if (list_first) {
        kube_path_add(&path, "sendInitialEvents", "true");
        kube_path_add(&path, "resourceVersionMatch", "NotOlderThan");
    }
    kube_path_add(&path, "timeoutSeconds", seconds);
    struct kube_request request = {
        .method = "GET",
        .path = path,
        .accept = reflector->options.metadata_only ? KUBE_METADATA : KUBE_JSON,
        .attempts = 1,
        .watch = true,
        .on_data = stream_data,
        .on_done = stream_done,
        .context = reflector,
    };
    reflector->phase = list_first ? PHASE_STREAM : PHASE_WATCH;
    reflector->started_ms = now(reflector);
    reflector->call = kube_client_start(reflector->client, &request);
    free(path);
}

static void begin(struct kube_reflector *reflector)
{
    if (reflector->options.once || reflector->continue_token != NULL)
        ask_page(reflector);
    else if (reflector->resource_version != NULL)
        ask_watch(reflector, false);
    else if (reflector->stream_refused)
        ask_page(reflector);
    else
        ask_watch(reflector, true);
}

/* Silence is measured with boot time: after a suspend it is there at once. */
static void check_silence(void *context)
{
    struct kube_reflector *reflector = context;
    if (reflector->call == NULL || (reflector->phase != PHASE_WATCH && reflector->phase != PHASE_STREAM))
        return;
    int64_t since = reflector->heard_ms > reflector->started_ms ? reflector->heard_ms : reflector->started_ms;
    int64_t limit = reflector->phase == PHASE_STREAM ? STREAM_SILENCE_MS : SILENCE_MS;
    if (now(reflector) - since < limit)
        return;
    if (reflector->phase == PHASE_STREAM) {
        reflector->stream_refused = true;
        list_again(reflector);
        return;
    }
    struct error silence = {0};
    error_set(&silence, ERROR_UNREACHABLE, _("nothing was heard from the server for %d s"), (int)((now(reflector) - since) / 1000));
    error_hint(&silence, _("the connection is made anew; check the network or the VPN if this stays"));
    not_fresh(reflector, &silence);
    error_release(&silence);
    drop_connection(reflector);
    begin(reflector);
}

/* ---- life ---- */

struct kube_reflector *kube_reflector_new(struct kube_client *client, const struct kube_reflector_options *options)
{
    struct kube_reflector *reflector = memory_new(sizeof *reflector);
    reflector->client = client;
    reflector->loop = kube_client_loop(client);
    reflector->options = *options;
    reflector->shared = memory_new(sizeof *reflector->shared);
    *reflector->shared = (struct shared_projection){.projection = options->projection, .users = 1};
    reflector->group = memory_text(options->resource.group);
    reflector->version = memory_text(options->resource.version);
    reflector->plural = memory_text(options->resource.plural);
    reflector->kind = memory_text(options->resource.kind);
    reflector->namespace = memory_text(options->namespace);
    reflector->label_selector = memory_text(options->label_selector);
    reflector->field_selector = memory_text(options->field_selector);
    reflector->options.resource = (struct kube_resource){reflector->group, reflector->version, reflector->plural, reflector->kind,
                                                         options->resource.namespaced};
    reflector->heard_ms = -1;
    if (!options->once)
        reflector->check = loop_timer_start(reflector->loop, CHECK_MS, CHECK_MS, check_silence, reflector);
    begin(reflector);
    return reflector;
}

void kube_reflector_free(struct kube_reflector *reflector)
{
    if (reflector == NULL)
        return;
    drop_connection(reflector);
    loop_timer_cancel(reflector->retry);
    loop_timer_cancel(reflector->check);
    forget_version(reflector);
    item_store_release(&reflector->shown, &reflector->options.projection);
    let_go(reflector->shared);
    error_release(&reflector->reason);
    free(reflector->group);
    free(reflector->version);
    free(reflector->plural);
    free(reflector->kind);
    free(reflector->namespace);
    free(reflector->label_selector);
    free(reflector->field_selector);
    free(reflector);
}

bool kube_reflector_complete(const struct kube_reflector *reflector)
{
    return reflector->complete;
}

size_t kube_reflector_count(const struct kube_reflector *reflector)
{
    return reflector->shown.count;
}

const struct kube_item *kube_reflector_at(const struct kube_reflector *reflector, size_t index)
{
    return index < reflector->shown.count ? reflector->shown.items[index] : NULL;
}

const struct kube_item *kube_reflector_find(const struct kube_reflector *reflector, const char *namespace, const char *name)
{
    return item_store_find(&reflector->shown, namespace, name);
}

enum kube_freshness kube_reflector_freshness(const struct kube_reflector *reflector)
{
    return reflector->freshness;
}

const struct error *kube_reflector_reason(const struct kube_reflector *reflector)
{
    return reflector->reason.code != ERROR_NONE ? &reflector->reason : NULL;
}

int64_t kube_reflector_heard_ms(const struct kube_reflector *reflector)
{
    return reflector->heard_ms;
}
