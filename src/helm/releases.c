#include "helm/releases.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "helm/fetch.h"
#include "kube/answer.h"
#include "net/loop.h"
#include <stdlib.h>
#include <string.h>

enum {
    ROWS_LIMIT = 100000, /* more records than any cluster has; a server whose list never ends has them soon */
    PAGES_LIMIT = 1000,
    PAGE_LIMIT = 250, /* some 300 KB of metadata: a page is parsed and freed before the next is asked for */
    FETCHES_AT_ONCE = 4,
};

/* One page on its way through a worker. */
struct page {
    struct helm_releases_load *load;
    char *bytes;
    size_t size;
    struct helm_releases found; /* one row a record, in the order of the answer */
    char *next;                 /* where the list goes on; NULL: this was its end */
    struct error error;
};

/* One place for a record on its way, for the long form. */
struct place {
    struct helm_releases_load *load;
    size_t row;
    struct helm_fetch *fetch; /* NULL: free */
};

struct helm_releases_load {
    struct kube_client *client;
    enum helm_driver driver;
    char *namespace;
    bool long_form;
    struct kube_call *call;
    struct loop_job *job;
    struct helm_releases *releases;
    size_t pages;    /* that came */
    size_t next_row; /* to be fetched */
    struct place places[FETCHES_AT_ONCE];
    void (*done)(struct helm_releases *releases, const struct error *error, void *context);
    void *context;
};

static void ask_page(struct helm_releases_load *load, const char *from);

/* ---- rows ---- */

static void release_row(struct helm_release *row)
{
    free(row->name);
    free(row->namespace);
    free(row->status);
    free(row->chart);
    free(row->chart_name);
    free(row->app_version);
    free(row->error);
}

static void release_rows(struct helm_releases *releases)
{
    for (size_t i = 0; i < releases->count; i++)
        release_row(&releases->rows[i]);
    free(releases->rows);
}

void helm_releases_free(struct helm_releases *releases)
{
    if (releases == NULL)
        return;
    release_rows(releases);
    free(releases);
}

static void add_row(struct helm_releases *releases, const json_t *object)
{
    struct record_label *label = record_label_make(object, NULL);
    if (label == NULL)
        return;
    const char *namespace = tree_text(object, "metadata", "namespace");
    releases->rows[releases->count++] = (struct helm_release){
        .name = STEAL(label->release),
        .namespace = memory_text(namespace == NULL ? "" : namespace),
        .revision = label->revision,
        .status = STEAL(label->status),
        .updated_ms = label->created_ms,
    };
    record_label_free(label);
}

static int compare_rows(const void *a, const void *b)
{
    const struct helm_release *left = a;
    const struct helm_release *right = b;
    int order = strcmp(left->namespace, right->namespace);
    if (order == 0)
        order = strcmp(left->name, right->name);
    return order != 0 ? order
                      : (left->revision < right->revision) - (left->revision > right->revision); /* the newest first */
}

/* Sorts the rows, and keeps the newest record of each release. */
static void keep_newest(struct helm_releases *releases)
{
    if (releases->count > 1)
        qsort(releases->rows, releases->count, sizeof *releases->rows, compare_rows);
    size_t kept = 0;
    for (size_t i = 0; i < releases->count; i++) {
        struct helm_release *row = &releases->rows[i];
        const struct helm_release *last = kept == 0 ? NULL : &releases->rows[kept - 1];
        if (last != NULL && text_equal(last->namespace, row->namespace) && text_equal(last->name, row->name))
            release_row(row);
        else
            releases->rows[kept++] = *row;
    }
    releases->count = kept;
}

static void take_over_rows(struct helm_releases *releases, struct helm_releases *found)
{
    if (found->count == 0)
        return;
    releases->rows = memory_resize(releases->rows, releases->count + found->count, sizeof *releases->rows);
    memcpy(releases->rows + releases->count, found->rows, found->count * sizeof *found->rows);
    releases->count += found->count;
    found->count = 0;
}

static void free_load(struct helm_releases_load *load)
{
    helm_releases_free(load->releases);
    free(load->namespace);
    free(load);
}

static void finish(struct helm_releases_load *load, const struct error *error)
{
    load->done(error == NULL ? STEAL(load->releases) : NULL, error, load->context);
    free_load(load);
}

/* ---- the long form: chart and application version stand in the record alone ---- */

static void fetch_more(struct helm_releases_load *load);

static void fetched(struct helm_record *record, const struct error *error, void *context)
{
    struct place *place = context;
    struct helm_release *row = &place->load->releases->rows[place->row];
    place->fetch = NULL;
    if (record != NULL) {
        row->chart = memory_text(record->chart);
        row->chart_name = memory_text(record->chart_name);
        row->app_version = memory_text(record->app_version);
        if (record->updated_ms != CLOCK_UNKNOWN)
            row->updated_ms = record->updated_ms;
    } else {
        row->error = memory_text(error->message);
    }
    helm_record_free(record);
    fetch_more(place->load);
}

