#include "situation/situation.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "situation/identity.h"
#include "situation/state.h"
#include <stdlib.h>

#define NOTIFY_MS 50
#define AGES_MS   30000 /* "3 min ago" is written anew as often */

#define EARLY_RECORDS_LIMIT 100

static void tick(void *context);
static void tell(void *context);

static int64_t now(const struct situation *situation)
{
    return clock_boot_ms(loop_clock(situation->loop));
}

void situation_look_again(struct situation *situation)
{
    if (situation->tick == NULL)
        situation->tick = loop_timer_start(situation->loop, 0, 0, tick, situation);
}

static void notify_soon(struct situation *situation)
{
    int64_t since = now(situation) - situation->notified_ms;
    if (situation->notify == NULL)
        situation->notify =
            loop_timer_start(situation->loop, since < NOTIFY_MS ? NOTIFY_MS - since : 0, 0, tell, situation);
}

/* Something that is shown has changed. On the way to completeness every change may let the next thing begin; later a
 * storm of changes costs a mark each. */
static void mark(struct situation *situation, unsigned dirt)
{
    situation->dirty |= dirt;
    if (situation->was_complete)
        notify_soon(situation);
    else
        situation_look_again(situation);
}

static void history_changed(void *context)
{
    struct situation *situation = context;
    situation->dirty = DIRTY_ALL;
    situation_look_again(situation);
}

static void components_changed(void *context)
{
    mark(context, DIRTY_COMPONENTS);
}

static void pods_changed(void *context)
{
    mark(context, DIRTY_COMPONENTS | DIRTY_DATABASES);
}

static void apis_changed(void *context)
{
    mark(context, DIRTY_APIS);
}

static void databases_changed(void *context)
{
    mark(context, DIRTY_DATABASES);
}

static void hashes_changed(void *context)
{
    mark(context, DIRTY_HASHES | DIRTY_COMPONENTS);
}

static void events_changed(void *context)
{
    mark(context, DIRTY_EVENTS);
}

/* The history drops the bodies that nobody needs: what the hashes are made of is held until their playbook is chosen.
 */
static void record_decoded(const struct helm_record *record, void *context)
{
    struct situation *situation = context;
    if (situation->hashes != NULL)
        hashes_live_record(situation->hashes, record);
    else if ((situation->options.wants & SITUATION_STORED_HASHES) != 0 && situation->early.count < EARLY_RECORDS_LIMIT)
        array_append(&situation->early, (void *)helm_record_hold(record));
}

/* ---- revisions ---- */

const struct helm_record *situation_record(const struct situation *situation, int revision)
{
    const struct helm_revision *row = helm_history_find(situation->history, revision);
    return row != NULL && row->record != NULL && row->record->manifest != NULL ? row->record : NULL;
}

/* A record whose status alone changed is the same to everything that is computed from it. */
static bool hold(const struct helm_record **place, const struct helm_record *record)
{
    const struct helm_record *old = *place;
    if (old == record ||
        (old != NULL && record != NULL && old->revision == record->revision &&
         text_equal(old->content_hash, record->content_hash) && text_equal(old->app_version, record->app_version)))
        return false;
    *place = record != NULL ? helm_record_hold(record) : NULL;
    helm_record_free(old);
    return true;
}

static const struct helm_record *record_of(const struct situation *situation, int wanted,
                                           const struct helm_revision *otherwise)
{
    int revision = wanted != 0 ? wanted : otherwise != NULL ? otherwise->revision : 0;
    return revision != 0 ? situation_record(situation, revision) : NULL;
}

/* From pending to deployed or failed: what the operation did is there now. */
static void follow_status(struct situation *situation, const struct helm_revision *live)
{
    const char *status = live != NULL ? live->status : "";
    if (text_equal(situation->live_status, status))
        return;
    free(situation->live_status);
    situation->live_status = memory_text(status);
    if (situation->objects != NULL)
        live_objects_ask_again(situation->objects);
}

static void follow_history(struct situation *situation)
{
    if (!helm_history_complete(situation->history))
        return;
    const struct helm_revision *live = helm_history_live(situation->history),
                               *target = helm_history_target(situation->history);
    bool changed = hold(&situation->live, record_of(situation, 0, live));
    changed = hold(&situation->from, record_of(situation, situation->options.from, live)) || changed;
    changed = hold(&situation->to, record_of(situation, situation->options.to, target)) || changed;
    follow_status(situation, live);
    if (changed)
        situation->dirty |= DIRTY_COMPONENTS | DIRTY_APIS;
}

