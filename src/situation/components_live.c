#include "situation/components_live.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "situation/field_changes.h"
#include "situation/pod.h"
#include "situation/watched.h"
#include <stdlib.h>
#include <string.h>

/* ---- drift in words ---- */

/* What rows of components and of objects share. */
struct drift_words {
    char *reason, *manager;
    int64_t time_ms;
    struct field_change *fields;
    size_t field_count;
};

static char *drift_sentence(const struct live_object *object, int target, int64_t now_ms)
{
    const struct drift_look *look = &object->look;
    if (object->missing)
        return memory_text(object->drift == DRIFT_YES ? _("it does not exist") : "");
    CLEANUP_FREE char *paths = drift_paths(look->fields, look->field_count);
    if (object->drift == DRIFT_UNKNOWN) {
        const char *why = object->reason.message != NULL ? object->reason.message : "";
        return *paths == '\0' || *why == '\0' ? memory_format("%s%s", paths, why)
                                              : memory_format(_("suspected: %s; %s"), paths, why);
    }
    if (object->drift == DRIFT_NONE)
        return memory_text("");
    if (look->matches_to)
        return memory_format(_("still as in revision %d: %s"), target, paths);
    const char *refusal = object->reason.message != NULL ? object->reason.message : "";
    const char *separator = *refusal != '\0' ? "; " : "";
    char age[32];
    if (look->manager[0] == '\0')
        return memory_format("%s%s%s", paths, separator, refusal);
    /* Some writes (a scale) are kept without their time. */
    if (look->time_ms == CLOCK_UNKNOWN)
        return memory_format("%s: %s%s%s", look->manager, paths, separator, refusal);
    clock_format_age(now_ms > look->time_ms ? now_ms - look->time_ms : 0, age, sizeof age);
    return memory_format(_("%s %s ago: %s%s%s"), look->manager, age, paths, separator, refusal);
}

static struct drift_words describe_drift(const struct live_object *object, int target, int64_t now_ms)
{
    const struct drift_look *look = &object->look;
    struct drift_words words = {
        .reason = drift_sentence(object, target, now_ms),
        .manager = memory_text(look->manager != NULL && look->field_count > 0 ? look->manager : ""),
        .time_ms = look->manager != NULL && look->field_count > 0 ? look->time_ms : CLOCK_UNKNOWN,
        .fields = memory_new_array(look->field_count, sizeof *words.fields),
        .field_count = look->field_count,
    };
    for (size_t i = 0; i < look->field_count; i++)
        words.fields[i] = (struct field_change){memory_text(look->fields[i].path), memory_text(look->fields[i].from),
                                                memory_text(look->fields[i].to)};
    return words;
}

/* ---- components ---- */

static void fill_drift(struct picture_component *row, const struct live_object *object, int target, int64_t now_ms)
{
    struct drift_words words = describe_drift(object, target, now_ms);
    free(row->drift_reason);
    free(row->drift_manager);
    row->drift = object->drift;
    row->drift_reason = words.reason;
    row->drift_manager = words.manager;
    row->drift_ms = words.time_ms;
    row->drift_fields = words.fields;
    row->drift_field_count = words.field_count;
    part_join(&row->part, &object->part);
}

static const char *main_container(const struct component_change *change)
{
    const struct playbook_component *playbook = change->identity.playbook;
    const struct fingerprint *fingerprint = change->from.present ? &change->from : &change->to;
    if (playbook != NULL && playbook->container != NULL)
        return playbook->container;
    return change->identity.values == NULL && fingerprint->container_count > 0 ? fingerprint->containers[0].name : NULL;
}

static void fill_workload(struct picture_component *row, const struct component_change *change,
                          const struct workload_live *workload)
{
    struct rollout rollout;
    struct part part;
    workload_live_read(workload, &rollout, &part);
    row->ready = rollout.ready;
    row->desired = rollout.desired;
    row->updated = rollout.updated;
    row->rollout = rollout.state;
    free(row->rollout_reason);
    row->rollout_reason = rollout.reason;
    part_join(&row->part, &part);
    part_release(&part);
    if (workload->pods == NULL)
        return;
    part = (struct part){.heard_ms = -1};
    watched_part(workload->pods, &part);
    part_join(&row->part, &part);
    part_release(&part);
    workload_live_images(workload->pods, main_container(change), &row->running, &row->running_count);
}

