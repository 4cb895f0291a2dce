/* A scripted HTTP/1.1 server inside a test: it sends what the test tells it to, also what no server should. On 127.0.0.1, at a port
 * that the system chooses. */
#pragma once

#include "net/loop.h"
#include <stdbool.h>
#include <stddef.h>

struct server;

/* One request and its answer. Lives until its connection is closed. */
struct exchange {
    char *method;
    char *path; /* with query */
    char *head; /* all header lines, as they came */
    char *body;
    size_t number;     /* of this request at the server, from 0 */
    size_t connection; /* on which it came, from 0 */
    struct connection *to;
};

typedef void (*server_handler)(struct exchange *exchange, void *context);

struct server *server_new(struct loop *loop, server_handler handler, void *context);
void server_free(struct server *server);
char *server_url(const struct server *server, const char *path); /* owned by the caller */
size_t server_requests(const struct server *server);
size_t server_connections(const struct server *server);

void server_send(struct exchange *exchange, const char *text);
void server_send_bytes(struct exchange *exchange, const void *bytes, size_t size);
/* A whole answer; `headers` are further lines, each with "\r\n", or "". */
void server_answer(struct exchange *exchange, int status, const char *headers, const char *body);
void server_stream(struct exchange *exchange); /* the head of a chunked 200 */
void server_chunk(struct exchange *exchange, const char *text);
void server_chunk_end(struct exchange *exchange);
void server_hang_up(struct exchange *exchange); /* closes after what was sent */
