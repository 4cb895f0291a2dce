#include "situation/live_objects.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/resource.h"
#include "situation/object_getter.h"
#include "situation/object_pairs.h"
#include "situation/workload.h"
#include <stdlib.h>
#include <string.h>

#define LOOK_AGAIN_MS   60000
#define CONFLICTS_LIMIT 3

struct entry {
    struct live_objects *objects;
    struct live_object shown;
    bool fed;      /* a reflector tells */
    bool asked;    /* a GET is under way */
    bool settled;  /* nothing is under way, and something has been heard */
    char *mark;    /* of what was fed last */
    char *text;    /* what lives, while it is looked at */
    size_t size;
    char *path;
    int conflicts;
    struct loop_job *job;
    struct kube_call *call;
};

struct live_objects {
    struct kube_client *client;
    struct live_objects_options options;
    char *release, *namespace;
    struct object_getter *getter;
    struct loop_timer *again;
    struct object_pair *pairs;
    struct entry *entries;
    size_t count;
};

/* ---- jobs ---- */

/* Private to the worker, but for the records, which are only read. */
struct look_job {
    struct entry *entry;
    const struct helm_record *from, *to; /* holds */
    struct drift_manifests manifests;
    char *release, *namespace;
    const struct component_identity *identity;
    struct component_identity own_identity;
    char *live;
    size_t size;
    char *answer; /* of the dry run; NULL: the first look */
    size_t answer_size;
    struct drift_look look;
    bool good;
    struct error error;
};

static void free_look_job(void *data)
{
    struct look_job *job = data;
    helm_record_free((struct helm_record *)job->from);
    helm_record_free((struct helm_record *)job->to);
    drift_look_release(&job->look);
    error_release(&job->error);
    free((char *)job->own_identity.kind);
    free((char *)job->own_identity.name);
    free(job->release);
    free(job->namespace);
    free(job->live);
    free(job->answer);
    free(job);
}

static void work(void *data)
{
    struct look_job *job = data;
    if (job->answer == NULL)
        job->good = drift_look(&job->manifests, job->identity, job->live, job->size, &job->look, &job->error);
    else
        job->good = drift_confirm(&job->look, &job->manifests, job->live, job->size, job->answer, job->answer_size, &job->error);
}

static struct look_job *make_job(struct entry *entry)
{
    struct live_objects *objects = entry->objects;
    struct look_job *job = memory_new(sizeof *job);
    job->entry = entry;
    job->from = helm_record_hold(objects->options.from);
    job->to = objects->options.to != NULL ? helm_record_hold(objects->options.to) : NULL;
    job->release = memory_text(objects->release);
    job->namespace = memory_text(objects->namespace);
    job->manifests = (struct drift_manifests){entry->shown.from, entry->shown.to, job->release, job->namespace};
    if (entry->shown.identity != NULL) {
        job->own_identity.kind = memory_text(entry->shown.identity->kind);
        job->own_identity.name = memory_text(entry->shown.identity->name);
        job->identity = &job->own_identity;
    }
    job->live = memory_copy(entry->text, entry->size + 1);
    job->size = entry->size;
    return job;
}

/* ---- one object's way: text → look → dry run → look again ---- */

static void changed(const struct entry *entry)
{
    entry->objects->options.on_change(entry->objects->options.context);
}

static void settle(struct entry *entry, enum drift drift)
{
    entry->shown.drift = drift;
    entry->settled = true;
    free(entry->text);
    entry->text = NULL;
    changed(entry);
}

static void settle_unknown(struct entry *entry, const struct error *reason)
{
    error_copy(&entry->shown.reason, reason);
    settle(entry, DRIFT_UNKNOWN);
}

static void drop_work(struct entry *entry)
{
    loop_job_cancel(entry->job);
    kube_call_cancel(entry->call);
    entry->job = NULL;
    entry->call = NULL;
}

static void ask(struct entry *entry);

static void confirmed(void *data)
{
    struct look_job *job = data;
    struct entry *entry = job->entry;
    entry->job = NULL;
    if (job->good) {
        drift_look_release(&entry->shown.look);
        entry->shown.look = job->look;
        job->look = (struct drift_look){0};
        settle(entry, entry->shown.look.matches_from ? DRIFT_NONE : DRIFT_YES);
    } else {
        settle_unknown(entry, &job->error);
    }
    free_look_job(job);
}

/* The manifest cannot be applied as it is (an immutable field, a validation): the object differs for sure. */
static bool is_refusal(const struct kube_answer *answer)
{
    return answer->status == 422 || answer->status == 400;
}

