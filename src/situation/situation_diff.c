/* Diffs on demand: wait for the records, ask for what lives when that is wanted, compute on a worker. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "kube/resource.h"
#include "situation/compare.h"
#include "situation/drift.h"
#include "situation/object_getter.h"
#include "situation/object_lines.h"
#include "situation/state.h"
#include <stdlib.h>

/* What lives of one object of the manifest. */
struct fetched {
    char *text; /* NULL: it does not exist, or could not be asked for */
    size_t size;
    bool missing;
    char *error; /* why it could not be asked for */
};

/* Private to the worker, but for the records, which are only read. */
struct diff_job {
    struct situation_diff *diff;
    const struct helm_record *from, *to; /* held; `to` NULL: what lives */
    struct fetched *fetched;             /* one for each object of `from`, when `to` is NULL */
    size_t fetched_count;
    struct object_diffs *result;
};

/* One object that is being asked for. */
struct fetch {
    struct situation_diff *diff;
    size_t index;
};

struct situation_diff {
    struct situation *situation;
    int from, to; /* as asked for: 0 is live or target */
    bool live;
    void (*done)(struct object_diffs *diffs, int from, int to, const struct error *error, void *context);
    void *context;
    int wanted_from, wanted_to; /* records asked of the history; 0: none */
    struct diff_job *waiting;   /* being filled by the getter */
    struct fetch *fetches;
    size_t to_come;
    struct object_getter *getter;
    struct loop_job *job;
};

/* ---- work ---- */

static void free_job(void *data)
{
    struct diff_job *job = data;
    if (job == NULL)
        return;
    for (size_t i = 0; i < job->fetched_count; i++) {
        free(job->fetched[i].text);
        free(job->fetched[i].error);
    }
    free(job->fetched);
    helm_record_free(job->from);
    helm_record_free(job->to);
    object_diffs_free(job->result);
    free(job);
}

/* What lives at the places that the manifest has; a remark when that is not known. */
static void lines_of_live(const struct helm_object *object, const json_t *manifest, const struct fetched *fetched,
                          struct object_lines *ret_lines)
{
    json_t *live = NULL;
    struct error error = {0};
    if (fetched->missing) {
        object_lines_of(NULL, ret_lines);
    } else if (fetched->text != NULL && tree_parse(fetched->text, fetched->size, &live, &error)) {
        struct compare compare = {.scope = COMPARE_MANIFEST,
                                  .builtin = kube_resource_find(object->api_version, object->kind) != NULL,
                                  .kind = object->kind};
        json_t *projected = compare_project(&compare, manifest, live);
        object_lines_of_tree(object->kind, projected, ret_lines);
        json_decref(projected);
    } else {
        struct helm_object remark = {.error = fetched->error != NULL ? fetched->error : error.message};
        object_lines_of(&remark, ret_lines);
    }
    json_decref(live);
    error_release(&error);
}

static struct object_diffs *diff_with_live(const struct diff_job *job)
{
    struct object_diffs *diffs = memory_new(sizeof *diffs);
    for (size_t i = 0; i < job->fetched_count; i++) {
        const struct helm_object *object = &job->from->manifest->objects[i];
        struct object_lines before, after;
        struct object_diff diff;
        if (object->tree == NULL)
            continue;
        json_t *manifest = drift_normalise(object);
        object_lines_of_tree(object->kind, manifest, &before);
        lines_of_live(object, manifest, &job->fetched[i], &after);
        json_decref(manifest);
        if (object_diff_make(&before, &after, &diff))
            object_diffs_add(diffs, object, &diff);
        object_lines_release(&before);
        object_lines_release(&after);
    }
    object_diffs_sort(diffs);
    return diffs;
}

static void work(void *data)
{
    struct diff_job *job = data;
    job->result = job->to != NULL ? object_diffs_make(job->from->manifest, job->to->manifest) : diff_with_live(job);
}

/* ---- the way there ---- */

static void free_diff(void *item)
{
    struct situation_diff *diff = item;
    struct helm_history *history = diff->situation->history;
    object_getter_free(diff->getter);
    loop_job_cancel(diff->job);
    free_job(diff->waiting);
    free(diff->fetches);
    if (diff->wanted_from != 0)
        helm_history_release(history, diff->wanted_from);
    if (diff->wanted_to != 0)
        helm_history_release(history, diff->wanted_to);
    free(diff);
}

static void forget(struct situation_diff *diff)
{
    struct array *diffs = &diff->situation->diffs;
    for (size_t i = 0; i < diffs->count; i++) {
        if (diffs->items[i] == diff) {
            array_take(diffs, i);
            return;
        }
    }
}

/* The diff is gone afterwards; `result` is the caller's of situation_diff_start(). */
static void finish(struct situation_diff *diff, struct object_diffs *result, int from, int to,
                   const struct error *error)
{
    forget(diff);
    diff->done(result, from, to, error, diff->context);
    free_diff(diff);
}