/* A component that lives in other pods alone: what most of them run is what lives. */
static void fill_running(struct picture_component *row, const struct component_change *change,
                         struct kube_reflector *pods)
{
    struct part part = {.heard_ms = -1};
    watched_part(pods, &part);
    part_join(&row->part, &part);
    part_release(&part);
    if (row->running == NULL)
        workload_live_images(pods, main_container(change), &row->running, &row->running_count);
    if (row->running_count == 0)
        return;
    fingerprint_release(&row->live);
    fingerprint_make_running(&change->identity, row->running[0].image, &row->live);
}

static bool stored_wrongly(const struct components_sources *sources, const char *component)
{
    for (size_t i = 0; i < sources->hashes_count; i++) {
        const struct picture_hashes *hashes = &sources->hashes[i];
        if (hashes->revision != sources->changes->from && hashes->revision != sources->changes->to)
            continue;
        for (size_t k = 0; k < hashes->count; k++)
            if (hashes->rows[k].wrong && text_equal(hashes->rows[k].component, component))
                return true;
    }
    return false;
}

static struct kube_reflector *find_pods(const struct components_sources *sources,
                                        const struct component_identity *identity)
{
    for (size_t i = 0; i < sources->identity_count; i++)
        if (text_equal(sources->identities[i].name, identity->name))
            return sources->pods[i];
    return NULL;
}

static void fill_component(const struct components_sources *sources, size_t index, struct picture_component *row)
{
    const struct component_change *change = &sources->changes->components[index];
    const struct component_identity *identity = &change->identity;
    *row = (struct picture_component){
        .part = {.state = PART_UNUSED, .heard_ms = -1},
        .drift = DRIFT_UNKNOWN,
        .drift_reason = memory_text(""),
        .drift_manager = memory_text(""),
        .drift_ms = CLOCK_UNKNOWN,
        .ready = -1,
        .desired = -1,
        .updated = -1,
        .rollout_reason = memory_text(""),
        .stored_hash_wrong = stored_wrongly(sources, identity->name),
        .skewed = sources->skewed[index],
    };
    row->live.image = memory_text("");
    if (sources->objects == NULL || sources->workloads == NULL)
        return;
    const struct live_object *object = live_objects_find(sources->objects, identity);
    const struct workload_live *workload = workloads_live_find(sources->workloads, identity);
    if (object != NULL) {
        fill_drift(row, object, sources->target, sources->now_ms);
        if (object->look.live.image != NULL && identity->values == NULL) {
            fingerprint_release(&row->live);
            fingerprint_copy(&object->look.live, &row->live);
        }
    } else if (workload == NULL) {
        row->drift = DRIFT_NONE; /* no object of its own that could drift */
    }
    if (workload != NULL)
        fill_workload(row, change, workload);
    struct kube_reflector *pods = find_pods(sources, identity);
    if (pods != NULL)
        fill_running(row, change, pods);
}

void components_fill(const struct components_sources *sources, struct picture_component **ret_rows)
{
    struct picture_component *rows = memory_new_array(sources->changes->component_count, sizeof *rows);
    for (size_t i = 0; i < sources->changes->component_count; i++)
        fill_component(sources, i, &rows[i]);
    *ret_rows = rows;
}

void components_release(struct picture_component *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        part_release(&rows[i].part);
        fingerprint_release(&rows[i].live);
        free(rows[i].drift_reason);
        free(rows[i].drift_manager);
        free(rows[i].rollout_reason);
        field_changes_free_items(rows[i].drift_fields, rows[i].drift_field_count);
        pod_free_images(rows[i].running, rows[i].running_count);
    }
    free(rows);
}

/* ---- objects ---- */

const char *object_match_name(enum object_match match)
{
    static const char *const names[] = {"unknown", "both", "live", "target", "neither", "missing"};
    return names[match];
}

/* Not looked at yet, or it cannot be read. */
static bool is_looked_at(const struct live_object *object)
{
    return object->look.manager != NULL;
}

static enum object_match match_of(const struct live_object *object)
{
    if (object->missing)
        return MATCH_MISSING;
    if (!is_looked_at(object))
        return MATCH_UNKNOWN;
    bool from = object->from != NULL && object->look.matches_from, to = object->to != NULL && object->look.matches_to;
    /* What is drifted beyond both but nearer to none is neither's. */
    return from && to ? MATCH_BOTH : from ? MATCH_LIVE : to ? MATCH_TARGET : MATCH_NEITHER;
}

