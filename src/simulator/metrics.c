/* metrics.k8s.io: what pods and nodes use, as the scenario has it; made up for each request, never stored. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/api_call.h"
#include "simulator/list_options.h"
#include "simulator/scenario.h"
#include <inttypes.h>
#include <string.h>

#define WINDOW "30s"

static json_t *usage_of(int64_t millicores, int64_t bytes)
{
    CLEANUP_FREE char *cpu = memory_format("%" PRId64 "m", millicores);
    CLEANUP_FREE char *memory = memory_format("%" PRId64 "Ki", bytes / 1024);
    return json_pack("{s:s, s:s}", "cpu", cpu, "memory", memory);
}

/* Add up what the containers of a pod use; with `containers` also list it for each of them. */
static void measure_pod(const struct api_call *call, const json_t *pod, json_t *containers, int64_t *ret_millicores,
                        int64_t *ret_bytes)
{
    const json_t *list = tree_get(pod, "spec", "containers");
    for (size_t i = 0; i < json_array_size(list) && call->api->scenario != NULL; i++) {
        const char *name = tree_text(json_array_get(list, i), "name");
        int64_t millicores = 0;
        int64_t bytes = 0;
        scenario_usage(call->api->scenario, pod, name, api_wall_ms(call), &millicores, &bytes);
        *ret_millicores += millicores;
        *ret_bytes += bytes;
        if (containers != NULL)
            json_array_append_new(containers,
                                  json_pack("{s:s, s:o}", "name", name, "usage", usage_of(millicores, bytes)));
    }
}

static json_t *metrics_head(const struct api_call *call, const json_t *object)
{
    char time[32];
    int64_t now = api_wall_ms(call);
    clock_format(now - now % 1000, time, sizeof time);
    json_t *metadata = json_pack("{s:O, s:s}", "name", tree_get(object, "metadata", "name"), "creationTimestamp", time);
    const char *const kept[] = {"namespace", "labels"};
    for (size_t i = 0; i < LENGTH_OF(kept); i++)
        if (tree_get(object, "metadata", kept[i]) != NULL)
            json_object_set(metadata, kept[i], tree_get(object, "metadata", kept[i]));
    return json_pack("{s:s, s:s, s:o, s:s, s:s}", "kind", call->resource->kind, "apiVersion", "metrics.k8s.io/v1beta1",
                     "metadata", metadata, "timestamp", time, "window", WINDOW);
}

static json_t *pod_metrics(const struct api_call *call, const json_t *pod)
{
    int64_t millicores = 0;
    int64_t bytes = 0;
    json_t *containers = json_array();
    measure_pod(call, pod, containers, &millicores, &bytes);
    json_t *metrics = metrics_head(call, pod);
    json_object_set_new(metrics, "containers", containers);
    return metrics;
}

static json_t *node_metrics(const struct api_call *call, const json_t *node)
{
    const struct resource *pods = resources_find(registry_resources(call->api->registry), "", "pods");
    const char *name = tree_text(node, "metadata", "name");
    int64_t millicores = 0;
    int64_t bytes = 0;
    for (size_t i = 0; i < store_count(api_store(call), pods); i++) {
        const json_t *pod = store_at(api_store(call), pods, i);
        if (text_equal(tree_text(pod, "spec", "nodeName"), name))
            measure_pod(call, pod, NULL, &millicores, &bytes);
    }
    json_t *metrics = metrics_head(call, node);
    json_object_set_new(metrics, "usage", usage_of(millicores, bytes));
    return metrics;
}

static bool is_measured(const json_t *object)
{
    const char *phase = tree_text(object, "status", "phase");
    return !text_equal(tree_text(object, "kind"), "Pod") || text_equal(phase, "Running");
}

static json_t *metrics_of(const struct api_call *call, const json_t *object)
{
    return call->resource->namespaced ? pod_metrics(call, object) : node_metrics(call, object);
}

static bool list_metrics(const struct api_call *call, const struct resource *measured, struct refusal *refusal)
{
    struct filter *filter = NULL;
    if (!filter_parse(measured, "v1", request_query(call->request, "labelSelector"),
                      request_query(call->request, "fieldSelector"), &filter, refusal))
        return false;
    json_t *items = json_array();
    for (size_t i = 0; i < store_count(api_store(call), measured); i++) {
        const json_t *object = store_at(api_store(call), measured, i);
        const char *namespace = tree_text(object, "metadata", "namespace");
        if ((call->route.namespace == NULL || text_equal(call->route.namespace, namespace)) && is_measured(object) &&
            filter_matches(filter, object))
            json_array_append_new(items, metrics_of(call, object));
    }
    json_t *list = json_pack("{s:s, s:s, s:{}, s:o}", "kind", call->resource->list_kind, "apiVersion",
                             "metrics.k8s.io/v1beta1", "metadata", "items", items);
    response_json(call->response, 200, list);
    json_decref(list);
    filter_free(filter);
    return true;
}

bool metrics_get(const struct api_call *call, struct refusal *refusal)
{
    const struct resource *measured =
        resources_find(registry_resources(call->api->registry), "", call->resource->plural);
    if (!text_equal(call->verb, "get") && !text_equal(call->verb, "list"))
        return api_refuse_method(refusal);
    if (call->route.name == NULL)
        return list_metrics(call, measured, refusal);
    const json_t *object = store_get(api_store(call), measured, call->route.namespace, call->route.name);
    if (object == NULL || !is_measured(object))
        return refusal_not_found(refusal, call->resource->group, call->resource->plural, call->route.name);
    json_t *metrics = metrics_of(call, object);
    response_json(call->response, 200, metrics);
    json_decref(metrics);
    return true;
}
