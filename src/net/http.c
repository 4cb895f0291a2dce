#include "net/http.h"
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "net/options.h"
#include "net/pool.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>

#define CONNECT_TIMEOUT_MS 10000
#define BODY_LIMIT         ((size_t)64 * 1024 * 1024)
#define NEVER              INT64_MAX
#define HEADERS_LIMIT      ((size_t)256 * 1024)

/* TLS sessions, shared by pools and by every transfer until libcurl has let go of it. */
struct sessions {
    CURLSH *share;
    size_t users;
};

/* A pool, and how many transfers run in it. A pool with a suspicious connection is retired: it takes no new transfers
 * and goes with its last one. */
struct lane {
    struct pool *pool;
    size_t transfers;
    bool retired;
};

TAILQ_HEAD(transfer_list, http_transfer);

struct http {
    struct loop *loop;
    struct sessions *sessions;
    struct lane *lane; /* for new transfers */
    struct transfer_list transfers;
    uint64_t received; /* by transfers that have ended */
};

struct http_transfer {
    struct http *http;
    struct lane *lane; /* NULL: never begun */
    struct sessions *sessions;
    CURL *easy;
    struct options options;
    char words[CURL_ERROR_SIZE];
    struct loop_timer *timer;
    int64_t started;
    int64_t heard;
    int64_t connect_timeout_ms;
    int64_t timeout_ms;
    int64_t head_timeout_ms;
    int64_t idle_timeout_ms;
    bool connected;
    bool ended; /* no more calls */
    bool kept;  /* freed by end(), not by the pool's letting go */
    bool head_told;
    int status;
    enum http_failure verdict; /* why our own callbacks stopped it */
    size_t body_limit;
    size_t header_bytes;
    struct array headers; /* char * */
    struct text body;
    struct http_answer answer;
    bool (*on_data)(const void *bytes, size_t size, void *context);
    void (*on_head)(int status, void *context);
    void (*on_done)(const struct http_answer *answer, void *context);
    void *context;
    TAILQ_ENTRY(http_transfer) link;
};

static void free_transfer(struct http_transfer *transfer);
static void end(struct http_transfer *transfer, enum http_failure failure, const char *reason);

static struct sessions *sessions_new(void)
{
    struct sessions *sessions = memory_new(sizeof(*sessions));
    /* Counted by libcurl, and undone with the last user. */
    if (curl_global_init(CURL_GLOBAL_SSL) != CURLE_OK || (sessions->share = curl_share_init()) == NULL)
        abort();
    curl_share_setopt(sessions->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    return sessions;
}

static struct sessions *sessions_use(struct sessions *sessions)
{
    sessions->users++;
    return sessions;
}

static void sessions_leave(struct sessions *sessions)
{
    if (--sessions->users > 0)
        return;
    curl_share_cleanup(sessions->share);
    curl_global_cleanup();
    free(sessions);
}

static void on_finished(CURL *easy, CURLcode result, void *context);

static void on_removed(CURL *easy, void *context)
{
    (void)context;
    struct http_transfer *transfer = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&transfer);
    if (!transfer->kept)
        free_transfer(transfer);
}

static struct lane *lane_new(struct loop *loop)
{
    struct lane *lane = memory_new(sizeof(*lane));
    lane->pool = pool_new(loop, &(struct pool_events){.finished = on_finished, .removed = on_removed});
    return lane;
}

static void leave_lane(struct lane *lane)
{
    lane->transfers--;
    if (lane->retired && lane->transfers == 0) {
        pool_free(lane->pool);
        free(lane);
    }
}

/* Over HTTP/2 all transfers share one connection; what one of them found silent must not swallow the next. */
static void retire_lane(struct http *http, struct lane *lane)
{
    if (lane == NULL || lane != http->lane)
        return;
    http->lane = lane_new(http->loop);
    lane->retired = true;
    lane->transfers++;
    leave_lane(lane); /* goes at once when it is empty */
}

void http_renew(struct http *http)
{
    retire_lane(http, http->lane);
}