/* ---- the playbook ---- */

static void stop_all(struct situation *situation);

static void set_playbook(struct situation *situation, const struct playbook *playbook)
{
    if (playbook == situation->playbook && situation->playbook_chosen)
        return;
    stop_all(situation);
    playbook_free((struct playbook *)situation->playbook);
    situation->playbook = playbook != NULL ? playbook_hold(playbook) : NULL;
    situation->playbook_chosen = true;
}

static void follow_playbook(struct situation *situation)
{
    if (situation->options.playbook != NULL || situation->live == NULL)
        return;
    if (situation->playbook_chosen && text_equal(situation->playbook_chart, situation->live->chart_name))
        return;
    free(situation->playbook_chart);
    situation->playbook_chart = memory_text(situation->live->chart_name);
    set_playbook(situation, situation->options.choose_playbook != NULL
                                ? situation->options.choose_playbook(situation->live, situation->options.context)
                                : NULL);
}

/* ---- starting and stopping what is watched ---- */

static void stop_live(struct situation *situation)
{
    workloads_live_free(situation->workloads);
    live_objects_free(situation->objects);
    for (size_t i = 0; i < situation->identity_count && situation->component_pods != NULL; i++)
        pod_pool_put(situation->pods, situation->component_pods[i]);
    free(situation->component_pods);
    free(situation->identities);
    identities_free_texts(situation->identity_texts);
    situation->workloads = NULL;
    situation->objects = NULL;
    situation->component_pods = NULL;
    situation->identities = NULL;
    situation->identity_texts = NULL;
    situation->identity_count = 0;
    situation->watched_live = NULL;
    situation->watched_to = NULL;
}

/* The picture shows the change set itself. */
static void stop_changes(struct situation *situation)
{
    picture_release_components(&situation->picture);
    changes_live_free(situation->changes);
    situation->changes = NULL;
    situation->dirty |= DIRTY_COMPONENTS;
}

static void stop_all(struct situation *situation)
{
    stop_live(situation);
    stop_changes(situation);
    apis_live_free(situation->apis);
    databases_live_free(situation->databases);
    hashes_live_free(situation->hashes);
    events_live_free(situation->events);
    situation->apis = NULL;
    situation->databases = NULL;
    situation->hashes = NULL;
    situation->events = NULL;
    situation->dirty = DIRTY_ALL;
}

static bool wants(const struct situation *situation, enum situation_want want)
{
    return (situation->options.wants & want) != 0;
}

/* Pods of components that have no workload of their own, or that name others. */
static void watch_component_pods(struct situation *situation)
{
    situation->component_pods = memory_new_array(situation->identity_count, sizeof(struct kube_reflector *));
    for (size_t i = 0; i < situation->identity_count; i++) {
        const struct playbook_component *playbook = situation->identities[i].playbook;
        if (playbook != NULL && playbook->pods != NULL)
            situation->component_pods[i] = pod_pool_get(situation->pods, NULL, playbook->pods);
    }
}

static void watch_live(struct situation *situation)
{
    if (situation->watched_live == situation->live && situation->watched_to == situation->to &&
        situation->objects != NULL)
        return;
    stop_live(situation);
    identities_make(situation->playbook, situation->live, situation->to, &situation->identities,
                    &situation->identity_count, &situation->identity_texts);
    const struct live_objects_options objects = {
        .from = situation->live,
        .to = situation->to,
        .release = situation->release,
        .namespace = situation->namespace,
        .identities = situation->identities,
        .identity_count = situation->identity_count,
        .once = situation->options.once,
        .on_change = components_changed,
        .context = situation,
    };
    situation->objects = live_objects_new(situation->client, &objects);
    const struct workloads_live_options workloads = {
        .from = situation->live,
        .to = situation->to,
        .identities = situation->identities,
        .identity_count = situation->identity_count,
        .pods = situation->pods,
        .objects = situation->objects,
        .once = situation->options.once,
        .on_change = components_changed,
        .context = situation,
    };
    situation->workloads = workloads_live_new(situation->client, &workloads);
    watch_component_pods(situation);
    situation->watched_live = situation->live;
    situation->watched_to = situation->to;
    situation->dirty |= DIRTY_COMPONENTS;
}

