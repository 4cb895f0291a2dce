#include "simulator/scenario_bulk.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/registry.h"
#include "simulator/uid.h"
#include "simulator/work.h"
#include <stdlib.h>
#include <string.h>

#define TEMPLATE    "bulk"
#define TOTAL_LIMIT 50000 /* pods, and records: more is a slip of the finger */

static const char template_text[] =
    "apiVersion: v1\n"
    "kind: ConfigMap\n"
    "metadata: {name: \"${release.name}\"}\n"
    "data: {level: \"${level}\", version: \"1.${release.revision}.0\", color: \"${color}\"}\n"
    "---\n"
    "apiVersion: apps/v1\n"
    "kind: Deployment\n"
    "metadata: {name: \"${release.name}\", labels: {app: \"${release.name}\"}}\n"
    "spec:\n"
    "  replicas: 1\n"
    "  selector: {matchLabels: {app: \"${release.name}\"}}\n"
    "  template:\n"
    "    metadata: {labels: {app: \"${release.name}\"}}\n"
    "    spec:\n"
    "      containers:\n"
    "      - name: main\n"
    "        image: \"registry.example/${release.name}:1.${release.revision}.0\"\n"
    "        env: [{name: LEVEL, value: \"${level}\"}]\n"
    "        ports: [{containerPort: 8080}]\n"
    "        resources: {requests: {cpu: 10m, memory: 16Mi}}\n";

static json_int_t parameter(const struct scenario *scenario, const char *name)
{
    return json_integer_value(tree_get(scenario->tree, "bulk", name));
}

/* Only the newest revision touches the cluster; the others are records of what once was. */
static json_t *revisions(json_int_t count)
{
    json_t *list = json_array();
    for (json_int_t number = 1; number <= count; number++) {
        CLEANUP_FREE char *at = memory_format("-%lldh", (long long)(count - number + 1));
        CLEANUP_FREE char *version = memory_format("1.%lld.0", (long long)number);
        json_array_append_new(list,
                              json_pack("{s:s, s:b, s:[s], s:{s:s, s:s}, s:{s:s}}", "at", at, "applies",
                                        (int)(number == count), "templates", TEMPLATE, "chart", "version", version,
                                        "appVersion", version, "values", "color", number % 2 == 0 ? "blue" : "green"));
    }
    return list;
}

bool scenario_bulk_releases(const struct scenario *scenario, json_t *templates, json_t **ret_releases,
                            struct error *error)
{
    const struct scenario_file *file = scenario->files.items[scenario->files.count - 1];
    json_int_t namespaces = parameter(scenario, "namespaces"), releases = parameter(scenario, "releases");
    json_int_t pods = parameter(scenario, "pods"), records = parameter(scenario, "revisions"), most = 0, total = 0;
    most = pods > records ? pods : records;
    if (namespaces < 0 || releases < 0 || pods < 1 || records < 1 ||
        __builtin_mul_overflow(namespaces, releases, &total) || __builtin_mul_overflow(total, most, &total) ||
        total > TOTAL_LIMIT)
        return scenario_complain(file, error, "/bulk",
                                 _("'bulk' makes at least one pod and one revision of each release, and at "
                                   "most %d of all of them."),
                                 TOTAL_LIMIT);
    json_object_set_new(templates, TEMPLATE, json_string(template_text));
    json_t *list = json_array();
    for (json_int_t i = 0; i < namespaces; i++) {
        for (json_int_t j = 0; j < releases; j++) {
            CLEANUP_FREE char *namespace = memory_format("team-%03lld", (long long)i);
            CLEANUP_FREE char *name = memory_format("svc-%03lld-%02lld", (long long)i, (long long)j);
            json_array_append_new(list, json_pack("{s:s, s:s, s:{s:s}, s:{s:s, s:s}, s:o}", "name", name, "namespace",
                                                  namespace, "chart", "name", name, "values", "level", "info", "color",
                                                  "green", "revisions", revisions(records)));
        }
    }
    *ret_releases = list;
    return true;
}

