#include "kube/client_error.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/redact.h"
#include "base/text.h"
#include "base/tree.h"
#include "kube/authority.h"
#include "kube/certificate.h"
#include <stdlib.h>
#include <string.h>

enum {
    STATUS_LIMIT = 256 << 10, /* of a body that is read as a Status */
    MESSAGE_LIMIT = 2000,
    WORDS_LIMIT = 500,
    LINE_LIMIT = 200,
};

static bool says(const char *words, const char *part)
{
    return strcasestr(words, part) != NULL;
}

/* The server's certificate is past its time, or the authority's own that the kubeconfig trusts. */
static void tell_expired(const struct kube_config *config, int64_t wall_ms, struct error *error)
{
    char now[32], then[32];
    clock_format(wall_ms, now, sizeof now);
    int64_t expiry = CLOCK_UNKNOWN;
    if (config->ca_pem != NULL && kube_certificate_expiry(config->ca_pem, &expiry) && expiry < wall_ms) {
        clock_format(expiry, then, sizeof then);
        error_set(error, ERROR_UNREACHABLE, _("The certificate authority that %s trusts for %s expired at %s."),
                  config->source, config->server, then);
        error_hint(error, _("Fetch the kubeconfig again."));
        return;
    }
    error_set(error, ERROR_UNREACHABLE, _("The certificate of the server %s has expired."), config->server);
    error_hint(error, _("Renew the server's certificate; or set this machine's clock, if it is not %s."), now);
}

static void tell_untrusted(const struct kube_config *config, const char *words, struct error *error)
{
    CLEANUP_FREE char *names = config->ca_pem != NULL ? kube_authority_names(config->ca_pem) : NULL;
    if (names != NULL) {
        error_set(error, ERROR_UNREACHABLE,
                  _("The certificate of the server %s is not signed by the authority that %s trusts (%s): %s."),
                  config->server, config->source, names, words);
        error_hint(error,
                   _("The kubeconfig may belong to another cluster, or the cluster was made anew: fetch it again."));
        return;
    }
    error_set(error, ERROR_UNREACHABLE,
              _("The certificate of the server %s is not signed by any authority that this machine trusts: %s."),
              config->server, words);
    error_hint(error, _("Add the cluster's certificate-authority to cluster '%s' in %s."), config->cluster,
               config->source);
}

static void tell_tls(const struct kube_config *config, const char *words, int64_t wall_ms, struct error *error)
{
    if (says(words, "has expired")) {
        tell_expired(config, wall_ms, error);
    } else if (says(words, "not yet valid")) {
        error_set(error, ERROR_UNREACHABLE, _("The certificate of the server %s is not valid yet."), config->server);
        error_hint(error, _("Check this machine's clock."));
    } else if (says(words, "does not match") || says(words, "no alternative certificate")) {
        error_set(error, ERROR_UNREACHABLE, _("The certificate of the server %s is for another name: %s."),
                  config->server, words);
        error_hint(error, _("Use a name that the certificate has, or set tls-server-name for cluster '%s' in %s."),
                   config->cluster, config->source);
    } else if (says(words, "alert")) {
        error_set(error, ERROR_UNREACHABLE, _("The server %s broke off the TLS handshake: %s."), config->server, words);
        error_hint(error, _("It may not accept the client certificate of user '%s'; log in again."), config->user);
    } else if (says(words, "certificate")) {
        tell_untrusted(config, words, error);
    } else {
        error_set(error, ERROR_UNREACHABLE, _("No secure connection to the server %s could be made: %s."),
                  config->server, words);
        error_hint(error, _("Check that an API server answers there, with https, and that no proxy stands between."));
    }
}

static void hint_network(const struct kube_config *config, struct error *error)
{
    if (config->proxy != NULL)
        error_hint(error, _("Check the network, the VPN and the proxy-url of cluster '%s' in %s."), config->cluster,
                   config->source);
    else
        error_hint(error, _("Check the network and the VPN, and that the API server runs; the address is from %s."),
                   config->source);
}

