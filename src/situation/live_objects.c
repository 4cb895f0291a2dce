#include "situation/live_objects.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/resource.h"
#include "situation/drift_job.h"
#include "situation/object_getter.h"
#include "situation/object_pairs.h"
#include "situation/workload.h"
#include <stdlib.h>
#include <string.h>

/* How often what nobody watches is asked for again; what is large (a CRD with its schema), only every so many times. */
#define LOOK_AGAIN_MS    20000
#define LARGE_OBJECT     (64u << 10)
#define LARGE_EVERY_TIME 15
#define CONFLICTS_LIMIT  3
#define LOOK_EVERY_MS    250 /* an object that changes all the time is looked at no more often */

struct entry {
    struct live_objects *objects;
    struct live_object shown;
    struct drift_look found; /* not confirmed yet; what was known before is shown meanwhile */
    bool fed;                /* a reflector tells */
    bool asked;              /* a GET is under way */
    bool settled;            /* nothing is under way, and something has been heard */
    char *mark;              /* of what was fed last */
    char *next;              /* fed, and not looked at yet */
    int64_t looked_ms;
    char *text; /* what lives, while it is looked at */
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
    unsigned rounds;          /* of asking again */
    struct loop_timer *later; /* for what changes too often */
    struct object_pair *pairs;
    struct entry *entries;
    size_t count;
};

static int64_t now(const struct live_objects *objects)
{
    return clock_boot_ms(loop_clock(kube_client_loop(objects->client)));
}

/* ---- one object's way: text → look → dry run → look again ---- */

static void changed(const struct entry *entry)
{
    entry->objects->options.on_change(entry->objects->options.context);
}

static void look_at_next(struct entry *entry);

/* The end of a way: everything that is shown changes at once. `look` (may be NULL) is moved, `reason` (may be NULL)
 * copied. */
static void conclude(struct entry *entry, enum drift drift, bool missing, struct drift_look *look,
                     const struct error *reason)
{
    struct live_object *shown = &entry->shown;
    drift_look_release(&shown->look);
    error_release(&shown->reason);
    if (look != NULL) {
        shown->look = *look;
        *look = (struct drift_look){0};
    }
    if (reason != NULL)
        error_copy(&shown->reason, reason);
    shown->drift = drift;
    shown->missing = missing;
    entry->settled = true;
    entry->conflicts = 0;
    free(entry->text);
    entry->text = NULL;
    changed(entry);
    look_at_next(entry);
}

static void drop_work(struct entry *entry)
{
    loop_job_cancel(entry->job);
    kube_call_cancel(entry->call);
    entry->job = NULL;
    entry->call = NULL;
}

static void ask(struct entry *entry);

static struct drift_job_input make_input(const struct entry *entry)
{
    const struct live_objects *objects = entry->objects;
    return (struct drift_job_input){
        .from = objects->options.from,
        .to = objects->options.to,
        .manifests = {entry->shown.from, entry->shown.to, objects->release, objects->namespace},
        .identity = entry->shown.identity,
        .live = entry->text,
        .live_size = entry->size,
    };
}

static void confirmed(struct drift_look *look, const struct error *error, void *context)
{
    struct entry *entry = context;
    entry->job = NULL;
    if (error != NULL)
        conclude(entry, DRIFT_UNKNOWN, false, look, error);
    else
        conclude(entry, look->matches_from ? DRIFT_NONE : DRIFT_YES, false, look, NULL);
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
        conclude(entry, DRIFT_YES, false, &entry->found, answer->error);
    } else if (answer->error != NULL) {
        conclude(entry, DRIFT_UNKNOWN, false, &entry->found, answer->error);
    } else {
        struct drift_job_input input = make_input(entry);
        size_t size = answer->size;
        entry->job = drift_job_confirm(kube_client_loop(entry->objects->client), &input, &entry->found,
                                       kube_answer_take_body(answer), size, confirmed, entry);
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
        conclude(entry, DRIFT_UNKNOWN, false, &entry->found, &reason);
        error_release(&reason);
    } else {
        struct kube_request request = {
            .method = "PUT", .path = path, .body = entry->found.merged, .on_done = dry_run_answered, .context = entry};
        entry->call = kube_client_start(client, &request);
    }
    error_release(&error);
    free(path);
}

static void looked(struct drift_look *look, const struct error *error, void *context)
{
    struct entry *entry = context;
    entry->job = NULL;
    if (error != NULL) {
        conclude(entry, DRIFT_UNKNOWN, false, look, error);
    } else if (entry->shown.from == NULL || look->matches_from) {
        conclude(entry, DRIFT_NONE, false, look, NULL);
    } else {
        drift_look_release(&entry->found);
        entry->found = *look;
        *look = (struct drift_look){0};
        dry_run(entry);
    }
}

/* `text` is owned by the entry afterwards. */
static void look_at(struct entry *entry, char *text, size_t size)
{
    drop_work(entry);
    free(entry->text);
    entry->text = text;
    entry->size = size;
    entry->looked_ms = now(entry->objects);
    struct drift_job_input input = make_input(entry);
    entry->job = drift_job_start(kube_client_loop(entry->objects->client), &input, looked, entry);
}

static void look_later(void *context)
{
    struct live_objects *objects = context;
    loop_timer_cancel(objects->later);
    objects->later = NULL;
    for (size_t i = 0; i < objects->count; i++)
        look_at_next(&objects->entries[i]);
}