static void fetch_row(struct helm_releases_load *load, struct place *place)
{
    const struct helm_release *row = &load->releases->rows[load->next_row];
    place->load = load;
    place->row = load->next_row++;
    const struct helm_fetch_request request = {
        .driver = load->driver,
        .namespace = row->namespace,
        .release = row->name,
        .revision = row->revision,
        .depth = HELM_HEAD,
        .done = fetched,
        .context = place,
    };
    place->fetch = helm_fetch_start(load->client, &request);
}

static void fetch_more(struct helm_releases_load *load)
{
    bool busy = false;
    for (size_t i = 0; i < FETCHES_AT_ONCE; i++) {
        if (load->places[i].fetch == NULL && load->next_row < load->releases->count)
            fetch_row(load, &load->places[i]);
        busy = busy || load->places[i].fetch != NULL;
    }
    if (!busy)
        finish(load, NULL);
}

/* ---- the list, page by page ---- */

static void parse_page(void *data)
{
    struct page *page = data;
    json_t *tree = NULL;
    if (!kube_answer_parse(page->bytes, page->size, &tree, &page->error))
        return;
    const json_t *items = json_object_get(tree, "items");
    if (!json_is_array(items) && !json_is_null(items)) { /* an empty list of metadata says null */
        error_set(&page->error, ERROR_UNREACHABLE, _("The server's answer is not a list of releases."));
        kube_answer_blame(&page->error);
        json_decref(tree);
        return;
    }
    page->found.rows = memory_new_array(json_array_size(items) + 1, sizeof *page->found.rows);
    for (size_t i = 0; i < json_array_size(items); i++)
        add_row(&page->found, json_array_get(items, i));
    const char *next = tree_text(tree, "metadata", "continue");
    page->next = next == NULL || next[0] == '\0' ? NULL : memory_text(next);
    json_decref(tree);
    free(page->bytes);
    page->bytes = NULL;
}

static void free_page(void *data)
{
    struct page *page = data;
    release_rows(&page->found);
    free(page->bytes);
    free(page->next);
    error_release(&page->error);
    free(page);
}

static void list_complete(struct helm_releases_load *load)
{
    keep_newest(load->releases);
    if (load->long_form)
        fetch_more(load);
    else
        finish(load, NULL);
}

static bool is_endless(struct helm_releases_load *load, struct error *error)
{
    if (++load->pages <= PAGES_LIMIT && load->releases->count <= ROWS_LIMIT)
        return false;
    error_set(error, ERROR_UNREACHABLE, _("the server's list of releases has no end: %zu records in %zu pages so far"), load->releases->count,
              load->pages);
    error_hint(error, _("name one namespace with -n"));
    return true;
}

static void page_parsed(void *data)
{
    struct page *page = data;
    struct helm_releases_load *load = page->load;
    load->job = NULL;
    if (page->error.code == ERROR_NONE)
        take_over_rows(load->releases, &page->found);
    if (page->error.code != ERROR_NONE || (page->next != NULL && is_endless(load, &page->error)))
        finish(load, &page->error);
    else if (page->next != NULL)
        ask_page(load, page->next);
    else
        list_complete(load);
    free_page(page);
}

static void refuse(struct helm_releases_load *load, const struct error *reason)
{
    struct error error = {0};
    error_copy(&error, reason);
    if (error.code == ERROR_FORBIDDEN && load->namespace == NULL)
        error_hint(&error, _("listing all namespaces takes a right of its own; name one namespace with -n"));
    finish(load, &error);
    error_release(&error);
}

static void page_answered(const struct kube_answer *answer, void *context)
{
    struct helm_releases_load *load = context;
    load->call = NULL;
    if (answer->error != NULL) {
        refuse(load, answer->error);
        return;
    }
    struct page *page = memory_new(sizeof *page);
    page->load = load;
    page->size = answer->size;
    page->bytes = kube_answer_take_body(answer);
    load->job = loop_job_start(kube_client_loop(load->client), parse_page, page_parsed, free_page, page);
}

static void ask_page(struct helm_releases_load *load, const char *from)
{
    CLEANUP_FREE char *limit = memory_format("%d", PAGE_LIMIT);
    CLEANUP_FREE char *path = kube_resource_path(helm_driver_resource(load->driver), load->namespace, NULL, NULL);
    kube_path_add(&path, "labelSelector", "owner=helm,status!=superseded");
    kube_path_add(&path, "limit", limit);
    if (from != NULL)
        kube_path_add(&path, "continue", from);
    const struct kube_request request = {
        .method = "GET", .path = path, .accept = KUBE_METADATA_LIST, .on_done = page_answered, .context = load};
    load->call = kube_client_start(load->client, &request);
}

/* ---- life ---- */

struct helm_releases_load *
helm_releases_start(struct kube_client *client, enum helm_driver driver, const char *namespace, bool long_form,
                    void (*done)(struct helm_releases *releases, const struct error *error, void *context),
                    void *context)
{
    struct helm_releases_load *load = memory_new(sizeof *load);
    load->client = client;
    load->driver = driver;
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
    for (size_t i = 0; i < FETCHES_AT_ONCE; i++)
        helm_fetch_cancel(load->places[i].fetch);
    free_load(load);
}
