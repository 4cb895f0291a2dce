/* The `exec` entry of a user: which plugin, how it is called and what it is told (KUBERNETES_EXEC_INFO). */
#include "base/base64.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/credential_spec.h"
#include <stdlib.h>
#include <string.h>

/* Long enough for a slow identity provider; a login in a browser has to be done beforehand. */
#define PLUGIN_LIMIT_MS 60000

static bool read_version(const struct kube_fields *exec, const char *user, struct kube_exec_spec *spec,
                         struct error *error)
{
    if (!kube_fields_text(exec, "apiVersion", &spec->api_version, error))
        return false;
    if (text_equal(spec->api_version, "client.authentication.k8s.io/v1") ||
        text_equal(spec->api_version, "client.authentication.k8s.io/v1beta1"))
        return true;
    if (spec->api_version == NULL) {
        kube_fields_error(exec, NULL, error, _("The credential plugin of user '%s' has no apiVersion."), user);
    } else {
        CLEANUP_FREE char *shown = text_clean(spec->api_version, false, 100);
        kube_fields_error(exec, "apiVersion", error,
                          _("The credential plugin of user '%s' speaks '%s', which is not known."), user, shown);
    }
    return error_hint(
        error, _("client.authentication.k8s.io/v1 and v1beta1 are; update the plugin and let it write the kubeconfig "
                 "again (v1alpha1 was removed from Kubernetes in 1.24)."));
}

/* A dashboard has no standard input to lend: whoever needs one is refused, the others learn that there is none. */
static bool read_mode(const struct kube_fields *exec, const char *user, const struct kube_exec_spec *spec,
                      struct error *error)
{
    CLEANUP_FREE char *mode = NULL;
    if (!kube_fields_text(exec, "interactiveMode", &mode, error))
        return false;
    if (text_equal(mode, "Never") || text_equal(mode, "IfAvailable"))
        return true;
    if (mode == NULL && text_ends(spec->api_version, "/v1beta1"))
        return true;
    if (text_equal(mode, "Always")) {
        kube_fields_error(
            exec, "interactiveMode", error,
            _("The credential plugin of user '%s' always asks at the terminal, which the console needs itself."), user);
        return error_hint(
            error, _("Use a plugin that works without a terminal (interactiveMode IfAvailable or Never), or a token."));
    }
    kube_fields_error(
        exec, mode == NULL ? NULL : "interactiveMode", error,
        _("The credential plugin of user '%s' must say its interactiveMode: Never, IfAvailable or Always."), user);
    return false;
}

static bool read_arguments(const struct kube_fields *exec, const char *user, struct kube_exec_spec *spec,
                           struct error *error)
{
    CLEANUP_FREE char *command = NULL;
    char **rest = NULL;
    if (!kube_fields_text(exec, "command", &command, error))
        return false;
    if (command == NULL)
        return kube_fields_error(exec, NULL, error, _("The credential plugin of user '%s' has no command."), user);
    if (!kube_fields_list(exec, "args", &rest, error))
        return false;
    size_t count = kube_texts_count(rest);
    spec->arguments = memory_new_array(count + 2, sizeof(*spec->arguments));
    /* Names without a slash are looked up in PATH, the others stand beside the kubeconfig. */
    spec->arguments[0] = strchr(command, '/') == NULL ? STEAL(command) : file_resolve(exec->source, command);
    for (size_t i = 0; i < count; i++)
        spec->arguments[i + 1] = rest[i];
    free(rest);
    return true;
}

static bool read_variable(const struct kube_fields *exec, const json_t *variable, char **ret_pair, struct error *error)
{
    const char *name = json_string_value(json_object_get(variable, "name"));
    const json_t *value = json_object_get(variable, "value");
    const char *text = value == NULL || json_is_null(value) ? "" : json_string_value(value);
    if (name == NULL || name[0] == '\0' || strchr(name, '=') != NULL || text == NULL) {
        kube_fields_error(exec, "env", error, _("Each entry of 'env' must have a name and a value, both text."));
        return error_hint(error, _("Put values in quotes when they look like numbers, true or false."));
    }
    *ret_pair = memory_format("%s=%s", name, text);
    return true;
}

