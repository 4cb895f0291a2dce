/*
 * The reflector's life: list, then watch; again from the last version when a connection ends, from a new list when the
 * server has forgotten that version.
 */
#include "kube/reflector.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "kube/reflector_core.h"
#include <stdlib.h>

enum {
    BACKOFF_MIN_MS = 500,
    BACKOFF_MAX_MS = 30000,
    REFUSED_MIN_MS = 30000, /* forbidden, or not served: it may change, but not soon */
    REFUSED_MAX_MS = 120000,
};

/* ---- who is called, and who frees ---- */

static void free_memory(struct kube_reflector *reflector)
{
    const struct kube_reflector_options *options = &reflector->options;
    item_store_release(&reflector->shown, &options->projection);
    reflector_unshare(reflector->shared);
    error_release(&reflector->reason);
    free((char *)options->resource.group);
    free((char *)options->resource.version);
    free((char *)options->resource.plural);
    free((char *)options->resource.kind);
    free((char *)options->namespace);
    free((char *)options->label_selector);
    free((char *)options->field_selector);
    free(reflector);
}

void reflector_enter(struct kube_reflector *reflector)
{
    reflector->busy++;
}

void reflector_leave(struct kube_reflector *reflector)
{
    reflector->busy--;
    if (reflector->busy == 0 && reflector->dead)
        free_memory(reflector);
}

static void tell_state(struct kube_reflector *reflector)
{
    if (!reflector->dead && reflector->options.on_state != NULL)
        reflector->options.on_state(reflector->options.context);
}

static void tell_change(struct kube_reflector *reflector, enum kube_change change, const struct kube_item *now,
                        const void *before)
{
    if (!reflector->dead && reflector->complete && reflector->options.on_change != NULL)
        reflector->options.on_change(change, now, before, reflector->options.context);
}

/* ---- small services ---- */

int64_t reflector_now(const struct kube_reflector *reflector)
{
    return clock_boot_ms(loop_clock(reflector->loop));
}

char *reflector_path(const struct kube_reflector *reflector)
{
    const struct kube_reflector_options *options = &reflector->options;
    char *path = kube_resource_path(&options->resource, options->namespace, NULL, NULL);
    if (options->label_selector != NULL)
        kube_path_add(&path, "labelSelector", options->label_selector);
    if (options->field_selector != NULL)
        kube_path_add(&path, "fieldSelector", options->field_selector);
    return path;
}

struct shared_projection *reflector_share(struct kube_reflector *reflector)
{
    reflector->shared->users++;
    return reflector->shared;
}

void reflector_unshare(struct shared_projection *shared)
{
    if (--shared->users > 0)
        return;
    if (shared->projection.free_context != NULL)
        shared->projection.free_context((void *)(uintptr_t)shared->projection.context);
    free(shared);
}

/* ---- freshness ---- */

void reflector_heard(struct kube_reflector *reflector)
{
    reflector->heard_ms = reflector_now(reflector);
}

void reflector_live(struct kube_reflector *reflector)
{
    if (!reflector->complete || reflector->freshness == KUBE_LIVE)
        return;
    reflector->freshness = KUBE_LIVE;
    error_release(&reflector->reason);
    tell_state(reflector);
}

/* What is known stays readable; whether it may be shown depends on why nothing new comes. */
static bool may_be_shown(const struct kube_reflector *reflector, const struct error *reason)
{
    return reflector->complete && !reflector->options.once && reason->code != ERROR_FORBIDDEN &&
           reason->code != ERROR_NOT_FOUND;
}

void reflector_stale(struct kube_reflector *reflector, const struct error *reason)
{
    enum kube_freshness freshness = may_be_shown(reflector, reason) ? KUBE_STALE : KUBE_UNKNOWN;
    error_copy(&reflector->reason, reason);
    reflector->freshness = freshness;
    tell_state(reflector);
}

/* ---- starting, and starting again ---- */

void reflector_begin(struct kube_reflector *reflector)
{
    if (reflector->options.once || reflector->continue_token != NULL)
        reflector_ask_page(reflector);
    else if (reflector->resource_version != NULL)
        reflector_ask_watch(reflector, false);
    else if (reflector->stream_refused)
        reflector_ask_page(reflector);
    else
        reflector_ask_watch(reflector, true);
}