static struct http *http_with(struct loop *loop, struct sessions *sessions)
{
    struct http *http = memory_new(sizeof(*http));
    http->loop = loop;
    http->sessions = sessions_use(sessions);
    http->lane = lane_new(loop);
    TAILQ_INIT(&http->transfers);
    return http;
}

struct http *http_new(struct loop *loop)
{
    return http_with(loop, sessions_new());
}

struct http *http_new_beside(struct http *other)
{
    return http_with(other->loop, other->sessions);
}

void http_free(struct http *http)
{
    if (http == NULL)
        return;
    struct http_transfer *transfer;
    while ((transfer = TAILQ_FIRST(&http->transfers)) != NULL)
        http_cancel(transfer);
    pool_free(http->lane->pool);
    free(http->lane);
    sessions_leave(http->sessions);
    free(http);
}

static uint64_t bytes_so_far(const struct http_transfer *transfer)
{
    curl_off_t body = 0;
    long head = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_DOWNLOAD_T, &body);
    curl_easy_getinfo(transfer->easy, CURLINFO_HEADER_SIZE, &head);
    return (uint64_t)(body > 0 ? body : 0) + (uint64_t)(head > 0 ? head : 0);
}

uint64_t http_received(const struct http *http)
{
    uint64_t sum = http->received;
    const struct http_transfer *transfer;
    TAILQ_FOREACH(transfer, &http->transfers, link)
    sum += bytes_so_far(transfer);
    return sum;
}

static int64_t now(const struct http_transfer *transfer)
{
    return clock_boot_ms(loop_clock(transfer->http->loop));
}

static void on_time(void *context);

/* When each limit is reached; NEVER for those that do not count (any more). */
struct deadlines {
    int64_t connect;
    int64_t answer;
    int64_t silence;
};

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static struct deadlines deadlines_of(const struct http_transfer *transfer)
{
    struct deadlines due = {NEVER, NEVER, NEVER};
    if (!transfer->connected)
        due.connect = transfer->started + transfer->connect_timeout_ms;
    if (transfer->timeout_ms > 0)
        due.answer = transfer->started + transfer->timeout_ms;
    if (transfer->head_timeout_ms > 0 && !transfer->head_told)
        due.answer = earlier(due.answer, transfer->started + transfer->head_timeout_ms);
    if (transfer->idle_timeout_ms > 0)
        due.silence = transfer->heard + transfer->idle_timeout_ms;
    return due;
}

static void arm(struct http_transfer *transfer)
{
    struct deadlines due = deadlines_of(transfer);
    int64_t first = earlier(earlier(due.connect, due.answer), due.silence);
    loop_timer_cancel(transfer->timer);
    transfer->timer = NULL;
    if (first != NEVER)
        transfer->timer = loop_timer_start(transfer->http->loop, first - now(transfer), 0, on_time, transfer);
}

static void on_time(void *context)
{
    struct http_transfer *transfer = context;
    struct deadlines due = deadlines_of(transfer);
    int64_t at = now(transfer);
    if (at < due.connect && at < due.answer && at < due.silence) {
        arm(transfer);
        return;
    }
    retire_lane(transfer->http, transfer->lane);
    if (at >= due.connect)
        end(transfer, HTTP_TIMEOUT, _("no connection was made in time"));
    else if (at >= due.answer)
        end(transfer, HTTP_TIMEOUT, _("the answer did not come in time"));
    else
        end(transfer, HTTP_IDLE, _("the connection fell silent"));
}

/* Told by libcurl when the connection stands and before the request goes out. */
static int on_connected(void *context, char *remote, char *local, int remote_port, int local_port)
{
    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    struct http_transfer *transfer = context;
    transfer->connected = true;
    return CURL_PREREQFUNC_OK;
}

static void forget_headers(struct http_transfer *transfer)
{
    array_clear(&transfer->headers);
    transfer->header_bytes = 0;
}

