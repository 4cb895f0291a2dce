/* The scenes of the stage. Texts are literals; rows live in the scene. */
#include "tests/screen/scenes.h"
#include "base/clock.h"
#include "base/memory.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMPONENTS_MAX 8
#define ROWS_MAX       5000
#define MINUTE         60000

struct scenes {
    enum session_phase phase;
    struct error error;
    struct session_identity identity;
    size_t releases;
    size_t warnings;
    bool diff_fails;
    int steps;
    int64_t wall_ms;
    int64_t boot_ms;
    struct picture picture;
    struct change_set changes;
    struct component_change components[COMPONENTS_MAX];
    struct picture_component lives[COMPONENTS_MAX];
    struct picture_revision revisions[8];
    struct picture_workload workloads[8];
    struct picture_api apis[2];
    struct picture_api_version versions[2];
    struct picture_database databases[8];
    struct picture_event events[8];
    struct picture_image images[2];
    struct picture_api_object *objects; /* ROWS_MAX of them */
    char (*names)[32];
};

/* ---- the scene that the others begin with ---- */

static const struct field_change operator_fields[] = {
    {"containers[name=manager].image", "registry.example.com/documentdb/operator:1.3.1",
     "registry.example.com/documentdb/operator:1.3.0"},
    {"containers[name=manager].env[name=FAILOVER_DELAY].value", "0", "30"},
};
static const struct field_change sidecar_fields[] = {
    {"containers[name=sidecar].env[name=LOG_LEVEL].value", "debug", NULL},
};
static const struct field_change drift_fields[] = {{"spec.replicas", "1", "2"}};

static void set_component(struct scenes *scenes, size_t index, const char *name, const char *image, const char *now,
                          const char *target)
{
    struct component_change *change = &scenes->components[index];
    struct picture_component *live = &scenes->lives[index];
    bool same = strcmp(now, target) == 0;
    change->identity = (struct component_identity){
        .name = name, .title = name, .kind = "Deployment", .namespace = "documentdb-system", .workload = name};
    change->change = same ? CHANGE_SAME : CHANGE_CHANGED;
    change->summary = same ? "same" : "1 env";
    change->risk = RISK_LOW;
    change->risk_reason = same ? NULL : "patch version: rolling restart";
    change->from = (struct fingerprint){.present = true, .image = (char *)image};
    change->to = (struct fingerprint){.present = true, .image = (char *)image};
    snprintf(change->from.config_hash, sizeof change->from.config_hash, "%s", now);
    snprintf(change->to.config_hash, sizeof change->to.config_hash, "%s", target);
    snprintf(change->from.image_hash, sizeof change->from.image_hash, "5e1f%s", now);
    snprintf(change->to.image_hash, sizeof change->to.image_hash, "5e1f%s", target);
    *live = (struct picture_component){.part = {PART_LIVE, scenes->boot_ms, {0}},
                                       .drift = DRIFT_NONE,
                                       .drift_reason = "",
                                       .drift_manager = "",
                                       .ready = 1,
                                       .desired = 1,
                                       .updated = 1,
                                       .rollout = ROLLOUT_DONE,
                                       .rollout_reason = ""};
}

