/*
 * Rows come from the reflector's labels; records from single GETs, a few at once, each decoded once per (uid,
 * resourceVersion). After every piece of news the rows are judged anew, and the plan says which records are still
 * missing for that judgement.
 *
 * Why not one list of all full records: it would save a round trip (1 ms on the same machine), and cost all their
 * bytes, 7 MB for ten large ones where two are needed.
 */
#include "helm/history.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "helm/fetch.h"
#include "helm/judge.h"
#include <stdlib.h>
#include <string.h>

enum { FETCHES_AT_ONCE = 4 };

/* One revision. The record, or the error, is that of (uid, resource_version) when `settled`; else it may be an older
 * one's, still shown. */
struct entry {
    struct helm_history *history;
    int revision;
    char *uid;
    char *resource_version;
    char *status;
    int64_t created_ms;
    const struct helm_record *record;
    struct error error;
    bool settled;
    struct helm_fetch *fetch;
};

struct helm_history {
    struct kube_client *client;
    struct helm_history_options options;
    char *name;
    char *namespace;
    struct kube_reflector *reflector;
    struct entry **entries;     /* ascending by revision */
    struct helm_revision *rows; /* one for each entry */
    bool *needed;               /* … */
    size_t count;
    size_t fetching;
    bool unhurried; /* decode_all was asked for later: nothing waits for it */
    int *wanted; /* revisions that somebody asked for */
    size_t wanted_count;
    char *target_reason;
    bool ready; /* judged on everything that it takes */
};

static void refresh(struct helm_history *history);

const char *helm_proof_name(enum helm_proof proof)
{
    static const char *const names[] = {
        [HELM_PROOF_NO] = "no", [HELM_PROOF_YES] = "yes", [HELM_PROOF_UNPROVEN] = "unproven"};
    return names[proof];
}

/* ---- entries ---- */

static void drop_record(struct entry *entry)
{
    helm_record_free(entry->record);
    entry->record = NULL;
    error_release(&entry->error);
}

static void stop_fetch(struct entry *entry)
{
    if (entry->fetch == NULL)
        return;
    helm_fetch_cancel(entry->fetch);
    entry->fetch = NULL;
    entry->history->fetching--;
}

static void free_entry(struct entry *entry)
{
    stop_fetch(entry);
    drop_record(entry);
    free(entry->uid);
    free(entry->resource_version);
    free(entry->status);
    free(entry);
}

static void replace_text(char **text, const char *now)
{
    char *copy = memory_text(now);
    free(*text);
    *text = copy;
}

/* The old entry of a revision, taken out of the old list, or a new one. */
static struct entry *take_entry(struct helm_history *history, int revision)
{
    for (size_t i = 0; i < history->count; i++)
        if (history->entries[i] != NULL && history->entries[i]->revision == revision)
            return STEAL(history->entries[i]);
    struct entry *entry = memory_new(sizeof *entry);
    entry->history = history;
    entry->revision = revision;
    return entry;
}

static void update_entry(struct entry *entry, const struct kube_item *item)
{
    const struct record_label *label = item->item;
    entry->created_ms = label->created_ms;
    replace_text(&entry->status, label->status);
    if (text_equal(entry->uid, item->uid) && text_equal(entry->resource_version, item->resource_version))
        return;
    if (!text_equal(entry->uid, item->uid))
        drop_record(entry);
    replace_text(&entry->uid, item->uid);
    replace_text(&entry->resource_version, item->resource_version);
    entry->settled = false;
    stop_fetch(entry);
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = *(struct entry *const *)a;
    const struct entry *right = *(struct entry *const *)b;
    return (left->revision > right->revision) - (left->revision < right->revision);
}

/* Makes the entries what the reflector shows now; records that are still the same stay. */
static void take_over_items(struct helm_history *history)
{
    size_t shown = kube_reflector_count(history->reflector);
    size_t count = 0;
    struct entry **entries = memory_new_array(shown + 1, sizeof *entries);
    for (size_t i = 0; i < shown; i++) {
        const struct kube_item *item = kube_reflector_at(history->reflector, i);
        const struct record_label *label = item->item;
        if (label == NULL || !text_equal(label->release, history->name)) /* not Helm's, or a selector in disguise */
            continue;
        entries[count] = take_entry(history, label->revision);
        update_entry(entries[count++], item);
    }
    for (size_t i = 0; i < history->count; i++)
        if (history->entries[i] != NULL)
            free_entry(history->entries[i]);
    if (count > 1)
        qsort(entries, count, sizeof *entries, compare_entries);
    free(history->entries);
    free(history->rows);
    free(history->needed);
    history->entries = entries;
    history->count = count;
    history->rows = memory_new_array(count + 1, sizeof *history->rows);
    history->needed = memory_new_array(count + 1, sizeof *history->needed);
}

/* ---- records ---- */