/* One look at a time, and not too often: under a storm of changes the newest state is looked at when its turn comes. */
static void look_at_next(struct entry *entry)
{
    struct live_objects *objects = entry->objects;
    if (entry->next == NULL || entry->job != NULL || entry->call != NULL || entry->asked)
        return;
    int64_t since = now(objects) - entry->looked_ms;
    if (entry->looked_ms >= 0 && since < LOOK_EVERY_MS) {
        if (objects->later == NULL)
            objects->later =
                loop_timer_start(kube_client_loop(objects->client), LOOK_EVERY_MS - since, 0, look_later, objects);
        return;
    }
    char *text = STEAL(entry->next);
    look_at(entry, text, strlen(text));
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
    free(entry->next);
    entry->next = NULL;
    conclude(entry, is_missed(entry->shown.from) ? DRIFT_YES : DRIFT_NONE, true, NULL, NULL);
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
    part->heard_ms = now(entry->objects);
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
    } else if (got->error != NULL && entry->shown.part.state == PART_STALE && entry->settled) {
        changed(entry); /* what was known is shown as stale */
    } else if (got->error != NULL) {
        drop_work(entry);
        conclude(entry, DRIFT_UNKNOWN, false, NULL, got->error);
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

void live_objects_ask_again(struct live_objects *objects)
{
    for (size_t i = 0; i < objects->count; i++)
        if (!objects->entries[i].fed)
            ask(&objects->entries[i]);
}

static void ask_again(void *context)
{
    struct live_objects *objects = context;
    objects->rounds++;
    for (size_t i = 0; i < objects->count; i++) {
        struct entry *entry = &objects->entries[i];
        bool due = entry->size <= LARGE_OBJECT || objects->rounds % LARGE_EVERY_TIME == 0;
        if (!entry->fed && entry->settled && due)
            ask(entry);
    }
}

static struct entry *find_entry(const struct live_objects *objects, const char *kind, const char *namespace,
                                const char *name)
{
    for (size_t i = 0; i < objects->count; i++) {
        const struct helm_object *object = object_of(&objects->entries[i]);
        if (text_equal(object->kind, kind) && text_equal(object->namespace, namespace) &&
            text_equal(object->name, name))
            return &objects->entries[i];
    }
    return NULL;
}

void live_objects_feed(struct live_objects *objects, const char *kind, const char *namespace, const char *name,
                       const char *text, const char *mark, const struct part *part)
{
    struct entry *entry = find_entry(objects, kind, namespace, name);
    if (entry == NULL || !entry->fed)
        return;
    part_copy(&entry->shown.part, part);
    bool known = part->state == PART_LIVE || part->state == PART_STALE;
    if (!known && part->state == PART_UNKNOWN) {
        drop_work(entry);
        conclude(entry, DRIFT_UNKNOWN, false, NULL, &part->error);
    } else if (known && text == NULL) {
        if (!entry->shown.missing || !entry->settled)
            is_gone(entry);
    } else if (known && (!text_equal(mark, entry->mark) || entry->shown.missing)) {
        free(entry->next);
        entry->next = memory_text(text);
        look_at_next(entry);
    } else {
        return;
    }
    free(entry->mark);
    entry->mark = memory_text(mark);
}

/* ---- life ---- */

static const struct component_identity *find_identity(const struct live_objects_options *options,
                                                      const struct helm_object *object)
{
    for (size_t i = 0; i < options->identity_count; i++) {
        const struct component_identity *identity = &options->identities[i];
        if (identity->workload != NULL && text_equal(identity->workload, object->name) &&
            text_equal(identity->kind, object->kind) && text_equal(identity->namespace, object->namespace))
            return identity;
    }
    return NULL;
}

static void begin_entry(struct live_objects *objects, struct entry *entry, const struct object_pair *pair)
{
    *entry = (struct entry){
        .objects = objects,
        .looked_ms = -1,
        .shown = {.from = pair->from,
                  .to = pair->to,
                  .drift = DRIFT_UNKNOWN,
                  .part = {.state = PART_WAITING, .heard_ms = -1}},
    };
    const struct helm_object *object = object_of(entry);
    entry->shown.identity = find_identity(&objects->options, object);
    entry->fed = workload_is(object->api_version, object->kind);
    if (entry->fed)
        entry->path = kube_resource_path(kube_resource_find(object->api_version, object->kind), object->namespace,
                                         object->name, NULL);
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
    object_pairs_make(options->from->manifest, options->to != NULL ? options->to->manifest : NULL, &objects->pairs,
                      &count);
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
    loop_timer_cancel(objects->later);
    object_getter_free(objects->getter);
    for (size_t i = 0; i < objects->count; i++) {
        struct entry *entry = &objects->entries[i];
        drop_work(entry);
        part_release(&entry->shown.part);
        error_release(&entry->shown.reason);
        drift_look_release(&entry->found);
        drift_look_release(&entry->shown.look);
        free(entry->mark);
        free(entry->next);
        free(entry->text);
        free(entry->path);
    }
    helm_record_free(objects->options.from);
    helm_record_free(objects->options.to);
    free(objects->entries);
    free(objects->pairs);
    free(objects->release);
    free(objects->namespace);
    free(objects);
}

bool live_objects_complete(const struct live_objects *objects)
{
    for (size_t i = 0; i < objects->count; i++)
        if (!objects->entries[i].settled || objects->entries[i].next != NULL)
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

const struct live_object *live_objects_find(const struct live_objects *objects,
                                            const struct component_identity *identity)
{
    for (size_t i = 0; i < objects->count; i++) {
        const struct helm_object *object = object_of(&objects->entries[i]);
        if (identity->workload != NULL && text_equal(identity->kind, object->kind) &&
            text_equal(identity->namespace, object->namespace) && text_equal(identity->workload, object->name))
            return &objects->entries[i].shown;
    }
    return NULL;
}
