#include "kube/client.h"
#include "base/array.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/text.h"
#include "config.h"
#include "kube/client_allow.h"
#include "kube/client_error.h"
#include "net/http.h"
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    TIMEOUT_MS = 30000,
    ATTEMPTS = 5,
    BACKOFF_MIN_MS = 200,
    BACKOFF_MAX_MS = 10000,
    RETRY_AFTER_MAX_MS = 60000,
    PATIENCE_MS =
        30000, /* a person waits: no try begins later than this after the first; a longer Retry-After is told instead */
    WARNINGS_MAX = 1000, /* texts that are told at all */
};

struct kube_client {
    struct loop *loop;
    const struct kube_config *config;
    struct kube_client_options options;
    struct http *actions; /* requests with an end */
    struct http *watches; /* long streams, on connections of their own; made when first needed */
    struct kube_credential *credential;
    struct kube_call *calls;
    struct map *warned;
};

/* One request until its answer, through retries and a refreshed credential. Owned by the client's list until it has
 * called back. */
struct kube_call {
    struct kube_client *client;
    struct kube_call *previous, *next;
    struct kube_request request; /* its texts are copies */
    struct kube_credential_wait *wait;
    struct http_transfer *transfer;
    struct loop_timer *timer;
    uint64_t generation; /* of the proof that was sent */
    uint64_t rejected;   /* of the proof that the server answered 401 to; 0: none */
    int attempt;
    int64_t started_ms;
    struct error refusal; /* told soon instead of sending */
};

static void send_call(struct kube_call *call);

/* ---- life of a call ---- */

static void unlink_call(struct kube_call *call)
{
    if (call->previous != NULL)
        call->previous->next = call->next;
    else
        call->client->calls = call->next;
    if (call->next != NULL)
        call->next->previous = call->previous;
}

static void free_call(struct kube_call *call)
{
    unlink_call(call);
    loop_timer_cancel(call->timer);
    free((char *)call->request.method);
    free((char *)call->request.path);
    free((char *)call->request.content_type);
    free((char *)call->request.body);
    error_release(&call->refusal);
    free(call);
}

void kube_call_cancel(struct kube_call *call)
{
    if (call == NULL)
        return;
    kube_credential_cancel(call->wait);
    http_cancel(call->transfer);
    free_call(call);
}

/* The callback may start new calls, or free the client: nothing of the call is touched after it. */
static void finish(struct kube_call *call, const struct kube_answer *answer)
{
    void (*on_done)(const struct kube_answer *answer, void *context) = call->request.on_done;
    void *context = call->request.context;
    free_call(call);
    if (on_done != NULL)
        on_done(answer, context);
}

static void finish_with_error(struct kube_call *call, struct error *error)
{
    struct kube_answer answer = {.error = error, .reason = "", .body = "", .retry_after_ms = -1};
    finish(call, &answer);
    error_release(error);
}

/* ---- waiting and trying again ---- */

static void timer_fired(void *context)
{
    struct kube_call *call = context;
    loop_timer_cancel(call->timer);
    call->timer = NULL;
    if (call->refusal.code == ERROR_NONE) {
        send_call(call);
        return;
    }
    struct error refusal = {0};
    error_move(&refusal, &call->refusal);
    finish_with_error(call, &refusal);
}

static void soon(struct kube_call *call, int64_t delay_ms)
{
    call->timer = loop_timer_start(call->client->loop, delay_ms, 0, timer_fired, call);
}

static int64_t boot_ms(const struct kube_client *client)
{
    return clock_boot_ms(loop_clock(client->loop));
}

/* Half of the delay and more is left to chance, so that many consoles do not come back together. */
static int64_t backoff_ms(const struct kube_call *call)
{
    int64_t delay = BACKOFF_MIN_MS;
    for (int i = 1; i < call->attempt && delay < BACKOFF_MAX_MS; i++)
        delay *= 2;
    if (delay > BACKOFF_MAX_MS)
        delay = BACKOFF_MAX_MS;
    return delay / 2 + kube_client_random(call->client, (uint32_t)delay);
}

