#include "situation/hashes_live.h"
#include "base/array.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "kube/reflector.h"
#include "situation/stored_hashes.h"
#include "situation/watched.h"
#include <stdlib.h>
#include <string.h>

/* One revision that has a decoded record, a ConfigMap, or both. */
struct revision {
    struct hashes_live *hashes;
    int number;
    char content_hash[DIGEST_SIZE]; /* of the record whose rows these are (or will be); "" when there is none */
    struct loop_job *record_job;
    struct record_hash *rows;
    size_t count;
    char *read_version; /* resourceVersion that was read last; NULL: none */
    struct kube_call *call;
    struct stored_hashes *stored; /* NULL: there is no ConfigMap, or it is not read yet */
    struct error error;           /* why it cannot be read */
};

struct hashes_live {
    struct kube_client *client;
    const struct playbook *playbook;
    char *namespace;
    char *prefix;
    void (*on_change)(void *context);
    void *context;
    struct kube_reflector *config_maps; /* metadata; items are kept for the names that fit */
    struct loop_timer *follow;
    struct array revisions; /* ascending */
};

/* ---- revisions ---- */

static void drop_record(struct revision *revision)
{
    loop_job_cancel(revision->record_job);
    record_hashes_free(revision->rows, revision->count);
    revision->record_job = NULL;
    revision->rows = NULL;
    revision->count = 0;
    revision->content_hash[0] = '\0';
}

static void drop_stored(struct revision *revision)
{
    kube_call_cancel(revision->call);
    stored_hashes_free(revision->stored);
    free(revision->read_version);
    error_release(&revision->error);
    revision->call = NULL;
    revision->stored = NULL;
    revision->read_version = NULL;
}

static void free_revision(void *item)
{
    struct revision *revision = item;
    drop_record(revision);
    drop_stored(revision);
    free(revision);
}

static struct revision *need(struct hashes_live *hashes, int number)
{
    size_t i = 0;
    for (; i < hashes->revisions.count; i++) {
        struct revision *revision = hashes->revisions.items[i];
        if (revision->number == number)
            return revision;
        if (revision->number > number)
            break;
    }
    struct revision *revision = memory_new(sizeof *revision);
    *revision = (struct revision){.hashes = hashes, .number = number};
    array_insert(&hashes->revisions, i, revision);
    return revision;
}

static void changed(struct hashes_live *hashes)
{
    hashes->on_change(hashes->context);
}

/* ---- what the records say ---- */

struct record_job {
    struct revision *revision;
    const struct playbook *playbook;  /* held; NULL: none */
    const struct helm_record *record; /* held */
    struct record_hash *rows;
    size_t count;
};

static void free_record_job(void *data)
{
    struct record_job *job = data;
    record_hashes_free(job->rows, job->count);
    helm_record_free(job->record);
    playbook_free((struct playbook *)job->playbook);
    free(job);
}

static void make_rows(void *data)
{
    struct record_job *job = data;
    record_hashes_make(job->playbook, job->record, &job->rows, &job->count);
}

static void rows_made(void *data)
{
    struct record_job *job = data;
    struct revision *revision = job->revision;
    revision->record_job = NULL;
    revision->rows = STEAL(job->rows);
    revision->count = job->count;
    job->count = 0;
    free_record_job(job);
    changed(revision->hashes);
}

void hashes_live_record(struct hashes_live *hashes, const struct helm_record *record)
{
    struct revision *revision = need(hashes, record->revision);
    if (record->manifest == NULL || text_equal(revision->content_hash, record->content_hash))
        return;
    struct record_job *job = memory_new(sizeof *job);
    drop_record(revision);
    memcpy(revision->content_hash, record->content_hash, DIGEST_SIZE);
    *job = (struct record_job){.revision = revision, .record = helm_record_hold(record)};
    job->playbook = hashes->playbook != NULL ? playbook_hold(hashes->playbook) : NULL;
    revision->record_job = loop_job_start(kube_client_loop(hashes->client), make_rows, rows_made, free_record_job, job);
}

static bool is_empty(const struct revision *revision)
{
    return revision->content_hash[0] == '\0' && revision->stored == NULL && revision->call == NULL &&
           revision->error.code == ERROR_NONE;
}

void hashes_live_follow(struct hashes_live *hashes, const struct helm_history *history)
{
    for (size_t i = 0; i < helm_history_count(history); i++) {
        const struct helm_revision *row = helm_history_at(history, i);
        if (row->record != NULL && row->record->manifest != NULL)
            hashes_live_record(hashes, row->record);
    }
    for (size_t i = hashes->revisions.count; i > 0; i--) {
        struct revision *revision = hashes->revisions.items[i - 1];
        if (helm_history_find(history, revision->number) == NULL)
            drop_record(revision);
        if (is_empty(revision))
            array_remove(&hashes->revisions, i - 1);
    }
}

/* ---- what the ConfigMaps say ---- */

/* Kept for names that fit; the item is the revision's number. */
static void *make_number(const json_t *object, const void *context)
{
    const char *name = tree_text(object, "metadata", "name");
    int number;
    if (name == NULL || !stored_hashes_revision(context, name, &number))
        return NULL;
    return memory_copy(&number, sizeof number);
}

