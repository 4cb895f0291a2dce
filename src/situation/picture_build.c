#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "situation/components_live.h"
#include "situation/state.h"
#include "situation/watched.h"
#include <stdlib.h>

/* ---- history ---- */

static char *clean_or_null(const char *text)
{
    return text != NULL ? text_clean(text, false, 0) : NULL;
}

static void fill_revision(const struct helm_revision *row, struct picture_revision *shown)
{
    const struct helm_record *record = row->record;
    *shown = (struct picture_revision){
        .revision = row->revision,
        .status = text_clean(row->status, false, 0),
        .updated_ms = row->updated_ms,
        .chart = record != NULL ? text_clean(record->chart, false, 0) : NULL,
        .app_version = record != NULL ? text_clean(record->app_version, false, 0) : NULL,
        .description = record != NULL ? text_clean(record->description, false, 0) : NULL,
        .apply_method = record != NULL ? text_clean(record->apply_method, false, 0) : NULL,
        .once_deployed = memory_text(helm_proof_name(row->once_deployed)),
        .content = row->content,
        .live = row->live,
        .target = row->target,
        .error = clean_or_null(row->error),
    };
}

static void build_history(struct situation *situation)
{
    struct picture *picture = &situation->picture;
    const struct helm_history *history = situation->history;
    picture_release_history(picture);
    watched_part_of(helm_history_freshness(history), helm_history_reason(history), helm_history_heard_ms(history),
                    &picture->history_part);
    picture->revision_count = helm_history_count(history);
    picture->revisions = memory_new_array(picture->revision_count, sizeof *picture->revisions);
    for (size_t i = 0; i < picture->revision_count; i++)
        fill_revision(helm_history_at(history, i), &picture->revisions[i]);
    const struct helm_revision *live = helm_history_live(history), *target = helm_history_target(history);
    picture->live_revision = live != NULL ? live->revision : 0;
    picture->target_revision = target != NULL ? target->revision : 0;
    picture->target_reason = text_clean(helm_history_target_reason(history), false, 0);
    int asked_for = situation->options.to;
    picture->to_reason = asked_for != 0 ? memory_format(_("Revision %d was asked for."), asked_for)
                                        : memory_text(picture->target_reason);
}

/* ---- components ---- */

/* The components rest on the records; what lives has parts of its own. */
static void build_components_part(struct situation *situation)
{
    struct picture *picture = &situation->picture;
    const struct helm_history *history = situation->history;
    struct error why = {0};
    watched_part_of(helm_history_freshness(history), helm_history_reason(history), helm_history_heard_ms(history),
                    &picture->components_part);
    situation_why_empty(situation, &why);
    if (picture->changes == NULL && why.code != ERROR_NONE)
        part_set_unknown(&picture->components_part, &why);
    else if (picture->changes == NULL && picture->components_part.state == PART_LIVE)
        picture->components_part.state = PART_WAITING;
    error_release(&why);
}

static void build_components(struct situation *situation)
{
    struct picture *picture = &situation->picture;
    picture_release_components(picture);
    picture->changes = situation->changes != NULL ? changes_live_set_now(situation->changes) : NULL;
    if (situation->changes != NULL)
        changes_live_drop_stale(situation->changes);
    picture->skew = memory_text(situation->changes != NULL ? changes_live_skew(situation->changes) : "");
    build_components_part(situation);
    struct components_sources sources = {
        .changes = picture->changes,
        .objects = situation->objects,
        .workloads = situation->workloads,
        .hashes = picture->hashes,
        .hashes_count = picture->hashes_count,
        .identities = situation->identities,
        .identity_count = situation->identity_count,
        .pods = situation->component_pods,
        .target = situation->watched_to != NULL ? situation->watched_to->revision : 0,
        .now_ms = clock_wall_ms(loop_clock(situation->loop)),
    };
    if (picture->changes != NULL) {
        sources.skewed = changes_live_skewed(situation->changes);
        components_fill(&sources, &picture->components);
        picture->component_count = picture->changes->component_count;
    }
    objects_fill(&sources, picture);
    if (situation->workloads != NULL)
        workloads_fill(situation->workloads, &picture->workloads, &picture->workload_count);
}