void client_error_network(const struct kube_config *config, const struct http_answer *answer, int64_t wall_ms,
                          struct error *error)
{
    CLEANUP_FREE char *redacted = redact_text(answer->reason != NULL ? answer->reason : "");
    CLEANUP_FREE char *words = text_clean(redacted, false, WORDS_LIMIT);
    for (size_t end = strlen(words); end > 0 && strchr(" .", words[end - 1]) != NULL; end--)
        words[end - 1] = '\0'; /* they become part of a sentence */
    switch (answer->failure) {
    case HTTP_RESOLVE:
        error_set(error, ERROR_UNREACHABLE, _("The server %s cannot be found: %s."), config->server, words);
        hint_network(config, error);
        break;
    case HTTP_CONNECT:
        error_set(error, ERROR_UNREACHABLE, _("The server %s cannot be reached: %s."), config->server, words);
        hint_network(config, error);
        break;
    case HTTP_TLS:
        tell_tls(config, words, wall_ms, error);
        break;
    case HTTP_TIMEOUT:
        error_set(error, ERROR_UNREACHABLE, _("The server %s did not answer: %s."), config->server, words);
        hint_network(config, error);
        break;
    case HTTP_IDLE:
        error_set(error, ERROR_UNREACHABLE, _("Nothing more is heard from the server %s."), config->server);
        error_hint(error, _("The connection is made anew by itself. If this stays, check the network and the VPN."));
        break;
    case HTTP_TOO_LARGE:
        error_set(error, ERROR_UNREACHABLE, _("The answer of the server %s is larger than what is read at once."),
                  config->server);
        error_hint(error, _("Look at one namespace only (-n)."));
        break;
    case HTTP_REFUSED:
        error_set(error, ERROR_UNREACHABLE, _("The exchange with the server %s was broken off here: %s."),
                  config->server, words);
        break;
    case HTTP_OK:
    case HTTP_BROKEN:
        error_set(error, ERROR_UNREACHABLE, _("The server %s gave only half an answer, or none that can be read: %s."),
                  config->server, words);
        error_hint(error, _("Try again. If this stays, a proxy or load balancer between cuts long answers."));
        break;
    }
}

/* The server's own words, safe to show: an authenticating proxy may repeat the credential that it refuses. */
static char *words_of(const char *said, size_t limit)
{
    CLEANUP_FREE char *redacted = redact_text(said);
    return text_clean(redacted, false, limit);
}

/* What it says of the failure, when its body is a metav1.Status; NULL otherwise. */
static char *status_message(const struct http_answer *answer, char **ret_reason)
{
    json_t *tree = NULL;
    *ret_reason = memory_text("");
    if (answer->size > STATUS_LIMIT || !tree_parse(answer->body, answer->size, &tree, NULL))
        return NULL;
    char *message = NULL;
    if (text_equal(tree_text(tree, "kind"), "Status")) {
        const char *said = tree_text(tree, "message"), *reason = tree_text(tree, "reason");
        if (said != NULL && said[0] != '\0')
            message = words_of(said, MESSAGE_LIMIT);
        if (reason != NULL) {
            free(*ret_reason);
            *ret_reason = words_of(reason, 100);
        }
    }
    json_decref(tree);
    return message;
}

/* A short line of plain text, as proxies and Go's HTTP server answer; NULL for pages and for what is longer. */
static char *plain_line(const struct http_answer *answer)
{
    size_t size = answer->size;
    while (size > 0 && strchr("\r\n .", answer->body[size - 1]) != NULL)
        size--;
    if (size == 0 || size > LINE_LIMIT || memchr(answer->body, '<', size) != NULL ||
        memchr(answer->body, '{', size) != NULL)
        return NULL;
    CLEANUP_FREE char *line = memory_text_part(answer->body, size);
    return text_clean(line, false, LINE_LIMIT);
}

