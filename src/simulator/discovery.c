/* Discovery: which groups, versions and resources there are; the legacy documents and the aggregated one. */
#include "base/array.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/api_call.h"
#include <string.h>

#define AGGREGATED      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
#define AGGREGATED_BETA "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList"

static json_t *texts(const char *const *words)
{
    json_t *array = json_array();
    for (size_t i = 0; words[i] != NULL; i++)
        json_array_append_new(array, json_string(words[i]));
    return array;
}

static json_t *verbs_of(const struct resource *resource)
{
    static const char *const reviewed[] = {"create", NULL};
    static const char *const measured[] = {"get", "list", NULL};
    static const char *const stored[] = {"create", "delete", "deletecollection", "get", "list", "patch", "update",
                                         "watch",  NULL};
    static const char *const custom[] = {"delete", "deletecollection", "get",   "list", "patch",
                                         "create", "update",           "watch", NULL};
    return texts(resource->crd != NULL                            ? custom
                 : !resource->virtual                             ? stored
                 : strcmp(resource->group, "metrics.k8s.io") == 0 ? measured
                                                                  : reviewed);
}

static json_t *subresource_verbs(const char *subresource)
{
    static const char *const readable[] = {"get", NULL};
    static const char *const passed_on[] = {"create", "delete", "get", "patch", "update", NULL};
    static const char *const written[] = {"get", "patch", "update", NULL};
    return texts(strcmp(subresource, "log") == 0 ? readable : strcmp(subresource, "proxy") == 0 ? passed_on : written);
}

/* The subresources of one version, in the real server's order; at most `room` names. */
static size_t subresources_of(const struct resource *resource, const struct resource_version *version,
                              const char **names, size_t room)
{
    size_t count = 0;
    for (size_t i = 0; resource->subresources[i] != NULL && count < room; i++)
        names[count++] = resource->subresources[i];
    if (version->has_status && resource->crd != NULL && count < room)
        names[count++] = "status";
    if (version->has_scale && count < room)
        names[count++] = "scale";
    if (version->has_status && resource->crd == NULL && count < room)
        names[count++] = "status";
    return count;
}

static void add_names(json_t *document, const struct resource *resource)
{
    if (resource->short_names[0] != NULL)
        json_object_set_new(document, "shortNames", texts(resource->short_names));
    if (resource->categories[0] != NULL)
        json_object_set_new(document, "categories", texts(resource->categories));
}

static void list_resource(json_t *list, const struct resource *resource, const struct resource_version *version)
{
    const char *names[8];
    size_t count = subresources_of(resource, version, names, LENGTH_OF(names));
    json_t *main = json_pack("{s:s, s:s, s:b, s:s, s:o}", "name", resource->plural, "singularName", resource->singular,
                             "namespaced", resource->namespaced, "kind", resource->kind, "verbs", verbs_of(resource));
    add_names(main, resource);
    json_array_append_new(list, main);
    for (size_t i = 0; i < count; i++) {
        bool scale = strcmp(names[i], "scale") == 0;
        CLEANUP_FREE char *name = memory_format("%s/%s", resource->plural, names[i]);
        json_t *entry =
            json_pack("{s:s, s:s, s:b, s:s, s:o}", "name", name, "singularName", "", "namespaced", resource->namespaced,
                      "kind", scale ? "Scale" : resource->kind, "verbs", subresource_verbs(names[i]));
        if (scale) {
            json_object_set_new(entry, "group", json_string("autoscaling"));
            json_object_set_new(entry, "version", json_string("v1"));
        }
        json_array_append_new(list, entry);
    }
}

static json_t *response_kind(const char *group, const char *version, const char *kind)
{
    return json_pack("{s:s, s:s, s:s}", "group", group, "version", version, "kind", kind);
}

static json_t *aggregated_resource(const struct resource *resource, const struct resource_version *version)
{
    const char *names[8];
    size_t count = subresources_of(resource, version, names, LENGTH_OF(names));
    json_t *document = json_pack("{s:s, s:o, s:s, s:s, s:o}", "resource", resource->plural, "responseKind",
                                 response_kind(resource->group, version->name, resource->kind), "scope",
                                 resource->namespaced ? "Namespaced" : "Cluster", "singularResource",
                                 resource->singular, "verbs", verbs_of(resource));
    add_names(document, resource);
    json_t *subresources = json_array();
    for (size_t i = 0; i < count; i++) {
        bool scale = strcmp(names[i], "scale") == 0;
        json_t *kind = scale ? response_kind("autoscaling", "v1", "Scale")
                             : response_kind(resource->group, version->name, resource->kind);
        json_array_append_new(subresources, json_pack("{s:s, s:o, s:o}", "subresource", names[i], "responseKind", kind,
                                                      "verbs", subresource_verbs(names[i])));
    }
    if (count > 0)
        json_object_set(document, "subresources", subresources);
    json_decref(subresources);
    return document;
}