/* ---- the other parts ---- */

static void build_apis(struct situation *situation)
{
    struct picture *picture = &situation->picture;
    picture_release_apis(picture);
    if (situation->apis == NULL)
        return;
    picture->api_count = apis_live_count(situation->apis);
    picture->apis = memory_new_array(picture->api_count, sizeof *picture->apis);
    for (size_t i = 0; i < picture->api_count; i++)
        apis_live_read(situation->apis, i, situation->to, &picture->apis[i]);
}

static void build_databases(struct situation *situation)
{
    struct picture *picture = &situation->picture;
    picture_release_databases(picture);
    if (situation->databases != NULL)
        databases_live_read(situation->databases, &picture->databases_part, &picture->databases,
                            &picture->database_count);
    else
        picture->databases_part.state = PART_UNUSED;
}

static void build_hashes(struct situation *situation)
{
    struct picture *picture = &situation->picture;
    picture_release_hashes(picture);
    if (situation->hashes != NULL)
        hashes_live_read(situation->hashes, &picture->hashes_part, &picture->hashes, &picture->hashes_count);
    else
        picture->hashes_part.state = PART_UNUSED;
}

static void add_subject(struct event_subject **subjects, size_t *count, const char *kind, const char *namespace,
                        const char *name)
{
    *subjects = memory_resize(*subjects, *count + 1, sizeof **subjects);
    (*subjects)[(*count)++] = (struct event_subject){kind, namespace, name};
}

void picture_subjects(const struct situation *situation, struct event_subject **ret_subjects, size_t *ret_count)
{
    struct event_subject *subjects = NULL;
    size_t count = 0;
    for (size_t i = 0; situation->workloads != NULL && i < workloads_live_count(situation->workloads); i++) {
        const struct workload_live *workload = workloads_live_at(situation->workloads, i);
        add_subject(&subjects, &count, workload->kind, workload->namespace, workload->name);
    }
    for (size_t i = 0; situation->apis != NULL && i < apis_live_count(situation->apis); i++) {
        const char *kind;
        const struct kube_reflector *objects = apis_live_objects(situation->apis, i, &kind);
        for (size_t k = 0; objects != NULL && k < kube_reflector_count(objects); k++)
            add_subject(&subjects, &count, kind, kube_reflector_at(objects, k)->namespace,
                        kube_reflector_at(objects, k)->name);
    }
    if (situation->databases != NULL) {
        const struct kube_reflector *clusters = databases_live_clusters(situation->databases);
        for (size_t i = 0; i < kube_reflector_count(clusters); i++)
            add_subject(&subjects, &count, "Cluster", kube_reflector_at(clusters, i)->namespace,
                        kube_reflector_at(clusters, i)->name);
    }
    *ret_subjects = subjects;
    *ret_count = count;
}

static void build_events(struct situation *situation)
{
    struct picture *picture = &situation->picture;
    picture_release_events(picture);
    if (situation->events == NULL) {
        picture->events_part.state = PART_UNUSED;
        return;
    }
    struct event_subject *subjects;
    size_t count;
    picture_subjects(situation, &subjects, &count);
    events_live_read(situation->events, subjects, count, &picture->events_part, &picture->events,
                     &picture->event_count);
    free(subjects);
}

void picture_build(struct situation *situation)
{
    /* In this order: components tell what the hashes say. */
    static const struct {
        unsigned dirt;
        void (*build)(struct situation *situation);
    } parts[] = {
        {DIRTY_HISTORY, build_history}, {DIRTY_HASHES, build_hashes},       {DIRTY_COMPONENTS, build_components},
        {DIRTY_APIS, build_apis},       {DIRTY_DATABASES, build_databases}, {DIRTY_EVENTS, build_events},
    };
    unsigned dirty = situation->dirty;
    situation->dirty = 0;
    for (size_t i = 0; i < LENGTH_OF(parts); i++)
        if ((dirty & parts[i].dirt) != 0)
            parts[i].build(situation);
    situation->picture.version++;
}