void reflector_forget_version(struct kube_reflector *reflector)
{
    free(STEAL(reflector->resource_version));
    free(STEAL(reflector->continue_token));
}

void reflector_drop_connection(struct kube_reflector *reflector)
{
    kube_call_cancel(STEAL(reflector->call));
    loop_job_cancel(STEAL(reflector->job));
    reflector_drop_stream(reflector);
    item_store_release(&reflector->arriving, &reflector->options.projection);
    reflector->phase = REFLECTOR_WAITING;
}

static void on_retry(void *context)
{
    struct kube_reflector *reflector = context;
    loop_timer_cancel(STEAL(reflector->retry));
    reflector_begin(reflector);
}

void reflector_retry_in(struct kube_reflector *reflector, int64_t delay_ms)
{
    loop_timer_cancel(reflector->retry);
    reflector->retry = loop_timer_start(reflector->loop, delay_ms, 0, on_retry, reflector);
}

/* Doubles with each failure; a half is left to chance, so that many panes and consoles do not come back together. */
static int64_t backoff(const struct kube_reflector *reflector, enum error_code code)
{
    bool refused = code == ERROR_FORBIDDEN || code == ERROR_NOT_FOUND || code == ERROR_REFUSED;
    int64_t delay = refused ? REFUSED_MIN_MS : BACKOFF_MIN_MS;
    int64_t most = refused ? REFUSED_MAX_MS : BACKOFF_MAX_MS;
    for (int i = 1; i < reflector->failures && delay < most; i++)
        delay *= 2;
    if (delay > most)
        delay = most;
    return delay / 2 + kube_client_random(reflector->client, (uint32_t)delay);
}

void reflector_fail(struct kube_reflector *reflector, const struct error *reason, int64_t retry_after_ms)
{
    struct error copy = {0};
    error_copy(&copy, reason); /* it may live in what is dropped now */
    reflector_drop_connection(reflector);
    reflector->failures++;
    if (reflector->options.once) {
        reflector->complete = true; /* for good: a command does not wait for better times */
    } else {
        int64_t delay = backoff(reflector, copy.code);
        reflector_retry_in(reflector, delay > retry_after_ms ? delay : retry_after_ms);
    }
    reflector_stale(reflector, &copy);
    error_release(&copy);
}

/* ---- what is shown ---- */

static void remove_old(struct kube_reflector *reflector, struct kube_item *old)
{
    tell_change(reflector, KUBE_DELETED, old, old->item);
    item_free(old, &reflector->options.projection);
}

/* An object of the same name with another uid is another object. */
static void tell_replaced(struct kube_reflector *reflector, const struct kube_item *old, const struct kube_item *new)
{
    if (text_equal(old->uid, new->uid)) {
        tell_change(reflector, KUBE_MODIFIED, new, old->item);
        return;
    }
    tell_change(reflector, KUBE_DELETED, old, old->item);
    tell_change(reflector, KUBE_ADDED, new, NULL);
}

void reflector_put(struct kube_reflector *reflector, struct kube_item *item)
{
    struct kube_item *old = item_store_put(&reflector->shown, item);
    if (old == NULL)
        tell_change(reflector, KUBE_ADDED, item, NULL);
    else if (!text_equal(old->resource_version, item->resource_version))
        tell_replaced(reflector, old, item);
    item_free(old, &reflector->options.projection);
}

void reflector_take_away(struct kube_reflector *reflector, const struct kube_item *key)
{
    struct kube_item *old = item_store_take(&reflector->shown, key->namespace, key->name);
    if (old != NULL)
        remove_old(reflector, old);
}