static void set_components(struct scenes *scenes)
{
    set_component(scenes, 0, "operator", "registry.example.com/documentdb/operator:1.3.1", "3f9a12e07c", "77b1c0d4aa");
    set_component(scenes, 1, "sidecar", "registry.example.com/documentdb/sidecar:1.3.1", "ddeac29d01", "b9af0c1102");
    set_component(scenes, 2, "cnpg", "registry.example.com/cnpg/cloudnative-pg:1.24.1", "b9afd85003", "91c22e7a04");
    set_component(scenes, 3, "gateway", "registry.example.com/documentdb/gateway:1.3.1", "3652baa805", "3652baa805");
    set_component(scenes, 4, "postgres", "registry.example.com/documentdb/postgres:16.3-v1.3.1", "e887bbe306",
                  "e887bbe306");
    struct component_change *operator= & scenes->components[0];
    operator->summary = "image, 1 env";
    operator->to.image = "registry.example.com/documentdb/operator:1.3.0";
    operator->fields =(struct field_change *) operator_fields;
    operator->field_count = LENGTH_OF(operator_fields);
    scenes->lives[0].ready = 2;
    scenes->lives[0].desired = 2;
    scenes->images[0] =
        (struct picture_image){"registry.example.com/documentdb/operator:1.3.1", "sha256:9c1e77aa20b4c6", 2};
    scenes->lives[0].running = scenes->images;
    scenes->lives[0].running_count = 1;
    scenes->components[1].fields = (struct field_change *)sidecar_fields;
    scenes->components[1].field_count = LENGTH_OF(sidecar_fields);
    scenes->components[2].identity.restarts_clusters = true;
    scenes->components[2].risk = RISK_MEDIUM;
    scenes->lives[2].drift = DRIFT_YES;
    scenes->lives[2].drift_reason = "kubectl-edit 3 min ago: spec.replicas";
    scenes->lives[2].drift_fields = (struct field_change *)drift_fields;
    scenes->lives[2].drift_field_count = LENGTH_OF(drift_fields);
    for (size_t i = 3; i < 5; i++) {
        scenes->components[i].identity.kind = NULL;
        scenes->lives[i].ready = scenes->lives[i].desired = scenes->lives[i].updated = -1;
        scenes->lives[i].rollout = ROLLOUT_UNKNOWN;
        scenes->lives[i].part.state = PART_UNUSED;
        scenes->lives[i].drift = DRIFT_UNKNOWN;
    }
    scenes->components[4].identity.stateful = true;
    scenes->changes = (struct change_set){.from = 5,
                                          .to = 4,
                                          .components = scenes->components,
                                          .component_count = 5,
                                          .other_count = 2,
                                          .risk = RISK_MEDIUM};
    scenes->picture.changes = &scenes->changes;
    scenes->picture.components = scenes->lives;
}

static void set_history(struct scenes *scenes)
{
    static const char *const versions[] = {"1.2.0", "1.2.3", "1.3.0", "1.3.0", "1.3.1"};
    static const char *const charts[] = {"documentdb-operator-1.2.0", "documentdb-operator-1.2.3",
                                         "documentdb-operator-1.3.0", "documentdb-operator-1.3.0",
                                         "documentdb-operator-1.3.1"};
    for (int i = 0; i < 5; i++)
        scenes->revisions[i] =
            (struct picture_revision){.revision = i + 1,
                                      .status = i == 4   ? "deployed"
                                                : i == 2 ? "failed"
                                                         : "superseded",
                                      .updated_ms = scenes->wall_ms - (4 - i) * INT64_C(1500) * MINUTE - 28 * MINUTE,
                                      .chart = (char *)charts[i],
                                      .app_version = (char *)versions[i],
                                      .description = i == 0   ? "Install complete"
                                                     : i == 2 ? "Upgrade \"documentdb-operator\" failed: timed out"
                                                              : "Upgrade complete",
                                      .apply_method = "csa",
                                      .once_deployed = i == 2 ? "no" : "yes",
                                      .content = i + 1};
    scenes->revisions[4].live = true;
    scenes->revisions[3].target = true;
    scenes->picture.revisions = scenes->revisions;
    scenes->picture.revision_count = 5;
    scenes->picture.live_revision = 5;
    scenes->picture.target_revision = 4;
    scenes->picture.target_reason = "the newest earlier revision that was once deployed";
}

static void set_workloads(struct scenes *scenes)
{
    static const char *const names[] = {"documentdb-operator", "sidecar-injector", "cloudnative-pg"};
    static const char *const components[] = {"operator", "sidecar", "cnpg"};
    for (size_t i = 0; i < 3; i++)
        scenes->workloads[i] = (struct picture_workload){.kind = "Deployment",
                                                         .namespace = "documentdb-system",
                                                         .name = (char *)names[i],
                                                         .component = (char *)components[i],
                                                         .ready = i == 0 ? 2 : 1,
                                                         .desired = i == 0 ? 2 : 1,
                                                         .updated = i == 0 ? 2 : 1,
                                                         .rollout = ROLLOUT_DONE,
                                                         .reason = "",
                                                         .part = {PART_LIVE, scenes->boot_ms, {0}}};
    scenes->picture.workloads = scenes->workloads;
    scenes->picture.workload_count = 3;
}

