/*
 * HTTP on the event loop (libcurl multi): HTTP/2 where offered, keep-alive, gzip, client certificates, proxies.
 *
 * One `struct http` has one pool of connections. Transfers that must not share a connection (long watches and actions) use two.
 */
#pragma once

#include "base/error.h"
#include "net/loop.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http;
struct http_transfer;

/* How to reach and trust a server. Copied by http_start(). PEM texts win over nothing: NULL means not set. */
struct http_peer {
    const char *ca_pem;      /* trust these only; NULL: the system's */
    const char *cert_pem;    /* client certificate */
    const char *key_pem;
    const char *server_name; /* name to verify and to send (SNI) instead of the URL's host; NULL: the URL's */
    const char *proxy;       /* URL: http, https, socks5; NULL: the environment's (HTTPS_PROXY, NO_PROXY) */
    bool insecure;           /* no verification */
};

struct http_answer;

struct http_request {
    const char *method;         /* "GET" … */
    const char *url;
    const char *const *headers; /* "Name: value" lines, NULL at the end; copied */
    const void *body;           /* copied */
    size_t body_size;
    const struct http_peer *peer; /* NULL: defaults */
    int64_t connect_timeout_ms; /* 0: 10 s. All by the loop's clock, so they pass while the machine sleeps */
    int64_t timeout_ms;         /* whole transfer; 0: none */
    int64_t head_timeout_ms;    /* until the head of the answer; 0: none */
    int64_t idle_timeout_ms;    /* no byte for so long: failed with `idle`; 0: none */
    size_t body_limit;          /* unpacked bytes; 0: 64 MiB; more is a failure. Not applied to streams */
    bool compressed;            /* offer gzip */
    bool packed;                /* offer gzip, and hand the body over as it came (it may be gzip, see gzip_is()): for unpacking in a worker */
    bool only_once;             /* a write: never sent again, not even where a kept connection turns out to be closed. Costs a connection */

    /* A stream: called with unpacked bytes as they come (head first). Returning false ends the transfer as failed. NULL: the body is
     * collected. For an answer that is not 2xx the body is always collected. */
    bool (*on_data)(const void *bytes, size_t size, void *context);
    void (*on_head)(int status, void *context); /* optional, once, before data */
    /* Called once at the end, unless cancelled. `answer` is valid during the call. */
    void (*on_done)(const struct http_answer *answer, void *context);
    void *context;
};

enum http_failure {
    HTTP_OK,         /* an answer came, whatever its status */
    HTTP_RESOLVE,    /* name not found */
    HTTP_CONNECT,    /* refused, unreachable, proxy */
    HTTP_TLS,        /* certificate not trusted, wrong name, handshake */
    HTTP_TIMEOUT,    /* connect or whole transfer */
    HTTP_IDLE,       /* idle_timeout_ms without a byte */
    HTTP_BROKEN,     /* ended in the middle */
    HTTP_TOO_LARGE,  /* above body_limit */
    HTTP_REFUSED,    /* on_data said no, or the request cannot be sent as it is */
};

struct http_answer {
    enum http_failure failure;
    const char *reason; /* for a person, when failed: libcurl's words */
    int status;         /* 0 when none came */
    char *body;         /* NUL-terminated, steal it with http_answer_take_body() */
    size_t size;
    uint64_t wire_bytes; /* as received, headers included */
    const char *const *headers; /* "Name: value", NULL at the end */
};

struct http *http_new(struct loop *loop);
struct http *http_new_beside(struct http *other); /* another pool with the same TLS sessions: its first handshake is a short one */
void http_free(struct http *http); /* cancels every transfer */

/* Never calls back before it has returned. Failures are told through on_done. Redirects are not followed: a 3xx is an answer. A
 * connection on which a transfer timed out or fell silent takes no new transfers. */
struct http_transfer *http_start(struct http *http, const struct http_request *request);
void http_cancel(struct http_transfer *transfer); /* NULL is accepted; not after on_done */

/* Connections that are open now take no new transfers: something made them suspicious (another pool's to the same server fell silent). */
void http_renew(struct http *http);

/* The value of the n-th header of that name (any case), or NULL. Borrowed from the answer. */
const char *http_answer_header(const struct http_answer *answer, const char *name, size_t index);
char *http_answer_take_body(const struct http_answer *answer); /* owned by the caller */

/* Bytes received over this pool's life, as they came over the wire. */
uint64_t http_received(const struct http *http);
