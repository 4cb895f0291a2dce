#include "session/hash_store.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/client.h"
#include "kube/resource.h"
#include "situation/stored_hashes.h"
#include <stdlib.h>
#include <string.h>

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
static bool send_one(struct session *session, struct loop *loop, const char *method, const char *path, json_t *body, struct error *error)
{
    struct sending sending = {0};
    CLEANUP_FREE char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
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

/* Where the newest `keep` begin among those that are stored, or will be when every record is; `keep` 0: all. */
static size_t first_kept(const struct picture *picture, int keep, bool with_records)
{
    int kept = 0;
    for (size_t i = picture->hashes_count; keep > 0 && i > 0; i--) {
        const struct picture_hashes *hashes = &picture->hashes[i - 1];
        kept += hashes->uid != NULL || (with_records && has_record(hashes));
        if (kept == keep)
            return i - 1;
    }
    return 0;
}

static bool write_one(struct session *session, struct loop *loop, const struct picture_hashes *hashes, struct error *error)
{
    const char *namespace = session_identity(session).namespace;
    bool replaces = hashes->resource_version != NULL;
    CLEANUP_FREE char *path = kube_resource_path(&configmaps, namespace, replaces ? hashes->configmap : NULL, NULL);
    kube_path_add(&path, "fieldManager", "rollback-console");
    return send_one(session, loop, replaces ? "PUT" : "POST", path, stored_hashes_config_map(namespace, hashes), error) ||
           error_prefix(error, _("ConfigMap %s"), hashes->configmap);
}

bool hash_store_write(struct session *session, struct loop *loop, int keep, struct hash_store_result *result, struct error *error)
{
    const struct picture *picture = session_picture(session);
    for (size_t i = first_kept(picture, keep, true); i < picture->hashes_count; i++) {
        const struct picture_hashes *hashes = &picture->hashes[i];
        if (!has_record(hashes))
            continue;
        bool right = is_right(hashes);
        if (!right && !write_one(session, loop, hashes, error))
            return false;
        result->unchanged += right;
        result->written += !right;
    }
    return true;
}

bool hash_store_prune(struct session *session, struct loop *loop, int keep, struct hash_store_result *result, struct error *error)
{
    const struct picture *picture = session_picture(session);
    const char *namespace = session_identity(session).namespace;
    /* What this run wrote is not in the picture yet, but counts among those that stay. */
    size_t end = first_kept(picture, keep, result->written + result->unchanged > 0);
    for (size_t i = 0; i < end; i++) {
        const struct picture_hashes *hashes = &picture->hashes[i];
        if (hashes->uid == NULL)
            continue;
        struct error failure = {0};
        CLEANUP_FREE char *path = kube_resource_path(&configmaps, namespace, hashes->configmap, NULL);
        json_t *body = json_pack("{s:s, s:s, s:{s:s}}", "apiVersion", "v1", "kind", "DeleteOptions", "preconditions", "uid", hashes->uid);
        if (send_one(session, loop, "DELETE", path, body, &failure)) {
            result->deleted++;
        } else if (failure.code != ERROR_NOT_FOUND) { /* somebody else may have deleted it meanwhile */
            error_move(error, &failure);
            return error_prefix(error, _("ConfigMap %s"), hashes->configmap);
        }
        error_release(&failure);
    }
    return true;
}