static void set_apis(struct scenes *scenes, size_t objects)
{
    scenes->versions[0] =
        (struct picture_api_version){"v1", true, false, true, "v1 is deprecated, use v2", objects / 2, 2};
    scenes->versions[1] = (struct picture_api_version){"v2", true, true, false, NULL, objects - objects / 2, 0};
    for (size_t i = 0; i < objects; i++) {
        snprintf(scenes->names[i], sizeof scenes->names[i], "database-%04zu", i);
        bool old = i < objects / 2;
        scenes->objects[i] =
            (struct picture_api_object){.namespace = i % 2 == 0 ? "finance" : "shop",
                                        .name = scenes->names[i],
                                        .version = old ? "v1" : "v2",
                                        .evidence = old ? "spec.version" : "managedFields",
                                        .last_written_by = old ? "kubectl-client-side-apply with v1" : "helm with v2",
                                        .ready = "Ready",
                                        .ready_for_next = old ? (int)(i > 1) : -1,
                                        .supported = "v1,v2",
                                        .compatible = "",
                                        .operator_version = "1.3.1"};
    }
    static char *stored[] = {"v1", "v2", NULL};
    scenes->apis[0] = (struct picture_api){.part = {PART_LIVE, scenes->boot_ms, {0}},
                                           .crd = "documentdbs.db.microsoft.com",
                                           .group = "db.microsoft.com",
                                           .kind = "DocumentDB",
                                           .plural = "documentdbs",
                                           .versions = scenes->versions,
                                           .version_count = 2,
                                           .stored_versions = stored,
                                           .objects = scenes->objects,
                                           .object_count = objects};
    scenes->picture.apis = scenes->apis;
    scenes->picture.api_count = 1;
}

static void set_databases(struct scenes *scenes)
{
    static const char *const names[] = {"audit", "ledger", "cart", "catalog", "orders", "search"};
    for (size_t i = 0; i < 6; i++)
        scenes->databases[i] =
            (struct picture_database){.namespace = i < 2 ? "finance" : "shop",
                                      .name = (char *)names[i],
                                      .phase = "Cluster in healthy state",
                                      .phase_reason = "",
                                      .ready = 3,
                                      .instances = 3,
                                      .primary = "1",
                                      .target_primary = "1",
                                      .image = "registry.example.com/documentdb/postgres:16.3-v1.3.1",
                                      .healthy = true};
    scenes->databases[0].phase = "Failing over";
    scenes->databases[0].phase_reason = "the primary does not answer";
    scenes->databases[0].healthy = false;
    scenes->databases[0].ready = 1;
    scenes->databases[0].instances = 2;
    scenes->databases[0].primary = "audit-1";
    scenes->databases[0].target_primary = "audit-2";
    scenes->picture.databases = scenes->databases;
    scenes->picture.database_count = 6;
}

static void set_events(struct scenes *scenes)
{
    static const char *const reasons[] = {"Unhealthy", "Started", "Pulled", "ScalingReplicaSet"};
    static const char *const messages[] = {"Readiness probe failed: connection refused", "Started container manager",
                                           "Container image \"operator:1.3.1\" already present on machine",
                                           "Scaled up replica set documentdb-operator-b95488ccf to 2"};
    for (size_t i = 0; i < 4; i++)
        scenes->events[i] = (struct picture_event){.last_ms = scenes->wall_ms - (int64_t)(i * i + 1) * MINUTE,
                                                   .count = i == 0 ? 12 : 1,
                                                   .warning = i == 0,
                                                   .reason = (char *)reasons[i],
                                                   .namespace = "documentdb-system",
                                                   .message = (char *)messages[i],
                                                   .object = i < 3 ? "Pod documentdb-operator-b95488ccf-6vmkv"
                                                                   : "Deployment documentdb-operator"};
    scenes->picture.events = scenes->events;
    scenes->picture.event_count = 4;
}

