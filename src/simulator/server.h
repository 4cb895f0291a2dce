/*
 * HTTPS on 127.0.0.1 (libmicrohttpd), driven from outside: whoever owns the loop calls server_wait() and server_pump().
 * Requests are handed to one function; answers that go on are written as the client takes them.
 */
#pragma once

#include "base/error.h"
#include "simulator/request.h"
#include "simulator/response.h"
#include <stddef.h>
#include <stdint.h>

struct certificate;
struct clock;
struct pollfd;
struct server;

typedef void (*server_handler)(void *context, struct request *request, struct response *response);

/* Listen; port 0: one that is free. ERROR_UNREACHABLE when the port cannot be had. */
bool server_start(uint16_t port, const struct certificate *certificate, const struct clock *clock,
                  server_handler handler, void *context, struct server **ret_server, struct error *error);
void server_free(struct server *server); /* ends every connection; NULL is accepted */
uint16_t server_port(const struct server *server);

/* Let streams say what they have to say now. Call it after changes, and when server_due() has come. */
void server_pump(struct server *server);
int64_t server_due(const struct server *server); /* boot time; INT64_MAX: never */

/* Do what has come in; when that was nothing, wait until something does, a stream is due, one of the `count` other
 * descriptors is ready (as poll() tells in them), or `timeout_ms` is over (negative: for as long as it takes). False:
 * waiting failed. */
bool server_wait(struct server *server, struct pollfd *others, size_t count, int64_t timeout_ms);

/* End all streams, as a restarting server does. */
void server_tear_streams(struct server *server);
