/*
 * Requests to one API server: credentials, retries, warnings, and the one allow-list of what a read-only console may send.
 *
 * 401 refreshes the credential once. 429 and 5xx (for requests that are safe to repeat) wait as Retry-After says, or by capped exponential
 * backoff with jitter. Watches have a pool of connections of their own.
 */
#pragma once

#include "base/error.h"
#include "kube/kubeconfig.h"
#include "net/loop.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kube_client;
struct kube_call;

enum kube_access {
    KUBE_READ_WRITE,
    KUBE_READ_ONLY,         /* GETs and access reviews about oneself */
    KUBE_READ_ONLY_DRY_RUN, /* … and dry runs */
};

struct kube_client_options {
    enum kube_access access;
    const char *user_agent; /* NULL: rollback-console/VERSION */
    /* Each `Warning:` header, cleaned, once per text. Must not free the client. */
    void (*on_warning)(const char *text, void *context);
    uint32_t (*random)(void *context); /* for jitter; NULL: the system's */
    void *context;
};

/* `config` is borrowed for the client's life. Nothing is sent before the first call. Reflectors of the client are freed before it. */
struct kube_client *kube_client_new(struct loop *loop, const struct kube_config *config, const struct kube_client_options *options);
void kube_client_free(struct kube_client *client); /* cancels every call */
struct loop *kube_client_loop(const struct kube_client *client);
const struct kube_config *kube_client_config(const struct kube_client *client);
uint64_t kube_client_received(const struct kube_client *client); /* bytes over the wire so far */
enum kube_access kube_client_access(const struct kube_client *client);
uint32_t kube_client_random(const struct kube_client *client, uint32_t below); /* 0 ≤ number < below; 0 when below is 0 */

/* What media types are asked for. */
enum kube_accept {
    KUBE_JSON,
    KUBE_METADATA_LIST, /* application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1 */
    KUBE_METADATA,      /* application/json;as=PartialObjectMetadata;… */
    KUBE_TABLE,         /* application/json;as=Table;… */
};

struct http_answer;
struct kube_answer;

struct kube_request {
    const char *method;       /* "GET", "POST", "PUT", "PATCH", "DELETE" */
    const char *path;         /* with query */
    enum kube_accept accept;
    const char *content_type; /* of the body; NULL: application/json */
    const char *body;         /* JSON text or NULL */
    int64_t timeout_ms;       /* of each try; 0: 30 s (for streams: until the head of the answer) */
    int64_t idle_timeout_ms;  /* streams: no byte for so long is a failure */
    int attempts;             /* tries in all for what may be repeated; 0: 5 */
    bool watch;               /* uses the watches' connections; on_data gets the stream */
    bool packed;              /* the body is left as it came, perhaps gzip (see base/gzip.h): for unpacking in a worker */
    void (*on_accepted)(void *context); /* streams: a 2xx head has come; may be NULL */
    bool (*on_data)(const void *bytes, size_t size, void *context);
    void (*on_done)(const struct kube_answer *answer, void *context);
    void *context;
};

/* An answer, valid during on_done. `error` says it in a person's words whenever the request did not succeed:
 * ERROR_UNREACHABLE (network, TLS, credential, 401, 5xx at the end), ERROR_FORBIDDEN (403), ERROR_NOT_FOUND (404), ERROR_REFUSED (read-only, admission,
 * 409, 422, 400), with the server's reason in the message. */
struct kube_answer {
    const struct error *error; /* NULL: 2xx */
    int status;                /* 0: no answer */
    const char *reason;        /* metav1.Status reason ("Expired", "Conflict", "AlreadyExists" …) or "" */
    const char *body;          /* NUL-terminated; take it with kube_answer_take_body */
    size_t size;
    int64_t retry_after_ms;    /* −1 when not told */
    bool expired;              /* 410 Gone: the resourceVersion or continue token is too old */
    bool too_large;            /* there is more than is read at once (64 MiB): ask for less */
    bool silent;               /* nothing came for idle_timeout_ms */
    const struct http_answer *source; /* for kube_answer_take_body() */
};

/* Never calls back before it has returned; a request that the allow-list refuses is told through on_done, too. What is repeated: GETs after
 * 429, 5xx and broken answers, other methods after 429 alone, which says that nothing was done. Everything after one 401, with a new
 * proof. No try begins later than half a minute after the first. A write leaves the console once: not even a closed connection repeats it. */
struct kube_call *kube_client_start(struct kube_client *client, const struct kube_request *request);
void kube_call_cancel(struct kube_call *call); /* NULL is accepted; not after on_done */
char *kube_answer_take_body(const struct kube_answer *answer);

/* The allow-list alone, for tests and for screens that grey out what cannot be done. */
bool kube_client_allows(enum kube_access access, const char *method, const char *path, struct error *error);
