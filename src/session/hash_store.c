#include "session/hash_store.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/client.h"
#include "kube/resource.h"
#include "situation/stored_hashes.h"
#include <stdlib.h>

static const struct kube_resource configmaps = {"", "v1", "configmaps", "ConfigMap", true};

struct sending {
    bool done;
    struct error error;
};

static void sent(const struct kube_answer *answer, void *context)
{
    struct sending *sending = context;
    if (answer->error != NULL)
        error_copy(&sending->error, answer->error);
    sending->done = true;
}

/* One request to its end. */
static bool send_one(struct session *session, struct loop *loop, const char *method, const char *path, const json_t *body, struct error *error)
{
    struct sending sending = {0};
    CLEANUP_FREE char *text = json_dumps(body, JSON_COMPACT);
    struct kube_request request = {.method = method, .path = path, .body = text, .on_done = sent, .context = &sending};
    kube_client_start(session_client(session), &request);
    while (!sending.done)
        loop_run_until(loop, &sending.done, INT64_MAX / 4);
    bool ok = sending.error.code == ERROR_NONE;
    error_move(error, &sending.error);
    return ok;
}

static bool has_record(const struct picture_hashes *hashes)
{
    for (size_t i = 0; i < hashes->count; i++)
        if (hashes->rows[i].hash[0] != '\0')
            return true;
    return false;
}

static bool is_right(const struct picture_hashes *hashes)
{
    if (hashes->resource_version == NULL)
        return false;
    for (size_t i = 0; i < hashes->count; i++) {
        const struct picture_hash *row = &hashes->rows[i];
        if (row->hash[0] != '\0' && (row->wrong || row->stored_hash == NULL || !text_equal(row->stored_image, row->image)))
            return false;
    }
    return true;
}

bool hash_store_write(struct session *session, struct loop *loop, struct hash_store_result *result, struct error *error)
{
    const struct picture *picture = session_picture(session);
    const char *namespace = session_identity(session).namespace;
    for (size_t i = 0; i < picture->hashes_count; i++) {
        const struct picture_hashes *hashes = &picture->hashes[i];
        if (!has_record(hashes))
            continue;
        if (is_right(hashes)) {
            result->unchanged++;
            continue;
        }
        bool replaces = hashes->resource_version != NULL;
        CLEANUP_FREE char *path = kube_resource_path(&configmaps, namespace, replaces ? hashes->configmap : NULL, NULL);
        kube_path_add(&path, "fieldManager", "rollback-console");
        json_t *body = stored_hashes_config_map(namespace, hashes);
        bool ok = send_one(session, loop, replaces ? "PUT" : "POST", path, body, error);
        json_decref(body);
        if (!ok)
            return error_prefix(error, _("ConfigMap %s"), hashes->configmap);
        result->written++;
    }
    return true;
}

bool hash_store_prune(struct session *session, struct loop *loop, int keep, struct hash_store_result *result, struct error *error)
{
    const struct picture *picture = session_picture(session);
    const char *namespace = session_identity(session).namespace;
    int stored = 0;
    /* What was written in this same run has no uid here; it belongs to the newest and is counted among those that stay. */
    for (size_t i = picture->hashes_count; i > 0; i--) {
        const struct picture_hashes *hashes = &picture->hashes[i - 1];
        if (hashes->uid == NULL && result->written == 0)
            continue;
        if (++stored <= keep || hashes->uid == NULL)
            continue;
        CLEANUP_FREE char *path = kube_resource_path(&configmaps, namespace, hashes->configmap, NULL);
        json_t *body = json_pack("{s:s, s:s, s:{s:s}}", "apiVersion", "v1", "kind", "DeleteOptions", "preconditions", "uid", hashes->uid);
        bool ok = send_one(session, loop, "DELETE", path, body, error);
        json_decref(body);
        if (!ok)
            return error_prefix(error, _("ConfigMap %s"), hashes->configmap);
        result->deleted++;
    }
    return true;
}