static void dry_run_answered(const struct kube_answer *answer, void *context)
{
    struct entry *entry = context;
    entry->call = NULL;
    if (answer->status == 409 && entry->conflicts++ < CONFLICTS_LIMIT) {
        ask(entry); /* it changed meanwhile */
    } else if (answer->error != NULL && is_refusal(answer)) {
        error_copy(&entry->shown.reason, answer->error);
        settle(entry, DRIFT_YES);
    } else if (answer->error != NULL) {
        settle_unknown(entry, answer->error);
    } else {
        struct look_job *job = make_job(entry);
        job->look = entry->shown.look;
        entry->shown.look = (struct drift_look){0};
        job->answer_size = answer->size;
        job->answer = kube_answer_take_body(answer);
        entry->job = loop_job_start(kube_client_loop(entry->objects->client), work, confirmed, free_look_job, job);
    }
}

static void dry_run(struct entry *entry)
{
    struct kube_client *client = entry->objects->client;
    struct error error = {0};
    char *path = memory_text(entry->path);
    kube_path_add(&path, "dryRun", "All");
    kube_path_add(&path, "fieldManager", "helm");
    if (!kube_client_allows(kube_client_access(client), "PUT", path, &error)) {
        struct error reason = {0};
        error_set(&reason, error.code, _("the server was not asked, as this console is read-only"));
        error_hint(&reason, _("start it with --read-only=dry-run to allow dry runs"));
        settle_unknown(entry, &reason);
        error_release(&reason);
    } else {
        struct kube_request request = {
            .method = "PUT", .path = path, .body = entry->shown.look.merged, .on_done = dry_run_answered, .context = entry};
        entry->call = kube_client_start(client, &request);
    }
    error_release(&error);
    free(path);
}

static void looked(void *data)
{
    struct look_job *job = data;
    struct entry *entry = job->entry;
    entry->job = NULL;
    if (!job->good) {
        settle_unknown(entry, &job->error);
        free_look_job(job);
        return;
    }
    drift_look_release(&entry->shown.look);
    entry->shown.look = job->look;
    job->look = (struct drift_look){0};
    free_look_job(job);
    if (entry->shown.from == NULL || entry->shown.look.matches_from)
        settle(entry, DRIFT_NONE);
    else
        dry_run(entry);
}

/* `text` is owned by the entry afterwards. */
static void look_at(struct entry *entry, char *text, size_t size)
{
    drop_work(entry);
    free(entry->text);
    entry->text = text;
    entry->size = size;
    entry->shown.missing = false;
    error_release(&entry->shown.reason);
    entry->job = loop_job_start(kube_client_loop(entry->objects->client), work, looked, free_look_job, make_job(entry));
}

/* A finished Job that cleans itself up is not missed. */
static bool is_missed(const struct helm_object *object)
{
    if (object == NULL)
        return false;
    const json_t *spec = json_object_get(object->tree, "spec");
    return !(text_equal(object->kind, "Job") && json_object_get(spec, "ttlSecondsAfterFinished") != NULL);
}

static void is_gone(struct entry *entry)
{
    drop_work(entry);
    drift_look_release(&entry->shown.look);
    error_release(&entry->shown.reason);
    entry->shown.missing = true;
    settle(entry, is_missed(entry->shown.from) ? DRIFT_YES : DRIFT_NONE);
}

/* ---- where the objects come from ---- */

static void heard(struct entry *entry, const struct error *error)
{
    struct part *part = &entry->shown.part;
    error_release(&part->error);
    if (error != NULL) {
        error_copy(&part->error, error);
        part->state = part->heard_ms >= 0 && error->code == ERROR_UNREACHABLE ? PART_STALE : PART_UNKNOWN;
        return;
    }
    part->state = PART_LIVE;
    part->heard_ms = clock_boot_ms(loop_clock(kube_client_loop(entry->objects->client)));
}

static void got(const struct object_got *got, void *context)
{
    struct entry *entry = context;
    entry->asked = false;
    free(entry->path);
    entry->path = memory_text(got->path);
    heard(entry, got->missing ? NULL : got->error);
    if (got->missing) {
        is_gone(entry);
    } else if (got->error != NULL) {
        drop_work(entry);
        settle_unknown(entry, got->error);
    } else {
        size_t size = got->answer->size;
        look_at(entry, kube_answer_take_body(got->answer), size);
    }
}

static const struct helm_object *object_of(const struct entry *entry)
{
    return entry->shown.from != NULL ? entry->shown.from : entry->shown.to;
}

static void ask(struct entry *entry)
{
    if (entry->asked)
        return;
    entry->asked = true;
    object_getter_get(entry->objects->getter, object_of(entry), got, entry);
}

static void ask_again(void *context)
{
    struct live_objects *objects = context;
    for (size_t i = 0; i < objects->count; i++)
        if (!objects->entries[i].fed && objects->entries[i].settled)
            ask(&objects->entries[i]);
}

static struct entry *find_entry(const struct live_objects *objects, const char *kind, const char *namespace, const char *name)
{
    for (size_t i = 0; i < objects->count; i++) {
        const struct helm_object *object = object_of(&objects->entries[i]);
        if (text_equal(object->kind, kind) && text_equal(object->namespace, namespace) && text_equal(object->name, name))
            return &objects->entries[i];
    }
    return NULL;
}