static void fill_object(const struct live_object *object, int target, int64_t now_ms, struct picture_object *row)
{
    const struct helm_object *any = object->from != NULL ? object->from : object->to;
    struct drift_words words = describe_drift(object, target, now_ms);
    *row = (struct picture_object){
        .api_version = memory_text(any->api_version),
        .kind = memory_text(any->kind),
        .namespace = memory_text(any->namespace),
        .name = memory_text(any->name),
        .component = memory_text(object->identity != NULL ? object->identity->name : ""),
        .match = match_of(object),
        .drift = object->drift,
        .drift_reason = words.reason,
        .drift_manager = words.manager,
        .drift_ms = words.time_ms,
        .drift_fields = words.fields,
        .drift_field_count = words.field_count,
    };
    part_copy(&row->part, &object->part);
}

static enum drift worse_drift(enum drift a, enum drift b)
{
    static const int ranks[] = {[DRIFT_NONE] = 0, [DRIFT_UNKNOWN] = 1, [DRIFT_YES] = 2};
    return ranks[a] >= ranks[b] ? a : b;
}

/* What only one of the two revisions has tells by being there or not. */
static bool is_as_live(const struct picture_object *row, const struct live_object *object)
{
    return row->match == MATCH_LIVE || (row->match == MATCH_MISSING && object->from == NULL && object->to != NULL);
}

static bool is_as_target(const struct picture_object *row, const struct live_object *object)
{
    return row->match == MATCH_TARGET || (row->match == MATCH_MISSING && object->from != NULL && object->to == NULL);
}

void objects_fill(const struct components_sources *sources, struct picture *picture)
{
    size_t count = sources->objects != NULL ? live_objects_count(sources->objects) : 0, as_live = 0, as_target = 0;
    picture->objects = memory_new_array(count, sizeof *picture->objects);
    picture->object_count = count;
    picture->drifted = sources->objects != NULL ? DRIFT_NONE : DRIFT_UNKNOWN;
    for (size_t i = 0; i < count; i++) {
        const struct live_object *object = live_objects_at(sources->objects, i);
        struct picture_object *row = &picture->objects[i];
        fill_object(object, sources->target, sources->now_ms, row);
        picture->drifted = worse_drift(picture->drifted, row->drift);
        as_live += is_as_live(row, object);
        as_target += is_as_target(row, object);
    }
    picture->half_applied = as_live > 0 && as_target > 0;
}

void objects_release(struct picture *picture)
{
    for (size_t i = 0; i < picture->object_count; i++) {
        struct picture_object *row = &picture->objects[i];
        free(row->api_version);
        free(row->kind);
        free(row->namespace);
        free(row->name);
        free(row->component);
        free(row->drift_reason);
        free(row->drift_manager);
        part_release(&row->part);
        field_changes_free_items(row->drift_fields, row->drift_field_count);
    }
    free(picture->objects);
    picture->objects = NULL;
    picture->object_count = 0;
}

/* ---- workloads ---- */

void workloads_fill(const struct workloads_live *workloads, struct picture_workload **ret_rows, size_t *ret_count)
{
    size_t all = workloads_live_count(workloads), count = 0;
    struct picture_workload *rows = memory_new_array(all, sizeof *rows);
    for (size_t i = 0; i < all; i++) {
        const struct workload_live *workload = workloads_live_at(workloads, i);
        struct rollout rollout;
        struct part part;
        if (!workload->in_release)
            continue;
        workload_live_read(workload, &rollout, &part);
        rows[count++] = (struct picture_workload){
            .kind = memory_text(workload->kind),
            .namespace = memory_text(workload->namespace),
            .name = memory_text(workload->name),
            .component = memory_text(workload->identity != NULL ? workload->identity->name : ""),
            .ready = rollout.ready,
            .desired = rollout.desired,
            .updated = rollout.updated,
            .rollout = rollout.state,
            .reason = rollout.reason,
            .part = part,
        };
    }
    *ret_rows = rows;
    *ret_count = count;
}

void workloads_release(struct picture_workload *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(rows[i].kind);
        free(rows[i].namespace);
        free(rows[i].name);
        free(rows[i].component);
        free(rows[i].reason);
        part_release(&rows[i].part);
    }
    free(rows);
}