static void worked(void *data)
{
    struct diff_job *job = data;
    struct situation_diff *diff = job->diff;
    struct object_diffs *result = STEAL(job->result);
    int from = job->from->revision, to = job->to != NULL ? job->to->revision : 0;
    diff->job = NULL;
    free_job(job);
    finish(diff, result, from, to, NULL);
}

static void start_work(struct situation_diff *diff)
{
    struct diff_job *job = STEAL(diff->waiting);
    diff->job = loop_job_start(diff->situation->loop, work, worked, free_job, job);
}

static void got(const struct object_got *got, void *context)
{
    const struct fetch *fetch = context;
    struct situation_diff *diff = fetch->diff;
    struct fetched *fetched = &diff->waiting->fetched[fetch->index];
    fetched->missing = got->missing;
    if (got->error == NULL) {
        fetched->size = got->answer->size;
        fetched->text = kube_answer_take_body(got->answer);
    } else if (!got->missing) {
        fetched->error = memory_text(got->error->message);
    }
    diff->to_come--;
    if (diff->to_come == 0)
        start_work(diff);
}

static void fetch_live(struct situation_diff *diff)
{
    struct diff_job *job = diff->waiting;
    const struct helm_manifest *manifest = job->from->manifest;
    job->fetched = memory_new_array(manifest->count, sizeof *job->fetched);
    job->fetched_count = manifest->count;
    diff->getter = object_getter_new(diff->situation->client);
    diff->fetches = memory_new_array(manifest->count, sizeof *diff->fetches);
    for (size_t i = 0; i < manifest->count; i++) {
        if (manifest->objects[i].tree == NULL)
            continue;
        diff->fetches[i] = (struct fetch){diff, i};
        diff->to_come++;
        object_getter_get(diff->getter, &manifest->objects[i], got, &diff->fetches[i]);
    }
    if (diff->to_come == 0)
        start_work(diff);
}

/* Which revision is meant; 0 when none can be, with the reason. */
static int resolve(const struct situation_diff *diff, bool is_from, struct error *error)
{
    const struct helm_history *history = diff->situation->history;
    int asked = is_from ? diff->from : diff->to;
    const struct helm_revision *row = asked != 0 ? helm_history_find(history, asked)
                                      : is_from  ? helm_history_live(history)
                                                 : helm_history_target(history);
    if (row != NULL && row->failure == NULL)
        return row->revision;
    if (row != NULL) {
        error_copy(error, row->failure);
    } else if (asked != 0) {
        error_set(error, ERROR_NOT_FOUND, _("release '%s' has no revision %d"), diff->situation->release, asked);
    } else if (is_from) {
        error_set(error, ERROR_NOT_FOUND, _("no revision of '%s' lives"), diff->situation->release);
    } else {
        error_set(error, ERROR_NOT_FOUND, "%s", helm_history_target_reason(history));
    }
    return 0;
}

static const struct helm_record *need(struct situation_diff *diff, int revision, int *wanted)
{
    if (*wanted != revision) {
        *wanted = revision;
        helm_history_want(diff->situation->history, revision);
    }
    return situation_record(diff->situation, revision);
}

static void follow(struct situation_diff *diff)
{
    struct error error = {0};
    if (diff->waiting != NULL || diff->job != NULL || !helm_history_complete(diff->situation->history))
        return;
    int from = resolve(diff, true, &error), to = 0;
    if (from != 0 && !diff->live)
        to = resolve(diff, false, &error);
    if (error.code != ERROR_NONE) {
        finish(diff, NULL, from, to, &error);
        error_release(&error);
        return;
    }
    const struct helm_record *before = need(diff, from, &diff->wanted_from);
    const struct helm_record *after = diff->live ? NULL : need(diff, to, &diff->wanted_to);
    if (before == NULL || (after == NULL && !diff->live))
        return;
    diff->waiting = memory_new(sizeof *diff->waiting);
    diff->waiting->diff = diff;
    diff->waiting->from = helm_record_hold(before);
    diff->waiting->to = after != NULL ? helm_record_hold(after) : NULL;
    if (diff->live)
        fetch_live(diff);
    else
        start_work(diff);
}

void situation_diffs_follow(struct situation *situation)
{
    for (size_t i = situation->diffs.count; i > 0; i--)
        if (i <= situation->diffs.count)
            follow(situation->diffs.items[i - 1]);
}

void situation_diffs_cancel(struct situation *situation)
{
    while (situation->diffs.count > 0)
        free_diff(array_take(&situation->diffs, situation->diffs.count - 1));
    array_release(&situation->diffs);
}

struct situation_diff *situation_diff_start(struct situation *situation, int from, int to, bool live,
                                            void (*done)(struct object_diffs *diffs, int from, int to,
                                                         const struct error *error, void *context),
                                            void *context)
{
    struct situation_diff *diff = memory_new(sizeof *diff);
    *diff = (struct situation_diff){
        .situation = situation, .from = from, .to = to, .live = live, .done = done, .context = context};
    array_append(&situation->diffs, diff);
    situation_look_again(situation);
    return diff;
}

void situation_diff_cancel(struct situation_diff *diff)
{
    if (diff == NULL)
        return;
    forget(diff);
    free_diff(diff);
}