static void add_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL && text[0] != '\0')
        json_object_set_new(object, key, json_string(text));
}

/* client-go's ExecCredentialSpec.cluster. */
static json_t *cluster_tree(const struct kube_credential_cluster *cluster)
{
    json_t *tree = json_object();
    json_object_set_new(tree, "server", json_string(cluster->server));
    add_text(tree, "tls-server-name", cluster->server_name);
    if (cluster->insecure)
        json_object_set_new(tree, "insecure-skip-tls-verify", json_true());
    if (cluster->ca_pem != NULL) {
        CLEANUP_FREE char *encoded = base64_encode(cluster->ca_pem, strlen(cluster->ca_pem));
        add_text(tree, "certificate-authority-data", encoded);
    }
    add_text(tree, "proxy-url", cluster->proxy);
    if (cluster->disable_compression)
        json_object_set_new(tree, "disable-compression", json_true());
    json_object_set_new(tree, "config", cluster->settings == NULL ? json_null() : json_deep_copy(cluster->settings));
    return tree;
}

/* "KUBERNETES_EXEC_INFO={…}" */
static char *exec_info(const struct kube_exec_spec *spec, const struct kube_credential_cluster *cluster)
{
    json_t *told = json_object();
    if (cluster != NULL)
        json_object_set_new(told, "cluster", cluster_tree(cluster));
    json_object_set_new(told, "interactive", json_false());
    json_t *tree =
        json_pack("{s:s, s:s, s:o}", "kind", "ExecCredential", "apiVersion", spec->api_version, "spec", told);
    char *bytes = json_dumps(tree, JSON_COMPACT);
    json_decref(tree);
    if (bytes == NULL)
        abort(); /* only out of memory: every text came from YAML, which is UTF-8 */
    char *variable = memory_format("KUBERNETES_EXEC_INFO=%s", bytes);
    free(bytes);
    return variable;
}

static bool read_environment(const struct kube_fields *exec, const struct kube_credential_cluster *cluster,
                             struct kube_exec_spec *spec, struct error *error)
{
    const json_t *variables = NULL;
    bool wants_cluster = false;
    if (!kube_fields_array(exec, "env", &variables, error) ||
        !kube_fields_flag(exec, "provideClusterInfo", &wants_cluster, error))
        return false;
    size_t count = json_array_size(variables);
    spec->environment = memory_new_array(count + 2, sizeof(*spec->environment));
    for (size_t i = 0; i < count; i++) {
        if (!read_variable(exec, json_array_get(variables, i), &spec->environment[i], error))
            return false;
    }
    spec->environment[count] = exec_info(spec, wants_cluster ? cluster : NULL);
    return true;
}

bool kube_exec_read(const struct kube_fields *user, const char *name, const struct kube_credential_cluster *cluster,
                    struct kube_exec_spec **ret_exec, struct error *error)
{
    const json_t *object = NULL;
    if (!kube_fields_object(user, "exec", &object, error))
        return false;
    if (object == NULL) {
        *ret_exec = NULL;
        return true;
    }
    CLEANUP_FREE char *pointer = yaml_pointer(user->pointer, "exec");
    struct kube_fields exec = *user;
    exec.object = object;
    exec.pointer = pointer;
    struct kube_exec_spec *spec = memory_new(sizeof(*spec));
    spec->limit_ms = PLUGIN_LIMIT_MS;
    spec->place = kube_fields_place(user, "exec");
    bool read = kube_fields_text(&exec, "installHint", &spec->install_hint, error) &&
                read_version(&exec, name, spec, error) && read_mode(&exec, name, spec, error) &&
                read_arguments(&exec, name, spec, error) && read_environment(&exec, cluster, spec, error);
    if (!read) {
        kube_exec_spec_free(spec);
        return false;
    }
    *ret_exec = spec;
    return true;
}

void kube_exec_spec_free(struct kube_exec_spec *spec)
{
    if (spec == NULL)
        return;
    free(spec->place);
    kube_texts_free(spec->arguments);
    kube_texts_free(spec->environment);
    free(spec->api_version);
    free(spec->install_hint);
    free(spec);
}