/* The names of the groups that are served, in the order of their resources, each once; borrowed. */
static void find_groups(const struct api_call *call, struct array *groups)
{
    const struct resources *resources = registry_resources(call->api->registry);
    for (size_t i = 0; i < resources_count(resources); i++) {
        const struct resource *resource = resources_at(resources, i);
        bool known = resource->gone;
        for (size_t k = 0; k < groups->count && !known; k++)
            known = strcmp(groups->items[k], resource->group) == 0;
        if (!known)
            array_append(groups, (void *)resource->group);
    }
}

static int compare_versions(const void *a, const void *b)
{
    return resource_version_precedes(a, b) ? -1 : resource_version_precedes(b, a) ? 1 : 0;
}

/* The served versions of a group, the preferred one first; borrowed. */
static void find_versions(const struct api_call *call, const char *group, struct array *versions)
{
    const struct resources *resources = registry_resources(call->api->registry);
    for (size_t i = 0; i < resources_count(resources); i++) {
        const struct resource *resource = resources_at(resources, i);
        for (size_t v = 0; v < resource->version_count; v++) {
            bool skip = resource->gone || !resource->versions[v].served || strcmp(resource->group, group) != 0;
            for (size_t k = 0; k < versions->count && !skip; k++)
                skip = strcmp(versions->items[k], resource->versions[v].name) == 0;
            if (!skip)
                array_append(versions, (void *)resource->versions[v].name);
        }
    }
    array_sort(versions, compare_versions);
}

static json_t *group_version(const char *group, const char *version)
{
    CLEANUP_FREE char *both = memory_format("%s/%s", group, version);
    return json_pack("{s:s, s:s}", "groupVersion", both, "version", version);
}

static json_t *legacy_group(const struct api_call *call, const char *group)
{
    struct array versions = {0};
    find_versions(call, group, &versions);
    json_t *list = json_array();
    for (size_t i = 0; i < versions.count; i++)
        json_array_append_new(list, group_version(group, versions.items[i]));
    json_t *document = json_pack("{s:s, s:o}", "name", group, "versions", list);
    if (versions.count > 0)
        json_object_set_new(document, "preferredVersion", group_version(group, versions.items[0]));
    array_release(&versions);
    return document;
}

static json_t *aggregated_version(const struct api_call *call, const char *group, const char *name)
{
    const struct resources *resources = registry_resources(call->api->registry);
    json_t *list = json_array();
    for (size_t i = 0; i < resources_count(resources); i++) {
        const struct resource *resource = resources_at(resources, i);
        const struct resource_version *version = resource_version(resource, name);
        if (!resource->gone && strcmp(resource->group, group) == 0 && version != NULL && version->served)
            json_array_append_new(list, aggregated_resource(resource, version));
    }
    return json_pack("{s:s, s:o, s:s}", "version", name, "resources", list, "freshness", "Current");
}

static json_t *aggregated_group(const struct api_call *call, const char *group)
{
    struct array versions = {0};
    find_versions(call, group, &versions);
    json_t *list = json_array();
    for (size_t i = 0; i < versions.count; i++)
        json_array_append_new(list, aggregated_version(call, group, versions.items[i]));
    array_release(&versions);
    json_t *metadata = group[0] != '\0' ? json_pack("{s:s}", "name", group) : json_object();
    json_object_set_new(metadata, "creationTimestamp", json_null());
    return json_pack("{s:o, s:o}", "metadata", metadata, "versions", list);
}

static void answer_tree(const struct api_call *call, json_t *tree)
{
    response_json(call->response, 200, tree);
    json_decref(tree);
}

static void answer_aggregated(const struct api_call *call, bool core)
{
    struct array groups = {0};
    bool beta = call->media == MEDIA_DISCOVERY_BETA;
    json_t *items = json_array();
    find_groups(call, &groups);
    for (size_t i = 0; i < groups.count; i++) {
        const char *group = groups.items[i];
        if ((group[0] == '\0') == core)
            json_array_append_new(items, aggregated_group(call, group));
    }
    array_release(&groups);
    answer_tree(call,
                json_pack("{s:s, s:s, s:{}, s:o}", "kind", "APIGroupDiscoveryList", "apiVersion",
                          beta ? "apidiscovery.k8s.io/v2beta1" : "apidiscovery.k8s.io/v2", "metadata", "items", items));
    call->response->content_type = beta ? AGGREGATED_BETA : AGGREGATED;
}

static void answer_groups(const struct api_call *call)
{
    struct array groups = {0};
    json_t *list = json_array();
    find_groups(call, &groups);
    for (size_t i = 0; i < groups.count; i++)
        if (((const char *)groups.items[i])[0] != '\0')
            json_array_append_new(list, legacy_group(call, groups.items[i]));
    array_release(&groups);
    answer_tree(call, json_pack("{s:s, s:s, s:o}", "kind", "APIGroupList", "apiVersion", "v1", "groups", list));
}

