#include "helm/releases.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "helm/record.h"
#include "kube/resource.h"
#include <stdlib.h>
#include <string.h>

enum {
    PAGE_LIMIT = 500,
    DECODING_MAX = 4, /* records that are fetched and decoded at once */
};

static const struct kube_resource secrets = {"", "v1", "secrets", "Secret", true};
static const struct kube_resource configmaps = {"", "v1", "configmaps", "ConfigMap", true};

struct releases_page {
    char *bytes;
    size_t size;
    struct helm_releases found; /* one row a record, in the order of the answer */
    size_t room;
    char *continue_token;
    struct error error;
    struct helm_releases_load *load;
};

/* One record on its way, for the long form. */
struct decoding {
    struct helm_releases_load *load;
    size_t row;
    struct kube_call *call;
    struct loop_job *job;
    char *bytes;
    size_t size;
    bool is_secret;
    char *chart, *chart_name, *app_version, *failure;
};

struct helm_releases_load {
    struct kube_client *client;
    const struct kube_resource *resource;
    char *namespace;
    bool long_form;
    struct kube_call *call;
    struct loop_job *job;
    struct helm_releases *releases;
    size_t room;
    size_t next; /* the next row to decode */
    struct decoding *decodings[DECODING_MAX]; /* NULL: a free place */
    void (*done)(struct helm_releases *releases, const struct error *error, void *context);
    void *context;
};

static void ask_page(struct helm_releases_load *load, const char *continue_token);
static void decode_more(struct helm_releases_load *load);

/* ---- rows ---- */

static void free_row(struct helm_release *row)
{
    free(row->name);
    free(row->namespace);
    free(row->status);
    free(row->chart);
    free(row->chart_name);
    free(row->app_version);
    free(row->error);
}

void helm_releases_free(struct helm_releases *releases)
{
    if (releases == NULL)
        return;
    for (size_t i = 0; i < releases->count; i++)
        free_row(&releases->rows[i]);
    free(releases->rows);
    free(releases);
}

static void append_row(struct helm_releases *releases, size_t *room, struct helm_release row)
{
    if (releases->count == *room) {
        *room = *room == 0 ? 64 : *room * 2;
        releases->rows = memory_resize(releases->rows, *room, sizeof *releases->rows);
    }
    releases->rows[releases->count++] = row;
}

static int compare_rows(const void *a, const void *b)
{
    const struct helm_release *left = a, *right = b;
    int order = strcmp(left->namespace, right->namespace);
    if (order == 0)
        order = strcmp(left->name, right->name);
    return order != 0 ? order : right->revision - left->revision; /* the newest first */
}

/* Sorts, and keeps the newest record of each release. */
static void keep_newest(struct helm_releases *releases)
{
    if (releases->count > 1)
        qsort(releases->rows, releases->count, sizeof *releases->rows, compare_rows);
    size_t kept = 0;
    for (size_t i = 0; i < releases->count; i++) {
        struct helm_release *row = &releases->rows[i];
        bool older = kept > 0 && text_equal(releases->rows[kept - 1].namespace, row->namespace) &&
                     text_equal(releases->rows[kept - 1].name, row->name);
        if (older)
            free_row(row);
        else
            releases->rows[kept++] = *row;
    }
    releases->count = kept;
}

/* modifiedAt and createdAt are labels in Unix seconds (Helm's pkg/storage/driver). */
static int64_t label_time(const json_t *labels)
{
    const char *text = tree_text(labels, "modifiedAt");
    if (text == NULL)
        text = tree_text(labels, "createdAt");
    if (text == NULL)
        return CLOCK_UNKNOWN;
    char *end = NULL;
    long long seconds = strtoll(text, &end, 10);
    return end != text && *end == '\0' && seconds > 0 && seconds < INT64_MAX / 1000 ? seconds * 1000 : CLOCK_UNKNOWN;
}

