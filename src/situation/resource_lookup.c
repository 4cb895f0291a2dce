#include "situation/resource_lookup.h"
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "kube/answer.h"
#include <stdlib.h>
#include <string.h>

typedef void (*lookup_found)(const struct kube_resource *resource, const struct error *error, void *context);

struct waiting {
    char *kind;
    lookup_found found;
    void *context;
};

/* One group and version whose discovery document was asked for. */
struct served {
    struct resource_lookup *lookup;
    char *api_version;
    struct kube_call *call; /* NULL: answered */
    struct error error;
    struct array resources; /* struct kube_resource with texts of its own */
    struct array waiting;
};

struct resource_lookup {
    struct kube_client *client;
    struct array served;
};

/* A discovery document is small; the largest built-in one has 60 resources. */
#define RESOURCES_LIMIT 1000

static void free_resource(void *item)
{
    struct kube_resource *resource = item;
    free((char *)resource->group);
    free((char *)resource->version);
    free((char *)resource->plural);
    free((char *)resource->kind);
    free(resource);
}

static void free_waiting(void *item)
{
    struct waiting *waiting = item;
    free(waiting->kind);
    free(waiting);
}

static void free_served(void *item)
{
    struct served *served = item;
    kube_call_cancel(served->call);
    array_release(&served->resources);
    array_release(&served->waiting);
    error_release(&served->error);
    free(served->api_version);
    free(served);
}

struct resource_lookup *resource_lookup_new(struct kube_client *client)
{
    struct resource_lookup *lookup = memory_new(sizeof *lookup);
    lookup->client = client;
    lookup->served.free_item = free_served;
    return lookup;
}

void resource_lookup_free(struct resource_lookup *lookup)
{
    if (lookup == NULL)
        return;
    array_release(&lookup->served);
    free(lookup);
}

static void answer_one(const struct served *served, const char *kind, lookup_found found, void *context)
{
    for (size_t i = 0; i < served->resources.count; i++) {
        const struct kube_resource *resource = served->resources.items[i];
        if (text_equal(resource->kind, kind)) {
            found(resource, NULL, context);
            return;
        }
    }
    struct error error = {0};
    if (served->error.code != ERROR_NONE)
        error_copy(&error, &served->error);
    else
        error_set(&error, ERROR_NOT_FOUND, _("the cluster does not serve %s of %s"), kind, served->api_version);
    found(NULL, &error, context);
    error_release(&error);
}

static void read_resources(struct served *served, const json_t *document)
{
    const char *slash = strchr(served->api_version, '/');
    size_t index;
    json_t *entry;
    json_array_foreach(tree_get(document, "resources"), index, entry)
    {
        const char *name = tree_text(entry, "name"), *kind = tree_text(entry, "kind");
        /* "deployments/scale" is a subresource. */
        if (name == NULL || kind == NULL || strchr(name, '/') != NULL || served->resources.count == RESOURCES_LIMIT)
            continue;
        struct kube_resource *resource = memory_new(sizeof *resource);
        size_t group_size = slash != NULL ? (size_t)(slash - served->api_version) : 0;
        resource->group = memory_text_part(served->api_version, group_size);
        resource->version = memory_text(slash != NULL ? slash + 1 : served->api_version);
        resource->plural = memory_text(name);
        resource->kind = memory_text(kind);
        resource->namespaced = json_is_true(tree_get(entry, "namespaced"));
        array_append(&served->resources, resource);
    }
}

static void discovered(const struct kube_answer *answer, void *context)
{
    struct served *served = context;
    json_t *document = NULL;
    served->call = NULL;
    if (answer->error != NULL)
        error_copy(&served->error, answer->error);
    else if (kube_answer_parse(answer->body, answer->size, &document, &served->error))
        read_resources(served, document);
    json_decref(document);
    /* A callback may ask again; it is answered at once, as `call` is gone. */
    struct array waiting = served->waiting;
    served->waiting = (struct array){.free_item = free_waiting};
    for (size_t i = 0; i < waiting.count; i++) {
        const struct waiting *one = waiting.items[i];
        answer_one(served, one->kind, one->found, one->context);
    }
    array_release(&waiting);
}

static struct served *find_served(struct resource_lookup *lookup, const char *api_version)
{
    for (size_t i = 0; i < lookup->served.count; i++) {
        struct served *served = lookup->served.items[i];
        if (text_equal(served->api_version, api_version))
            return served;
    }
    struct served *served = memory_new(sizeof *served);
    served->lookup = lookup;
    served->api_version = memory_text(api_version);
    served->resources.free_item = free_resource;
    served->waiting.free_item = free_waiting;
    array_append(&lookup->served, served);
    CLEANUP_FREE char *path = memory_format(strchr(api_version, '/') != NULL ? "/apis/%s" : "/api/%s", api_version);
    struct kube_request request = {.method = "GET", .path = path, .on_done = discovered, .context = served};
    served->call = kube_client_start(lookup->client, &request);
    return served;
}

/* "group/version" out of a manifest becomes a path: nothing but what such names are made of. */
static bool is_plausible(const char *api_version)
{
    size_t slashes = 0;
    for (const char *at = api_version; *at != '\0'; at++) {
        slashes += *at == '/';
        if (strchr("abcdefghijklmnopqrstuvwxyz0123456789.-/", *at) == NULL)
            return false;
    }
    return *api_version != '\0' && slashes <= 1 && strstr(api_version, "..") == NULL;
}

void resource_lookup_find(struct resource_lookup *lookup, const char *api_version, const char *kind, lookup_found found,
                          void *context)
{
    const struct kube_resource *known = kube_resource_find(api_version, kind);
    if (known != NULL) {
        found(known, NULL, context);
        return;
    }
    if (!is_plausible(api_version)) {
        struct error error = {0};
        CLEANUP_FREE char *shown = text_clean(api_version, false, 100);
        error_set(&error, ERROR_INVALID, _("the manifest's apiVersion '%s' is none"), shown);
        found(NULL, &error, context);
        error_release(&error);
        return;
    }
    struct served *served = find_served(lookup, api_version);
    if (served->call == NULL) {
        answer_one(served, kind, found, context);
        return;
    }
    struct waiting *waiting = memory_new(sizeof *waiting);
    *waiting = (struct waiting){memory_text(kind), found, context};
    array_append(&served->waiting, waiting);
}