static void follow_records(struct situation *situation)
{
    if (wants(situation, SITUATION_COMPONENTS) && situation->from != NULL) {
        if (situation->changes == NULL)
            situation->changes = changes_live_new(situation->loop, components_changed, situation);
        changes_live_set(situation->changes, situation->playbook, situation->from, situation->to);
    }
    if (wants(situation, SITUATION_LIVE) && situation->live != NULL)
        watch_live(situation);
    else if (situation->objects != NULL)
        stop_live(situation);
}

/* What does not rest on the records starts as soon as the playbook is known; without one the live manifest tells the
 * CRDs. */
static void follow_playbook_parts(struct situation *situation)
{
    bool once = situation->options.once;
    if (wants(situation, SITUATION_APIS) && situation->apis == NULL &&
        (situation->playbook != NULL || situation->live != NULL))
        situation->apis =
            apis_live_new(situation->client, situation->playbook, situation->live, once, apis_changed, situation);
    if (wants(situation, SITUATION_DATABASES) && situation->databases == NULL)
        situation->databases = databases_live_new(situation->client, situation->playbook, situation->pods, once,
                                                  databases_changed, situation);
    if (wants(situation, SITUATION_STORED_HASHES) && situation->hashes == NULL) {
        situation->hashes = hashes_live_new(situation->client, situation->playbook, situation->release,
                                            situation->namespace, once, hashes_changed, situation);
        for (size_t i = 0; i < situation->early.count; i++)
            hashes_live_record(situation->hashes, situation->early.items[i]);
    }
    array_release(&situation->early);
    if (situation->hashes != NULL && helm_history_complete(situation->history))
        hashes_live_follow(situation->hashes, situation->history);
}

static void follow_events(struct situation *situation)
{
    if (!wants(situation, SITUATION_EVENTS))
        return;
    if (situation->events == NULL)
        situation->events = events_live_new(situation->client, situation->options.once, events_changed, situation);
    struct event_subject *subjects;
    size_t count;
    picture_subjects(situation, &subjects, &count);
    events_live_follow(situation->events, subjects, count);
    free(subjects);
}

static void drop_unwanted(struct situation *situation)
{
    if (!wants(situation, SITUATION_APIS)) {
        apis_live_free(situation->apis);
        situation->apis = NULL;
    }
    if (!wants(situation, SITUATION_DATABASES)) {
        databases_live_free(situation->databases);
        situation->databases = NULL;
    }
    if (!wants(situation, SITUATION_STORED_HASHES)) {
        hashes_live_free(situation->hashes);
        situation->hashes = NULL;
    }
    if (!wants(situation, SITUATION_EVENTS)) {
        events_live_free(situation->events);
        situation->events = NULL;
    }
    if (!wants(situation, SITUATION_COMPONENTS))
        stop_changes(situation);
}

static void advance(struct situation *situation)
{
    follow_history(situation);
    follow_playbook(situation);
    if (situation->playbook_chosen) {
        follow_records(situation);
        follow_playbook_parts(situation);
    }
    situation_diffs_follow(situation);
}

/* ---- telling ---- */

static void tell(void *context)
{
    struct situation *situation = context;
    loop_timer_cancel(situation->notify);
    situation->notify = NULL;
    situation->notified_ms = now(situation);
    if (situation->playbook_chosen)
        follow_events(situation);
    situation->was_complete = situation_complete(situation);
    if (situation->options.on_change != NULL)
        situation->options.on_change(situation->options.context);
}

/* The first change and completion are told at once, others together. */
static void tick(void *context)
{
    struct situation *situation = context;
    loop_timer_cancel(situation->tick);
    situation->tick = NULL;
    advance(situation);
    if (situation->playbook_chosen && !situation->was_complete)
        follow_events(situation);
    bool completed = !situation->was_complete && situation_complete(situation);
    if (completed || situation->notified_ms < 0 || now(situation) - situation->notified_ms >= NOTIFY_MS)
        tell(situation);
    else
        notify_soon(situation);
}

static void rewrite_ages(void *context)
{
    struct situation *situation = context;
    if (situation->picture.drifted == DRIFT_YES)
        mark(situation, DIRTY_COMPONENTS);
}

/* ---- life ---- */

static void let_go_of_record(void *item)
{
    helm_record_free(item);
}