/* Both lists are sorted. */
static void tell_differences(struct kube_reflector *reflector, const struct item_store *old,
                             const struct item_store *new)
{
    size_t i = 0, j = 0;
    while (!reflector->dead && (i < old->count || j < new->count)) {
        int order = i == old->count ? 1 : j == new->count ? -1 : item_compare(old->items[i], new->items[j]);
        if (order < 0) {
            tell_change(reflector, KUBE_DELETED, old->items[i], old->items[i]->item);
            i++;
        } else if (order > 0) {
            tell_change(reflector, KUBE_ADDED, new->items[j], NULL);
            j++;
        } else {
            if (!text_equal(old->items[i]->resource_version, new->items[j]->resource_version))
                tell_replaced(reflector, old->items[i], new->items[j]);
            i++;
            j++;
        }
    }
}

void reflector_take_over(struct kube_reflector *reflector)
{
    struct item_store old = reflector->shown;
    item_store_sort(&reflector->arriving, &reflector->options.projection);
    reflector->shown = reflector->arriving;
    reflector->arriving = (struct item_store){0};
    tell_differences(reflector, &old, &reflector->shown);
    item_store_release(&old, &reflector->options.projection);
    reflector->complete = true;
    reflector->freshness = KUBE_LIVE;
    error_release(&reflector->reason);
    tell_state(reflector);
}

bool reflector_has_too_many(struct kube_reflector *reflector)
{
    if (reflector->arriving.count <= REFLECTOR_OBJECT_LIMIT && reflector->shown.count <= REFLECTOR_OBJECT_LIMIT)
        return false;
    struct error error = {0};
    error_set(&error, ERROR_REFUSED, _("There are more than %d %s, which is more than this console keeps."),
              REFLECTOR_OBJECT_LIMIT, reflector->options.resource.plural);
    error_hint(&error, _("Look at one namespace only (-n)."));
    reflector_forget_version(reflector);
    reflector_fail(reflector, &error, -1);
    error_release(&error);
    return true;
}

/* ---- the public face ---- */

struct kube_reflector *kube_reflector_new(struct kube_client *client, const struct kube_reflector_options *options)
{
    struct kube_reflector *reflector = memory_new(sizeof *reflector);
    const struct kube_resource *resource = &options->resource;
    reflector->client = client;
    reflector->loop = kube_client_loop(client);
    reflector->options = *options;
    reflector->options.resource = (struct kube_resource){
        .group = memory_text(resource->group),
        .version = memory_text(resource->version),
        .plural = memory_text(resource->plural),
        .kind = memory_text(resource->kind),
        .namespaced = resource->namespaced,
    };
    reflector->options.namespace = memory_text(options->namespace);
    reflector->options.label_selector = memory_text(options->label_selector);
    reflector->options.field_selector = memory_text(options->field_selector);
    reflector->shared = memory_new(sizeof *reflector->shared);
    *reflector->shared = (struct shared_projection){.projection = options->projection, .users = 1};
    reflector->page_limit = REFLECTOR_PAGE_LIMIT;
    reflector->heard_ms = -1;
    reflector_begin(reflector);
    return reflector;
}

void kube_reflector_free(struct kube_reflector *reflector)
{
    if (reflector == NULL)
        return;
    reflector_drop_connection(reflector);
    loop_timer_cancel(STEAL(reflector->retry));
    reflector_forget_version(reflector);
    reflector->dead = true;
    if (reflector->busy == 0)
        free_memory(reflector);
}

bool kube_reflector_complete(const struct kube_reflector *reflector)
{
    return reflector->complete;
}

size_t kube_reflector_count(const struct kube_reflector *reflector)
{
    return reflector->shown.count;
}

const struct kube_item *kube_reflector_at(const struct kube_reflector *reflector, size_t index)
{
    return index < reflector->shown.count ? reflector->shown.items[index] : NULL;
}

const struct kube_item *kube_reflector_find(const struct kube_reflector *reflector, const char *namespace,
                                            const char *name)
{
    return item_store_find(&reflector->shown, namespace, name);
}

enum kube_freshness kube_reflector_freshness(const struct kube_reflector *reflector)
{
    return reflector->freshness;
}

const struct error *kube_reflector_reason(const struct kube_reflector *reflector)
{
    return reflector->reason.code != ERROR_NONE ? &reflector->reason : NULL;
}

int64_t kube_reflector_heard_ms(const struct kube_reflector *reflector)
{
    return reflector->heard_ms;
}