static void config_map_read(const struct kube_answer *answer, void *context)
{
    struct revision *revision = context;
    json_t *object = NULL;
    revision->call = NULL;
    stored_hashes_free(revision->stored);
    revision->stored = NULL;
    error_release(&revision->error);
    if (answer->error != NULL && answer->status != 404)
        error_copy(&revision->error, answer->error);
    else if (answer->error == NULL && tree_parse(answer->body, answer->size, &object, &revision->error))
        revision->stored = stored_hashes_make(object);
    json_decref(object);
    changed(revision->hashes);
}

static void read_config_map(struct revision *revision, const char *resource_version)
{
    struct hashes_live *hashes = revision->hashes;
    CLEANUP_FREE char *name = stored_hashes_name(hashes->prefix, revision->number);
    CLEANUP_FREE char *path = kube_resource_path(kube_resource_find("v1", "ConfigMap"), hashes->namespace, name, NULL);
    struct kube_request request = {.method = "GET", .path = path, .on_done = config_map_read, .context = revision};
    kube_call_cancel(revision->call);
    free(revision->read_version);
    revision->read_version = memory_text(resource_version);
    revision->call = kube_client_start(hashes->client, &request);
}

static void follow_config_maps(void *context)
{
    struct hashes_live *hashes = context;
    loop_timer_cancel(hashes->follow);
    hashes->follow = NULL;
    for (size_t i = 0; i < kube_reflector_count(hashes->config_maps); i++) {
        const struct kube_item *item = kube_reflector_at(hashes->config_maps, i);
        if (item->item == NULL)
            continue;
        struct revision *revision = need(hashes, *(const int *)item->item);
        if (!text_equal(revision->read_version, item->resource_version))
            read_config_map(revision, item->resource_version);
    }
    for (size_t i = 0; i < hashes->revisions.count; i++) {
        struct revision *revision = hashes->revisions.items[i];
        CLEANUP_FREE char *name = stored_hashes_name(hashes->prefix, revision->number);
        if (revision->read_version != NULL && kube_reflector_find(hashes->config_maps, hashes->namespace, name) == NULL)
            drop_stored(revision);
    }
    changed(hashes);
}

static void follow_later(void *context)
{
    struct hashes_live *hashes = context;
    if (hashes->follow == NULL)
        hashes->follow = loop_timer_start(kube_client_loop(hashes->client), 0, 0, follow_config_maps, hashes);
}

static void config_map_changed(enum kube_change change, const struct kube_item *now, const void *before, void *context)
{
    (void)change;
    if (now->item != NULL || before != NULL)
        follow_later(context);
}

/* ---- life ---- */

struct hashes_live *hashes_live_new(struct kube_client *client, const struct playbook *playbook, const char *release,
                                    const char *namespace, bool once, void (*on_change)(void *context), void *context)
{
    struct hashes_live *hashes = memory_new(sizeof *hashes);
    *hashes = (struct hashes_live){
        .client = client,
        .playbook = playbook,
        .namespace = memory_text(namespace),
        .prefix = stored_hashes_prefix(playbook, release),
        .on_change = on_change,
        .context = context,
        .revisions = {.free_item = free_revision},
    };
    struct kube_reflector_options options = {
        .resource = *kube_resource_find("v1", "ConfigMap"),
        .namespace = namespace,
        .metadata_only = true,
        .once = once,
        .projection = {make_number, free, memory_text(hashes->prefix), free},
        .on_change = config_map_changed,
        .on_state = follow_later,
        .context = hashes,
    };
    hashes->config_maps = kube_reflector_new(client, &options);
    return hashes;
}

void hashes_live_free(struct hashes_live *hashes)
{
    if (hashes == NULL)
        return;
    loop_timer_cancel(hashes->follow);
    kube_reflector_free(hashes->config_maps);
    array_release(&hashes->revisions);
    free(hashes->namespace);
    free(hashes->prefix);
    free(hashes);
}

bool hashes_live_complete(const struct hashes_live *hashes)
{
    if (!kube_reflector_complete(hashes->config_maps) || hashes->follow != NULL)
        return false;
    for (size_t i = 0; i < hashes->revisions.count; i++) {
        const struct revision *revision = hashes->revisions.items[i];
        if (revision->call != NULL || revision->record_job != NULL)
            return false;
    }
    return true;
}

void hashes_live_read(const struct hashes_live *hashes, struct part *part, struct picture_hashes **ret_rows,
                      size_t *ret_count)
{
    struct picture_hashes *rows = memory_new_array(hashes->revisions.count, sizeof *rows);
    watched_part(hashes->config_maps, part);
    for (size_t i = 0; i < hashes->revisions.count; i++) {
        const struct revision *revision = hashes->revisions.items[i];
        stored_hashes_picture(revision->number, hashes->prefix, revision->stored, revision->rows, revision->count,
                              &rows[i]);
        if (revision->error.code != ERROR_NONE && part->state == PART_LIVE)
            part_set_unknown(part, &revision->error);
    }
    *ret_rows = rows;
    *ret_count = hashes->revisions.count;
}