static const struct resource *resource_of(const struct registry *registry, const char *group, const char *plural)
{
    return resources_find(registry_resources(registry), group, plural);
}

/* A copy that shares everything but its metadata and, below the top, what is changed. The caller's. */
static json_t *copy_of(const json_t *object)
{
    json_t *copy = json_copy((json_t *)object);
    json_object_set_new(copy, "metadata", json_copy(json_object_get(object, "metadata")));
    return copy;
}

static void set_numbers(struct registry *registry, const char *plural, const json_t *object, json_int_t count)
{
    static const char *const fields[] = {"replicas", "updatedReplicas", "fullyLabeledReplicas", "readyReplicas",
                                         "availableReplicas"};
    json_t *copy = copy_of(object), *spec = json_copy(json_object_get(object, "spec"));
    json_t *status = json_copy(json_object_get(object, "status"));
    json_object_set_new(spec, "replicas", json_integer(count));
    for (size_t i = 0; i < LENGTH_OF(fields); i++)
        if (json_object_get(status, fields[i]) != NULL)
            json_object_set_new(status, fields[i], json_integer(count));
    json_object_set_new(copy, "spec", spec);
    json_object_set_new(copy, "status", status);
    store_put(registry_store(registry), resource_of(registry, "apps", plural), copy);
}

static void copy_pod(struct registry *registry, const json_t *pod, json_int_t number, const char *node)
{
    json_t *copy = copy_of(pod), *spec = json_copy(json_object_get(pod, "spec")),
           *status = json_copy(json_object_get(pod, "status"));
    json_t *metadata = json_object_get(copy, "metadata");
    CLEANUP_FREE char *prefix = memory_text(tree_text(pod, "metadata", "generateName"));
    CLEANUP_FREE char *address = memory_format("10.%u.%u.%u", work_hash(work_name(pod)) % 128, (unsigned)number / 250,
                                               (unsigned)number % 250 + 1);
    json_object_set_new(metadata, "name", uid_generate_name(prefix));
    json_object_set_new(metadata, "uid", uid_new());
    json_object_set_new(spec, "nodeName", json_string(node));
    json_object_set_new(status, "podIP", json_string(address));
    json_object_set_new(status, "podIPs", json_pack("[{s:s}]", "ip", address));
    json_object_set_new(copy, "spec", spec);
    json_object_set_new(copy, "status", status);
    store_put(registry_store(registry), resource_of(registry, "", "pods"), copy);
}

static bool is_bulk(const json_t *object)
{
    const char *namespace = tree_text(object, "metadata", "namespace");
    return namespace != NULL && text_starts(namespace, "team-");
}

/* References to all bulk objects of a resource: the store is changed while they are walked. The caller's. */
static json_t *bulk_objects(const struct registry *registry, const char *group, const char *plural)
{
    const struct resource *resource = resource_of(registry, group, plural);
    const struct store *store = registry_store(registry);
    json_t *list = json_array();
    for (size_t i = 0; i < store_count(store, resource); i++)
        if (is_bulk(store_at(store, resource, i)))
            json_array_append(list, store_at(store, resource, i));
    return list;
}

void scenario_bulk_multiply(const struct scenario *scenario, struct registry *registry)
{
    static const char *const owners[] = {"deployments", "replicasets"};
    json_int_t count = parameter(scenario, "pods");
    const json_t *nodes = json_object_get(scenario->tree, "nodes");
    size_t index;
    const json_t *object;
    if (json_object_get(scenario->tree, "bulk") == NULL || count <= 1)
        return;
    json_t *pods = bulk_objects(registry, "", "pods");
    json_array_foreach(pods, index, object)
    {
        for (json_int_t number = 1; number < count; number++)
            copy_pod(registry, object, number,
                     json_string_value(json_array_get(nodes, (size_t)number % json_array_size(nodes))));
    }
    json_decref(pods);
    for (size_t i = 0; i < LENGTH_OF(owners); i++) {
        json_t *list = bulk_objects(registry, "apps", owners[i]);
        json_array_foreach(list, index, object)
        {
            set_numbers(registry, owners[i], object, count);
        }
        json_decref(list);
    }
}