void live_objects_feed(struct live_objects *objects, const char *kind, const char *namespace, const char *name, const char *text, const char *mark,
                       const struct part *part)
{
    struct entry *entry = find_entry(objects, kind, namespace, name);
    if (entry == NULL || !entry->fed)
        return;
    part_copy(&entry->shown.part, part);
    bool known = part->state == PART_LIVE || part->state == PART_STALE;
    if (!known && part->state == PART_UNKNOWN) {
        drop_work(entry);
        settle_unknown(entry, &part->error);
    } else if (known && text == NULL) {
        if (!entry->shown.missing || !entry->settled)
            is_gone(entry);
    } else if (known && (!text_equal(mark, entry->mark) || entry->shown.missing)) {
        look_at(entry, memory_text(text), strlen(text));
    } else {
        return;
    }
    free(entry->mark);
    entry->mark = memory_text(mark);
}

/* ---- life ---- */

static const struct component_identity *find_identity(const struct live_objects_options *options, const struct helm_object *object)
{
    for (size_t i = 0; i < options->identity_count; i++) {
        const struct component_identity *identity = &options->identities[i];
        if (identity->workload != NULL && text_equal(identity->workload, object->name) && text_equal(identity->kind, object->kind) &&
            text_equal(identity->namespace, object->namespace))
            return identity;
    }
    return NULL;
}

static void begin_entry(struct live_objects *objects, struct entry *entry, const struct object_pair *pair)
{
    *entry = (struct entry){
        .objects = objects,
        .shown = {.from = pair->from, .to = pair->to, .drift = DRIFT_UNKNOWN, .part = {.state = PART_WAITING, .heard_ms = -1}},
    };
    const struct helm_object *object = object_of(entry);
    entry->shown.identity = find_identity(&objects->options, object);
    entry->fed = workload_is(object->api_version, object->kind);
    if (entry->fed)
        entry->path = kube_resource_path(kube_resource_find(object->api_version, object->kind), object->namespace, object->name, NULL);
    else
        ask(entry);
}

struct live_objects *live_objects_new(struct kube_client *client, const struct live_objects_options *options)
{
    struct live_objects *objects = memory_new(sizeof *objects);
    size_t count;
    objects->client = client;
    objects->options = *options;
    objects->release = memory_text(options->release);
    objects->namespace = memory_text(options->namespace);
    objects->options.from = helm_record_hold(options->from);
    objects->options.to = options->to != NULL ? helm_record_hold(options->to) : NULL;
    objects->getter = object_getter_new(client);
    object_pairs_make(options->from->manifest, options->to != NULL ? options->to->manifest : NULL, &objects->pairs, &count);
    objects->entries = memory_new_array(count, sizeof *objects->entries);
    for (size_t i = 0; i < count; i++) {
        const struct object_pair *pair = &objects->pairs[i];
        /* A document that could not be read has no name to ask for; the change set tells it. */
        if ((pair->from == NULL || pair->from->tree != NULL) && (pair->to == NULL || pair->to->tree != NULL))
            begin_entry(objects, &objects->entries[objects->count++], pair);
    }
    if (!options->once)
        objects->again = loop_timer_start(kube_client_loop(client), LOOK_AGAIN_MS, LOOK_AGAIN_MS, ask_again, objects);
    return objects;
}

void live_objects_free(struct live_objects *objects)
{
    if (objects == NULL)
        return;
    loop_timer_cancel(objects->again);
    object_getter_free(objects->getter);
    for (size_t i = 0; i < objects->count; i++) {
        struct entry *entry = &objects->entries[i];
        drop_work(entry);
        part_release(&entry->shown.part);
        error_release(&entry->shown.reason);
        drift_look_release(&entry->shown.look);
        free(entry->mark);
        free(entry->text);
        free(entry->path);
    }
    helm_record_free((struct helm_record *)objects->options.from);
    helm_record_free((struct helm_record *)objects->options.to);
    free(objects->entries);
    free(objects->pairs);
    free(objects->release);
    free(objects->namespace);
    free(objects);
}

bool live_objects_complete(const struct live_objects *objects)
{
    for (size_t i = 0; i < objects->count; i++)
        if (!objects->entries[i].settled)
            return false;
    return true;
}

size_t live_objects_count(const struct live_objects *objects)
{
    return objects->count;
}

const struct live_object *live_objects_at(const struct live_objects *objects, size_t index)
{
    return &objects->entries[index].shown;
}

const struct live_object *live_objects_find(const struct live_objects *objects, const struct component_identity *identity)
{
    for (size_t i = 0; i < objects->count; i++) {
        const struct helm_object *object = object_of(&objects->entries[i]);
        if (identity->workload != NULL && text_equal(identity->kind, object->kind) && text_equal(identity->namespace, object->namespace) &&
            text_equal(identity->workload, object->name))
            return &objects->entries[i].shown;
    }
    return NULL;
}
