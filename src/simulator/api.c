#include "simulator/api.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/api_call.h"
#include "simulator/rbac.h"
#include <openssl/crypto.h>
#include <string.h>

#define ADMINISTRATOR "simulator-admin"

struct store *api_store(const struct api_call *call)
{
    return registry_store(call->api->registry);
}

int64_t api_wall_ms(const struct api_call *call)
{
    return clock_wall_ms(registry_clock(call->api->registry));
}

int64_t api_boot_ms(const struct api_call *call)
{
    return clock_boot_ms(registry_clock(call->api->registry));
}

struct registry_call api_registry_call(const struct api_call *call)
{
    return (struct registry_call){.resource = call->resource,
                                  .version = call->route.version,
                                  .subresource = call->route.subresource,
                                  .namespace = call->route.namespace,
                                  .name = call->route.name,
                                  .user = call->request->user,
                                  .groups = call->request->groups};
}

static bool refuse_empty(struct refusal *refusal, int code, const char *reason, const char *message)
{
    refusal_set(refusal, code, reason, "%s", message);
    refusal->details = json_object();
    return false;
}

bool api_refuse_media(struct refusal *refusal)
{
    return refuse_empty(refusal, 406, "NotAcceptable",
                        "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, "
                        "application/json;stream=watch");
}

bool api_refuse_missing_route(struct refusal *refusal)
{
    return refuse_empty(refusal, 404, "NotFound", "the server could not find the requested resource");
}

bool api_refuse_method(struct refusal *refusal)
{
    return refuse_empty(refusal, 405, "MethodNotAllowed",
                        "the server does not allow this method on the requested resource");
}

/* The time that this takes says nothing about how much of a guess is right. */
static bool is_token(const char *given, const char *token)
{
    size_t length = strlen(token);
    return strlen(given) == length && CRYPTO_memcmp(given, token, length) == 0;
}

static bool authenticate(const struct api *api, struct request *request, struct refusal *refusal)
{
    const char *header = request_header(request, "Authorization");
    if (header == NULL || strncmp(header, "Bearer ", 7) != 0 || !is_token(header + 7, api->token))
        return refusal_set(refusal, 401, "Unauthorized", "Unauthorized");
    const char *as = request_header(request, "Impersonate-User");
    request->user = memory_text(as != NULL && as[0] != '\0' ? as : ADMINISTRATOR);
    request->groups = json_array();
    if (as == NULL || as[0] == '\0')
        json_array_append_new(request->groups, json_string("system:masters"));
    for (size_t i = 0; i < request->header_count && as != NULL; i++)
        if (text_equal(request->headers[i].name, "Impersonate-Group"))
            json_array_append_new(request->groups, json_string(request->headers[i].value));
    json_array_append_new(request->groups, json_string("system:authenticated"));
    return true;
}

static bool authorise(const struct api_call *call, struct refusal *refusal)
{
    const struct route *route = &call->route;
    CLEANUP_FREE char *resource = route->subresource != NULL && route->plural != NULL
                                      ? memory_format("%s/%s", route->plural, route->subresource)
                                      : memory_text(route->plural);
    struct rbac_question question = {.user = call->request->user,
                                     .groups = call->request->groups,
                                     .verb = call->verb,
                                     .group = route->group,
                                     .resource = resource,
                                     .namespace = route->namespace,
                                     .name = route->name};
    if (route->plural == NULL || rbac_allows(call->api->registry, &question))
        return true;
    CLEANUP_FREE char *where =
        route->namespace != NULL ? memory_format("in the namespace \"%s\"", route->namespace) : NULL;
    CLEANUP_FREE char *why =
        memory_format("User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s", call->request->user, call->verb,
                      resource, route->group, where != NULL ? where : "at the cluster scope");
    return refusal_forbidden(refusal, route->group, route->plural, route->name, why);
}

static bool is_text(const char *segment, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (text_equal(words[i], segment))
            return true;
    return false;
}

/* Paths that name no resource. */
static bool answer_path(const struct api_call *call, struct refusal *refusal)
{
    static const char *const health[] = {"healthz", "livez", "readyz", NULL};
    const struct request *request = call->request;
    const char *first = request->segments[0];
    if (!text_equal(call->verb, "get") && !text_equal(call->verb, "list"))
        return api_refuse_method(refusal);
    if (is_text(first, health))
        response_text(call->response, 200, "ok");
    else if (text_equal(first, "openapi"))
        return openapi_answer(call, refusal);
    else
        return discovery_answer(call, refusal);
    return true;
}

