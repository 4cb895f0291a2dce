#include "simulator/route.h"
#include "base/text.h"
#include <string.h>

/* "namespaces/x/status" is about the namespace x, "namespaces/x/pods" about what is in it. */
static bool is_namespace_subresource(const char *segment)
{
    return strcmp(segment, "status") == 0 || strcmp(segment, "finalize") == 0;
}

bool route_parse(const struct request *request, struct route *ret_route)
{
    struct route route = {0};
    size_t count = request->segment_count;
    char *const *parts = request->segments;
    if (count >= 3 && strcmp(parts[0], "api") == 0) {
        route.group = "";
        route.version = parts[1];
        parts += 2;
        count -= 2;
    } else if (count >= 4 && strcmp(parts[0], "apis") == 0) {
        route.group = parts[1];
        route.version = parts[2];
        parts += 3;
        count -= 3;
    } else {
        return false;
    }
    if (count > 1 && strcmp(parts[0], "watch") == 0) {
        route.watch = true;
        parts++;
        count--;
    }
    if (count >= 3 && strcmp(parts[0], "namespaces") == 0 && !is_namespace_subresource(parts[2])) {
        route.namespace = parts[1];
        parts += 2;
        count -= 2;
    }
    route.plural = parts[0];
    route.name = count > 1 ? parts[1] : NULL;
    route.subresource = count > 2 ? parts[2] : NULL;
    route.rest = parts + (count > 3 ? 3 : count);
    route.rest_count = count > 3 ? count - 3 : 0;
    *ret_route = route;
    return true;
}

const char *route_verb(const struct request *request, const struct route *route)
{
    const char *method = request->method;
    if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0) {
        if (route->name != NULL && !route->watch)
            return "get";
        return route->watch || request_flag(request, "watch") ? "watch" : "list";
    }
    if (strcmp(method, "POST") == 0)
        return "create";
    if (strcmp(method, "PUT") == 0)
        return "update";
    if (strcmp(method, "PATCH") == 0)
        return "patch";
    if (strcmp(method, "DELETE") == 0)
        return route->name != NULL ? "delete" : "deletecollection";
    return NULL;
}