static bool read_row(const json_t *object, struct helm_release *row)
{
    const json_t *labels = tree_get(object, "metadata", "labels");
    const char *name = tree_text(labels, "name"), *version = tree_text(labels, "version"), *status = tree_text(labels, "status");
    const char *namespace = tree_text(object, "metadata", "namespace");
    if (name == NULL || version == NULL || namespace == NULL)
        return false;
    int revision = atoi(version);
    if (revision < 1)
        return false;
    *row = (struct helm_release){
        .name = memory_text(name),
        .namespace = memory_text(namespace),
        .revision = revision,
        .status = memory_text(status != NULL ? status : "unknown"),
        .updated_ms = label_time(labels),
    };
    return true;
}

/* ---- the list, page by page ---- */

static void parse_page(void *data)
{
    struct releases_page *page = data;
    json_t *tree = NULL;
    if (!tree_parse(page->bytes, page->size, &tree, &page->error))
        return;
    const json_t *items = tree_get(tree, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        struct helm_release row;
        if (read_row(json_array_get(items, i), &row))
            append_row(&page->found, &page->room, row);
    }
    const char *token = tree_text(tree, "metadata", "continue");
    page->continue_token = memory_text(token != NULL ? token : "");
    json_decref(tree);
    free(page->bytes);
    page->bytes = NULL;
}

static void free_page(void *data)
{
    struct releases_page *page = data;
    for (size_t i = 0; i < page->found.count; i++)
        free_row(&page->found.rows[i]);
    free(page->found.rows);
    free(page->bytes);
    free(page->continue_token);
    error_release(&page->error);
    free(page);
}

static void finish(struct helm_releases_load *load, const struct error *error)
{
    struct helm_releases *releases = load->releases;
    if (error != NULL) {
        helm_releases_free(releases);
        releases = NULL;
    }
    load->done(releases, error, load->context);
    free(load->namespace);
    free(load);
}

static void page_parsed(void *data)
{
    struct releases_page *page = data;
    struct helm_releases_load *load = page->load;
    load->job = NULL;
    if (page->error.code != ERROR_NONE) {
        finish(load, &page->error);
        free_page(page);
        return;
    }
    for (size_t i = 0; i < page->found.count; i++)
        append_row(load->releases, &load->room, page->found.rows[i]);
    page->found.count = 0;
    bool more = page->continue_token[0] != '\0';
    if (more)
        ask_page(load, page->continue_token);
    free_page(page);
    if (more)
        return;
    keep_newest(load->releases);
    if (load->long_form)
        decode_more(load);
    else
        finish(load, NULL);
}

static void page_answered(const struct kube_answer *answer, void *context)
{
    struct helm_releases_load *load = context;
    load->call = NULL;
    if (answer->error != NULL) {
        struct error error = {0};
        error_copy(&error, answer->error);
        if (error.code == ERROR_FORBIDDEN && load->namespace == NULL)
            error_hint(&error, _("listing all namespaces takes a right of its own; name one with -n"));
        finish(load, &error);
        error_release(&error);
        return;
    }
    struct releases_page *page = memory_new(sizeof *page);
    page->load = load;
    page->size = answer->size;
    page->bytes = kube_answer_take_body(answer);
    load->job = loop_job_start(kube_client_loop(load->client), parse_page, page_parsed, free_page, page);
}

static void ask_page(struct helm_releases_load *load, const char *continue_token)
{
    CLEANUP_FREE char *limit = memory_format("%d", PAGE_LIMIT);
    char *path = kube_resource_path(load->resource, load->namespace, NULL, NULL);
    kube_path_add(&path, "labelSelector", "owner=helm,status!=superseded");
    kube_path_add(&path, "limit", limit);
    if (continue_token != NULL)
        kube_path_add(&path, "continue", continue_token);
    const struct kube_request request = {
        .method = "GET", .path = path, .accept = KUBE_METADATA_LIST, .on_done = page_answered, .context = load};
    load->call = kube_client_start(load->client, &request);
    free(path);
}

/* ---- the long form: chart and application version stand in the record alone ---- */

static void free_decoding(void *data)
{
    struct decoding *decoding = data;
    free(decoding->bytes);
    free(decoding->chart);
    free(decoding->chart_name);
    free(decoding->app_version);
    free(decoding->failure);
    free(decoding);
}

