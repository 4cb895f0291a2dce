#include "unit/net/server.h"
#include "base/array.h"
#include "base/memory.h"
#include "base/text.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct server {
    uv_tcp_t listener;
    struct loop *loop;
    server_handler handler;
    void *context;
    int port;
    size_t requests;
    size_t accepted;
    struct array open; /* struct connection * */
};

struct connection {
    uv_tcp_t socket;
    struct server *server;
    size_t number;
    struct text incoming;
    struct array exchanges;
    bool closing;
    char buffer[16384];
};

static void free_exchange(void *item)
{
    struct exchange *exchange = item;
    free(exchange->method);
    free(exchange->path);
    free(exchange->head);
    free(exchange->body);
    free(exchange);
}

static void free_connection(uv_handle_t *handle)
{
    struct connection *connection = handle->data;
    text_release(&connection->incoming);
    array_release(&connection->exchanges);
    free(connection);
}

static void close_connection(struct connection *connection)
{
    if (connection->closing)
        return;
    connection->closing = true;
    struct array *open = &connection->server->open;
    for (size_t i = 0; i < open->count; i++) {
        if (open->items[i] == connection) {
            array_take(open, i);
            break;
        }
    }
    uv_close((uv_handle_t *)&connection->socket, free_connection);
}

static void give_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    (void)suggested;
    struct connection *connection = handle->data;
    *buffer = uv_buf_init(connection->buffer, sizeof(connection->buffer));
}

/* Takes one whole request off the front of what has come; false when it is not whole yet. */
static bool take_request(struct connection *connection)
{
    struct text *in = &connection->incoming;
    const char *end = in->size > 0 ? strstr(in->bytes, "\r\n\r\n") : NULL;
    if (end == NULL)
        return false;
    size_t head = (size_t)(end - in->bytes) + 4;
    const char *length = strcasestr(in->bytes, "\r\ncontent-length:");
    size_t body = length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0;
    if (in->size < head + body)
        return false;
    const char *space = strchr(in->bytes, ' ');
    const char *second = strchr(space + 1, ' ');
    struct exchange *exchange = memory_new(sizeof(*exchange));
    exchange->method = memory_text_part(in->bytes, (size_t)(space - in->bytes));
    exchange->path = memory_text_part(space + 1, (size_t)(second - space - 1));
    exchange->head = memory_text_part(in->bytes, head);
    exchange->body = memory_text_part(in->bytes + head, body);
    exchange->number = connection->server->requests++;
    exchange->connection = connection->number;
    exchange->to = connection;
    memmove(in->bytes, in->bytes + head + body, in->size - head - body + 1);
    in->size -= head + body;
    array_append(&connection->exchanges, exchange);
    connection->server->handler(exchange, connection->server->context);
    return true;
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct connection *connection = stream->data;
    if (count < 0) {
        close_connection(connection);
        return;
    }
    text_append_bytes(&connection->incoming, buffer->base, (size_t)count);
    while (!connection->closing && take_request(connection))
        continue;
}

static void on_connection(uv_stream_t *listener, int status)
{
    struct server *server = listener->data;
    ck_assert_int_eq(status, 0);
    struct connection *connection = memory_new(sizeof(*connection));
    connection->server = server;
    connection->number = server->accepted++;
    connection->exchanges.free_item = free_exchange;
    ck_assert_int_eq(uv_tcp_init(loop_uv(server->loop), &connection->socket), 0);
    connection->socket.data = connection;
    ck_assert_int_eq(uv_accept(listener, (uv_stream_t *)&connection->socket), 0);
    uv_tcp_nodelay(&connection->socket, 1);
    array_append(&server->open, connection);
    uv_read_start((uv_stream_t *)&connection->socket, give_buffer, on_read);
}

struct server *server_new(struct loop *loop, server_handler handler, void *context)
{
    struct server *server = memory_new(sizeof(*server));
    server->loop = loop;
    server->handler = handler;
    server->context = context;
    struct sockaddr_in address;
    ck_assert_int_eq(uv_ip4_addr("127.0.0.1", 0, &address), 0);
    ck_assert_int_eq(uv_tcp_init(loop_uv(loop), &server->listener), 0);
    server->listener.data = server;
    ck_assert_int_eq(uv_tcp_bind(&server->listener, (const struct sockaddr *)&address, 0), 0);
    ck_assert_int_eq(uv_listen((uv_stream_t *)&server->listener, 64, on_connection), 0);
    int size = sizeof(address);
    ck_assert_int_eq(uv_tcp_getsockname(&server->listener, (struct sockaddr *)&address, &size), 0);
    server->port = ntohs(address.sin_port);
    return server;
}

static void free_server_memory(uv_handle_t *handle)
{
    free(handle->data);
}

void server_free(struct server *server)
{
    while (server->open.count > 0)
        close_connection(server->open.items[0]);
    array_release(&server->open);
    uv_close((uv_handle_t *)&server->listener, free_server_memory);
}

char *server_url(const struct server *server, const char *path)
{
    return memory_format("http://127.0.0.1:%d%s", server->port, path);
}

size_t server_requests(const struct server *server)
{
    return server->requests;
}

size_t server_connections(const struct server *server)
{
    return server->accepted;
}

struct sending {
    uv_write_t request;
    char *bytes;
};

static void on_sent(uv_write_t *request, int status)
{
    (void)status;
    struct sending *sending = request->data;
    free(sending->bytes);
    free(sending);
}

void server_send_bytes(struct exchange *exchange, const void *bytes, size_t size)
{
    struct sending *sending = memory_new(sizeof(*sending));
    sending->request.data = sending;
    sending->bytes = memory_copy(bytes, size);
    uv_buf_t buffer = uv_buf_init(sending->bytes, (unsigned)size);
    if (uv_write(&sending->request, (uv_stream_t *)&exchange->to->socket, &buffer, 1, on_sent) != 0)
        on_sent(&sending->request, 0);
}

void server_send(struct exchange *exchange, const char *text)
{
    server_send_bytes(exchange, text, strlen(text));
}

void server_answer(struct exchange *exchange, int status, const char *headers, const char *body)
{
    CLEANUP_FREE char *head =
        memory_format("HTTP/1.1 %d Whatever\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n%s\r\n", status,
                      strlen(body), headers);
    server_send(exchange, head);
    server_send(exchange, body);
}

void server_stream(struct exchange *exchange)
{
    server_send(exchange, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
}

void server_chunk(struct exchange *exchange, const char *text)
{
    CLEANUP_FREE char *chunk = memory_format("%zx\r\n%s\r\n", strlen(text), text);
    server_send(exchange, chunk);
}

void server_chunk_end(struct exchange *exchange)
{
    server_send(exchange, "0\r\n\r\n");
}

static void on_shut(uv_shutdown_t *request, int status)
{
    (void)status;
    close_connection(request->handle->data);
    free(request);
}

void server_hang_up(struct exchange *exchange)
{
    uv_shutdown_t *request = memory_new(sizeof(*request));
    if (uv_shutdown(request, (uv_stream_t *)&exchange->to->socket, on_shut) != 0) {
        free(request);
        close_connection(exchange->to);
    }
}