static bool is_wanted(const struct helm_history *history, int revision)
{
    for (size_t i = 0; i < history->wanted_count; i++)
        if (history->wanted[i] == revision)
            return true;
    return false;
}

static bool has_body(const struct entry *entry)
{
    return entry->record != NULL && entry->record->manifest != NULL;
}

static void fetched(struct helm_record *record, const struct error *error, void *context)
{
    struct entry *entry = context;
    struct helm_history *history = entry->history;
    entry->fetch = NULL;
    history->fetching--;
    drop_record(entry);
    entry->settled = true;
    entry->record = record;
    if (error != NULL)
        error_copy(&entry->error, error);
    if (record != NULL && history->options.on_record != NULL)
        history->options.on_record(record, history->options.context);
    refresh(history);
}

static void fetch(struct entry *entry, bool whole)
{
    struct helm_history *history = entry->history;
    if (entry->fetch != NULL || history->fetching == FETCHES_AT_ONCE)
        return;
    const struct helm_fetch_request request = {
        .driver = history->options.driver,
        .namespace = history->namespace,
        .release = history->name,
        .revision = entry->revision,
        .depth = whole || history->options.on_record != NULL ? HELM_WHOLE : HELM_HEAD,
        .done = fetched,
        .context = entry,
    };
    history->fetching++;
    entry->fetch = helm_fetch_start(history->client, &request);
}

/* Bodies are large: only those that are needed stay. */
static void drop_body(struct entry *entry)
{
    const struct helm_record *whole = entry->record;
    entry->record = helm_record_copy_head(whole);
    helm_record_free(whole);
}

/* ---- judging ---- */

static void fill_rows(struct helm_history *history, bool settled_only)
{
    for (size_t i = 0; i < history->count; i++) {
        const struct entry *entry = history->entries[i];
        bool readable = entry->settled || !settled_only;
        const struct helm_record *record = readable ? entry->record : NULL;
        bool timed = record != NULL && record->updated_ms != CLOCK_UNKNOWN;
        history->rows[i] = (struct helm_revision){
            .revision = entry->revision,
            .status = entry->status,
            .updated_ms = timed ? record->updated_ms : entry->created_ms,
            .record = record,
            .error = readable ? entry->error.message : NULL,
            .failure = readable && entry->error.code != ERROR_NONE ? &entry->error : NULL,
        };
    }
}

/* How many rows there were when the revision that a person compares from was the newest; 0: nobody does, or it does not exist. */
static size_t rows_at_start(const struct helm_history *history)
{
    for (size_t i = 0; history->options.from > 0 && i < history->count; i++)
        if (history->entries[i]->revision == history->options.from)
            return i + 1;
    return 0;
}

/* The target of an earlier time takes the place of today's in `plan`. */
static void plan_from_start(struct helm_history *history, struct judge_plan *plan)
{
    size_t start = rows_at_start(history);
    if (start == 0)
        return;
    CLEANUP_FREE bool *needed = memory_new_array(start, sizeof *needed);
    struct judge_plan earlier = {.needed = needed};
    judge_plan_make(history->rows, start, &earlier);
    for (size_t i = 0; i < start; i++)
        plan->needed[i] = plan->needed[i] || needed[i];
    plan->target = earlier.target;
}

static void judge_from_start(struct helm_history *history)
{
    size_t start = rows_at_start(history);
    if (start == 0)
        return;
    CLEANUP_FREE struct helm_revision *rows = memory_copy(history->rows, start * sizeof *rows);
    free(history->target_reason);
    helm_history_judge(rows, start, &history->target_reason);
    for (size_t i = 0; i < history->count; i++)
        history->rows[i].target = i < start && rows[i].target;
}

/* Starts what is missing and frees what is not needed any more. False while something is missing. */
static bool settle(struct helm_history *history)
{
    bool settled = true;
    struct judge_plan plan = {.needed = history->needed};
    fill_rows(history, true);
    judge_plan_make(history->rows, history->count, &plan);
    plan_from_start(history, &plan);
    for (size_t i = history->count; i-- > 0;) {
        struct entry *entry = history->entries[i];
        bool whole = i == plan.live || i == plan.target || is_wanted(history, entry->revision);
        bool missing = entry->settled ? whole && entry->record != NULL && !has_body(entry) : whole || plan.needed[i];
        settled = settled && !missing;
        if (missing)
            fetch(entry, whole);
        else if (has_body(entry) && !whole && entry->settled)
            drop_body(entry);
    }
    for (size_t i = history->count; history->options.decode_all && i-- > 0;) {
        settled = settled && (history->unhurried || history->entries[i]->settled);
        if (!history->entries[i]->settled)
            fetch(history->entries[i], false);
    }
    return settled;
}

static void update(struct helm_history *history)
{
    history->ready = settle(history);
    fill_rows(history, false);
    free(history->target_reason);
    helm_history_judge(history->rows, history->count, &history->target_reason);
    judge_from_start(history);
    if (history->count == 0 && kube_reflector_reason(history->reflector) != NULL)
        history->target_reason[0] = '\0'; /* nothing is known, not even that there is nothing */
}

