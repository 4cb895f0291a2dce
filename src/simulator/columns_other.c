/* Cells of services and their like, of events, volumes and rights. */
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/columns.h"
#include <string.h>

#define SHOWN_ENDPOINTS 3

static json_t *take_text(struct text *text, const char *otherwise)
{
    json_t *value = json_string(text->size > 0 ? text_peek(text) : otherwise);
    text_release(text);
    return value;
}

static void join(struct text *text, const char *addition)
{
    if (addition != NULL && addition[0] != '\0')
        text_append_format(text, "%s%s", text->size > 0 ? "," : "", addition);
}

json_t *columns_service_ports(const struct column *column, const json_t *object, int64_t now_ms)
{
    struct text text = {0};
    const json_t *ports = tree_get(object, "spec", "ports");
    (void)column;
    (void)now_ms;
    for (size_t i = 0; i < json_array_size(ports); i++) {
        const json_t *port = json_array_get(ports, i);
        const char *protocol = tree_text(port, "protocol");
        long long node_port = tree_integer(json_object_get(port, "nodePort"), 0);
        CLEANUP_FREE char *node = node_port > 0 ? memory_format(":%lld", node_port) : memory_text("");
        CLEANUP_FREE char *one = memory_format("%lld%s/%s", (long long)tree_integer(json_object_get(port, "port"), 0),
                                               node, protocol != NULL ? protocol : "TCP");
        join(&text, one);
    }
    return take_text(&text, "<none>");
}

/* "ip" or "hostname" of each address that a load balancer has. */
static void join_balancer(struct text *text, const json_t *object)
{
    const json_t *points = tree_get(object, "status", "loadBalancer", "ingress");
    for (size_t i = 0; i < json_array_size(points); i++) {
        const json_t *point = json_array_get(points, i);
        join(text, tree_text(point, "ip") != NULL ? tree_text(point, "ip") : tree_text(point, "hostname"));
    }
}

json_t *columns_service_external(const struct column *column, const json_t *object, int64_t now_ms)
{
    struct text text = {0};
    const char *type = tree_text(object, "spec", "type");
    const json_t *addresses = tree_get(object, "spec", "externalIPs");
    (void)column;
    (void)now_ms;
    if (text_equal(type, "ExternalName"))
        join(&text, tree_text(object, "spec", "externalName"));
    else if (text_equal(type, "LoadBalancer"))
        join_balancer(&text, object);
    for (size_t i = 0; i < json_array_size(addresses); i++)
        join(&text, json_string_value(json_array_get(addresses, i)));
    return take_text(&text, text_equal(type, "LoadBalancer") ? "<pending>" : "<none>");
}

/* "a,b,c + 2 more..." */
static json_t *shorten(struct text *text, size_t count)
{
    if (count > SHOWN_ENDPOINTS)
        text_append_format(text, " + %zu more...", count - SHOWN_ENDPOINTS);
    return take_text(text, "<none>");
}

json_t *columns_endpoints(const struct column *column, const json_t *object, int64_t now_ms)
{
    struct text text = {0};
    size_t count = 0;
    const json_t *subsets = json_object_get(object, "subsets");
    (void)column;
    (void)now_ms;
    for (size_t s = 0; s < json_array_size(subsets); s++) {
        const json_t *ports = json_object_get(json_array_get(subsets, s), "ports");
        const json_t *addresses = json_object_get(json_array_get(subsets, s), "addresses");
        for (size_t p = 0; p < json_array_size(ports); p++)
            for (size_t a = 0; a < json_array_size(addresses); a++) {
                CLEANUP_FREE char *one =
                    memory_format("%s:%lld", tree_text(json_array_get(addresses, a), "ip"),
                                  (long long)tree_integer(json_object_get(json_array_get(ports, p), "port"), 0));
                if (count++ < SHOWN_ENDPOINTS)
                    join(&text, one);
            }
    }
    return shorten(&text, count);
}

json_t *columns_slice_endpoints(const struct column *column, const json_t *object, int64_t now_ms)
{
    struct text text = {0};
    size_t count = 0;
    const json_t *endpoints = json_object_get(object, "endpoints");
    (void)column;
    (void)now_ms;
    for (size_t i = 0; i < json_array_size(endpoints); i++) {
        const json_t *addresses = json_object_get(json_array_get(endpoints, i), "addresses");
        for (size_t a = 0; a < json_array_size(addresses); a++)
            if (count++ < SHOWN_ENDPOINTS)
                join(&text, json_string_value(json_array_get(addresses, a)));
    }
    return shorten(&text, count);
}

json_t *columns_slice_ports(const struct column *column, const json_t *object, int64_t now_ms)
{
    struct text text = {0};
    const json_t *ports = json_object_get(object, "ports");
    (void)column;
    (void)now_ms;
    for (size_t i = 0; i < json_array_size(ports); i++) {
        CLEANUP_FREE char *one =
            memory_format("%lld", (long long)tree_integer(json_object_get(json_array_get(ports, i), "port"), 0));
        join(&text, one);
    }
    return take_text(&text, "<unset>");
}

json_t *columns_ingress_hosts(const struct column *column, const json_t *object, int64_t now_ms)
{
    struct text text = {0};
    const json_t *rules = tree_get(object, "spec", "rules");
    (void)column;
    (void)now_ms;
    for (size_t i = 0; i < json_array_size(rules); i++)
        join(&text, tree_text(json_array_get(rules, i), "host"));
    return take_text(&text, "*");
}

