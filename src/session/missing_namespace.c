#include "session/missing_namespace.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "kube/resource.h"
#include <stdlib.h>

struct missing_namespace {
    struct kube_client *client;
    char *namespace;
    struct kube_call *call;
    void (*done)(const struct error *missing, void *context);
    void *context;
};

static const struct kube_resource namespaces = {"", "v1", "namespaces", "Namespace", false};

static void finish(struct missing_namespace *check, const struct error *missing)
{
    check->done(missing, check->context);
    free(check->namespace);
    free(check);
}

/* The names of a metadata list, borrowed from the tree. */
static const char **names_of(const json_t *tree, size_t *ret_count)
{
    const json_t *items = tree_get(tree, "items");
    const char **names = memory_new_array(json_array_size(items), sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(items); i++) {
        const char *name = tree_text(json_array_get(items, i), "metadata", "name");
        if (name != NULL)
            names[count++] = name;
    }
    *ret_count = count;
    return names;
}

static void listed(const struct kube_answer *answer, void *context)
{
    struct missing_namespace *check = context;
    struct error missing = {0};
    json_t *tree = NULL;
    error_set(&missing, ERROR_NOT_FOUND, _("namespace '%s' does not exist on this cluster"), check->namespace);
    error_hint(&missing, _("look for it with 'kubectl get namespaces', or leave -n out to search all"));
    if (answer->error == NULL && tree_parse(answer->body, answer->size, &tree, NULL)) {
        size_t count = 0;
        CLEANUP_FREE const char **names = names_of(tree, &count);
        CLEANUP_FREE char *nearest = text_nearest(check->namespace, names, count);
        if (nearest != NULL)
            error_hint(&missing, _("did you mean %s?"), nearest);
        json_decref(tree);
    }
    finish(check, &missing);
    error_release(&missing);
}

static void answered(const struct kube_answer *answer, void *context)
{
    struct missing_namespace *check = context;
    check->call = NULL;
    if (answer->status != 404) {
        finish(check, NULL);
        return;
    }
    CLEANUP_FREE char *path = kube_resource_path(&namespaces, NULL, NULL, NULL);
    struct kube_request request = {.method = "GET", .path = path, .accept = KUBE_METADATA_LIST, .on_done = listed, .context = check};
    check->call = kube_client_start(check->client, &request);
}

struct missing_namespace *missing_namespace_start(struct kube_client *client, const char *namespace,
                                                  void (*done)(const struct error *missing, void *context), void *context)
{
    struct missing_namespace *check = memory_new(sizeof *check);
    check->client = client;
    check->namespace = memory_text(namespace);
    check->done = done;
    check->context = context;
    CLEANUP_FREE char *path = kube_resource_path(&namespaces, NULL, namespace, NULL);
    struct kube_request request = {.method = "GET", .path = path, .accept = KUBE_METADATA, .on_done = answered, .context = check};
    check->call = kube_client_start(client, &request);
    return check;
}

void missing_namespace_cancel(struct missing_namespace *check)
{
    if (check == NULL)
        return;
    kube_call_cancel(check->call);
    free(check->namespace);
    free(check);
}