static void set_parts(struct scenes *scenes, enum part_state state)
{
    struct part part = {state, state == PART_WAITING ? -1 : scenes->boot_ms, {0}};
    scenes->picture.history_part = scenes->picture.components_part = scenes->picture.databases_part =
        scenes->picture.events_part = part;
}

static void begin_full(struct scenes *scenes)
{
    scenes->phase = SESSION_WATCHING;
    set_parts(scenes, PART_LIVE);
    set_history(scenes);
    set_components(scenes);
    set_workloads(scenes);
    set_apis(scenes, 6);
    set_databases(scenes);
    set_events(scenes);
}

/* ---- variations ---- */

static void begin_connecting(struct scenes *scenes)
{
    scenes->phase = SESSION_CONNECTING;
}

static void begin_waiting(struct scenes *scenes)
{
    scenes->phase = SESSION_WATCHING;
    set_parts(scenes, PART_WAITING);
}

static void begin_picking(struct scenes *scenes)
{
    begin_full(scenes);
    scenes->phase = SESSION_PICKING;
    scenes->releases = 12;
    scenes->identity.release = "";
}

static void begin_failed(struct scenes *scenes)
{
    scenes->phase = SESSION_FAILED;
    error_set(&scenes->error, ERROR_UNREACHABLE, "https://10.0.0.1:6443 does not answer: connection refused");
    error_hint(&scenes->error, "Is the cluster up, and are you connected to its network?");
}

/* Names that try to fool a terminal, and wide ones. */
static void begin_hostile(struct scenes *scenes)
{
    begin_full(scenes);
    scenes->identity.context = "prod\x1b[2Jeu";
    scenes->identity.user = "\xe2\x80\xaegnp.nimda";
    scenes->components[0].identity.name = "op\x1b]0;owned\x07r";
    scenes->components[1].identity.name = "資料庫操作員";
    scenes->components[3].identity.name = "gate\xe2\x80\xaeway";
    scenes->components[4].identity.name = "broken\xff\xfe";
    scenes->databases[0].phase = "Failing\nover\tnow\r\x7f";
    scenes->databases[1].name = "데이터베이스";
    scenes->events[0].message = "\x1b[31mred\x1b[0m \xe2\x80\x8bzero width \xf0\x9f\x94\xa5 fire";
    scenes->events[1].message = "e\xcc\x81tat: a combining accent";
    scenes->events[2].message = "\xcc\x81 one at the very start";
    scenes->identity.drill = true;
    scenes->identity.read_only = true;
}

/* One thing forbidden, one stale, one not heard of yet. */
static void begin_partial(struct scenes *scenes)
{
    begin_full(scenes);
    scenes->picture.databases_part = (struct part){PART_UNKNOWN, -1, {0}};
    error_set(&scenes->picture.databases_part.error, ERROR_FORBIDDEN,
              "alice may not list clusters.postgresql.cnpg.io in all namespaces");
    error_hint(&scenes->picture.databases_part.error, "Ask for the verbs get, list and watch on it.");
    scenes->picture.database_count = 0;
    scenes->picture.components_part = (struct part){PART_STALE, scenes->boot_ms - 132000, {0}};
    error_set(&scenes->picture.components_part.error, ERROR_UNREACHABLE, "the server has been silent");
    scenes->picture.history_part = (struct part){PART_STALE, scenes->boot_ms - 132000, {0}};
    error_set(&scenes->picture.history_part.error, ERROR_UNREACHABLE, "the server has been silent");
    scenes->picture.events_part = (struct part){PART_WAITING, -1, {0}};
    scenes->picture.event_count = 0;
    scenes->diff_fails = true;
}

static void begin_many(struct scenes *scenes)
{
    begin_full(scenes);
    set_apis(scenes, ROWS_MAX);
    scenes->warnings = 1;
}

