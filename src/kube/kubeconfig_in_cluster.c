/* Inside a pod the service account is the way in (client-go's rest.InClusterConfig). */
#include "base/file.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/certificate.h"
#include "kube/credential_spec.h"
#include "kube/kubeconfig_parts.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_LIMIT ((size_t)4 << 20)

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

bool kube_in_cluster_possible(const char *folder)
{
    CLEANUP_FREE char *token = memory_format("%s/token", folder);
    struct stat status;
    return variable("KUBERNETES_SERVICE_HOST") != NULL && variable("KUBERNETES_SERVICE_PORT") != NULL &&
           stat(token, &status) == 0 && !S_ISDIR(status.st_mode);
}

char *kube_in_cluster_namespace(const char *folder)
{
    const char *given = variable("POD_NAMESPACE");
    if (given != NULL)
        return memory_text(given);
    CLEANUP_FREE char *path = memory_format("%s/namespace", folder);
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    if (!file_read(path, FILE_LIMIT, &bytes, &size, NULL))
        return memory_text("default");
    const char *start = bytes + strspn(bytes, " \t\r\n");
    size = strcspn(start, " \t\r\n");
    return size == 0 ? memory_text("default") : memory_text_part(start, size);
}

/* As client-go does it, a missing ca.crt leaves the system's authorities; a damaged one is told. */
static bool read_authorities(const char *folder, char **ret_pem, struct error *error)
{
    CLEANUP_FREE char *path = memory_format("%s/ca.crt", folder);
    CLEANUP_FREE char *pem = NULL;
    size_t size = 0;
    struct error reason = {0};
    if (!file_read(path, FILE_LIMIT, &pem, &size, &reason)) {
        if (reason.code == ERROR_NOT_FOUND) {
            error_release(&reason);
            return true;
        }
        error_move(error, &reason);
        return false;
    }
    if (!kube_certificate_check(pem, &reason)) {
        error_set(error, ERROR_INVALID, _("The service account's %s cannot be used: %s."), path, reason.message);
        error_release(&reason);
        return false;
    }
    *ret_pem = STEAL(pem);
    return true;
}

/* IPv6 addresses are put in brackets, as net.JoinHostPort does. */
static bool read_server(char **ret_server, struct error *error)
{
    const char *host = variable("KUBERNETES_SERVICE_HOST");
    const char *port = variable("KUBERNETES_SERVICE_PORT");
    bool bare = strchr(host, ':') != NULL && host[0] != '[';
    CLEANUP_FREE char *given = memory_format(bare ? "https://[%s]:%s" : "https://%s:%s", host, port);
    struct error reason = {0};
    if (kube_server_normalise(given, ret_server, &reason))
        return true;
    CLEANUP_FREE char *shown = text_clean(given, false, 200);
    error_set(error, ERROR_INVALID, _("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT give the server '%s': %s."),
              shown, reason.message);
    error_release(&reason);
    return false;
}

bool kube_in_cluster_load(const char *folder, const char *namespace, struct kube_config **ret_config,
                          struct error *error)
{
    struct kube_config *config = memory_new(sizeof(*config));
    config->source = memory_text("in-cluster");
    config->context = memory_text("");
    config->cluster = memory_text("in-cluster");
    config->user = memory_text(_("service account"));
    config->namespace = namespace != NULL ? memory_text(namespace) : kube_in_cluster_namespace(folder);
    config->credential = kube_credential_spec_new(config->user);
    config->credential->token_file = memory_format("%s/token", folder);
    struct error reason = {0};
    bool token = kube_token_read_file(config->credential->token_file, &config->credential->token, &reason);
    if (!token)
        error_set(error, ERROR_INVALID, _("The service account's token cannot be used: %s."), reason.message);
    error_release(&reason);
    if (!token || !read_server(&config->server, error) || !read_authorities(folder, &config->ca_pem, error)) {
        kube_config_free(config);
        return false;
    }
    *ret_config = config;
    return true;
}
