/* LIST in pages: each is read on a worker before the next is asked for, so that memory follows one page. */
#include "base/i18n.h"
#include "base/memory.h"
#include "kube/list_page.h"
#include "kube/reflector_core.h"
#include <stdlib.h>

/* A page of large objects is asked for again in smaller pieces. */
enum { SHRINK_BY = 8 };

struct page_job {
    struct kube_reflector *reflector;
    struct shared_projection *shared;
    char *bytes;
    size_t size;
    struct list_page page;
};

static void free_job(void *data)
{
    struct page_job *job = data;
    list_page_release(&job->page, &job->shared->projection);
    reflector_unshare(job->shared);
    free(job->bytes);
    free(job);
}

static void parse(void *data)
{
    struct page_job *job = data;
    list_page_parse(&job->page, job->bytes, job->size, &job->shared->projection);
    free(STEAL(job->bytes));
}

static void list_again(struct kube_reflector *reflector, unsigned limit)
{
    reflector_drop_connection(reflector);
    reflector_forget_version(reflector);
    reflector->page_limit = limit;
    reflector_begin(reflector);
}

/* True when the same list may succeed in smaller pages, which are asked for then. */
static bool shrink(struct kube_reflector *reflector)
{
    unsigned limit = reflector->page_limit == 0 ? REFLECTOR_PAGE_LIMIT : reflector->page_limit;
    if (limit <= 1)
        return false;
    reflector->stream_refused = true; /* what does not fit a page does not fit a stream of lists either */
    list_again(reflector, limit / SHRINK_BY > 0 ? limit / SHRINK_BY : 1);
    return true;
}

static void fail(struct kube_reflector *reflector, const struct error *error, int64_t retry_after_ms)
{
    reflector_forget_version(reflector);
    reflector_fail(reflector, error, retry_after_ms);
}

static void take_page(struct kube_reflector *reflector, struct list_page *page)
{
    for (size_t i = 0; i < page->items.count; i++)
        item_store_append(&reflector->arriving, page->items.items[i]);
    page->items.count = 0;
    if (reflector_has_too_many(reflector))
        return;
    reflector_forget_version(reflector);
    if (page->continue_token != NULL && page->continue_token[0] != '\0') {
        reflector->continue_token = STEAL(page->continue_token);
        reflector_begin(reflector);
        return;
    }
    reflector->resource_version = STEAL(page->resource_version);
    reflector->page_limit = REFLECTOR_PAGE_LIMIT;
    reflector->phase = REFLECTOR_WAITING;
    reflector_take_over(reflector);
    if (!reflector->dead && !reflector->options.once)
        reflector_begin(reflector);
}

static void parsed(void *data)
{
    struct page_job *job = data;
    struct kube_reflector *reflector = job->reflector;
    reflector_enter(reflector);
    reflector->job = NULL;
    reflector_heard(reflector);
    if (job->page.error.code == ERROR_NONE)
        take_page(reflector, &job->page);
    else if (!job->page.too_large || !shrink(reflector))
        fail(reflector, &job->page.error, -1);
    free_job(job);
    reflector_leave(reflector);
}

static void answered(const struct kube_answer *answer, void *context)
{
    struct kube_reflector *reflector = context;
    reflector_enter(reflector);
    reflector->call = NULL;
    if (answer->error == NULL) {
        struct page_job *job = memory_new(sizeof *job);
        job->reflector = reflector;
        job->shared = reflector_share(reflector);
        job->size = answer->size;
        job->bytes = kube_answer_take_body(answer);
        reflector->job = loop_job_start(reflector->loop, parse, parsed, free_job, job);
    } else if (answer->expired && reflector->continue_token != NULL) {
        list_again(reflector,
                   0); /* the rest of this list is gone, and would be again: all at once, as client-go's pager does */
    } else if (!answer->too_large || !shrink(reflector)) {
        fail(reflector, answer->error, answer->retry_after_ms);
    }
    reflector_leave(reflector);
}

void reflector_ask_page(struct kube_reflector *reflector)
{
    char *path = reflector_path(reflector);
    if (reflector->page_limit > 0) {
        CLEANUP_FREE char *limit = memory_format("%u", reflector->page_limit);
        kube_path_add(&path, "limit", limit);
    }
    if (reflector->continue_token != NULL)
        kube_path_add(&path, "continue", reflector->continue_token);
    const struct kube_request request = {
        .method = "GET",
        .path = path,
        .accept = reflector->options.metadata_only ? KUBE_METADATA_LIST : KUBE_JSON,
        .attempts = reflector->options.once ? 0 : 1, /* a screen tells a failure at once and tries again by itself */
        .packed = true,
        .on_done = answered,
        .context = reflector,
    };
    reflector->phase = REFLECTOR_PAGES;
    reflector->call = kube_client_start(reflector->client, &request);
    free(path);
}
