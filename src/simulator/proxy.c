/* The proxy to services and pods: what the scenario says that they answer. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/api_call.h"
#include "simulator/scenario.h"
#include <stdlib.h>
#include <string.h>

/* "https:name:port", "name:port" or "name"; both results are the caller's. */
static void split_name(const char *text, char **ret_name, char **ret_port)
{
    if (text_starts(text, "https:") || text_starts(text, "http:"))
        text = strchr(text, ':') + 1;
    size_t length = strcspn(text, ":");
    *ret_name = memory_text_part(text, length);
    *ret_port = memory_text(text[length] == ':' ? text + length + 1 : "");
}

static void append_encoded(struct text *text, const char *value)
{
    for (; *value != '\0'; value++) {
        bool plain = (*value >= 'a' && *value <= 'z') || (*value >= 'A' && *value <= 'Z') ||
                     (*value >= '0' && *value <= '9') || strchr("-_.~", *value) != NULL;
        if (plain)
            text_append_char(text, *value);
        else
            text_append_format(text, "%%%02X", (unsigned char)*value);
    }
}

/* "/path?query" behind the proxy; the caller's. */
static char *inner_path(const struct api_call *call)
{
    struct text path = {0};
    const struct request *request = call->request;
    for (size_t i = 0; i < call->route.rest_count; i++) {
        text_append_char(&path, '/');
        text_append(&path, call->route.rest[i]);
    }
    if (path.size == 0)
        text_append_char(&path, '/');
    for (size_t i = 0; i < request->query_count; i++) {
        text_append_char(&path, i == 0 ? '?' : '&');
        append_encoded(&path, request->query[i].name);
        text_append_char(&path, '=');
        append_encoded(&path, request->query[i].value);
    }
    return text_steal(&path);
}

/* Content types are few: the response wants a static one. */
static const char *known_type(const char *type)
{
    static const char *const types[] = {"application/json", "text/plain", "text/html", "text/plain; version=0.0.4"};
    for (size_t i = 0; i < LENGTH_OF(types); i++)
        if (text_equal(types[i], type))
            return types[i];
    return types[1];
}

bool proxy_any(const struct api_call *call, struct refusal *refusal)
{
    CLEANUP_FREE char *name = NULL;
    CLEANUP_FREE char *port = NULL;
    CLEANUP_FREE char *path = inner_path(call);
    split_name(call->route.name, &name, &port);
    if (store_get(api_store(call), call->resource, call->route.namespace, name) == NULL)
        return refusal_not_found(refusal, call->resource->group, call->resource->plural, name);
    struct scenario_answer answer = {0};
    if (call->api->scenario != NULL)
        scenario_proxy(call->api->scenario, call->route.namespace, name, port, call->request->method, path,
                       api_wall_ms(call), &answer);
    if (answer.status == 0)
        return refusal_set(refusal, 503, "ServiceUnavailable", "no endpoints available for service \"%s\"",
                           call->route.name);
    call->response->status = answer.status;
    call->response->content_type = known_type(answer.content_type);
    text_append_bytes(&call->response->body, answer.body, answer.size);
    scenario_answer_release(&answer);
    return true;
}
