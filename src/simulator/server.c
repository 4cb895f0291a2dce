#include "simulator/server.h"
#include "base/clock.h"
#include "base/gzip.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/certificate.h"
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define CONNECTION_LIMIT  256
#define IDLE_S            120
#define GZIP_ABOVE        (128 * 1024) /* the real server's threshold */
#define STREAM_BLOCK      (32 * 1024)
#define DRAIN_LIMIT       (64 * 1024 * 1024) /* so much of a body that is too large is still read, to answer politely */
#define CONNECTION_MEMORY (64 * 1024)        /* for the headers of a request and of its answer */

/*
 * One request on its way. Those with a stream are in the server's list: `suspended` ones wait for something to say,
 * the others for their client to take what is in `buffer` from `offset` on.
 */
struct exchange {
    struct server *server;
    struct MHD_Connection *connection;
    struct request request;
    struct response response;
    struct text body;
    struct text buffer;
    size_t offset;
    size_t received; /* of the body */
    bool begun;
    bool malformed;
    bool suspended;
    bool ended;
    struct exchange *next;
    struct exchange *previous;
};

struct server {
    struct MHD_Daemon *daemon;
    const struct clock *clock;
    server_handler handler;
    void *context;
    int epoll_fd;
    uint16_t port;
    uint64_t handled; /* requests so far */
    struct exchange *streams;
};

static void link_stream(struct exchange *exchange)
{
    struct server *server = exchange->server;
    exchange->next = server->streams;
    if (server->streams != NULL)
        server->streams->previous = exchange;
    server->streams = exchange;
}

static void unlink_stream(struct exchange *exchange)
{
    struct server *server = exchange->server;
    if (exchange->previous != NULL)
        exchange->previous->next = exchange->next;
    else if (server->streams == exchange)
        server->streams = exchange->next;
    if (exchange->next != NULL)
        exchange->next->previous = exchange->previous;
}

/* libmicrohttpd's hooks. */

static void *on_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct exchange *exchange = memory_new(sizeof *exchange);
    exchange->server = context;
    exchange->connection = connection;
    exchange->malformed = !request_set_target(&exchange->request, uri);
    return exchange;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request_context,
                         enum MHD_RequestTerminationCode code)
{
    struct exchange *exchange = *request_context;
    (void)context;
    (void)connection;
    (void)code;
    if (exchange == NULL)
        return;
    unlink_stream(exchange);
    request_release(&exchange->request);
    response_release(&exchange->response);
    text_release(&exchange->body);
    text_release(&exchange->buffer);
    free(exchange);
    *request_context = NULL;
}

static enum MHD_Result on_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct exchange *exchange = context;
    (void)kind;
    request_add_header(&exchange->request, name, value);
    return MHD_YES;
}

static void fill_stream(struct exchange *exchange)
{
    struct stream *stream = exchange->response.stream;
    if (exchange->ended)
        return;
    exchange->ended = !stream->fill(stream, &exchange->buffer, clock_boot_ms(exchange->server->clock));
}

static ssize_t read_stream(void *context, uint64_t position, char *bytes, size_t room)
{
    struct exchange *exchange = context;
    (void)position;
    if (exchange->offset == exchange->buffer.size) {
        text_clear(&exchange->buffer);
        exchange->offset = 0;
        fill_stream(exchange);
    }
    size_t left = exchange->buffer.size - exchange->offset;
    if (left == 0 && exchange->ended)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (left == 0) {
        exchange->suspended = true;
        MHD_suspend_connection(exchange->connection);
        return 0;
    }
    size_t size = left < room ? left : room;
    memcpy(bytes, exchange->buffer.bytes + exchange->offset, size);
    exchange->offset += size;
    return (ssize_t)size;
}

/* 299 - "text", with what would end the quotes escaped and control characters taken out. */
static void add_warning(struct MHD_Response *answer, const char *text)
{
    struct text header = {0};
    text_append(&header, "299 - \"");
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            text_append_char(&header, '\\');
        text_append_char(&header, (unsigned char)*text < ' ' ? ' ' : *text);
    }
    text_append(&header, "\"");
    MHD_add_response_header(answer, "Warning", text_peek(&header));
    text_release(&header);
}

