#include "net/options.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "net/proxy.h"
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* A peer that acknowledges nothing for so long is gone; without this the kernel tries for a quarter of an hour. */
#define UNACKNOWLEDGED_MS 45000
#define KEEPALIVE_AFTER_S 30L
#define KEEPALIVE_EVERY_S 10L
#define URL_LIMIT         65536

/* Children must not inherit connections. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)context;
    (void)purpose;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd < 0)
        return CURL_SOCKET_BAD;
    unsigned wait = UNACKNOWLEDGED_MS;
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &wait, sizeof(wait)); /* without it keepalive alone has to do */
    return fd;
}

static void append_header(struct options *options, const char *line)
{
    struct curl_slist *list = curl_slist_append(options->headers, line);
    if (list == NULL)
        abort();
    options->headers = list;
}

static bool has_header(const struct http_request *request, const char *name)
{
    size_t size = strlen(name);
    for (size_t i = 0; request->headers != NULL && request->headers[i] != NULL; i++)
        if (strncasecmp(request->headers[i], name, size) == 0 && request->headers[i][size] == ':')
            return true;
    return false;
}

/* What comes from a kubeconfig must not smuggle a second header in. */
static bool header_is_clean(const char *line)
{
    for (const unsigned char *byte = (const unsigned char *)line; *byte != '\0'; byte++)
        if ((*byte < 0x20 && *byte != '\t') || *byte == 0x7f)
            return false;
    return line[0] != ':' && strchr(line, ':') != NULL;
}

static bool apply_headers(struct options *options, CURL *easy, const struct http_request *request,
                          const char **ret_reason)
{
    for (size_t i = 0; request->headers != NULL && request->headers[i] != NULL; i++) {
        if (!header_is_clean(request->headers[i])) {
            *ret_reason = _("a header of the request contains control characters");
            return false;
        }
        append_header(options, request->headers[i]);
    }
    if (!has_header(request, "Expect"))
        append_header(options, "Expect:"); /* libcurl would wait for '100 Continue' with long bodies */
    if (!has_header(request, "Content-Type"))
        append_header(options, "Content-Type:");
    if (request->packed)
        append_header(options, "Accept-Encoding: gzip");
    else if (request->compressed)
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    return true;
}

static void apply_method(struct options *options, CURL *easy, const struct http_request *request)
{
    if (request->body != NULL || strcmp(request->method, "POST") == 0) {
        options->body = memory_copy(request->body, request->body == NULL ? 0 : request->body_size);
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, options->body);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)(request->body == NULL ? 0 : request->body_size));
    }
    if (strcmp(request->method, "HEAD") == 0)
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    else
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
}

static char *url_get(CURLU *url, CURLUPart part, unsigned flags)
{
    char *text = NULL;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK)
        return NULL;
    char *copy = memory_text(text);
    curl_free(text);
    return copy;
}

/* A server that goes by another name in its certificate: libcurl takes the name to send and to verify from the URL, so
 * the URL gets that name, and the connection is led to the real place. The Host header stays as it was. */
static bool apply_renamed(struct options *options, CURL *easy, const struct http_request *request)
{
    CURLU *url = curl_url();
    if (url == NULL)
        abort();
    bool good = curl_url_set(url, CURLUPART_URL, request->url, 0) == CURLUE_OK;
    CLEANUP_FREE char *host = good ? url_get(url, CURLUPART_HOST, 0) : NULL;
    CLEANUP_FREE char *port = good ? url_get(url, CURLUPART_PORT, CURLU_DEFAULT_PORT) : NULL;
    CLEANUP_FREE char *given_port = good ? url_get(url, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT) : NULL;
    good =
        host != NULL && port != NULL && curl_url_set(url, CURLUPART_HOST, request->peer->server_name, 0) == CURLUE_OK;
    CLEANUP_FREE char *renamed = good ? url_get(url, CURLUPART_URL, 0) : NULL;
    curl_url_cleanup(url);
    if (renamed == NULL)
        return false;
    CLEANUP_FREE char *connect_to = memory_format("::%s:%s", host, port);
    options->connect_to = curl_slist_append(NULL, connect_to);
    if (options->connect_to == NULL)
        abort();
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, options->connect_to);
    if (!has_header(request, "Host")) {
        CLEANUP_FREE char *line =
            memory_format("Host: %s%s%s", host, given_port != NULL ? ":" : "", given_port != NULL ? given_port : "");
        append_header(options, line);
    }
    curl_easy_setopt(easy, CURLOPT_URL, renamed);
    return true;
}

