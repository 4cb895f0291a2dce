#include "simulator/endpoints.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/selector.h"

#define MANAGER "kube-controller-manager"

/* The number that a targetPort has in a pod; 0 when the pod has no port of that name. */
static json_int_t port_number(const json_t *target, const json_t *pod)
{
    const char *name = json_string_value(target);
    if (name == NULL)
        return tree_integer(target, 0);
    size_t index, at;
    const json_t *container, *port;
    json_array_foreach(tree_get(pod, "spec", "containers"), index, container)
    {
        json_array_foreach(json_object_get(container, "ports"), at, port)
        {
            if (text_equal(tree_text(port, "name"), name))
                return tree_integer(json_object_get(port, "containerPort"), 0);
        }
    }
    return 0;
}

/* The pods that a Service selects and that have an address. The caller's. */
static json_t *selected(const struct work *work, const json_t *service)
{
    json_t *pods = json_array();
    const struct resource *resource = work_resource(work, "", "pods");
    const struct store *store = registry_store(work->registry);
    for (size_t i = 0; i < store_count(store, resource); i++) {
        json_t *pod = store_at(store, resource, i);
        if (text_equal(work_namespace(pod), work_namespace(service)) && tree_text(pod, "status", "podIP") != NULL &&
            selector_matches_map(tree_get(service, "spec", "selector"), tree_get(pod, "metadata", "labels")))
            json_array_append(pods, pod);
    }
    return pods;
}

static json_t *ports_of(const json_t *service, const json_t *pod)
{
    json_t *ports = json_array();
    size_t index;
    const json_t *port;
    json_array_foreach(tree_get(service, "spec", "ports"), index, port)
    {
        const json_t *target = json_object_get(port, "targetPort");
        json_array_append_new(ports, json_pack("{s:s*, s:I, s:s*}", "name", tree_text(port, "name"), "port",
                                               port_number(target, pod), "protocol", tree_text(port, "protocol")));
    }
    return ports;
}

static json_t *target(const json_t *pod)
{
    return json_pack("{s:s, s:s, s:s, s:s*}", "kind", "Pod", "namespace", work_namespace(pod), "name", work_name(pod),
                     "uid", tree_text(pod, "metadata", "uid"));
}

static json_t *subsets(const json_t *service, const json_t *pods)
{
    json_t *ready = json_array(), *unready = json_array(), *list = json_array();
    size_t index;
    const json_t *pod;
    json_array_foreach(pods, index, pod)
    {
        if (!work_being_deleted(pod))
            json_array_append_new(work_ready(pod) ? ready : unready,
                                  json_pack("{s:s, s:s*, s:o}", "ip", tree_text(pod, "status", "podIP"), "nodeName",
                                            tree_text(pod, "spec", "nodeName"), "targetRef", target(pod)));
    }
    if (json_array_size(ready) + json_array_size(unready) > 0) {
        json_t *subset = json_object();
        if (json_array_size(ready) > 0)
            json_object_set(subset, "addresses", ready);
        if (json_array_size(unready) > 0)
            json_object_set(subset, "notReadyAddresses", unready);
        json_object_set_new(subset, "ports", ports_of(service, json_array_get(pods, 0)));
        json_array_append_new(list, subset);
    }
    json_decref(ready);
    json_decref(unready);
    return list;
}

static json_t *slice_endpoints(const json_t *pods)
{
    json_t *list = json_array();
    size_t index;
    const json_t *pod;
    json_array_foreach(pods, index, pod)
    {
        bool ready = work_ready(pod), leaving = work_being_deleted(pod);
        json_array_append_new(list, json_pack("{s:[s], s:{s:b, s:b, s:b}, s:o, s:s*}", "addresses",
                                              tree_text(pod, "status", "podIP"), "conditions", "ready", ready,
                                              "serving", ready, "terminating", leaving, "targetRef", target(pod),
                                              "nodeName", tree_text(pod, "spec", "nodeName")));
    }
    return list;
}

/* Make the object, or replace those fields of it that differ. Takes over `object`. */
static void put(struct work *work, const char *group, const char *plural, json_t *object, const char *const *fields)
{
    const json_t *there = work_get(work, group, plural, work_namespace(object), work_name(object));
    json_t *patch = json_object();
    for (; there != NULL && *fields != NULL; fields++) {
        const json_t *wanted = json_object_get(object, *fields), *found = json_object_get(there, *fields);
        bool none = (wanted == NULL || json_array_size(wanted) == 0) && (found == NULL || json_array_size(found) == 0);
        if (!none && !tree_equal(wanted, found))
            json_object_set(patch, *fields, wanted != NULL ? (json_t *)wanted : json_null());
    }
    if (there == NULL)
        work_create(work, MANAGER, group, plural, object, NULL);
    else if (json_object_size(patch) > 0)
        work_patch(work, MANAGER, group, plural, there, patch);
    json_decref(patch);
    json_decref(object);
}

static void put_endpoints(struct work *work, const json_t *service, const json_t *pods)
{
    static const char *const fields[] = {"subsets", NULL};
    put(work, "", "endpoints",
        json_pack("{s:s, s:s, s:{s:s, s:s, s:{s:s}}, s:o}", "apiVersion", "v1", "kind", "Endpoints", "metadata", "name",
                  work_name(service), "namespace", work_namespace(service), "labels",
                  "endpoints.kubernetes.io/managed-by", "endpoint-controller", "subsets", subsets(service, pods)),
        fields);
}

static void put_slice(struct work *work, const json_t *service, const json_t *pods)
{
    static const char *const fields[] = {"endpoints", "ports", NULL};
    CLEANUP_FREE char *name = memory_format("%s-%05x", work_name(service), work_hash(work_name(service)) & 0xfffff);
    CLEANUP_FREE char *prefix = memory_format("%s-", work_name(service));
    put(work, "discovery.k8s.io", "endpointslices",
        json_pack("{s:s, s:s, s:{s:s, s:s, s:s, s:{s:s, s:s}, s:o}, s:s, s:o, s:o}", "apiVersion",
                  "discovery.k8s.io/v1", "kind", "EndpointSlice", "metadata", "name", name, "generateName", prefix,
                  "namespace", work_namespace(service), "labels", "endpointslice.kubernetes.io/managed-by",
                  "endpointslice-controller.k8s.io", "kubernetes.io/service-name", work_name(service),
                  "ownerReferences", work_owner_references(service), "addressType", "IPv4", "endpoints",
                  slice_endpoints(pods), "ports", ports_of(service, json_array_get(pods, 0))),
        fields);
}

int64_t endpoints_reconcile(struct work *work, const json_t *service)
{
    if (work_being_deleted(service) || json_object_size(tree_get(service, "spec", "selector")) == 0)
        return WORK_NEVER;
    json_t *pods = selected(work, service);
    put_endpoints(work, service, pods);
    put_slice(work, service, pods);
    json_decref(pods);
    return WORK_NEVER;
}
