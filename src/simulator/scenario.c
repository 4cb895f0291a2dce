#include "simulator/scenario.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/controllers.h"
#include "simulator/scenario_bulk.h"
#include "simulator/scenario_data.h"
#include "simulator/scenario_steps.h"
#include <stdlib.h>
#include <string.h>

#define BEFORE_MS    60000   /* nodes and namespaces are older than everything else by this */
#define REPLAY_LIMIT 2000000 /* rounds of the past: a scenario that never comes to rest must not hang the start */

bool scenario_time(const char *text, int64_t *ret_ms)
{
    int64_t duration = 0;
    bool past = text != NULL && text[0] == '-';
    if (text == NULL || !clock_parse_duration(text + (text[0] == '-' || text[0] == '+'), &duration))
        return false;
    *ret_ms = past ? -duration : duration;
    return true;
}

int64_t scenario_duration(const json_t *value, int64_t otherwise)
{
    int64_t duration = otherwise;
    const char *text = json_string_value(value);
    if (text_equal(text, "never"))
        return -1;
    if (text != NULL)
        clock_parse_duration(text, &duration);
    return duration;
}

static int compare_steps(const void *left, const void *right)
{
    const struct step *a = left, *b = right;
    if (a->at_ms != b->at_ms)
        return a->at_ms < b->at_ms ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static struct step *add_step(struct scenario *scenario, enum step_kind kind, const json_t *data)
{
    struct step *step = memory_new(sizeof(*step));
    step->kind = kind;
    step->data = data;
    step->order = scenario->steps.count;
    const char *at = tree_text(data, "at");
    if (at != NULL)
        scenario_time(at, &step->at_ms);
    array_append(&scenario->steps, step);
    return step;
}

static enum step_kind change_kind(const json_t *change)
{
    if (json_object_get(change, "apply") != NULL)
        return STEP_APPLY;
    if (json_object_get(change, "patch") != NULL)
        return STEP_PATCH;
    return json_object_get(change, "delete") != NULL ? STEP_DELETE : STEP_EVENT;
}

static void collect_steps(struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->releases.count; i++) {
        struct scenario_release *release = scenario->releases.items[i];
        for (size_t at = 0; at < release->revisions.count; at++) {
            const struct scenario_revision *revision = release->revisions.items[at];
            struct step *step = add_step(scenario, STEP_REVISION, revision->data);
            step->release = release;
            step->revision = at + 1;
        }
    }
    size_t index;
    const json_t *change;
    json_array_foreach(json_object_get(scenario->tree, "changes"), index, change)
    {
        add_step(scenario, change_kind(change), change);
    }
    array_sort(&scenario->steps, compare_steps);
}

bool scenario_load(const char *path, struct scenario **ret_scenario, struct error *error)
{
    struct scenario *scenario = memory_new(sizeof(*scenario));
    scenario->files.free_item = scenario_file_free;
    scenario->releases.free_item = scenario_release_free;
    scenario->commits.free_item = scenario_commit_free;
    scenario->steps.free_item = free;
    if (!scenario_read(scenario, path, error) || !scenario_render(scenario, error)) {
        scenario_free(scenario);
        return false;
    }
    collect_steps(scenario);
    *ret_scenario = scenario;
    return true;
}

void scenario_free(struct scenario *scenario)
{
    if (scenario == NULL)
        return;
    array_release(&scenario->steps);
    array_release(&scenario->releases);
    array_release(&scenario->commits);
    json_decref(scenario->tree);
    json_decref(scenario->bulk);
    array_release(&scenario->files);
    free(scenario->step_failure);
    free(scenario);
}

const char *scenario_path(const struct scenario *scenario)
{
    return ((const struct scenario_file *)scenario->files.items[scenario->files.count - 1])->path;
}