static enum error_code code_of(int status)
{
    switch (status) {
    case 403:
        return ERROR_FORBIDDEN;
    case 404:
        return ERROR_NOT_FOUND;
    case 400:
    case 405:
    case 406:
    case 409:
    case 413:
    case 415:
    case 422:
        return ERROR_REFUSED;
    default:
        return ERROR_UNREACHABLE;
    }
}

static void hint_status(const struct kube_config *config, int status, struct error *error)
{
    if (status == 403)
        error_hint(error, _("Ask for that right for user '%s', or look with another context."), config->user);
    else if (status == 429 || status >= 500)
        error_hint(
            error,
            _("The API server is overloaded or in trouble. Look at its own health: kubectl get --raw /readyz?verbose"));
    else if (status >= 300 && status < 400)
        error_hint(error, _("Redirects are not followed: put the right address into cluster '%s' in %s."),
                   config->cluster, config->source);
    else if (code_of(status) == ERROR_REFUSED)
        error_hint(error, _("The server has understood the request and refuses it, for the reason it gives."));
    else if (status == 404)
        error_hint(error, _("Check the names, and that cluster '%s' in %s is the one you mean."), config->cluster,
                   config->source);
    else
        error_hint(error, _("An API server does not answer so; a proxy may stand before it. The address is from %s."),
                   config->source);
}

static void tell_unauthorized(const struct kube_config *config, struct error *error)
{
    error_set(error, ERROR_UNREACHABLE, _("The server %s does not accept who user '%s' claims to be."), config->server,
              config->user);
    if (!text_starts(config->server, "https://"))
        error_hint(error, _("Credentials are sent over https only: use the server's https address in %s."),
                   config->source);
    else
        error_hint(error, _("The credentials may have expired, or belong to another cluster: log in again."));
}

void client_error_status(const struct kube_config *config, const char *method, const char *path,
                         const struct http_answer *answer, char **ret_reason, struct error *error)
{
    CLEANUP_FREE char *message = status_message(answer, ret_reason);
    CLEANUP_FREE char *line = message == NULL ? plain_line(answer) : NULL;
    CLEANUP_FREE char *bare = memory_text_part(path, strcspn(path, "?"));
    CLEANUP_FREE char *place = text_clean(bare, false, 300);
    if (answer->status == 401) {
        tell_unauthorized(config, error);
        return;
    }
    if (message != NULL)
        error_set(error, code_of(answer->status), _("The server answered: %s"), message);
    else if (answer->status == 404)
        error_set(error, ERROR_NOT_FOUND, _("The server %s does not know %s."), config->server, place);
    else if (line != NULL)
        error_set(error, code_of(answer->status), _("The server %s answered %d to %s %s: %s."), config->server,
                  answer->status, method, place, line);
    else
        error_set(error, code_of(answer->status), _("The server %s answered %d to %s %s."), config->server,
                  answer->status, method, place);
    hint_status(config, answer->status, error);
}

/* One warn-text from `299 - "text"`; returns what follows it, or NULL at the end. */
static const char *next_warning(const char *value, struct text *text)
{
    const char *quote = strchr(value, '"');
    text_clear(text);
    if (quote == NULL)
        return NULL;
    for (value = quote + 1; *value != '\0' && *value != '"'; value++) {
        if (*value == '\\' && value[1] != '\0')
            value++;
        text_append_char(text, *value);
    }
    return *value == '"' ? value + 1 : value;
}

void client_warnings(const struct http_answer *answer, void (*tell)(const char *text, void *context), void *context)
{
    struct text text = {0};
    const char *value;
    for (size_t i = 0; (value = http_answer_header(answer, "Warning", i)) != NULL; i++) {
        while (strncmp(value += strspn(value, " ,"), "299 ", 4) == 0 && (value = next_warning(value, &text)) != NULL) {
            CLEANUP_FREE char *clean = words_of(text_peek(&text), 1000);
            tell(clean, context);
        }
    }
    text_release(&text);
}