static void warn_deprecated(const struct api_call *call)
{
    const struct resource *resource = call->resource;
    const struct resource_version *version = resource_version(resource, call->route.version);
    if (version == NULL || !version->deprecated)
        return;
    if (version->warning != NULL) {
        response_warn(call->response, version->warning);
        return;
    }
    const char *better = resource_preferred(resource);
    bool has_better = !text_equal(better, version->name) && !resource_version(resource, better)->deprecated;
    CLEANUP_FREE char *end =
        has_better ? memory_format("; use %s/%s %s", resource->group, better, resource->kind) : memory_text("");
    CLEANUP_FREE char *text =
        memory_format("%s/%s %s is deprecated%s", resource->group, version->name, resource->kind, end);
    response_warn(call->response, text);
}

static bool has_subresource(const struct api_call *call)
{
    const struct resource_version *version = resource_version(call->resource, call->route.version);
    const char *subresource = call->route.subresource;
    if (subresource == NULL)
        return true;
    return (text_equal(subresource, "status") && version->has_status) ||
           (text_equal(subresource, "scale") && version->has_scale) ||
           is_text(subresource, call->resource->subresources);
}

/* Subresources that are not a view of the stored object, and resources that are not stored. */
static api_handler special_handler(const struct api_call *call)
{
    const char *subresource = call->route.subresource;
    if (text_equal(call->resource->group, "metrics.k8s.io"))
        return metrics_get;
    if (call->resource->virtual)
        return review_create;
    if (text_equal(subresource, "log"))
        return podlog_get;
    if (text_equal(subresource, "proxy"))
        return proxy_any;
    return NULL;
}

static api_handler handler_of(const struct api_call *call)
{
    static const struct {
        const char *verb;
        bool named;
        bool subresource; /* works on subresources, too */
        api_handler handler;
    } handlers[] = {
        {"get", true, true, read_get},          {"list", false, false, read_list},
        {"watch", false, false, watch_start},   {"create", false, false, change_create},
        {"update", true, true, change_update},  {"patch", true, true, change_patch},
        {"delete", true, false, change_delete}, {"deletecollection", false, false, change_delete_all},
    };
    const struct route *route = &call->route;
    bool scoped = !call->resource->namespaced || route->namespace != NULL;
    for (size_t i = 0; i < LENGTH_OF(handlers); i++) {
        if (!text_equal(handlers[i].verb, call->verb))
            continue;
        bool writes = !text_equal(call->verb, "list") && !text_equal(call->verb, "watch");
        bool fits = handlers[i].named == (route->name != NULL) || route->watch;
        return fits && (scoped || !writes) && (handlers[i].subresource || route->subresource == NULL)
                   ? handlers[i].handler
                   : NULL;
    }
    return NULL;
}

static bool answer_resource(const struct api_call *call, struct refusal *refusal)
{
    const struct route *route = &call->route;
    bool placed =
        call->resource->namespaced ? route->namespace != NULL || route->name == NULL : route->namespace == NULL;
    warn_deprecated(call);
    if (!placed || !has_subresource(call))
        return api_refuse_missing_route(refusal);
    api_handler special = special_handler(call);
    if (special != NULL)
        return special(call, refusal);
    if (route->rest_count > 0)
        return api_refuse_missing_route(refusal);
    api_handler handler = handler_of(call);
    return handler != NULL ? handler(call, refusal) : api_refuse_method(refusal);
}

static bool answer(const struct api *api, struct request *request, struct response *response, struct refusal *refusal)
{
    struct api_call call = {.api = api, .request = request, .response = response};
    if (!authenticate(api, request, refusal))
        return false;
    bool about_resource = route_parse(request, &call.route);
    call.verb = route_verb(request, &call.route);
    call.media = media_accepted(request_header(request, "Accept"));
    if (call.verb == NULL)
        return api_refuse_method(refusal);
    if (!authorise(&call, refusal))
        return false;
    if (!about_resource)
        return answer_path(&call, refusal);
    call.resource = resources_find(registry_resources(api->registry), call.route.group, call.route.plural);
    const struct resource_version *version =
        call.resource != NULL ? resource_version(call.resource, call.route.version) : NULL;
    if (version == NULL || !version->served)
        return discovery_has_builtin(&call) ? api_refuse_missing_route(refusal)
                                            : (response_text(response, 404, "404 page not found\n"), true);
    bool any_media = text_equal(call.route.subresource, "proxy") || text_equal(call.route.subresource, "log");
    if (call.media == MEDIA_NONE && !any_media)
        return api_refuse_media(refusal);
    return answer_resource(&call, refusal);
}

void api_answer(const struct api *api, struct request *request, struct response *response)
{
    struct refusal refusal = {0};
    if (!answer(api, request, response, &refusal))
        response_refusal(response, &refusal);
    refusal_release(&refusal);
}
