/*
 * One pool of connections: a libcurl multi handle driven by the event loop. Private to the room.
 *
 * libcurl must not be told to add or remove a transfer from within its own callbacks; the pool puts that off until libcurl has returned,
 * so its users may do both at any time. They may free the pool at any time, too.
 */
#pragma once

#include "net/loop.h"
#include <curl/curl.h>

struct pool;

struct pool_events {
    /* The transfer is over and already out of the pool. */
    void (*finished)(CURL *easy, CURLcode result, void *context);
    /* A removed transfer: libcurl has let go of it. */
    void (*removed)(CURL *easy, void *context);
    void *context;
};

struct pool *pool_new(struct loop *loop, const struct pool_events *events);
void pool_free(struct pool *pool); /* every transfer was removed, or is still to be told as removed */
void pool_add(struct pool *pool, CURL *easy);
void pool_remove(struct pool *pool, CURL *easy); /* told through `removed`, perhaps before this returns */
