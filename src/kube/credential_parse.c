/* The user's entry of a kubeconfig: which ways of proving it names, and which of them go together (client-go's
 * validation). */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/credential_spec.h"
#include <stdlib.h>
#include <string.h>

struct kube_credential_spec *kube_credential_spec_new(const char *user)
{
    struct kube_credential_spec *spec = memory_new(sizeof(*spec));
    spec->user = text_clean(user, false, 0);
    return spec;
}

/* Wipes a secret before its memory is given back. */
static void free_secret(char *secret)
{
    if (secret != NULL)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

void kube_credential_spec_free(struct kube_credential_spec *spec)
{
    if (spec == NULL)
        return;
    free(spec->user);
    free_secret(spec->token);
    free(spec->token_file);
    free(spec->username);
    free_secret(spec->password);
    free(spec->cert_pem);
    free_secret(spec->key_pem);
    free(spec->cert_file);
    free(spec->key_file);
    kube_exec_spec_free(spec->exec);
    free(spec);
}

static bool refuse_provider(const struct kube_fields *user, const char *name, struct error *error)
{
    const json_t *provider = NULL;
    if (!kube_fields_object(user, "auth-provider", &provider, error))
        return false;
    if (provider == NULL)
        return true;
    const char *kind = json_string_value(json_object_get(provider, "name"));
    CLEANUP_FREE char *shown = text_clean(kind == NULL ? "" : kind, false, 100);
    kube_fields_error(user, "auth-provider", error,
                      _("User '%s' signs in by the old auth-provider '%s', which is not supported."), name, shown);
    const char *instead = text_equal(kind, "gcp")     ? "gke-gcloud-auth-plugin"
                          : text_equal(kind, "azure") ? "kubelogin convert-kubeconfig"
                          : text_equal(kind, "oidc")  ? "kubectl oidc-login"
                                                      : NULL;
    if (instead != NULL)
        return error_hint(error, _("Use the exec plugin that took its place: %s."), instead);
    return error_hint(
        error, _("Use an exec plugin (client.authentication.k8s.io/v1), a token or a client certificate instead."));
}

static bool check_together(const struct kube_fields *user, const struct kube_credential_spec *spec, struct error *error)
{
    bool token = spec->token != NULL;
    bool basic = spec->username != NULL || spec->password != NULL;
    if (!token || !basic)
        return true;
    kube_fields_error(user, spec->username != NULL ? "username" : "password", error,
                      _("User '%s' has both a token and a user name or password; only one of them can be sent."),
                      spec->user);
    return error_hint(error, _("Remove the one that is not used."));
}

bool kube_credential_parse(const struct kube_fields *user, const char *name,
                           const struct kube_credential_cluster *cluster, struct kube_credential_spec **ret_spec,
                           struct error *error)
{
    struct kube_credential_spec *spec = kube_credential_spec_new(name);
    bool read = refuse_provider(user, spec->user, error) && kube_token_read(user, spec, error) &&
                kube_basic_read(user, spec, error) && check_together(user, spec, error) &&
                kube_certificate_read(user, spec, error) &&
                kube_exec_read(user, spec->user, cluster, &spec->exec, error);
    if (!read) {
        kube_credential_spec_free(spec);
        return false;
    }
    bool proved = spec->token != NULL || spec->username != NULL || spec->password != NULL || spec->cert_pem != NULL;
    if (proved) {
        kube_exec_spec_free(spec->exec);
        spec->exec = NULL;
    }
    *ret_spec = spec;
    return true;
}