/* A node as its kubelet reports it. */
static json_t *make_node(const char *name, int64_t now)
{
    static const char *const pressures[][3] = {
        {"MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"},
        {"DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"},
        {"PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"}};
    char time[32];
    clock_format(now - now % 1000, time, sizeof(time));
    json_t *conditions = json_array();
    for (size_t i = 0; i < LENGTH_OF(pressures); i++)
        json_array_append_new(conditions, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "type", pressures[i][0], "status",
                                                    "False", "lastHeartbeatTime", time, "lastTransitionTime", time,
                                                    "reason", pressures[i][1], "message", pressures[i][2]));
    json_array_append_new(conditions, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "type", "Ready", "status", "True",
                                                "lastHeartbeatTime", time, "lastTransitionTime", time, "reason",
                                                "KubeletReady", "message", "kubelet is posting ready status"));
    json_t *capacity = json_pack("{s:s, s:s, s:s}", "cpu", "16", "memory", "64Gi", "pods", "11000");
    return json_pack("{s:s, s:s, s:{s:s, s:{s:s, s:s, s:s}}, s:{s:O, s:o, s:o, s:{s:s, s:s, s:s, s:s, s:s}}}",
                     "apiVersion", "v1", "kind", "Node", "metadata", "name", name, "labels", "kubernetes.io/hostname",
                     name, "kubernetes.io/os", "linux", "kubernetes.io/arch", "amd64", "status", "capacity", capacity,
                     "allocatable", capacity, "conditions", conditions, "nodeInfo", "architecture", "amd64",
                     "operatingSystem", "linux", "kubeletVersion", "v1.34.0", "osImage",
                     "Debian GNU/Linux 12 (bookworm)", "containerRuntimeVersion", "containerd://2.1.4");
}

static bool install_node(struct registry *registry, const char *name, int64_t now, struct refusal *refusal)
{
    struct registry_call call = {.manager = "kubelet", .name = name};
    json_t *node = make_node(name, now), *status = json_pack("{s:O}", "status", json_object_get(node, "status"));
    registry_resolve(registry, "v1", "Node", &call);
    bool good = registry_create(registry, &call, node, NULL, refusal);
    call.subresource = "status";
    good = good && registry_patch(registry, &call, PATCH_MERGE, status, NULL, NULL, refusal);
    json_decref(node);
    json_decref(status);
    return good;
}

static bool install_namespace(struct registry *registry, const char *name, struct refusal *refusal)
{
    struct registry_call call = {.manager = "kubectl"};
    registry_resolve(registry, "v1", "Namespace", &call);
    json_t *body = json_pack("{s:s, s:s, s:{s:s}}", "apiVersion", "v1", "kind", "Namespace", "metadata", "name", name);
    bool good = registry_create(registry, &call, body, NULL, refusal) || refusal->code == 409;
    json_decref(body);
    return good;
}

static bool install_ground(struct scenario *scenario, struct registry *registry, int64_t now, struct error *error)
{
    struct refusal refusal = {0};
    bool good = true;
    size_t index;
    const json_t *name;
    json_array_foreach(json_object_get(scenario->tree, "nodes"), index, name)
    {
        good = good && install_node(registry, json_string_value(name), now, &refusal);
    }
    json_array_foreach(json_object_get(scenario->tree, "namespaces"), index, name)
    {
        good = good && install_namespace(registry, json_string_value(name), &refusal);
    }
    if (!good)
        error_set(error, ERROR_INVALID, _("%s: the cluster cannot be set up: %s"), scenario_path(scenario),
                  refusal.message);
    refusal_release(&refusal);
    return good;
}

/* Live through the past: the clock jumps from one thing that is due to the next. */
static void replay(struct controllers *controllers, struct registry *registry, struct clock_manual *past, int64_t end)
{
    for (int round = 0; round < REPLAY_LIMIT; round++) {
        int64_t due = controllers_run(controllers, past->boot_ms);
        while (registry_step(registry))
            due = past->boot_ms;
        int64_t step = due - past->boot_ms;
        if (due == INT64_MAX || past->wall_ms + step > end)
            break;
        clock_manual_advance(past, step > 0 ? step : 1);
    }
}

int64_t scenario_origin(const struct scenario *scenario)
{
    return scenario->origin;
}

bool scenario_install(struct scenario *scenario, struct registry *registry, int64_t now_ms, struct error *error)
{
    const struct clock *present = registry_clock(registry);
    struct clock_manual past;
    int64_t first = 0;
    scenario->clock = &past.clock;
    scenario->origin = clock_wall_ms(present) + now_ms - clock_boot_ms(present);
    if (scenario->steps.count > 0)
        first = ((const struct step *)scenario->steps.items[0])->at_ms;
    clock_manual_init(&past, scenario->origin + (first < 0 ? first : 0) - BEFORE_MS);
    registry_set_clock(registry, &past.clock);
    bool good = install_ground(scenario, registry, past.wall_ms, error);
    if (good) {
        struct controllers *controllers = controllers_new(registry, scenario);
        replay(controllers, registry, &past, scenario->origin);
        controllers_free(controllers);
        good = scenario_steps_good(scenario, error);
        scenario_bulk_multiply(scenario, registry);
    }
    scenario->clock = present;
    registry_set_clock(registry, present);
    return good;
}