static size_t on_header(char *bytes, size_t unit, size_t count, void *context)
{
    struct http_transfer *transfer = context;
    size_t size = unit * count;
    if (transfer->ended)
        return 0;
    transfer->heard = now(transfer);
    if (size >= 5 && memcmp(bytes, "HTTP/", 5) == 0 && !transfer->head_told) {
        forget_headers(transfer); /* those of a provisional answer */
        return size;
    }
    transfer->header_bytes += size;
    if (transfer->header_bytes > HEADERS_LIMIT) {
        transfer->verdict = HTTP_TOO_LARGE;
        return 0;
    }
    size_t length = size;
    while (length > 0 && strchr("\r\n \t", bytes[length - 1]) != NULL)
        length--;
    if (length > 0) {
        array_append(&transfer->headers, memory_text_part(bytes, length));
        return size;
    }
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200 && !transfer->head_told) {
        transfer->status = (int)status;
        transfer->head_told = true;
        if (transfer->on_head != NULL)
            transfer->on_head(transfer->status, transfer->context);
    }
    return transfer->ended ? 0 : size;
}

static size_t on_body(char *bytes, size_t unit, size_t count, void *context)
{
    struct http_transfer *transfer = context;
    size_t size = unit * count;
    if (transfer->ended)
        return 0;
    transfer->heard = now(transfer);
    if (transfer->on_data != NULL && transfer->status >= 200 && transfer->status < 300) {
        bool wanted = transfer->on_data(bytes, size, transfer->context);
        if (!wanted)
            transfer->verdict = HTTP_REFUSED;
        return wanted && !transfer->ended ? size : 0;
    }
    if (size > transfer->body_limit - transfer->body.size) {
        transfer->verdict = HTTP_TOO_LARGE;
        return 0;
    }
    text_append_bytes(&transfer->body, bytes, size);
    return size;
}

static enum http_failure classify(const struct http_transfer *transfer, CURLcode result)
{
    switch (result) {
    case CURLE_OK:
        return transfer->head_told ? HTTP_OK : HTTP_BROKEN; /* libcurl takes a head that was cut short for whole */
    case CURLE_WRITE_ERROR:
        return transfer->verdict != HTTP_OK ? transfer->verdict : HTTP_BROKEN;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return HTTP_RESOLVE;
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
        return HTTP_CONNECT;
    case CURLE_OPERATION_TIMEDOUT:
        return HTTP_TIMEOUT;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return HTTP_TLS;
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        /* With TLS 1.3 a server refuses a client certificate only after the handshake. */
        if (strstr(transfer->words, "alert") != NULL)
            return HTTP_TLS;
        break;
    default:
        break;
    }
    return transfer->connected ? HTTP_BROKEN : HTTP_CONNECT;
}

static void on_finished(CURL *easy, CURLcode result, void *context)
{
    (void)context;
    struct http_transfer *transfer = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&transfer);
    enum http_failure failure = classify(transfer, result);
    const char *reason = transfer->words[0] != '\0' ? transfer->words : curl_easy_strerror(result);
    if (failure == HTTP_BROKEN && result == CURLE_OK)
        reason = _("the answer was cut short");
    if (failure == HTTP_TOO_LARGE)
        reason = _("the answer is larger than is accepted");
    else if (failure == HTTP_REFUSED)
        reason = _("the answer was not what was expected");
    leave_lane(STEAL(transfer->lane)); /* the pool has already let go of it */
    end(transfer, failure, reason);
}

/* Out of the books: no more calls. */
static void detach(struct http_transfer *transfer)
{
    struct http *http = transfer->http;
    transfer->ended = true;
    http->received += bytes_so_far(transfer);
    TAILQ_REMOVE(&http->transfers, transfer, link);
    loop_timer_cancel(transfer->timer);
    transfer->timer = NULL;
    transfer->http = NULL;
}

static void free_transfer(struct http_transfer *transfer)
{
    curl_easy_cleanup(transfer->easy);
    options_release(&transfer->options);
    sessions_leave(transfer->sessions);
    array_release(&transfer->headers);
    text_release(&transfer->body);
    free(transfer->answer.body);
    free(transfer);
}

