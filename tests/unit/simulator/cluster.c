#include "tests/unit/simulator/cluster.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/controllers.h"
#include "simulator/registry.h"
#include "simulator/scenario.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void start(struct cluster *cluster, const char *path)
{
    struct error error = {0};
    clock_manual_init(&cluster->clock, CLUSTER_NOW);
    ck_assert_msg(scenario_load(path, &cluster->scenario, &error), "%s", error.message);
    cluster->registry = registry_new(&cluster->clock.clock, 5000);
    ck_assert_msg(scenario_install(cluster->scenario, cluster->registry, cluster->clock.boot_ms, &error), "%s",
                  error.message);
    registry_set_admission(cluster->registry, scenario_admit, cluster->scenario);
    cluster->controllers = controllers_new(cluster->registry, cluster->scenario);
}

void cluster_start(struct cluster *cluster, const char *name)
{
    const char *folder = getenv("srcdir");
    CLEANUP_FREE char *path = memory_format("%s/data/scenarios/%s.yaml", folder != NULL ? folder : ".", name);
    start(cluster, path);
}

void cluster_start_text(struct cluster *cluster, const char *text)
{
    char path[] = "/tmp/scenario-XXXXXX";
    int fd = mkstemp(path);
    CLEANUP_FREE char *whole = memory_format("format: 1\nname: test\ntitle: test\nnodes: [n1, n2, n3]\n%s", text);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, whole, strlen(whole)), (ssize_t)strlen(whole));
    close(fd);
    start(cluster, path);
    unlink(path);
}

void cluster_stop(struct cluster *cluster)
{
    controllers_free(cluster->controllers);
    registry_free(cluster->registry);
    scenario_free(cluster->scenario);
}

void cluster_live(struct cluster *cluster, int64_t for_ms)
{
    int64_t end = cluster->clock.boot_ms + for_ms;
    for (int i = 0; i < 100000 && cluster->clock.boot_ms < end; i++) {
        int64_t due = controllers_run(cluster->controllers, cluster->clock.boot_ms);
        while (registry_step(cluster->registry))
            due = cluster->clock.boot_ms + 1;
        if (due > end)
            due = end;
        clock_manual_advance(&cluster->clock, due > cluster->clock.boot_ms ? due - cluster->clock.boot_ms : 1);
    }
    controllers_run(cluster->controllers, cluster->clock.boot_ms);
}

json_t *cluster_find(const struct cluster *cluster, const char *group, const char *plural, const char *namespace,
                     const char *name)
{
    const struct resource *resource = resources_find(registry_resources(cluster->registry), group, plural);
    return resource != NULL ? store_get(registry_store(cluster->registry), resource, namespace, name) : NULL;
}

json_t *cluster_get(const struct cluster *cluster, const char *group, const char *plural, const char *namespace,
                    const char *name)
{
    json_t *object = cluster_find(cluster, group, plural, namespace, name);
    ck_assert_msg(object != NULL, "%s %s is not there", plural, name);
    return object;
}

size_t cluster_count(const struct cluster *cluster, const char *group, const char *plural, const char *phase)
{
    const struct resource *resource = resources_find(registry_resources(cluster->registry), group, plural);
    const struct store *store = registry_store(cluster->registry);
    size_t found = 0;
    for (size_t i = 0; resource != NULL && i < store_count(store, resource); i++)
        found += phase == NULL || text_equal(tree_text(store_at(store, resource, i), "status", "phase"), phase);
    return found;
}

json_int_t cluster_number(const json_t *object, const char *field)
{
    return json_integer_value(tree_get(object, "status", field));
}

void cluster_patch(struct cluster *cluster, const char *api_version, const char *kind, const char *namespace,
                   const char *name, const char *patch)
{
    struct registry_call call = {.namespace = namespace, .name = name, .manager = "kubectl"};
    struct refusal refusal = {0};
    json_t *tree = json_loads(patch, 0, NULL);
    ck_assert_ptr_nonnull(tree);
    ck_assert(registry_resolve(cluster->registry, api_version, kind, &call));
    enum patch_type type = call.resource->crd != NULL ? PATCH_MERGE : PATCH_STRATEGIC;
    ck_assert_msg(registry_patch(cluster->registry, &call, type, tree, NULL, NULL, &refusal), "%s", refusal.message);
    json_decref(tree);
}