/* A stuck rollout of a failed upgrade, and objects that the target would not serve. */
static void begin_broken(struct scenes *scenes)
{
    static char *orphaned[] = {"shop/database-0003", "shop/database-0005", NULL};
    begin_full(scenes);
    scenes->revisions[4].status = "failed";
    scenes->revisions[4].description = "Upgrade \"documentdb-operator\" failed: timed out waiting for the condition";
    scenes->workloads[0].rollout = scenes->lives[0].rollout = ROLLOUT_STUCK;
    scenes->workloads[0].ready = scenes->lives[0].ready = 1;
    scenes->workloads[0].reason = scenes->lives[0].rollout_reason =
        "1 of 2 updated; ImagePullBackOff: registry.example.com/documentdb/operator:1.3.1";
    scenes->apis[0].orphaned = orphaned;
    scenes->lives[1].stored_hash_wrong = true;
    scenes->picture.skew = "cnpg runs 1.24.1, the release's manifest says 1.24.2";
    scenes->identity.demo = "bad-upgrade";
}

/* Any release, without a playbook, custom resources or databases; nothing differs. */
static void begin_plain(struct scenes *scenes)
{
    begin_full(scenes);
    for (size_t i = 0; i < 5; i++)
        set_component(scenes, i, scenes->components[i].identity.name, "nginx:1.27", "00ff00ff00", "00ff00ff00");
    scenes->changes.equal = true;
    scenes->changes.other_count = 0;
    scenes->changes.risk = RISK_LOW;
    scenes->picture.api_count = 0;
    scenes->picture.database_count = 0;
    scenes->picture.databases_part.state = PART_UNUSED;
    scenes->picture.event_count = 0;
    scenes->identity.playbook = "";
}

static const struct {
    const char *name;
    void (*begin)(struct scenes *scenes);
} all[] = {
    {"full", begin_full},     {"connecting", begin_connecting}, {"waiting", begin_waiting}, {"picking", begin_picking},
    {"failed", begin_failed}, {"hostile", begin_hostile},       {"partial", begin_partial}, {"many", begin_many},
    {"broken", begin_broken}, {"plain", begin_plain},
};

struct scenes *scenes_new(const char *name, int64_t wall_ms, int64_t boot_ms)
{
    for (size_t i = 0; i < LENGTH_OF(all); i++) {
        if (strcmp(all[i].name, name) != 0)
            continue;
        struct scenes *scenes = memory_new(sizeof *scenes);
        scenes->wall_ms = wall_ms;
        scenes->boot_ms = boot_ms;
        scenes->objects = memory_new_array(ROWS_MAX, sizeof *scenes->objects);
        scenes->names = memory_new_array(ROWS_MAX, sizeof *scenes->names);
        scenes->identity = (struct session_identity){.context = "prod-eu",
                                                     .cluster = "eu-west",
                                                     .server = "https://10.0.0.1:6443",
                                                     .user = "alice@example.com",
                                                     .namespace = "documentdb-system",
                                                     .release = "documentdb-operator",
                                                     .playbook = "documentdb",
                                                     .demo = ""};
        scenes->picture.skew = "";
        scenes->picture.target_reason = "";
        scenes->picture.version = 1;
        all[i].begin(scenes);
        return scenes;
    }
    return NULL;
}

void scenes_free(struct scenes *scenes)
{
    error_release(&scenes->error);
    error_release(&scenes->picture.databases_part.error);
    error_release(&scenes->picture.components_part.error);
    error_release(&scenes->picture.history_part.error);
    free(scenes->objects);
    free(scenes->names);
    free(scenes);
}

/* ---- what is served ---- */

enum session_phase scenes_phase(const struct scenes *scenes)
{
    return scenes->phase;
}

const struct error *scenes_error(const struct scenes *scenes)
{
    return scenes->error.code != ERROR_NONE ? &scenes->error : NULL;
}

struct session_identity scenes_identity(const struct scenes *scenes)
{
    return scenes->identity;
}

