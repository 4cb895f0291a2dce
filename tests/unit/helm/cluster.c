#include "cluster.h"
#include "base/memory.h"
#include "base/text.h"
#include "helm/driver.h"
#include "kube/kubeconfig.h"
#include "records.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *name_of(const struct stored *stored)
{
    return helm_driver_record_name(stored->release, stored->revision);
}

/* Metadata as the API server gives it; with the data when the whole object is asked for. */
static void write_object(struct text *out, const struct cluster *cluster, const struct stored *stored, bool whole)
{
    CLEANUP_FREE char *name = name_of(stored);
    text_append_format(
        out,
        "{\"apiVersion\":\"v1\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\",\"uid\":\"uid-%s\","
        "\"resourceVersion\":\"%zu\",\"creationTimestamp\":\"2026-11-20T10:00:%02dZ\",\"labels\":{\"owner\":\"helm\","
        "\"name\":\"%s\",\"version\":\"%d\",\"status\":\"%s\"}}",
        whole ? cluster->configmaps ? "ConfigMap" : "Secret" : "PartialObjectMetadata", name, stored->namespace, name,
        stored->version, stored->revision % 60, stored->release, stored->revision, stored->status);
    if (whole && stored->data != NULL)
        text_append_format(out, ",\"data\":{\"release\":\"%s\"}", stored->data);
    text_append_char(out, '}');
}

static void refuse(struct exchange *exchange, int status)
{
    CLEANUP_FREE char *body =
        memory_format("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"refused in "
                      "a test\",\"reason\":\"%s\",\"code\":%d}",
                      status == 403   ? "Forbidden"
                      : status == 404 ? "NotFound"
                                      : "InternalError",
                      status);
    server_answer(exchange, status, "", body);
}

/* What the console asks for: a release by name, or everything that is not superseded; in one namespace or all. */
static bool is_asked_for(const struct stored *stored, const char *path)
{
    CLEANUP_FREE char *namespace = memory_format("/namespaces/%s/", stored->namespace);
    CLEANUP_FREE char *name = memory_format("name%%3D%s", stored->release);
    const char *wanted = strstr(path, "name%3D");
    if (strstr(path, "/namespaces/") != NULL && strstr(path, namespace) == NULL)
        return false;
    if (strstr(path, "status%21%3Dsuperseded") != NULL && text_equal(stored->status, "superseded"))
        return false;
    size_t size = strlen(name);
    return wanted == NULL || (strncmp(wanted, name, size) == 0 && (wanted[size] == '&' || wanted[size] == '\0'));
}

static void send_list(struct cluster *cluster, struct exchange *exchange)
{
    const char *continued = strstr(exchange->path, "continue=");
    size_t from = continued == NULL ? 0 : strtoul(continued + strlen("continue="), NULL, 10);
    size_t listed = 0;
    struct text body = {0};
    text_append(&body, "{\"kind\":\"PartialObjectMetadataList\",\"items\":");
    size_t i = from;
    for (; i < cluster->count && (cluster->page == 0 || listed < cluster->page); i++) {
        if (!is_asked_for(&cluster->records[i], exchange->path))
            continue;
        text_append(&body, listed++ == 0 ? "[" : ",");
        write_object(&body, cluster, &cluster->records[i], false);
    }
    text_append(&body, listed == 0 ? "null" : "]"); /* as the real one has it */
    text_append_format(&body, ",\"metadata\":{\"resourceVersion\":\"%zu\"", cluster->version);
    if (i < cluster->count)
        text_append_format(&body, ",\"continue\":\"%zu\"", i);
    text_append(&body, "}}");
    server_answer(exchange, 200, "", text_peek(&body));
    text_release(&body);
}

static void send_event(struct cluster *cluster, struct exchange *exchange, const char *type,
                       const struct stored *stored)
{
    struct text event = {0};
    text_append_format(&event, "{\"type\":\"%s\",\"object\":", type);
    write_object(&event, cluster, stored, false);
    text_append(&event, "}\n");
    server_chunk(exchange, text_peek(&event));
    text_release(&event);
}

static void send_stream(struct cluster *cluster, struct exchange *exchange)
{
    server_stream(exchange);
    for (size_t i = 0; i < cluster->count; i++)
        if (strstr(exchange->path, "sendInitialEvents=true") != NULL &&
            is_asked_for(&cluster->records[i], exchange->path))
            send_event(cluster, exchange, "ADDED", &cluster->records[i]);
    CLEANUP_FREE char *bookmark =
        memory_format("{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"PartialObjectMetadata\",\"metadata\":{"
                      "\"resourceVersion\":\"%zu\",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}}}}\n",
                      cluster->version);
    server_chunk(exchange, bookmark);
    cluster->watch = exchange;
}

static void send_record(struct cluster *cluster, struct exchange *exchange, const char *name)
{
    cluster->gets++;
    for (size_t i = 0; i < cluster->count; i++) {
        struct stored *stored = &cluster->records[i];
        CLEANUP_FREE char *own = name_of(stored);
        if (!text_equal(own, name))
            continue;
        stored->gets++;
        if (stored->refused != 0) {
            refuse(exchange, stored->refused);
            return;
        }
        struct text body = {0};
        write_object(&body, cluster, stored, true);
        server_answer(exchange, 200, "", text_peek(&body));
        text_release(&body);
        return;
    }
    refuse(exchange, 404);
}

