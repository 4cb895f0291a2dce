#include "helm/fetch.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "helm/json_part.h"
#include "net/loop.h"
#include <stdlib.h>
#include <string.h>

struct helm_fetch {
    struct helm_fetch_request request; /* `release` is owned, `namespace` is not kept */
    char *release;
    struct loop *loop;
    struct kube_call *call;
    struct loop_job *job;
    char *body; /* the Secret or ConfigMap as JSON; the job's while it runs */
    size_t size;
    struct helm_record *record;
    struct error error;
};

static void free_fetch(void *data)
{
    struct helm_fetch *fetch = data;
    free(fetch->release);
    free(fetch->body);
    helm_record_free(fetch->record);
    error_release(&fetch->error);
    free(fetch);
}

/* The text of data.release, without its quotes. Base64 needs no escapes. */
static bool find_release(struct json_part object, struct json_part *ret_release, struct error *error)
{
    static const char *const DATA[] = {"data", NULL};
    static const char *const RELEASE[] = {"release", NULL};
    struct json_part data;
    struct json_part release = {0};
    if (!json_part_members(object, DATA, &data, error))
        return error_prefix(error, _("the server's answer"));
    if (data.bytes != NULL && data.bytes[0] == '{' && !json_part_members(data, RELEASE, &release, error))
        return error_prefix(error, _("the server's answer"));
    if (release.bytes == NULL || release.bytes[0] != '"')
        return error_set(error, ERROR_INVALID, _("there is no data.release in it"));
    *ret_release = (struct json_part){.bytes = release.bytes + 1, .size = release.size - 2};
    return true;
}

/* A copied or renamed record would speak for a revision that it is not. */
static bool is_itself(const struct helm_fetch *fetch, struct error *error)
{
    if (text_equal(fetch->record->name, fetch->release) && fetch->record->revision == fetch->request.revision)
        return true;
    CLEANUP_FREE char *name = text_clean(fetch->record->name, false, 60);
    return error_set(error, ERROR_INVALID, _("its content is that of release '%s', revision %d"), name,
                     fetch->record->revision);
}

static void decode(void *data)
{
    struct helm_fetch *fetch = data;
    struct json_part release = {0};
    struct json_part object = {.bytes = fetch->body, .size = fetch->size};
    bool done = find_release(object, &release, &fetch->error) &&
                helm_record_decode(release.bytes, release.size, fetch->request.driver == HELM_SECRETS,
                                   fetch->request.depth, &fetch->record, &fetch->error) &&
                is_itself(fetch, &fetch->error);
    free(fetch->body);
    fetch->body = NULL;
    if (!done) {
        helm_record_free(fetch->record);
        fetch->record = NULL;
        error_prefix(&fetch->error, _("the record of revision %d is damaged"), fetch->request.revision);
        error_hint(&fetch->error, _("Helm cannot read it either; 'rollback-console history' tells which revisions can be compared"));
    }
}

static void finish(void *data)
{
    struct helm_fetch *fetch = data;
    struct helm_record *record = STEAL(fetch->record);
    fetch->request.done(record, record == NULL ? &fetch->error : NULL, fetch->request.context);
    free_fetch(fetch);
}

static void answered(const struct kube_answer *answer, void *context)
{
    struct helm_fetch *fetch = context;
    fetch->call = NULL;
    if (answer->error != NULL) {
        error_copy(&fetch->error, answer->error);
        error_prefix(&fetch->error, _("the record of revision %d cannot be read"), fetch->request.revision);
        finish(fetch);
        return;
    }
    fetch->size = answer->size;
    fetch->body = kube_answer_take_body(answer);
    fetch->job = loop_job_start(fetch->loop, decode, finish, free_fetch, fetch);
}

struct helm_fetch *helm_fetch_start(struct kube_client *client, const struct helm_fetch_request *request)
{
    struct helm_fetch *fetch = memory_new(sizeof *fetch);
    fetch->request = *request;
    fetch->release = memory_text(request->release);
    fetch->loop = kube_client_loop(client);
    CLEANUP_FREE char *name = helm_driver_record_name(request->release, request->revision);
    CLEANUP_FREE char *path = kube_resource_path(helm_driver_resource(request->driver), request->namespace, name, NULL);
    const struct kube_request get = {.method = "GET", .path = path, .on_done = answered, .context = fetch};
    fetch->call = kube_client_start(client, &get);
    return fetch;
}

void helm_fetch_cancel(struct helm_fetch *fetch)
{
    if (fetch == NULL)
        return;
    if (fetch->job != NULL) {
        loop_job_cancel(fetch->job); /* frees it once the worker has let go */
        return;
    }
    kube_call_cancel(fetch->call);
    free_fetch(fetch);
}
