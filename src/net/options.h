/* A request told to libcurl: where to, through which proxy, whom to trust, what to send. Private to http.c. */
#pragma once

#include "net/http.h"
#include <curl/curl.h>

/* What libcurl borrows while the transfer runs. Embedded; starts zeroed. */
struct options {
    struct curl_slist *headers;
    struct curl_slist *connect_to;
    void *body;
};

/* False when the request cannot be sent as it is (a control character in a header, no URL); *ret_reason is static then. Everything that the
 * request points to is copied. */
bool options_apply(struct options *options, CURL *easy, const struct http_request *request, const char **ret_reason);
void options_release(struct options *options);
