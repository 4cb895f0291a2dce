/* What a credential plugin prints: client.authentication.k8s.io ExecCredential. It holds secrets, so no message quotes
 * it. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/yaml.h"
#include "kube/certificate.h"
#include "kube/credential_spec.h"
#include <stdlib.h>
#include <string.h>

void kube_exec_answer_release(struct kube_exec_answer *answer)
{
    free(answer->token);
    free(answer->cert_pem);
    free(answer->key_pem);
    *answer = (struct kube_exec_answer){0};
}

static bool check_envelope(const json_t *tree, const char *api_version, struct error *error)
{
    const char *kind = tree_text(tree, "kind");
    const char *version = tree_text(tree, "apiVersion");
    if (!text_equal(kind, "ExecCredential") || version == NULL)
        return error_set(error, ERROR_UNREACHABLE,
                         _("printed something that is no ExecCredential (kind, apiVersion, status)"));
    if (text_equal(version, api_version))
        return true;
    CLEANUP_FREE char *shown = text_clean(version, false, 100);
    return error_set(error, ERROR_UNREACHABLE, _("answered in version '%s', but the kubeconfig says %s"), shown,
                     api_version);
}

/* An absent or null field is no text; anything else but text is refused. */
static bool read_text(const json_t *status, const char *key, const char **ret_text, struct error *error)
{
    const json_t *value = json_object_get(status, key);
    *ret_text = json_string_value(value);
    if (value != NULL && !json_is_null(value) && !json_is_string(value))
        return error_set(error, ERROR_UNREACHABLE, _("answered with a '%s' that is not text"), key);
    if (*ret_text != NULL && (*ret_text)[0] == '\0')
        *ret_text = NULL;
    return true;
}

static bool read_expiry(const json_t *status, int64_t *ret_wall_ms, struct error *error)
{
    const char *text = NULL;
    if (!read_text(status, "expirationTimestamp", &text, error))
        return false;
    *ret_wall_ms = CLOCK_UNKNOWN;
    if (text != NULL && !clock_parse(text, ret_wall_ms))
        return error_set(error, ERROR_UNREACHABLE, _("answered with an expirationTimestamp that is no RFC 3339 time"));
    return true;
}

static bool check_certificate(const char *cert, const char *key, struct error *error)
{
    if ((cert == NULL) != (key == NULL))
        return error_set(error, ERROR_UNREACHABLE, _("answered with a certificate or a key alone; both are needed"));
    struct error reason = {0};
    if (cert == NULL || (kube_certificate_check(cert, &reason) && kube_certificate_check_key(cert, key, &reason)))
        return true;
    error_set(error, ERROR_UNREACHABLE, _("answered with a client certificate that cannot be used (%s)"),
              reason.message);
    error_release(&reason);
    return false;
}

static bool read_status(const json_t *status, struct kube_exec_answer *ret_answer, struct error *error)
{
    const char *token = NULL;
    const char *cert = NULL;
    const char *key = NULL;
    int64_t expires = CLOCK_UNKNOWN;
    if (!json_is_object(status))
        return error_set(error, ERROR_UNREACHABLE, _("answered without a status"));
    if (!read_text(status, "token", &token, error) || !read_text(status, "clientCertificateData", &cert, error) ||
        !read_text(status, "clientKeyData", &key, error) || !read_expiry(status, &expires, error))
        return false;
    if (token == NULL && cert == NULL && key == NULL)
        return error_set(error, ERROR_UNREACHABLE, _("answered with neither a token nor a certificate"));
    CLEANUP_FREE char *cleaned = NULL;
    struct error reason = {0};
    if (token != NULL && !kube_token_clean(token, &cleaned, &reason)) {
        error_set(error, ERROR_UNREACHABLE, _("answered with a token that cannot be used (%s)"), reason.message);
        error_release(&reason);
        return false;
    }
    if (!check_certificate(cert, key, error))
        return false;
    ret_answer->token = STEAL(cleaned);
    ret_answer->cert_pem = memory_text(cert);
    ret_answer->key_pem = memory_text(key);
    ret_answer->expires_wall_ms = expires;
    return true;
}

bool kube_exec_answer_parse(const char *output, size_t size, const char *api_version,
                            struct kube_exec_answer *ret_answer, struct error *error)
{
    json_t *tree = NULL;
    if (strspn(output, " \t\r\n") == size)
        return error_set(error, ERROR_UNREACHABLE, _("printed nothing"));
    if (!yaml_parse(YAML_KUBERNETES, "stdout", output, size, &tree, NULL, NULL))
        return error_set(error, ERROR_UNREACHABLE, _("printed something that is no JSON"));
    bool read =
        check_envelope(tree, api_version, error) && read_status(json_object_get(tree, "status"), ret_answer, error);
    json_decref(tree);
    return read;
}