/* Retry-After in seconds; the form with a date is not used by API servers. −1: not told. */
static int64_t retry_after(const struct http_answer *answer)
{
    const char *value = http_answer_header(answer, "Retry-After", 0);
    if (value == NULL || value[0] < '0' || value[0] > '9')
        return -1;
    unsigned long seconds = strtoul(value, NULL, 10); /* ULONG_MAX when there are too many digits */
    return seconds < RETRY_AFTER_MAX_MS / 1000 ? (int64_t)seconds * 1000 : RETRY_AFTER_MAX_MS;
}

/* Reads may be repeated after any trouble; 429 says that nothing was done, so that everything may. */
static bool may_try_again(const struct kube_call *call, const struct http_answer *answer)
{
    int attempts = call->request.attempts > 0 ? call->request.attempts : ATTEMPTS;
    if (call->attempt >= attempts)
        return false;
    bool reads = text_equal(call->request.method, "GET");
    if (answer->failure == HTTP_BROKEN)
        return reads && !call->request.watch;
    if (answer->failure != HTTP_OK)
        return false;
    return answer->status == 429 || (reads && answer->status >= 500);
}

/* ---- answers ---- */

static void tell_warning(const char *text, void *context)
{
    struct kube_client *client = context;
    if (map_get(client->warned, text) != NULL || map_count(client->warned) >= WARNINGS_MAX)
        return;
    map_put(client->warned, text, client);
    client->options.on_warning(text, client->options.context);
}

static void answered(const struct http_answer *answer, void *context)
{
    struct kube_call *call = context;
    struct kube_client *client = call->client;
    call->transfer = NULL;
    if (answer->failure == HTTP_OK && answer->status == 401 && call->rejected == 0 && call->generation != 0) {
        call->rejected = call->generation;
        call->attempt--; /* the server did not come to the request itself */
        send_call(call);
        return;
    }
    if (call->request.watch && (answer->failure == HTTP_IDLE || answer->failure == HTTP_TIMEOUT))
        http_renew(client->actions); /* the way to the server is gone, not one connection */
    int64_t told_ms = retry_after(answer);
    int64_t delay_ms = told_ms >= 0 ? told_ms : backoff_ms(call);
    if (may_try_again(call, answer) && boot_ms(client) + delay_ms - call->started_ms <= PATIENCE_MS) {
        soon(call, delay_ms);
        return;
    }
    if (client->options.on_warning != NULL)
        client_warnings(answer, tell_warning, client);
    struct error error = {0};
    CLEANUP_FREE char *reason = NULL;
    if (answer->failure != HTTP_OK)
        client_error_network(client->config, answer, clock_wall_ms(loop_clock(client->loop)), &error);
    else if (answer->status < 200 || answer->status >= 300)
        client_error_status(client->config, call->request.method, call->request.path, answer, &reason, &error);
    const struct kube_answer result = {
        .error = error.code != ERROR_NONE ? &error : NULL,
        .status = answer->failure == HTTP_OK ? answer->status : 0,
        .reason = reason != NULL ? reason : "",
        .body = answer->body != NULL ? answer->body : "",
        .size = answer->size,
        .retry_after_ms = told_ms,
        .expired = answer->failure == HTTP_OK && answer->status == 410,
        .too_large = answer->failure == HTTP_TOO_LARGE,
        .silent = answer->failure == HTTP_IDLE,
        .source = answer,
    };
    finish(call, &result);
    error_release(&error);
}

char *kube_answer_take_body(const struct kube_answer *answer)
{
    return answer->source != NULL ? http_answer_take_body(answer->source) : memory_text("");
}

/* ---- sending ---- */