static void add_headers(struct MHD_Response *answer, const struct response *response)
{
    MHD_add_response_header(answer, MHD_HTTP_HEADER_CONTENT_TYPE, response->content_type);
    MHD_add_response_header(answer, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache, private");
    for (size_t i = 0; i < json_array_size(response->warnings); i++)
        add_warning(answer, json_string_value(json_array_get(response->warnings, i)));
    if (response->retry_after_s > 0) {
        CLEANUP_FREE char *seconds = memory_format("%lld", (long long)response->retry_after_s);
        MHD_add_response_header(answer, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
    }
}

static bool wants_gzip(const struct request *request)
{
    const char *encodings = request_header(request, "Accept-Encoding");
    return encodings != NULL && strstr(encodings, "gzip") != NULL && strstr(encodings, "gzip;q=0") == NULL;
}

static struct MHD_Response *make_answer(struct exchange *exchange)
{
    struct response *response = &exchange->response;
    if (response->stream != NULL) {
        link_stream(exchange);
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, exchange, NULL);
    }
    if (response->body.size <= GZIP_ABOVE || !wants_gzip(&exchange->request))
        return MHD_create_response_from_buffer(response->body.size, (void *)text_peek(&response->body),
                                               MHD_RESPMEM_MUST_COPY);
    char *packed = NULL;
    size_t size = 0;
    gzip_pack(response->body.bytes, response->body.size, &packed, &size);
    struct MHD_Response *answer = MHD_create_response_from_buffer(size, packed, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(answer, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    MHD_add_response_header(answer, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
    return answer;
}

static enum MHD_Result send_answer(struct exchange *exchange)
{
    struct MHD_Response *answer = make_answer(exchange);
    if (answer == NULL)
        return MHD_NO;
    add_headers(answer, &exchange->response);
    enum MHD_Result result = MHD_queue_response(exchange->connection, (unsigned int)exchange->response.status, answer);
    MHD_destroy_response(answer);
    return result;
}

static void answer_too_large(struct exchange *exchange)
{
    struct refusal refusal = {0};
    refusal_set(&refusal, 413, "RequestEntityTooLarge", "Request entity too large: limit is %d", REQUEST_BODY_LIMIT);
    response_refusal(&exchange->response, &refusal);
    refusal_release(&refusal);
}

static enum MHD_Result begin(struct exchange *exchange, const char *method)
{
    exchange->begun = true;
    exchange->request.method = memory_text(method);
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, on_header, exchange);
    return MHD_YES;
}

static enum MHD_Result take_body(struct exchange *exchange, const char *bytes, size_t size)
{
    exchange->received += size;
    if (exchange->received <= REQUEST_BODY_LIMIT)
        text_append_bytes(&exchange->body, bytes, size);
    return exchange->received <= DRAIN_LIMIT ? MHD_YES : MHD_NO;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *bytes, size_t *size, void **request_context)
{
    struct exchange *exchange = *request_context;
    struct server *server = context;
    (void)connection;
    (void)url;
    (void)version;
    if (!exchange->begun)
        return begin(exchange, method);
    if (*size > 0) {
        enum MHD_Result taken = take_body(exchange, bytes, *size);
        *size = 0;
        return taken;
    }
    server->handled++;
    exchange->request.body_size = exchange->body.size;
    exchange->request.body = text_steal(&exchange->body);
    if (exchange->malformed)
        response_text(&exchange->response, 400, "400 Bad Request");
    else if (exchange->received > REQUEST_BODY_LIMIT)
        answer_too_large(exchange);
    else
        server->handler(server->context, &exchange->request, &exchange->response);
    return send_answer(exchange);
}

bool server_start(uint16_t port, const struct certificate *certificate, const struct clock *clock,
                  server_handler handler, void *context, struct server **ret_server, struct error *error)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct server *server = memory_new(sizeof *server);
    server->clock = clock;
    server->handler = handler;
    server->context = context;
    server->daemon =
        MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_TLS | MHD_ALLOW_SUSPEND_RESUME, port, NULL, NULL, on_request, server,
                         MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_HTTPS_MEM_KEY, certificate->key,
                         MHD_OPTION_HTTPS_MEM_CERT, certificate->certificate, MHD_OPTION_URI_LOG_CALLBACK, on_uri,
                         server, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_CONNECTION_LIMIT,
                         (unsigned int)CONNECTION_LIMIT, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)IDLE_S,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_END);
    if (server->daemon == NULL) {
        error_set(error, ERROR_UNREACHABLE, _("The simulated cluster cannot listen on 127.0.0.1, port %u."), port);
        error_hint(error, _("Choose another port, or none: then a free one is taken."));
        free(server);
        return false;
    }
    server->epoll_fd = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    server->port = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    *ret_server = server;
    return true;
}

