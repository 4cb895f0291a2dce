#include "kube/client_error.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <stdlib.h>
#include <string.h>

enum { STATUS_LIMIT = 256 << 10, MESSAGE_LIMIT = 2000 };

void client_error_network(const struct kube_config *config, const struct http_answer *answer, struct error *error)
{
    CLEANUP_FREE char *reason = text_clean(answer->reason != NULL ? answer->reason : "", false, 500);
    switch (answer->failure) {
    case HTTP_RESOLVE:
        error_set(error, ERROR_UNREACHABLE, _("the name of the server %s cannot be resolved"), config->server);
        error_hint(error, _("check the network or the VPN, and the server in context '%s' of %s"), config->context, config->source);
        break;
    case HTTP_CONNECT:
        error_set(error, ERROR_UNREACHABLE, _("the server %s cannot be reached: %s"), config->server, reason);
        error_hint(error, _("check the network or the VPN, and that the API server runs"));
        break;
    case HTTP_TLS:
        error_set(error, ERROR_UNREACHABLE, _("the certificate of the server %s is not trusted: %s"), config->server, reason);
        error_hint(error, config->ca_pem != NULL ? _("the certificate authority in %s may be another cluster's; fetch the kubeconfig again")
                                                 : _("the kubeconfig %s names no certificate authority, and the system's do not know this server"),
                   config->source);
        break;
    case HTTP_TIMEOUT:
    case HTTP_IDLE:
        error_set(error, ERROR_UNREACHABLE, _("the server %s did not answer in time"), config->server);
        error_hint(error, _("check the network or the VPN; the API server may be overloaded"));
        break;
    case HTTP_TOO_LARGE:
        error_set(error, ERROR_UNREACHABLE, _("the answer of %s is larger than this console reads"), config->server);
        error_hint(error, _("name a namespace with -n"));
        break;
    case HTTP_OK:
    case HTTP_BROKEN:
    case HTTP_REFUSED:
        error_set(error, ERROR_UNREACHABLE, _("the connection to %s broke in the middle of an answer: %s"), config->server, reason);
        error_hint(error, _("try again; a proxy or load balancer between may cut long answers"));
        break;
    }
}

/* The server's own words, when its body is a metav1.Status. */
static char *status_message(const struct http_answer *answer, char **ret_reason)
{
    json_t *tree = NULL;
    char *message = NULL;
    *ret_reason = memory_text("");
    if (answer->size > STATUS_LIMIT || !tree_parse(answer->body, answer->size, &tree, NULL))
        return NULL;
    if (text_equal(tree_text(tree, "kind"), "Status")) {
        const char *said = tree_text(tree, "message"), *reason = tree_text(tree, "reason");
        if (said != NULL && said[0] != '\0')
            message = text_clean(said, false, MESSAGE_LIMIT);
        if (reason != NULL) {
            free(*ret_reason);
            *ret_reason = text_clean(reason, false, 100);
        }
    }
    json_decref(tree);
    return message;
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

void client_error_status(const struct kube_config *config, const char *method, const char *path, const struct http_answer *answer,
                         char **ret_reason, struct error *error)
{
    CLEANUP_FREE char *message = status_message(answer, ret_reason);
    CLEANUP_FREE char *place = memory_text_part(path, strcspn(path, "?"));
    if (answer->status == 401) {
        error_set(error, ERROR_UNREACHABLE, _("the server %s does not accept the credentials of user '%s'"), config->server, config->user);
        error_hint(error, _("they may have expired: log in again, then check with 'kubectl auth whoami'"));
        return;
    }
    if (message != NULL)
        error_set(error, code_of(answer->status), "%s", message);
    else
        error_set(error, code_of(answer->status), _("the server answered %d to %s %s"), answer->status, method, place);
    if (answer->status == 403)
        error_hint(error, _("ask for that right, or look with another context"));
    else if (answer->status == 429 || answer->status >= 500)
        error_hint(error, _("the API server is overloaded or has trouble of its own; it was asked again before this was said"));
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
        while (strncmp(value + strspn(value, " ,"), "299", 3) == 0 && (value = next_warning(value, &text)) != NULL) {
            CLEANUP_FREE char *clean = text_clean(text_peek(&text), false, 1000);
            tell(clean, context);
        }
    }
    text_release(&text);
}
