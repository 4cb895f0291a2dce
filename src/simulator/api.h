/*
 * The API itself: a request in, a response out. Authentication, authorisation, then the handler of what is asked for.
 * No sockets here: server.h brings the requests.
 */
#pragma once

#include "simulator/request.h"
#include "simulator/response.h"
#include <stdint.h>

struct registry;
struct scenario;

/* Everything is borrowed for the server's life. */
struct api {
    struct registry *registry;
    struct scenario *scenario; /* NULL: nothing is known about logs, services and usage */
    const char *token;
    const char *address; /* "127.0.0.1:PORT", for clients that ask */
    int64_t bookmark_ms;
};

void api_answer(const struct api *api, struct request *request, struct response *response);
