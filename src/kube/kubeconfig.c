#include "kube/kubeconfig.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/credential_spec.h"
#include "kube/kubeconfig_file.h"
#include "kube/kubeconfig_parts.h"
#include <stdlib.h>
#include <string.h>

#define NAMES_SHOWN 8

void kube_config_free(struct kube_config *config)
{
    if (config == NULL)
        return;
    free(config->source);
    free(config->context);
    free(config->cluster);
    free(config->user);
    free(config->namespace);
    free(config->server);
    free(config->ca_pem);
    free(config->server_name);
    free(config->proxy);
    kube_credential_spec_free(config->credential);
    free(config->as_user);
    free(config->as_uid);
    kube_texts_free(config->as_groups);
    kube_texts_free(config->as_extra);
    free(config);
}

/* "Did you mean …?", else the first of the names that there are. */
static void hint_names(const struct kube_files *files, enum kube_section section, const char *wanted,
                       struct error *error)
{
    char **names = kube_files_names(files, section);
    size_t count = kube_texts_count(names);
    CLEANUP_FREE char *nearest = wanted == NULL ? NULL : text_nearest(wanted, (const char *const *)names, count);
    CLEANUP_FREE char *near = nearest == NULL ? NULL : text_clean(nearest, false, 0);
    struct text list = {0};
    for (size_t i = 0; i < count && i < NAMES_SHOWN; i++) {
        CLEANUP_FREE char *shown = text_clean(names[i], false, 200);
        text_append_format(&list, "%s'%s'", i > 0 ? ", " : "", shown);
    }
    if (count > NAMES_SHOWN)
        text_append(&list, ", …");
    if (near != NULL)
        error_hint(error, _("Did you mean %s?"), near);
    else if (count > 0)
        error_hint(error, _("There are: %s."), text_peek(&list));
    text_release(&list);
    kube_texts_free(names);
}

static bool unknown_context(const struct kube_files *files, const char *wanted, bool from_option, struct error *error)
{
    CLEANUP_FREE char *shown = text_clean(wanted, false, 200);
    CLEANUP_FREE char *paths = kube_files_paths(files);
    struct kube_fields root = {0};
    if (from_option) {
        error_set(error, ERROR_NOT_FOUND, _("There is no context '%s' in %s."), shown, paths);
    } else {
        kube_files_current(files, &root);
        CLEANUP_FREE char *place = kube_fields_place(&root, "current-context");
        error_set(error, ERROR_NOT_FOUND, _("%s: The current context '%s' does not exist."), place, shown);
    }
    hint_names(files, KUBE_CONTEXTS, wanted, error);
    return false;
}

/* Neither --context nor current-context: outside of a pod there is nothing to go on with. */
static bool no_context(const struct kube_files *files, struct error *error)
{
    CLEANUP_FREE char *paths = kube_files_paths(files);
    char **names = kube_files_names(files, KUBE_CONTEXTS);
    bool any = names[0] != NULL;
    kube_texts_free(names);
    if (any) {
        error_set(error, ERROR_NOT_FOUND, _("No context is chosen: %s has no current-context."), paths);
        hint_names(files, KUBE_CONTEXTS, NULL, error);
        CLEANUP_FREE char *list = error == NULL ? NULL : memory_text(error->hint);
        return error_hint(error, _("Choose one with --context. %s"), list != NULL ? list : "");
    }
    if (files->files.count > 0)
        error_set(error, ERROR_NOT_FOUND, _("There is no context in %s."), paths);
    else
        error_set(error, ERROR_NOT_FOUND, _("There is no kubeconfig; looked for: %s."),
                  paths[0] != '\0' ? paths : "KUBECONFIG");
    return error_hint(
        error, _("Name one with --kubeconfig FILE or KUBECONFIG, or let your provider's tool write ~/.kube/config."));
}

/* The entry that a context refers to. A name that leads nowhere is an error: connecting as nobody would only confuse.
 */
static bool find_reference(const struct kube_files *files, enum kube_section section, const char *name,
                           const struct kube_fields *context, struct kube_fields *ret_entry, char **ret_pointer,
                           struct error *error)
{
    if (kube_files_find(files, section, name, ret_entry, ret_pointer))
        return true;
    CLEANUP_FREE char *shown = text_clean(name, false, 200);
    if (section == KUBE_CLUSTERS)
        kube_fields_error(context, "cluster", error, _("The context names the cluster '%s', which does not exist."),
                          shown);
    else
        kube_fields_error(context, "user", error, _("The context names the user '%s', which does not exist."), shown);
    hint_names(files, section, name, error);
    return false;
}

static bool read_user(const struct kube_fields *user, const struct kube_fields *cluster, struct kube_config *config,
                      struct error *error)
{
    if (!kube_impersonation_read(user, config, error))
        return false;
    if (!kube_server_is_secure(config->server)) {
        /* Whoever listens on the way would have them: clientcmd sends no credentials without TLS either. */
        config->credential = kube_credential_spec_new(config->user);
        return true;
    }
    const struct kube_credential_cluster told = {
        .server = config->server,
        .server_name = config->server_name,
        .ca_pem = config->ca_pem,
        .proxy = config->proxy,
        .insecure = config->insecure,
        .disable_compression = config->disable_compression,
        .settings = kube_cluster_exec_settings(cluster),
    };
    return kube_credential_parse(user, config->user, &told, &config->credential, error);
}