static void handle(struct exchange *exchange, void *context)
{
    struct cluster *cluster = context;
    ck_assert_str_eq(exchange->method, "GET");
    const char *resource = strstr(exchange->path, cluster->configmaps ? "/configmaps" : "/secrets");
    if (resource == NULL) {
        refuse(exchange, 404);
        return;
    }
    const char *rest = strpbrk(resource + 1, "/?");
    if (rest != NULL && rest[0] == '/') {
        send_record(cluster, exchange, rest + 1);
        return;
    }
    cluster->lists++;
    ck_assert_ptr_nonnull(strstr(exchange->path, "owner%3Dhelm"));
    if (cluster->list_refused == 200)
        server_answer(exchange, 200, "", "{\"kind\":\"Something\"}");
    else if (cluster->list_refused != 0)
        refuse(exchange, cluster->list_refused);
    else if (strstr(exchange->path, "watch=true") != NULL)
        send_stream(cluster, exchange);
    else
        send_list(cluster, exchange);
}

static struct kube_config *load_config(const struct cluster *cluster)
{
    CLEANUP_FREE char *server = server_url(cluster->server, "");
    char path[] = "/tmp/check-helm-XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    dprintf(fd,
            "{clusters: [{name: c, cluster: {server: \"%s\"}}], users: [{name: u, user: {}}],\n"
            "contexts: [{name: x, context: {cluster: c, user: u}}], current-context: x}\n",
            server);
    close(fd);
    struct kube_config *config = NULL;
    struct error error = {0};
    bool loaded = kube_config_load(&(struct kube_config_options){.kubeconfig = path}, &config, &error);
    unlink(path);
    ck_assert_msg(loaded, "%s", error.message);
    return config;
}

void cluster_init(struct cluster *cluster)
{
    *cluster = (struct cluster){.version = 100};
    cluster->loop = loop_new(NULL);
    cluster->server = server_new(cluster->loop, handle, cluster);
    cluster->config = load_config(cluster);
    const struct kube_client_options options = {.access = KUBE_READ_ONLY};
    cluster->client = kube_client_new(cluster->loop, cluster->config, &options);
}

static void free_stored(struct stored *stored)
{
    free(stored->namespace);
    free(stored->release);
    free(stored->status);
    free(stored->data);
}

void cluster_release(struct cluster *cluster)
{
    kube_client_free(cluster->client);
    kube_config_free(cluster->config);
    server_free(cluster->server);
    loop_free(cluster->loop);
    for (size_t i = 0; i < cluster->count; i++)
        free_stored(&cluster->records[i]);
}

struct stored *cluster_find(struct cluster *cluster, const char *release, int revision)
{
    for (size_t i = 0; i < cluster->count; i++)
        if (text_equal(cluster->records[i].release, release) && cluster->records[i].revision == revision)
            return &cluster->records[i];
    return NULL;
}

struct stored *cluster_put(struct cluster *cluster, const char *namespace, const char *release, int revision,
                           const char *status, const char *data)
{
    struct stored *stored = cluster_find(cluster, release, revision);
    const char *type = stored == NULL ? "ADDED" : "MODIFIED";
    struct stored now = {.namespace = memory_text(namespace),
                         .release = memory_text(release),
                         .revision = revision,
                         .status = memory_text(status),
                         .data = memory_text(data),
                         .version = ++cluster->version};
    if (stored == NULL) {
        ck_assert_uint_lt(cluster->count, LENGTH_OF(cluster->records));
        stored = &cluster->records[cluster->count++];
    } else {
        now.gets = stored->gets;
        free_stored(stored);
    }
    *stored = now;
    if (cluster->watch != NULL)
        send_event(cluster, cluster->watch, type, stored);
    return stored;
}

struct stored *cluster_put_record(struct cluster *cluster, const char *namespace, const char *release, int revision,
                                  const char *status, const char *description, const char *content)
{
    json_t *record =
        json_pack("{s: s, s: s, s: i, s: {s: s, s: s, s: s}, s: {s: {s: s, s: s, s: s}}, s: {s: s}, s: o}", "name",
                  release, "namespace", namespace, "version", revision, "info", "status", status, "description",
                  description, "last_deployed", "2026-11-21T10:00:00Z", "chart", "metadata", "name", "chart", "version",
                  "1.0.0", "appVersion", "1.0", "config", "content", content, "manifest",
                  json_sprintf("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata: {content: %s}\n",
                               release, content));
    CLEANUP_FREE char *json = json_dumps(record, JSON_COMPACT);
    json_decref(record);
    CLEANUP_FREE char *data = records_pack(json, !cluster->configmaps, true);
    return cluster_put(cluster, namespace, release, revision, status, data);
}

void cluster_remove(struct cluster *cluster, const char *release, int revision)
{
    struct stored *stored = cluster_find(cluster, release, revision);
    stored->version = ++cluster->version;
    if (cluster->watch != NULL)
        send_event(cluster, cluster->watch, "DELETED", stored);
    free_stored(stored);
    size_t index = (size_t)(stored - cluster->records);
    cluster->count--;
    memmove(stored, stored + 1, (cluster->count - index) * sizeof *stored);
}