struct situation *situation_new(struct kube_client *client, const struct situation_options *options)
{
    struct situation *situation = memory_new(sizeof *situation);
    situation->client = client;
    situation->loop = kube_client_loop(client);
    situation->options = *options;
    situation->release = memory_text(options->release);
    situation->namespace = memory_text(options->namespace);
    situation->dirty = DIRTY_ALL;
    situation->notified_ms = -1;
    situation->early.free_item = let_go_of_record;
    situation->pods = pod_pool_new(client, options->once, pods_changed, situation);
    if (options->playbook != NULL) {
        situation->playbook = playbook_hold(options->playbook);
        situation->playbook_chosen = true;
    }
    const struct helm_history_options history = {
        .name = situation->release,
        .namespace = situation->namespace,
        .driver = options->driver,
        .once = options->once,
        .from = options->from,
        .decode_all = options->decode_all,
        .on_change = history_changed,
        .on_record = record_decoded,
        .context = situation,
    };
    situation->history = helm_history_new(client, &history);
    if (options->from != 0)
        helm_history_want(situation->history, options->from);
    if (options->to != 0)
        helm_history_want(situation->history, options->to);
    if (!options->once)
        situation->ages = loop_timer_start(situation->loop, AGES_MS, AGES_MS, rewrite_ages, situation);
    situation_look_again(situation);
    return situation;
}

void situation_free(struct situation *situation)
{
    if (situation == NULL)
        return;
    situation_diffs_cancel(situation);
    stop_all(situation);
    pod_pool_free(situation->pods);
    helm_history_free(situation->history);
    /* Last: what is let go of above may still ask for another look. */
    loop_timer_cancel(situation->tick);
    loop_timer_cancel(situation->notify);
    loop_timer_cancel(situation->ages);
    helm_record_free(situation->live);
    helm_record_free(situation->from);
    helm_record_free(situation->to);
    playbook_free((struct playbook *)situation->playbook);
    array_release(&situation->early);
    picture_release(&situation->picture);
    free(situation->playbook_chart);
    free(situation->live_status);
    free(situation->release);
    free(situation->namespace);
    free(situation);
}

void situation_want(struct situation *situation, unsigned wanted)
{
    if (situation->options.wants == wanted)
        return;
    situation->options.wants = wanted;
    drop_unwanted(situation);
    situation->dirty = DIRTY_ALL;
    situation_look_again(situation);
}

void situation_want_facts(struct situation *situation)
{
    helm_history_want_all(situation->history);
}

/* ---- reading ---- */

static bool records_complete(const struct situation *situation)
{
    struct error why = {0};
    situation_why_empty(situation, &why);
    bool nothing = why.code != ERROR_NONE;
    error_release(&why);
    if (nothing || situation->live == NULL)
        return nothing;
    if (wants(situation, SITUATION_COMPONENTS) &&
        (situation->changes == NULL || !changes_live_complete(situation->changes)))
        return false;
    if (!wants(situation, SITUATION_LIVE))
        return true;
    if (situation->objects == NULL || !live_objects_complete(situation->objects) ||
        !workloads_live_complete(situation->workloads))
        return false;
    for (size_t i = 0; i < situation->identity_count; i++)
        if (situation->component_pods[i] != NULL && !kube_reflector_complete(situation->component_pods[i]))
            return false;
    return true;
}

bool situation_complete(const struct situation *situation)
{
    if (!helm_history_complete(situation->history) || situation->tick != NULL)
        return false;
    /* Without any revision there is nothing to choose a playbook by. */
    bool nothing = helm_history_count(situation->history) == 0;
    bool beside = situation->playbook != NULL || !nothing;
    if ((situation->options.wants & (SITUATION_COMPONENTS | SITUATION_LIVE)) != 0 && !records_complete(situation))
        return false;
    if (beside && wants(situation, SITUATION_APIS) && situation->apis != NULL && !apis_live_complete(situation->apis))
        return false;
    if (situation->databases != NULL && !databases_live_complete(situation->databases))
        return false;
    if (situation->hashes != NULL && !hashes_live_complete(situation->hashes))
        return false;
    return situation->events == NULL || events_live_complete(situation->events);
}

const struct picture *situation_picture(struct situation *situation)
{
    if (situation->dirty != 0)
        picture_build(situation);
    return &situation->picture;
}