/* Fills what context, cluster and user say. `config` has its names and namespace already. */
static bool resolve(const struct kube_files *files, const struct kube_fields *context, struct kube_config *config,
                    struct error *error)
{
    struct kube_fields cluster = {0};
    struct kube_fields user = {.source = context->source, .pointer = context->pointer};
    CLEANUP_FREE char *cluster_pointer = NULL;
    CLEANUP_FREE char *user_pointer = NULL;
    if (!find_reference(files, KUBE_CLUSTERS, config->cluster, context, &cluster, &cluster_pointer, error))
        return false;
    if (config->user[0] != '\0' &&
        !find_reference(files, KUBE_USERS, config->user, context, &user, &user_pointer, error))
        return false;
    return kube_cluster_read(&cluster, config->cluster, config, error) && read_user(&user, &cluster, config, error);
}

static char *text_or_empty(char *text)
{
    return text != NULL ? text : memory_text("");
}

/* --namespace, else the context's, else the pod's (inside one), else "default". */
static char *choose_namespace(const char *wanted, char *of_context)
{
    CLEANUP_FREE char *given = of_context;
    if (wanted != NULL && wanted[0] != '\0')
        return memory_text(wanted);
    if (given != NULL)
        return STEAL(given);
    if (kube_in_cluster_possible(KUBE_SERVICE_ACCOUNT_FOLDER))
        return kube_in_cluster_namespace(KUBE_SERVICE_ACCOUNT_FOLDER);
    return memory_text("default");
}

static bool load_context(const struct kube_files *files, const char *name, const struct kube_fields *context,
                         const struct kube_config_options *options, struct kube_config **ret_config,
                         struct error *error)
{
    CLEANUP_FREE char *cluster = NULL;
    CLEANUP_FREE char *user = NULL;
    char *namespace = NULL;
    if (!kube_fields_text(context, "cluster", &cluster, error) || !kube_fields_text(context, "user", &user, error) ||
        !kube_fields_text(context, "namespace", &namespace, error))
        return false;
    CLEANUP_FREE char *chosen = choose_namespace(options->namespace, namespace);
    CLEANUP_FREE char *shown = text_clean(name, false, 200);
    if (cluster == NULL && kube_in_cluster_possible(KUBE_SERVICE_ACCOUNT_FOLDER))
        return kube_in_cluster_load(KUBE_SERVICE_ACCOUNT_FOLDER, chosen, ret_config, error);
    if (cluster == NULL)
        return kube_fields_error(context, NULL, error, _("Context '%s' names no cluster."), shown);
    struct kube_config *config = memory_new(sizeof(*config));
    config->source = memory_text(context->source);
    config->context = memory_text(name);
    config->cluster = STEAL(cluster);
    config->user = text_or_empty(STEAL(user));
    config->namespace = STEAL(chosen);
    if (!resolve(files, context, config, error)) {
        kube_config_free(config);
        return false;
    }
    *ret_config = config;
    return true;
}

static bool load_from(const struct kube_files *files, const struct kube_config_options *options,
                      struct kube_config **ret_config, struct error *error)
{
    struct kube_fields context = {0};
    struct kube_fields root = {0};
    CLEANUP_FREE char *pointer = NULL;
    bool from_option = options->context != NULL && options->context[0] != '\0';
    const char *name = from_option ? options->context : kube_files_current(files, &root);
    if (name == NULL && kube_in_cluster_possible(KUBE_SERVICE_ACCOUNT_FOLDER)) {
        CLEANUP_FREE char *namespace = choose_namespace(options->namespace, NULL);
        return kube_in_cluster_load(KUBE_SERVICE_ACCOUNT_FOLDER, namespace, ret_config, error);
    }
    if (name == NULL)
        return no_context(files, error);
    if (!kube_files_find(files, KUBE_CONTEXTS, name, &context, &pointer))
        return unknown_context(files, name, from_option, error);
    return load_context(files, name, &context, options, ret_config, error);
}

/* Nobody is left without a next step. */
static bool with_hint(struct error *error)
{
    if (error == NULL || error->hint != NULL)
        return false;
    return error_hint(
        error, _("Correct the kubeconfig, or name another with --kubeconfig, or another context with --context."));
}

bool kube_config_load(const struct kube_config_options *options, struct kube_config **ret_config, struct error *error)
{
    struct kube_files files = {0};
    if (!kube_files_read(options->kubeconfig, &files, error))
        return with_hint(error);
    bool loaded = load_from(&files, options, ret_config, error);
    kube_files_release(&files);
    return loaded || with_hint(error);
}

bool kube_config_contexts(const struct kube_config_options *options, char ***ret_names, char **ret_current,
                          struct error *error)
{
    struct kube_files files = {0};
    struct kube_fields root = {0};
    if (!kube_files_read(options->kubeconfig, &files, error))
        return with_hint(error);
    *ret_names = kube_files_names(&files, KUBE_CONTEXTS);
    *ret_current = memory_text(kube_files_current(&files, &root)); /* NULL when none is set */
    kube_files_release(&files);
    return true;
}
