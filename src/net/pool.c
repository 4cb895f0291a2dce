#include "net/pool.h"
#include "base/array.h"
#include "base/memory.h"
#include <stdlib.h>

/* Idle connections that are kept. */
#define KEPT_CONNECTIONS 8L

struct pool {
    CURLM *multi;
    struct loop *loop;
    uv_timer_t timer; /* libcurl measures its own waits by the same clock that libuv has */
    struct pool_events events;
    struct array adding;   /* CURL *, put off while libcurl runs */
    struct array removing; /* CURL * */
    bool in_curl;
    bool settling;
    bool freed;
};

/* One watched socket; libcurl keeps the pointer for us. */
struct watch {
    uv_poll_t poll;
    struct pool *pool;
    curl_socket_t socket;
};

static void act(struct pool *pool, curl_socket_t socket, int events);

static void on_socket(uv_poll_t *handle, int status, int events)
{
    struct watch *watch = handle->data;
    int flags = status < 0 ? CURL_CSELECT_ERR : 0;
    if ((events & UV_READABLE) != 0)
        flags |= CURL_CSELECT_IN;
    if ((events & UV_WRITABLE) != 0)
        flags |= CURL_CSELECT_OUT;
    act(watch->pool, watch->socket, flags);
}

static void on_timer(uv_timer_t *handle)
{
    act(handle->data, CURL_SOCKET_TIMEOUT, 0);
}

static void free_watch(uv_handle_t *handle)
{
    free(handle->data);
}

static int socket_changed(CURL *easy, curl_socket_t socket, int what, void *context, void *socket_context)
{
    (void)easy;
    struct pool *pool = context;
    struct watch *watch = socket_context;
    if (what == CURL_POLL_REMOVE) {
        if (watch != NULL) {
            uv_poll_stop(&watch->poll);
            uv_close((uv_handle_t *)&watch->poll, free_watch);
            curl_multi_assign(pool->multi, socket, NULL);
        }
        return 0;
    }
    if (watch == NULL) {
        watch = memory_new(sizeof(*watch));
        if (uv_poll_init_socket(loop_uv(pool->loop), &watch->poll, socket) != 0) {
            free(watch);
            return -1; /* libcurl fails the transfer */
        }
        watch->poll.data = watch;
        watch->pool = pool;
        watch->socket = socket;
        curl_multi_assign(pool->multi, socket, watch);
    }
    int events = (what & CURL_POLL_IN) != 0 ? UV_READABLE : 0;
    if ((what & CURL_POLL_OUT) != 0)
        events |= UV_WRITABLE;
    uv_poll_start(&watch->poll, events, on_socket);
    return 0;
}

static int timer_changed(CURLM *multi, long wait_ms, void *context)
{
    (void)multi;
    struct pool *pool = context;
    if (wait_ms < 0)
        uv_timer_stop(&pool->timer);
    else
        uv_timer_start(&pool->timer, on_timer, (uint64_t)wait_ms, 0);
    return 0;
}

static void free_pool_memory(uv_handle_t *handle)
{
    free(handle->data);
}

static void tear_down(struct pool *pool)
{
    curl_multi_cleanup(pool->multi); /* closes connections, which still tells socket_changed() */
    curl_global_cleanup();
    array_release(&pool->adding);
    array_release(&pool->removing);
    uv_timer_stop(&pool->timer);
    uv_close((uv_handle_t *)&pool->timer, free_pool_memory);
}

static void apply_put_off(struct pool *pool)
{
    while (pool->removing.count > 0) {
        CURL *easy = array_take(&pool->removing, 0);
        curl_multi_remove_handle(pool->multi, easy);
        pool->events.removed(easy, pool->events.context);
    }
    while (pool->adding.count > 0)
        curl_multi_add_handle(pool->multi, array_take(&pool->adding, 0));
}

/* After libcurl has run: what was put off, and the transfers that have ended. Users are called from here, never from
 * within libcurl. */
static void settle(struct pool *pool)
{
    if (pool->settling)
        return;
    pool->settling = true;
    apply_put_off(pool);
    int left = 0;
    const CURLMsg *message;
    while ((message = curl_multi_info_read(pool->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURL *easy = message->easy_handle;
        CURLcode result = message->data.result;
        curl_multi_remove_handle(pool->multi, easy);
        pool->events.finished(easy, result, pool->events.context);
    }
    pool->settling = false;
    if (pool->freed)
        tear_down(pool);
}

static void act(struct pool *pool, curl_socket_t socket, int events)
{
    int running = 0;
    pool->in_curl = true;
    curl_multi_socket_action(pool->multi, socket, events, &running);
    pool->in_curl = false;
    settle(pool);
}

struct pool *pool_new(struct loop *loop, const struct pool_events *events)
{
    struct pool *pool = memory_new(sizeof(*pool));
    pool->loop = loop;
    pool->events = *events;
    /* Counted by libcurl: a pool may outlive its owner by a moment. */
    if (curl_global_init(CURL_GLOBAL_SSL) != CURLE_OK || (pool->multi = curl_multi_init()) == NULL)
        abort();
    curl_multi_setopt(pool->multi, CURLMOPT_SOCKETFUNCTION, socket_changed);
    curl_multi_setopt(pool->multi, CURLMOPT_SOCKETDATA, pool);
    curl_multi_setopt(pool->multi, CURLMOPT_TIMERFUNCTION, timer_changed);
    curl_multi_setopt(pool->multi, CURLMOPT_TIMERDATA, pool);
    curl_multi_setopt(pool->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    curl_multi_setopt(pool->multi, CURLMOPT_MAXCONNECTS, KEPT_CONNECTIONS);
    if (uv_timer_init(loop_uv(loop), &pool->timer) != 0)
        abort();
    pool->timer.data = pool;
    return pool;
}

void pool_free(struct pool *pool)
{
    if (pool == NULL)
        return;
    pool->freed = true;
    if (!pool->in_curl && !pool->settling)
        tear_down(pool);
}

void pool_add(struct pool *pool, CURL *easy)
{
    if (pool->in_curl)
        array_append(&pool->adding, easy);
    else
        curl_multi_add_handle(pool->multi, easy);
}

void pool_remove(struct pool *pool, CURL *easy)
{
    for (size_t i = 0; i < pool->adding.count; i++) {
        if (pool->adding.items[i] == easy) {
            array_take(&pool->adding, i);
            pool->events.removed(easy, pool->events.context);
            return;
        }
    }
    if (pool->in_curl) {
        array_append(&pool->removing, easy);
        return;
    }
    curl_multi_remove_handle(pool->multi, easy);
    pool->events.removed(easy, pool->events.context);
}