uint16_t server_port(const struct server *server)
{
    return server->port;
}

static void resume(struct exchange *exchange)
{
    exchange->suspended = false;
    MHD_resume_connection(exchange->connection);
}

void server_tear_streams(struct server *server)
{
    for (struct exchange *exchange = server->streams; exchange != NULL; exchange = exchange->next) {
        exchange->ended = true;
        if (exchange->suspended)
            resume(exchange);
    }
}

void server_free(struct server *server)
{
    if (server == NULL)
        return;
    /* libmicrohttpd does not end while connections are suspended. */
    server_tear_streams(server);
    MHD_run(server->daemon);
    MHD_stop_daemon(server->daemon);
    free(server);
}

void server_pump(struct server *server)
{
    for (struct exchange *exchange = server->streams; exchange != NULL; exchange = exchange->next) {
        if (!exchange->suspended)
            continue;
        fill_stream(exchange);
        if (exchange->ended || exchange->buffer.size > exchange->offset)
            resume(exchange);
    }
}

int64_t server_due(const struct server *server)
{
    int64_t due = INT64_MAX;
    for (const struct exchange *exchange = server->streams; exchange != NULL; exchange = exchange->next) {
        int64_t own = exchange->response.stream->due(exchange->response.stream);
        due = exchange->suspended && own < due ? own : due;
    }
    return due;
}

/* Until when poll() may wait: as long as is wanted, but no longer than libmicrohttpd and the streams can. */
static int timeout_of(struct server *server, int64_t wanted_ms)
{
    MHD_UNSIGNED_LONG_LONG own = 0;
    int64_t timeout = wanted_ms < 0 ? INT64_MAX : wanted_ms;
    int64_t due = server_due(server);
    if (due != INT64_MAX) {
        int64_t left = due - clock_boot_ms(server->clock);
        timeout = left < timeout ? left : timeout;
    }
    if (MHD_get_timeout(server->daemon, &own) == MHD_YES && own < (MHD_UNSIGNED_LONG_LONG)INT_MAX)
        timeout = (int64_t)own < timeout ? (int64_t)own : timeout;
    return timeout == INT64_MAX ? -1 : timeout < 0 ? 0 : timeout > INT_MAX ? INT_MAX : (int)timeout;
}

/* While a connection is suspended nobody reads from it: whether its client went away shows on the socket only. */
static size_t watch_clients(struct server *server, struct pollfd *polled)
{
    size_t count = 0;
    for (struct exchange *exchange = server->streams; exchange != NULL && count < CONNECTION_LIMIT;
         exchange = exchange->next) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        if (exchange->suspended && info != NULL)
            polled[count++] = (struct pollfd){.fd = info->connect_fd, .events = POLLRDHUP};
    }
    return count;
}

static void end_lost_streams(struct server *server, const struct pollfd *polled, size_t count)
{
    size_t at = 0;
    for (struct exchange *exchange = server->streams; exchange != NULL && at < count; exchange = exchange->next) {
        if (!exchange->suspended)
            continue;
        if (polled[at++].revents == 0)
            continue;
        exchange->ended = true;
        resume(exchange);
    }
}

bool server_wait(struct server *server, struct pollfd *others, size_t count, int64_t timeout_ms)
{
    struct pollfd polled[CONNECTION_LIMIT];
    uint64_t handled = server->handled;
    if (MHD_run(server->daemon) != MHD_YES)
        return false;
    if (server->handled != handled)
        return true;
    size_t clients = watch_clients(server, polled);
    struct pollfd *all = memory_new_array(1 + count + clients, sizeof *all);
    all[0] = (struct pollfd){.fd = server->epoll_fd, .events = POLLIN};
    memcpy(all + 1, others, count * sizeof *others);
    memcpy(all + 1 + count, polled, clients * sizeof *polled);
    int ready = poll(all, (nfds_t)(1 + count + clients), timeout_of(server, timeout_ms));
    bool good = ready >= 0 || errno == EINTR;
    if (ready > 0) {
        memcpy(others, all + 1, count * sizeof *others);
        end_lost_streams(server, all + 1 + count, clients);
    }
    free(all);
    return good && MHD_run(server->daemon) == MHD_YES;
}
