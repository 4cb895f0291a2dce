/*
 * OpenAPI, as far as kubectl and Helm read it: that writes take fieldValidation and dryRun, for each kind; and the
 * schemas of custom resources. Built-in kinds have no schema here: kubectl then uses those it was built with.
 */
#include "base/array.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/api_call.h"
#include <string.h>

static json_t *parameter(const char *name, bool modern)
{
    json_t *described = json_pack("{s:s, s:s, s:b}", "name", name, "in", "query", "uniqueItems", 1);
    if (modern)
        json_object_set_new(described, "schema", json_pack("{s:s}", "type", "string"));
    else
        json_object_set_new(described, "type", json_string("string"));
    return described;
}

static json_t *group_version_kind(const struct resource *resource, const char *version)
{
    return json_pack("{s:s, s:s, s:s}", "group", resource->group, "version", version, "kind", resource->kind);
}

/* A PATCH that says which parameters there are; that is what clients look for. */
static json_t *patch_operation(const struct resource *resource, const char *version, bool modern)
{
    static const char *const names[] = {"dryRun", "fieldManager", "fieldValidation", "force"};
    json_t *parameters = json_array();
    for (size_t i = 0; i < LENGTH_OF(names); i++)
        json_array_append_new(parameters, parameter(names[i], modern));
    json_t *operation = json_pack("{s:o, s:{s:{s:s}}, s:s, s:o}", "parameters", parameters, "responses", "200",
                                  "description", "OK", "x-kubernetes-action", "patch",
                                  "x-kubernetes-group-version-kind", group_version_kind(resource, version));
    if (modern)
        json_object_set_new(operation, "requestBody",
                            json_pack("{s:{s:{}, s:{}, s:{}}}", "content", "application/apply-patch+yaml",
                                      "application/json-patch+json", "application/merge-patch+json"));
    return operation;
}

static char *path_of(const struct resource *resource, const char *version)
{
    bool core = resource->group[0] == '\0';
    return memory_format("/%s%s/%s%s/%s/{name}", core ? "api" : "apis/", resource->group, version,
                         resource->namespaced ? "/namespaces/{namespace}" : "", resource->plural);
}

/* "io.x.v1.Thing" for the kind Thing of x.io/v1. */
static char *schema_name(const struct resource *resource, const char *version)
{
    struct text name = {0};
    size_t end = strlen(resource->group);
    while (end > 0) {
        size_t start = end;
        while (start > 0 && resource->group[start - 1] != '.')
            start--;
        text_append_bytes(&name, resource->group + start, end - start);
        text_append_char(&name, '.');
        end = start > 0 ? start - 1 : 0;
    }
    text_append_format(&name, "%s.%s", version, resource->kind);
    return text_steal(&name);
}

static json_t *schema_of(const struct resource *resource, const struct resource_version *version)
{
    const json_t *own = tree_get(version->definition, "schema", "openAPIV3Schema");
    json_t *schema = own != NULL ? json_copy((json_t *)own) : json_pack("{s:s}", "type", "object");
    json_object_set_new(schema, "x-kubernetes-group-version-kind",
                        json_pack("[o]", group_version_kind(resource, version->name)));
    return schema;
}

static void add_resource(const struct resource *resource, const struct resource_version *version, bool modern,
                         json_t *paths, json_t *schemas)
{
    CLEANUP_FREE char *path = path_of(resource, version->name);
    CLEANUP_FREE char *name = schema_name(resource, version->name);
    json_object_set_new(paths, path, json_pack("{s:o}", "patch", patch_operation(resource, version->name, modern)));
    json_object_set_new(schemas, name, schema_of(resource, version));
}

/* All resources of one group and version, or of all (NULL). */
static size_t add_resources(const struct api_call *call, const char *group, const char *name, bool modern,
                            json_t *paths, json_t *schemas)
{
    const struct resources *resources = registry_resources(call->api->registry);
    size_t count = 0;
    for (size_t i = 0; i < resources_count(resources); i++) {
        const struct resource *resource = resources_at(resources, i);
        if (resource->gone || resource->virtual || (group != NULL && strcmp(resource->group, group) != 0))
            continue;
        for (size_t v = 0; v < resource->version_count; v++) {
            const struct resource_version *version = &resource->versions[v];
            if (!version->served || (name != NULL && strcmp(version->name, name) != 0))
                continue;
            add_resource(resource, version, modern, paths, schemas);
            count++;
        }
    }
    return count;
}

static void answer_tree(const struct api_call *call, json_t *tree)
{
    response_json(call->response, 200, tree);
    json_decref(tree);
}

static void answer_v2(const struct api_call *call)
{
    json_t *paths = json_object();
    json_t *schemas = json_object();
    add_resources(call, NULL, NULL, false, paths, schemas);
    answer_tree(call, json_pack("{s:s, s:{s:s, s:s}, s:o, s:o}", "swagger", "2.0", "info", "title", "Kubernetes",
                                "version", "v1.34.0", "paths", paths, "definitions", schemas));
}

static bool answer_v3(const struct api_call *call, const char *group, const char *version, struct refusal *refusal)
{
    json_t *paths = json_object();
    json_t *schemas = json_object();
    if (add_resources(call, group, version, true, paths, schemas) == 0) {
        json_decref(paths);
        json_decref(schemas);
        return api_refuse_missing_route(refusal);
    }
    answer_tree(call, json_pack("{s:s, s:{s:s, s:s}, s:o, s:{s:o}}", "openapi", "3.0.0", "info", "title", "Kubernetes",
                                "version", "v1.34.0", "paths", paths, "components", "schemas", schemas));
    return true;
}

static void answer_index(const struct api_call *call)
{
    const struct resources *resources = registry_resources(call->api->registry);
    json_t *paths = json_object();
    for (size_t i = 0; i < resources_count(resources); i++) {
        const struct resource *resource = resources_at(resources, i);
        for (size_t v = 0; v < resource->version_count && !resource->gone && !resource->virtual; v++) {
            bool core = resource->group[0] == '\0';
            if (!resource->versions[v].served)
                continue;
            CLEANUP_FREE char *name =
                memory_format("%s%s/%s", core ? "api" : "apis/", resource->group, resource->versions[v].name);
            /* The state of the cluster stands in for a hash: what was kept under another URL is out of date. */
            CLEANUP_FREE char *url = memory_format("/openapi/v3/%s", name);
            json_object_set_new(paths, name, json_pack("{s:s}", "serverRelativeURL", url));
        }
    }
    answer_tree(call, json_pack("{s:o}", "paths", paths));
}

bool openapi_answer(const struct api_call *call, struct refusal *refusal)
{
    char *const *parts = call->request->segments;
    size_t count = call->request->segment_count;
    if (call->media == MEDIA_NONE)
        return api_refuse_media(refusal);
    if (count == 2 && strcmp(parts[1], "v2") == 0)
        answer_v2(call);
    else if (count == 2 && strcmp(parts[1], "v3") == 0)
        answer_index(call);
    else if (count == 4 && strcmp(parts[1], "v3") == 0 && strcmp(parts[2], "api") == 0)
        return answer_v3(call, "", parts[3], refusal);
    else if (count == 5 && strcmp(parts[1], "v3") == 0 && strcmp(parts[2], "apis") == 0)
        return answer_v3(call, parts[3], parts[4], refusal);
    else
        response_text(call->response, 404, "404 page not found\n");
    return true;
}