static bool apply_url(struct options *options, CURL *easy, const struct http_request *request, const char **ret_reason)
{
    *ret_reason = _("the URL cannot be understood");
    if (request->url == NULL || strnlen(request->url, URL_LIMIT) == URL_LIMIT)
        return false;
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    if (request->peer != NULL && request->peer->server_name != NULL)
        return apply_renamed(options, easy, request);
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    return true;
}

/* The choice is made here for good, so that libcurl's own reading of the environment never differs from kubectl's. */
static void apply_proxy(CURL *easy, const struct http_request *request)
{
    CLEANUP_FREE char *proxy = NULL;
    if (request->peer != NULL && request->peer->proxy != NULL) {
        proxy = proxy_normalize(request->peer->proxy);
    } else {
        struct proxy_environment environment;
        proxy_environment_read(&environment);
        proxy = proxy_for(&environment, request->url);
    }
    curl_easy_setopt(easy, CURLOPT_PROXY, proxy != NULL ? proxy : "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

static void set_blob(CURL *easy, CURLoption option, const char *pem)
{
    struct curl_blob blob = {.data = (void *)(uintptr_t)pem, .len = strlen(pem), .flags = CURL_BLOB_COPY};
    curl_easy_setopt(easy, option, &blob);
}

static void apply_trust(CURL *easy, const struct http_peer *peer)
{
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (peer == NULL)
        return;
    if (peer->ca_pem != NULL || peer->insecure) {
        /* Both defaults must go: the system's folder would be trusted beside the given authority, and reading its
         * bundle takes longer than the whole request. */
        curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    if (peer->insecure) {
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    } else if (peer->ca_pem != NULL) {
        set_blob(easy, CURLOPT_CAINFO_BLOB, peer->ca_pem);
    }
    if (peer->cert_pem != NULL && peer->key_pem != NULL) {
        curl_easy_setopt(easy, CURLOPT_SSLCERTTYPE, "PEM");
        curl_easy_setopt(easy, CURLOPT_SSLKEYTYPE, "PEM");
        set_blob(easy, CURLOPT_SSLCERT_BLOB, peer->cert_pem);
        set_blob(easy, CURLOPT_SSLKEY_BLOB, peer->key_pem);
        curl_easy_setopt(easy, CURLOPT_KEYPASSWD, ""); /* never ask on the terminal for an encrypted key's password */
    }
}

static void apply_connection(CURL *easy, const struct http_request *request)
{
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* a cancelled transfer must not wait for the name server */
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, KEEPALIVE_AFTER_S);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, KEEPALIVE_EVERY_S);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    /* libcurl repeats by itself what a kept connection lost without an answer; only a connection of its own rules that
     * out. */
    if (request->only_once)
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
}

bool options_apply(struct options *options, CURL *easy, const struct http_request *request, const char **ret_reason)
{
    apply_connection(easy, request);
    apply_trust(easy, request->peer);
    apply_proxy(easy, request);
    apply_method(options, easy, request);
    if (!apply_url(options, easy, request, ret_reason) || !apply_headers(options, easy, request, ret_reason))
        return false;
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, options->headers);
    return true;
}

void options_release(struct options *options)
{
    curl_slist_free_all(options->headers);
    curl_slist_free_all(options->connect_to);
    free(options->body);
    *options = (struct options){0};
}