static void decode(void *data)
{
    struct decoding *decoding = data;
    struct error error = {0};
    struct helm_record *record = NULL;
    json_t *object = NULL;
    if (tree_parse(decoding->bytes, decoding->size, &object, &error)) {
        const char *packed = tree_text(object, "data", "release");
        if (packed == NULL)
            error_set(&error, ERROR_INVALID, _("the record has no field data.release"));
        else
            helm_record_decode(packed, strlen(packed), decoding->is_secret, &record, &error);
    }
    if (record != NULL) {
        decoding->chart = memory_text(record->chart);
        decoding->chart_name = memory_text(record->chart_name);
        decoding->app_version = memory_text(record->app_version);
    } else {
        decoding->failure = memory_text(error.message);
    }
    helm_record_free(record);
    json_decref(object);
    error_release(&error);
}

static void decoded(void *data)
{
    struct decoding *decoding = data;
    struct helm_releases_load *load = decoding->load;
    struct helm_release *row = &load->releases->rows[decoding->row];
    row->chart = STEAL(decoding->chart);
    row->chart_name = STEAL(decoding->chart_name);
    row->app_version = STEAL(decoding->app_version);
    row->error = STEAL(decoding->failure);
    for (size_t i = 0; i < DECODING_MAX; i++)
        if (load->decodings[i] == decoding)
            load->decodings[i] = NULL;
    free_decoding(decoding);
    decode_more(load);
}

static void record_answered(const struct kube_answer *answer, void *context)
{
    struct decoding *decoding = context;
    struct helm_releases_load *load = decoding->load;
    decoding->call = NULL;
    if (answer->error != NULL) {
        decoding->failure = memory_text(answer->error->message);
        decoded(decoding);
        return;
    }
    decoding->size = answer->size;
    decoding->bytes = kube_answer_take_body(answer);
    decoding->job = loop_job_start(kube_client_loop(load->client), decode, decoded, free_decoding, decoding);
}

static struct decoding *ask_record(struct helm_releases_load *load, size_t index)
{
    const struct helm_release *row = &load->releases->rows[index];
    struct decoding *decoding = memory_new(sizeof *decoding);
    decoding->load = load;
    decoding->row = index;
    decoding->is_secret = load->resource == &secrets;
    CLEANUP_FREE char *name = memory_format("sh.helm.release.v1.%s.v%d", row->name, row->revision);
    CLEANUP_FREE char *path = kube_resource_path(load->resource, row->namespace, name, NULL);
    const struct kube_request request = {.method = "GET", .path = path, .on_done = record_answered, .context = decoding};
    decoding->call = kube_client_start(load->client, &request);
    return decoding;
}

static void decode_more(struct helm_releases_load *load)
{
    size_t busy = 0;
    for (size_t i = 0; i < DECODING_MAX; i++) {
        if (load->decodings[i] == NULL && load->next < load->releases->count)
            load->decodings[i] = ask_record(load, load->next++);
        busy += load->decodings[i] != NULL;
    }
    if (busy == 0)
        finish(load, NULL);
}

/* ---- life ---- */

struct helm_releases_load *helm_releases_start(struct kube_client *client, enum helm_driver driver, const char *namespace, bool long_form,
                                               void (*done)(struct helm_releases *releases, const struct error *error, void *context),
                                               void *context)
{
    struct helm_releases_load *load = memory_new(sizeof *load);
    load->client = client;
    load->resource = driver == HELM_CONFIGMAPS ? &configmaps : &secrets;
    load->namespace = memory_text(namespace);
    load->long_form = long_form;
    load->releases = memory_new(sizeof *load->releases);
    load->done = done;
    load->context = context;
    ask_page(load, NULL);
    return load;
}

void helm_releases_cancel(struct helm_releases_load *load)
{
    if (load == NULL)
        return;
    kube_call_cancel(load->call);
    loop_job_cancel(load->job);
    for (size_t i = 0; i < DECODING_MAX; i++) {
        struct decoding *decoding = load->decodings[i];
        if (decoding == NULL)
            continue;
        if (decoding->job != NULL) {
            loop_job_cancel(decoding->job); /* frees it once the worker has let go */
            continue;
        }
        kube_call_cancel(decoding->call);
        free_decoding(decoding);
    }
    helm_releases_free(load->releases);
    free(load->namespace);
    free(load);
}
