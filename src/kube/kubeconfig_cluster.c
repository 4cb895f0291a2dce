#include "base/i18n.h"
#include "base/memory.h"
#include "base/redact.h"
#include "base/text.h"
#include "kube/certificate.h"
#include "kube/kubeconfig_parts.h"
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define AUTHORITIES_LIMIT ((size_t)4 << 20)

/* One part of a URL; NULL when it has none. Owned by the caller. */
static char *url_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK)
        return NULL;
    char *copy = memory_text(text);
    curl_free(text);
    return copy;
}

static bool take_server(CURLU *url, const char *server, bool has_scheme, char **ret_server, struct error *error)
{
    CURLUcode code = curl_url_set(url, CURLUPART_URL, server, CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS);
    if (code != CURLUE_OK)
        return error_set(error, ERROR_INVALID, _("it is not a URL such as https://host:6443 (%s)"),
                         curl_url_strerror(code));
    CLEANUP_FREE char *scheme = url_part(url, CURLUPART_SCHEME);
    CLEANUP_FREE char *host = url_part(url, CURLUPART_HOST);
    CLEANUP_FREE char *user = url_part(url, CURLUPART_USER);
    CLEANUP_FREE char *path = url_part(url, CURLUPART_PATH);
    if (!text_equal(scheme, "https") && !text_equal(scheme, "http"))
        return error_set(error, ERROR_INVALID, _("only https and http are spoken, not '%s'"), scheme);
    if (host == NULL || host[0] == '\0')
        return error_set(error, ERROR_INVALID, _("it names no host"));
    if (user != NULL)
        return error_set(error, ERROR_INVALID, _("it contains a user name; that belongs into the user's entry"));
    if (!has_scheme && path != NULL && !text_equal(path, "/"))
        return error_set(error, ERROR_INVALID, _("a path needs a scheme before it (https://…)"));
    curl_url_set(url, CURLUPART_QUERY, NULL, 0);
    curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0);
    char *whole = url_part(url, CURLUPART_URL);
    size_t size = strlen(whole);
    while (size > 0 && whole[size - 1] == '/')
        whole[--size] = '\0';
    *ret_server = whole;
    return true;
}

bool kube_server_normalise(const char *server, char **ret_server, struct error *error)
{
    for (const char *next = server; *next != '\0'; next++) {
        if ((unsigned char)*next <= ' ' || *next == 0x7f)
            return error_set(error, ERROR_INVALID, _("it contains white space or control characters"));
    }
    bool has_scheme = strstr(server, "://") != NULL;
    CLEANUP_FREE char *whole = has_scheme ? memory_text(server) : memory_format("http://%s", server);
    CURLU *url = curl_url();
    if (url == NULL)
        abort();
    bool taken = take_server(url, whole, has_scheme, ret_server, error);
    curl_url_cleanup(url);
    return taken;
}

bool kube_server_is_secure(const char *server)
{
    return text_starts(server, "https://");
}

static bool read_server(const struct kube_fields *cluster, const char *name, struct kube_config *config,
                        struct error *error)
{
    CLEANUP_FREE char *given = NULL;
    if (!kube_fields_text(cluster, "server", &given, error))
        return false;
    if (given == NULL)
        return kube_fields_error(cluster, NULL, error, _("Cluster '%s' has no server."), name);
    struct error reason = {0};
    if (kube_server_normalise(given, &config->server, &reason))
        return true;
    CLEANUP_FREE char *masked = redact_text(given);
    CLEANUP_FREE char *shown = text_clean(masked, false, 200);
    kube_fields_error(cluster, "server", error, _("The server '%s' of cluster '%s' cannot be used: %s."), shown, name,
                      reason.message);
    error_release(&reason);
    return false;
}

static bool read_proxy(const struct kube_fields *cluster, const char *name, struct kube_config *config,
                       struct error *error)
{
    if (!kube_fields_text(cluster, "proxy-url", &config->proxy, error))
        return false;
    static const char *const schemes[] = {"http://", "https://", "socks5://"};
    if (config->proxy == NULL)
        return true;
    for (size_t i = 0; i < LENGTH_OF(schemes); i++) {
        if (strncasecmp(config->proxy, schemes[i], strlen(schemes[i])) == 0)
            return true;
    }
    CLEANUP_FREE char *masked = redact_text(config->proxy);
    CLEANUP_FREE char *shown = text_clean(masked, false, 200);
    return kube_fields_error(
        cluster, "proxy-url", error,
        _("The proxy '%s' of cluster '%s' must be a URL that begins with http://, https:// or socks5://."), shown,
        name);
}

static bool check_authorities(const struct kube_fields *cluster, const char *key, const char *name, const char *pem,
                              struct error *error)
{
    struct error reason = {0};
    if (kube_certificate_check(pem, &reason))
        return true;
    kube_fields_error(cluster, key, error, _("The %s of cluster '%s' cannot be used: %s."), key, name, reason.message);
    error_hint(error, _("Fetch the cluster's certificate authority again (for instance with your provider's tool)."));
    error_release(&reason);
    return false;
}

static bool read_trust(const struct kube_fields *cluster, const char *name, struct kube_config *config,
                       struct error *error)
{
    CLEANUP_FREE char *path = NULL;
    if (!kube_fields_text(cluster, "tls-server-name", &config->server_name, error) ||
        !kube_fields_flag(cluster, "insecure-skip-tls-verify", &config->insecure, error) ||
        !kube_fields_data(cluster, "certificate-authority-data", &config->ca_pem, error) ||
        !kube_fields_path(cluster, "certificate-authority", &path, error))
        return false;
    const char *key = config->ca_pem != NULL ? "certificate-authority-data" : "certificate-authority";
    if (config->insecure && (config->ca_pem != NULL || path != NULL)) {
        kube_fields_error(cluster, "insecure-skip-tls-verify", error,
                          _("Cluster '%s' has both a certificate authority and insecure-skip-tls-verify."), name);
        return error_hint(error, _("Remove insecure-skip-tls-verify, so that the server is verified."));
    }
    if (config->ca_pem == NULL && path != NULL &&
        !kube_fields_file(cluster, key, path, AUTHORITIES_LIMIT, &config->ca_pem, error))
        return false;
    return config->ca_pem == NULL || check_authorities(cluster, key, name, config->ca_pem, error);
}

bool kube_cluster_read(const struct kube_fields *cluster, const char *name, struct kube_config *config,
                       struct error *error)
{
    CLEANUP_FREE char *shown = text_clean(name, false, 200);
    return read_server(cluster, shown, config, error) && read_proxy(cluster, shown, config, error) &&
           kube_fields_flag(cluster, "disable-compression", &config->disable_compression, error) &&
           (!kube_server_is_secure(config->server) || read_trust(cluster, shown, config, error));
}

const json_t *kube_cluster_exec_settings(const struct kube_fields *cluster)
{
    const json_t *extensions = json_object_get(cluster->object, "extensions");
    for (size_t i = 0; i < json_array_size(extensions); i++) {
        const json_t *extension = json_array_get(extensions, i);
        if (text_equal(json_string_value(json_object_get(extension, "name")), "client.authentication.k8s.io/exec"))
            return json_object_get(extension, "extension");
    }
    return NULL;
}