static void answer_versions(const struct api_call *call)
{
    answer_tree(call, json_pack("{s:s, s:[s], s:[{s:s, s:s}]}", "kind", "APIVersions", "versions", "v1",
                                "serverAddressByClientCIDRs", "clientCIDR", "0.0.0.0/0", "serverAddress",
                                call->api->address));
}

static bool answer_group(const struct api_call *call, const char *group)
{
    struct array groups = {0};
    bool known = false;
    find_groups(call, &groups);
    for (size_t i = 0; i < groups.count; i++)
        known = known || (group[0] != '\0' && strcmp(groups.items[i], group) == 0);
    array_release(&groups);
    if (!known) {
        response_text(call->response, 404, "404 page not found\n");
        return true;
    }
    json_t *document = legacy_group(call, group);
    json_t *full = json_pack("{s:s, s:s}", "kind", "APIGroup", "apiVersion", "v1");
    json_object_update(full, document);
    json_decref(document);
    answer_tree(call, full);
    return true;
}

static bool answer_resources(const struct api_call *call, const char *group, const char *name, struct refusal *refusal)
{
    const struct resources *resources = registry_resources(call->api->registry);
    json_t *list = json_array();
    for (size_t i = 0; i < resources_count(resources); i++) {
        const struct resource *resource = resources_at(resources, i);
        const struct resource_version *version = resource_version(resource, name);
        if (!resource->gone && strcmp(resource->group, group) == 0 && version != NULL && version->served)
            list_resource(list, resource, version);
    }
    if (json_array_size(list) == 0) {
        json_decref(list);
        return api_refuse_missing_route(refusal);
    }
    CLEANUP_FREE char *both = group[0] != '\0' ? memory_format("%s/%s", group, name) : memory_text(name);
    answer_tree(call, json_pack("{s:s, s:s, s:s, s:o}", "kind", "APIResourceList", "apiVersion", "v1", "groupVersion",
                                both, "resources", list));
    return true;
}

static void answer_root(const struct api_call *call)
{
    struct array groups = {0};
    json_t *paths = json_pack("[s, s, s]", "/api", "/api/v1", "/apis");
    find_groups(call, &groups);
    for (size_t i = 0; i < groups.count; i++) {
        struct array versions = {0};
        const char *group = groups.items[i];
        find_versions(call, group, &versions);
        for (size_t v = 0; v < versions.count && group[0] != '\0'; v++) {
            CLEANUP_FREE char *path = memory_format("/apis/%s/%s", group, (const char *)versions.items[v]);
            json_array_append_new(paths, json_string(path));
        }
        array_release(&versions);
    }
    array_release(&groups);
    static const char *const others[] = {"/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"};
    for (size_t i = 0; i < LENGTH_OF(others); i++)
        json_array_append_new(paths, json_string(others[i]));
    answer_tree(call, json_pack("{s:o}", "paths", paths));
}

static void answer_version(const struct api_call *call)
{
    answer_tree(call, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "major", "1", "minor", "34",
                                "gitVersion", "v1.34.0+simulator", "gitCommit", "", "gitTreeState", "", "buildDate",
                                "1970-01-01T00:00:00Z", "goVersion", "", "compiler", "", "platform", "linux/amd64"));
}

bool discovery_has_builtin(const struct api_call *call)
{
    const struct resources *resources = registry_resources(call->api->registry);
    for (size_t i = 0; i < resources_count(resources); i++)
        if (resources_at(resources, i)->crd == NULL && text_equal(resources_at(resources, i)->group, call->route.group))
            return true;
    return false;
}

bool discovery_answer(const struct api_call *call, struct refusal *refusal)
{
    char *const *parts = call->request->segments;
    size_t count = call->request->segment_count;
    bool aggregated = call->media == MEDIA_DISCOVERY || call->media == MEDIA_DISCOVERY_BETA;
    bool core = strcmp(parts[0], "api") == 0;
    if (count == 1 && (core || strcmp(parts[0], "apis") == 0)) {
        if (aggregated)
            answer_aggregated(call, core);
        else if (core)
            answer_versions(call);
        else
            answer_groups(call);
        return true;
    }
    if (count == 2 && strcmp(parts[0], "apis") == 0)
        return answer_group(call, parts[1]);
    if (count == 2 && core)
        return answer_resources(call, "", parts[1], refusal);
    if (count == 3 && strcmp(parts[0], "apis") == 0)
        return answer_resources(call, parts[1], parts[2], refusal);
    if (count == 1 && parts[0][0] == '\0')
        answer_root(call);
    else if (count == 1 && strcmp(parts[0], "version") == 0)
        answer_version(call);
    else
        response_text(call->response, 404, "404 page not found\n");
    return true;
}