const struct picture *scenes_picture(const struct scenes *scenes)
{
    return scenes->phase == SESSION_WATCHING ? &scenes->picture : NULL;
}

size_t scenes_release_count(const struct scenes *scenes)
{
    return scenes->releases;
}

struct session_release scenes_release_at(const struct scenes *scenes, size_t index)
{
    static const char *const names[] = {"documentdb-operator", "hyperpage", "ingress-nginx", "cert-manager"};
    static const char *const namespaces[] = {"documentdb-system", "web", "edge"};
    return (struct session_release){.name = names[index % 4],
                                    .namespace = namespaces[index / 4],
                                    .status = index == 5 ? "pending-upgrade" : "deployed",
                                    .revision = (int)(index * 3 + 1),
                                    .updated_ms = scenes->wall_ms - (int64_t)index * 400 * MINUTE,
                                    .playbook = index % 4 == 0 ? "documentdb" : ""};
}

size_t scenes_warning_count(const struct scenes *scenes)
{
    return scenes->warnings;
}

void scenes_choose(struct scenes *scenes)
{
    scenes->phase = SESSION_WATCHING;
    scenes->identity.release = "documentdb-operator";
}

void scenes_repick(struct scenes *scenes)
{
    scenes->phase = SESSION_PICKING;
    scenes->releases = 12;
    scenes->identity.release = "";
}

/* The full scene: the sick database heals, a row comes in above, a count changes. The failed one comes to life. */
void scenes_step(struct scenes *scenes)
{
    scenes->steps++;
    scenes->picture.version++;
    if (scenes->phase == SESSION_FAILED || scenes->phase == SESSION_CONNECTING) {
        begin_full(scenes);
        return;
    }
    scenes->databases[0].healthy = scenes->steps % 2 == 1;
    scenes->databases[0].ready = scenes->steps % 2 == 1 ? 2 : 1;
    scenes->databases[1].ready = 3 - scenes->steps % 2;
    scenes->lives[0].ready = 2 - scenes->steps % 2;
}

static void set_line(struct diff_line *line, enum diff_line_kind kind, const char *text)
{
    line->kind = kind;
    line->text = memory_text(text);
}

static void set_object(struct object_diff *object, const char *kind, const char *name, int lines)
{
    *object = (struct object_diff){.api_version = memory_text("apps/v1"),
                                   .kind = memory_text(kind),
                                   .namespace = memory_text("documentdb-system"),
                                   .name = memory_text(name),
                                   .change = CHANGE_CHANGED};
    object->lines = memory_new_array((size_t)lines + 2, sizeof *object->lines);
    for (int i = 0; i < lines + 2; i++) {
        char text[80];
        snprintf(text, sizeof text, "  key-%02d: a value that stays the same", i);
        bool changed = i == lines / 2 || i == lines / 2 + 1;
        enum diff_line_kind line_kind = !changed ? DIFF_CONTEXT : i == lines / 2 ? DIFF_REMOVED : DIFF_ADDED;
        if (changed)
            snprintf(text, sizeof text, "  image: registry.example.com/documentdb/%s:1.3.%d", name,
                     line_kind == DIFF_REMOVED);
        set_line(&object->lines[object->line_count++], line_kind, text);
    }
}

struct object_diffs *scenes_diffs(const struct scenes *scenes, bool live, struct error *error)
{
    if (scenes->diff_fails) {
        error_set(error, ERROR_INVALID, "the record of r4 is cut in half");
        error_hint(error, "Choose another revision.");
        return NULL;
    }
    struct object_diffs *diffs = memory_new(sizeof *diffs);
    diffs->count = live ? 0 : 3;
    diffs->objects = memory_new_array(3, sizeof *diffs->objects);
    for (size_t i = 0; i < diffs->count; i++) {
        static const char *const kinds[] = {"ConfigMap", "Deployment", "Deployment"};
        static const char *const names[] = {"settings", "operator", "sidecar"};
        set_object(&diffs->objects[i], kinds[i], names[i], i == 0 ? 6 : 40);
    }
    return diffs;
}