/* Where the server does not have the narrower form it may send whole objects: they contain what is asked for. */
static const char *accept_of(enum kube_accept accept)
{
    switch (accept) {
    case KUBE_METADATA_LIST:
        return "Accept: application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
    case KUBE_METADATA:
        return "Accept: application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
    case KUBE_TABLE:
        return "Accept: application/json;as=Table;g=meta.k8s.io;v=v1,application/json";
    case KUBE_JSON:
        break;
    }
    return "Accept: application/json";
}

static void add_header(struct array *headers, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add_header(struct array *headers, const char *format, ...)
{
    struct text line = {0};
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(&line, format, arguments);
    va_end(arguments);
    array_append(headers, text_steal(&line));
}

/* client-go's transport.ImpersonationConfig. Keys of extra values are part of a header's name. */
static void add_impersonation(struct array *headers, const struct kube_config *config)
{
    if (config->as_user == NULL)
        return;
    add_header(headers, "Impersonate-User: %s", config->as_user);
    if (config->as_uid != NULL)
        add_header(headers, "Impersonate-Uid: %s", config->as_uid);
    for (size_t i = 0; config->as_groups != NULL && config->as_groups[i] != NULL; i++)
        add_header(headers, "Impersonate-Group: %s", config->as_groups[i]);
    for (size_t i = 0; config->as_extra != NULL && config->as_extra[i] != NULL; i++) {
        const char *pair = config->as_extra[i];
        size_t key = strcspn(pair, "=");
        if (pair[key] == '=')
            add_header(headers, "Impersonate-Extra-%.*s: %s", (int)key, pair, pair + key + 1);
    }
}

static void make_headers(const struct kube_call *call, const struct kube_proof *proof, struct array *headers)
{
    const struct kube_client *client = call->client;
    const struct kube_request *request = &call->request;
    const char *agent = client->options.user_agent;
    add_header(headers, "%s", accept_of(request->accept));
    add_header(headers, "User-Agent: %s", agent != NULL ? agent : PACKAGE_NAME "/" PACKAGE_VERSION);
    if (request->body != NULL)
        add_header(headers, "Content-Type: %s",
                   request->content_type != NULL ? request->content_type : "application/json");
    if (proof->authorization != NULL)
        add_header(headers, "Authorization: %s", proof->authorization);
    add_impersonation(headers, client->config);
    array_append(headers, NULL);
}

static struct http *pool_of(struct kube_client *client, bool watch)
{
    if (watch && client->watches == NULL)
        client->watches = http_new_beside(client->actions);
    return watch ? client->watches : client->actions;
}

static bool stream_data(const void *bytes, size_t size, void *context)
{
    struct kube_call *call = context;
    return call->request.on_data(bytes, size, call->request.context);
}

static void stream_head(int status, void *context)
{
    struct kube_call *call = context;
    if (status >= 200 && status < 300)
        call->request.on_accepted(call->request.context);
}

/* A dry run or a review changes nothing, however often it arrives. */
static bool may_arrive_twice(const struct kube_call *call)
{
    return text_equal(call->request.method, "GET") ||
           kube_client_allows(KUBE_READ_ONLY_DRY_RUN, call->request.method, call->request.path, NULL);
}

static void send_with(struct kube_call *call, const struct kube_proof *proof)
{
    struct kube_client *client = call->client;
    const struct kube_request *request = &call->request;
    struct array headers = {.free_item = free};
    make_headers(call, proof, &headers);
    call->generation = proof->generation;
    CLEANUP_FREE char *url = memory_format("%s%s", client->config->server, request->path);
    bool stream = request->on_data != NULL;
    bool gzip = !stream && !client->config->disable_compression;
    int64_t timeout = request->timeout_ms != 0 ? request->timeout_ms : TIMEOUT_MS;
    const struct http_peer peer = {
        .ca_pem = client->config->ca_pem,
        .cert_pem = proof->cert_pem,
        .key_pem = proof->key_pem,
        .server_name = client->config->server_name,
        .proxy = client->config->proxy,
        .insecure = client->config->insecure,
    };
    const struct http_request sent = {
        .method = request->method,
        .url = url,
        .headers = (const char *const *)headers.items,
        .body = request->body,
        .body_size = request->body != NULL ? strlen(request->body) : 0,
        .peer = &peer,
        .timeout_ms = stream ? 0 : timeout,
        .head_timeout_ms = stream ? timeout : 0,
        .idle_timeout_ms = request->idle_timeout_ms,
        .compressed = gzip && !request->packed,
        .packed = gzip && request->packed,
        .only_once = !may_arrive_twice(call),
        .on_data = stream ? stream_data : NULL,
        .on_head = stream && request->on_accepted != NULL ? stream_head : NULL,
        .on_done = answered,
        .context = call,
    };
    call->transfer = http_start(pool_of(client, request->watch), &sent);
    array_release(&headers);
}

static void proof_ready(const struct kube_proof *proof, const struct error *error, void *context)
{
    struct kube_call *call = context;
    call->wait = NULL;
    if (error == NULL) {
        send_with(call, proof);
        return;
    }
    struct error copy = {0};
    error_copy(&copy, error);
    finish_with_error(call, &copy);
}

static void send_call(struct kube_call *call)
{
    call->attempt++;
    /* Credentials go over TLS only, and are not even asked for without it, as client-go's clientcmd has it. */
    if (text_starts(call->client->config->server, "https://"))
        call->wait = kube_credential_get(call->client->credential, call->rejected, proof_ready, call);
    else
        send_with(call, &(struct kube_proof){0});
}

struct kube_call *kube_client_start(struct kube_client *client, const struct kube_request *request)
{
    struct kube_call *call = memory_new(sizeof *call);
    call->client = client;
    call->started_ms = boot_ms(client);
    call->request = *request;
    call->request.method = memory_text(request->method);
    call->request.path = memory_text(request->path);
    call->request.content_type = memory_text(request->content_type);
    call->request.body = memory_text(request->body);
    call->next = client->calls;
    if (call->next != NULL)
        call->next->previous = call;
    client->calls = call;
    if (client_allow_request(client->options.access, request, &call->refusal))
        send_call(call);
    else
        soon(call, 0);
    return call;
}

/* ---- the client ---- */

struct kube_client *kube_client_new(struct loop *loop, const struct kube_config *config,
                                    const struct kube_client_options *options)
{
    struct kube_client *client = memory_new(sizeof *client);
    client->loop = loop;
    client->config = config;
    client->options = *options;
    client->actions = http_new(loop);
    client->credential = kube_credential_new(loop, config->credential);
    client->warned = map_new(NULL);
    return client;
}

void kube_client_free(struct kube_client *client)
{
    if (client == NULL)
        return;
    while (client->calls != NULL)
        kube_call_cancel(client->calls);
    kube_credential_free(client->credential);
    http_free(client->watches);
    http_free(client->actions);
    map_free(client->warned);
    free(client);
}

struct loop *kube_client_loop(const struct kube_client *client)
{
    return client->loop;
}

const struct kube_config *kube_client_config(const struct kube_client *client)
{
    return client->config;
}

uint64_t kube_client_received(const struct kube_client *client)
{
    return http_received(client->actions) + (client->watches != NULL ? http_received(client->watches) : 0);
}

uint32_t kube_client_random(const struct kube_client *client, uint32_t below)
{
    uint32_t number = 0;
    if (client->options.random != NULL)
        number = client->options.random(client->options.context);
    else if (getrandom(&number, sizeof number, GRND_NONBLOCK) != sizeof number)
        number = 0; /* jitter alone depends on it */
    return below > 0 ? number % below : 0;
}

enum kube_access kube_client_access(const struct kube_client *client)
{
    return client->options.access;
}