static void refresh(struct helm_history *history)
{
    update(history);
    if (history->options.on_change != NULL)
        history->options.on_change(history->options.context);
}

/* ---- news from the reflector ---- */

static void items_changed(enum kube_change change, const struct kube_item *now, const void *before, void *context)
{
    struct helm_history *history = context;
    (void)change;
    (void)now;
    (void)before;
    take_over_items(history);
    refresh(history);
}

/* What failed for want of an answer is asked for again when the server answers again. */
static void forget_failures(struct helm_history *history)
{
    for (size_t i = 0; i < history->count; i++)
        if (history->entries[i]->error.code != ERROR_INVALID && history->entries[i]->error.code != ERROR_NONE)
            history->entries[i]->settled = false;
}

static void state_changed(void *context)
{
    struct helm_history *history = context;
    if (!kube_reflector_complete(history->reflector)) {
        if (history->options.on_change != NULL)
            history->options.on_change(history->options.context);
        return;
    }
    take_over_items(history);
    if (!history->options.once && kube_reflector_freshness(history->reflector) == KUBE_LIVE)
        forget_failures(history);
    refresh(history);
}

/* ---- life ---- */

struct helm_history *helm_history_new(struct kube_client *client, const struct helm_history_options *options)
{
    struct helm_history *history = memory_new(sizeof *history);
    history->client = client;
    history->options = *options;
    history->name = memory_text(options->name);
    history->namespace = memory_text(options->namespace);
    history->target_reason = memory_text("");
    CLEANUP_FREE char *selector = memory_format("owner=helm,name=%s", options->name);
    const struct kube_reflector_options watch = {
        .resource = *helm_driver_resource(options->driver),
        .namespace = history->namespace,
        .label_selector = selector,
        .metadata_only = true,
        .once = options->once,
        .projection = {.make = record_label_make, .free_item = record_label_free},
        .on_change = items_changed,
        .on_state = state_changed,
        .context = history,
    };
    history->reflector = kube_reflector_new(client, &watch);
    return history;
}

void helm_history_free(struct helm_history *history)
{
    if (history == NULL)
        return;
    kube_reflector_free(history->reflector);
    for (size_t i = 0; i < history->count; i++)
        free_entry(history->entries[i]);
    free(history->entries);
    free(history->rows);
    free(history->needed);
    free(history->wanted);
    free(history->target_reason);
    free(history->name);
    free(history->namespace);
    free(history);
}

/* ---- reading ---- */

bool helm_history_complete(const struct helm_history *history)
{
    return history->ready;
}

size_t helm_history_count(const struct helm_history *history)
{
    return history->count;
}

const struct helm_revision *helm_history_at(const struct helm_history *history, size_t index)
{
    return &history->rows[index];
}

const struct helm_revision *helm_history_find(const struct helm_history *history, int revision)
{
    for (size_t i = 0; i < history->count; i++)
        if (history->rows[i].revision == revision)
            return &history->rows[i];
    return NULL;
}

const struct helm_revision *helm_history_live(const struct helm_history *history)
{
    for (size_t i = 0; i < history->count; i++)
        if (history->rows[i].live)
            return &history->rows[i];
    return NULL;
}

const struct helm_revision *helm_history_target(const struct helm_history *history)
{
    for (size_t i = 0; i < history->count; i++)
        if (history->rows[i].target)
            return &history->rows[i];
    return NULL;
}

const char *helm_history_target_reason(const struct helm_history *history)
{
    return history->target_reason;
}

void helm_history_want(struct helm_history *history, int revision)
{
    if (is_wanted(history, revision))
        return;
    history->wanted = memory_resize(history->wanted, history->wanted_count + 1, sizeof *history->wanted);
    history->wanted[history->wanted_count++] = revision;
    if (kube_reflector_complete(history->reflector))
        update(history);
}

void helm_history_want_all(struct helm_history *history)
{
    if (history->options.decode_all)
        return;
    history->options.decode_all = true;
    history->unhurried = true;
    if (kube_reflector_complete(history->reflector))
        update(history);
}

void helm_history_release(struct helm_history *history, int revision)
{
    size_t kept = 0;
    for (size_t i = 0; i < history->wanted_count; i++)
        if (history->wanted[i] != revision)
            history->wanted[kept++] = history->wanted[i];
    history->wanted_count = kept;
    if (kube_reflector_complete(history->reflector))
        update(history);
}

enum kube_freshness helm_history_freshness(const struct helm_history *history)
{
    return kube_reflector_freshness(history->reflector);
}

const struct error *helm_history_reason(const struct helm_history *history)
{
    return kube_reflector_reason(history->reflector);
}

int64_t helm_history_heard_ms(const struct helm_history *history)
{
    return kube_reflector_heard_ms(history->reflector);
}