json_t *columns_ingress_address(const struct column *column, const json_t *object, int64_t now_ms)
{
    struct text text = {0};
    (void)column;
    (void)now_ms;
    join_balancer(&text, object);
    return take_text(&text, "");
}

json_t *columns_ingress_ports(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    return json_string(json_array_size(tree_get(object, "spec", "tls")) > 0 ? "80, 443" : "80");
}

json_t *columns_event_object(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    const char *kind = tree_text(object, "involvedObject", "kind");
    const char *name = tree_text(object, "involvedObject", "name");
    CLEANUP_FREE char *text = memory_format("%s/%s", kind != NULL ? kind : "", name != NULL ? name : "");
    for (char *at = text; *at != '/'; at++)
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
    return json_string(text);
}

json_t *columns_event_seen(const struct column *column, const json_t *object, int64_t now_ms)
{
    const char *time = tree_text(object, column->path);
    const char *last = tree_text(object, "series", "lastObservedTime");
    if (strcmp(column->path, "lastTimestamp") == 0 && last != NULL)
        time = last;
    if (time == NULL)
        time = tree_text(object, "eventTime");
    return columns_age(time, now_ms);
}

json_t *columns_event_source(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    const char *component = tree_text(object, "source", "component");
    const char *host = tree_text(object, "source", "host");
    if (component == NULL || component[0] == '\0')
        component = tree_text(object, "reportingComponent");
    if (host == NULL || host[0] == '\0')
        host = tree_text(object, "reportingInstance");
    bool both = host != NULL && host[0] != '\0';
    CLEANUP_FREE char *text =
        memory_format("%s%s%s", component != NULL ? component : "", both ? ", " : "", both ? host : "");
    return json_string(text);
}

json_t *columns_event_count(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    int64_t count = tree_integer(tree_get(object, "series", "count"), 0);
    if (count == 0)
        count = tree_integer(json_object_get(object, "count"), 0);
    return json_integer(count > 0 ? count : 1);
}

json_t *columns_role(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    const char *kind = tree_text(object, "roleRef", "kind");
    const char *name = tree_text(object, "roleRef", "name");
    CLEANUP_FREE char *text = memory_format("%s/%s", kind != NULL ? kind : "", name != NULL ? name : "");
    return json_string(text);
}

json_t *columns_subjects(const struct column *column, const json_t *object, int64_t now_ms)
{
    struct text text = {0};
    const json_t *subjects = json_object_get(object, "subjects");
    (void)now_ms;
    for (size_t i = 0; i < json_array_size(subjects); i++) {
        const json_t *subject = json_array_get(subjects, i);
        const char *namespace = tree_text(subject, "namespace");
        const char *name = tree_text(subject, "name");
        if (!text_equal(tree_text(subject, "kind"), column->path) || name == NULL)
            continue;
        text_append_format(&text, "%s%s%s%s", text.size > 0 ? ", " : "", namespace != NULL ? namespace : "",
                           namespace != NULL ? "/" : "", name);
    }
    return take_text(&text, "");
}

json_t *columns_request_condition(const struct column *column, const json_t *object, int64_t now_ms)
{
    struct text text = {0};
    const json_t *conditions = tree_get(object, "status", "conditions");
    (void)column;
    (void)now_ms;
    for (size_t i = 0; i < json_array_size(conditions); i++)
        join(&text, tree_text(json_array_get(conditions, i), "type"));
    if (text.size == 0)
        text_append(&text, "Pending");
    if (tree_text(object, "status", "certificate") != NULL)
        join(&text, "Issued");
    return take_text(&text, "Pending");
}

json_t *columns_modes(const struct column *column, const json_t *object, int64_t now_ms)
{
    static const char *const words[][2] = {
        {"ReadWriteOnce", "RWO"}, {"ReadOnlyMany", "ROX"}, {"ReadWriteMany", "RWX"}, {"ReadWriteOncePod", "RWOP"}};
    struct text text = {0};
    const json_t *modes = columns_at(object, column->path);
    (void)now_ms;
    for (size_t i = 0; i < json_array_size(modes); i++)
        for (size_t k = 0; k < LENGTH_OF(words); k++)
            if (text_equal(json_string_value(json_array_get(modes, i)), words[k][0]))
                join(&text, words[k][1]);
    return take_text(&text, "");
}

json_t *columns_claim(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    const char *name = tree_text(object, "spec", "claimRef", "name");
    const char *namespace = tree_text(object, "spec", "claimRef", "namespace");
    if (name == NULL)
        return json_string("");
    CLEANUP_FREE char *text = memory_format("%s/%s", namespace != NULL ? namespace : "", name);
    return json_string(text);
}

json_t *columns_api_service(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    const char *name = tree_text(object, "spec", "service", "name");
    const char *namespace = tree_text(object, "spec", "service", "namespace");
    if (name == NULL)
        return json_string("Local");
    CLEANUP_FREE char *text = memory_format("%s/%s", namespace != NULL ? namespace : "", name);
    return json_string(text);
}

json_t *columns_api_available(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    const json_t *conditions = tree_get(object, "status", "conditions");
    for (size_t i = 0; i < json_array_size(conditions); i++) {
        const json_t *condition = json_array_get(conditions, i);
        if (text_equal(tree_text(condition, "type"), "Available") && tree_text(condition, "status") != NULL)
            return json_string(tree_text(condition, "status"));
    }
    return json_string("Unknown");
}