static void fill_answer(struct http_transfer *transfer, enum http_failure failure, const char *reason)
{
    array_append(&transfer->headers, NULL);
    transfer->answer = (struct http_answer){
        .failure = failure,
        .reason = failure != HTTP_OK ? reason : NULL,
        .status = transfer->status,
        .size = transfer->body.size,
        .wire_bytes = bytes_so_far(transfer),
        .headers = (const char *const *)transfer->headers.items,
    };
    transfer->answer.body = text_steal(&transfer->body);
}

/* Tell the user, who may free `http` then. Only from outside of libcurl, so that the pool lets go at once. */
static void end(struct http_transfer *transfer, enum http_failure failure, const char *reason)
{
    fill_answer(transfer, failure, reason);
    detach(transfer);
    if (transfer->lane != NULL) {
        transfer->kept = true;
        pool_remove(transfer->lane->pool, transfer->easy);
        leave_lane(STEAL(transfer->lane));
    }
    transfer->on_done(&transfer->answer, transfer->context);
    free_transfer(transfer);
}

void http_cancel(struct http_transfer *transfer)
{
    if (transfer == NULL)
        return;
    struct lane *lane = STEAL(transfer->lane);
    detach(transfer);
    if (lane == NULL) {
        free_transfer(transfer);
        return;
    }
    pool_remove(lane->pool, transfer->easy); /* frees the transfer, now or when libcurl has returned */
    leave_lane(lane);
}

static void on_refused(void *context)
{
    struct http_transfer *transfer = context;
    end(transfer, HTTP_REFUSED, transfer->words);
}

static void connect_callbacks(struct http_transfer *transfer)
{
    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->words);
    curl_easy_setopt(easy, CURLOPT_SHARE, transfer->sessions->share);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
}

struct http_transfer *http_start(struct http *http, const struct http_request *request)
{
    struct http_transfer *transfer = memory_new(sizeof(*transfer));
    transfer->http = http;
    transfer->sessions = sessions_use(http->sessions);
    transfer->easy = curl_easy_init();
    if (transfer->easy == NULL)
        abort();
    transfer->headers.free_item = free;
    transfer->connect_timeout_ms = request->connect_timeout_ms > 0 ? request->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    transfer->timeout_ms = request->timeout_ms;
    transfer->head_timeout_ms = request->head_timeout_ms;
    transfer->idle_timeout_ms = request->idle_timeout_ms;
    transfer->body_limit = request->body_limit > 0 ? request->body_limit : BODY_LIMIT;
    transfer->on_data = request->on_data;
    transfer->on_head = request->on_head;
    transfer->on_done = request->on_done;
    transfer->context = request->context;
    transfer->started = transfer->heard = now(transfer);
    TAILQ_INSERT_TAIL(&http->transfers, transfer, link);
    connect_callbacks(transfer);
    const char *reason = NULL;
    if (!options_apply(&transfer->options, transfer->easy, request, &reason)) {
        snprintf(transfer->words, sizeof(transfer->words), "%s", reason);
        transfer->timer = loop_timer_start(http->loop, 0, 0, on_refused, transfer);
        return transfer;
    }
    transfer->lane = http->lane;
    transfer->lane->transfers++;
    pool_add(transfer->lane->pool, transfer->easy);
    arm(transfer);
    return transfer;
}

const char *http_answer_header(const struct http_answer *answer, const char *name, size_t index)
{
    size_t size = strlen(name);
    for (const char *const *line = answer->headers; *line != NULL; line++) {
        if (strncasecmp(*line, name, size) != 0 || (*line)[size] != ':')
            continue;
        if (index-- == 0)
            return *line + size + 1 + strspn(*line + size + 1, " \t");
    }
    return NULL;
}

char *http_answer_take_body(const struct http_answer *answer)
{
    /* Answers are only ever made inside a transfer, which is not constant. */
    struct http_transfer *transfer =
        (struct http_transfer *)((uintptr_t)answer - offsetof(struct http_transfer, answer));
    return STEAL(transfer->answer.body);
}
