#include "simulator/rollout.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <stdlib.h>

/* "25%" of `of`, rounded up or down; a number is itself. */
static json_int_t resolve(const json_t *value, json_int_t of, bool up, json_int_t otherwise)
{
    const char *text = json_string_value(value);
    if (text == NULL)
        return tree_integer(value, otherwise);
    json_int_t hundredths = strtoll(text, NULL, 10) * of;
    return up ? (hundredths + 99) / 100 : hundredths / 100;
}

void rollout_read(struct rollout *rollout, const json_t *spec)
{
    const json_t *rolling = tree_get(spec, "strategy", "rollingUpdate");
    rollout->wanted = tree_integer(json_object_get(spec, "replicas"), 1);
    rollout->surge = resolve(json_object_get(rolling, "maxSurge"), rollout->wanted, true, 0);
    rollout->unavailable = resolve(json_object_get(rolling, "maxUnavailable"), rollout->wanted, false, 0);
    if (rollout->surge == 0 && rollout->unavailable == 0)
        rollout->unavailable = 1;
}

json_int_t rollout_next_current(const struct rollout *rollout)
{
    if (rollout->current_asked >= rollout->wanted)
        return rollout->wanted;
    json_int_t room = rollout->wanted + rollout->surge - rollout->asked;
    json_int_t missing = rollout->wanted - rollout->current_asked;
    if (room <= 0)
        return rollout->current_asked;
    return rollout->current_asked + (room < missing ? room : missing);
}

json_int_t rollout_minimum(const struct rollout *rollout)
{
    json_int_t minimum = rollout->wanted - rollout->unavailable;
    return minimum > 0 ? minimum : 0;
}

json_int_t rollout_spare(const struct rollout *rollout)
{
    json_int_t current_missing = rollout->current_asked - rollout->current_available;
    json_int_t spare = rollout->asked - rollout_minimum(rollout) - current_missing;
    return spare > 0 ? spare : 0;
}

bool rollout_complete(const struct rollout *rollout)
{
    return rollout->current_running == rollout->wanted && rollout->running == rollout->wanted &&
           rollout->available == rollout->wanted;
}

static bool deadline_passed(const struct work *work, const json_t *deployment, int64_t *due)
{
    const json_t *progress = work_condition(deployment, "Progressing");
    const char *since = tree_text(progress, "lastUpdateTime");
    int64_t when = 0;
    if (text_equal(tree_text(progress, "reason"), "ProgressDeadlineExceeded"))
        return true;
    if (since == NULL || !clock_parse(since, &when) ||
        text_equal(tree_text(progress, "reason"), "NewReplicaSetAvailable"))
        return false;
    int64_t end = when + 1000 * tree_integer(tree_get(deployment, "spec", "progressDeadlineSeconds"), 600);
    if (work->now >= end)
        return true;
    *due = end;
    return false;
}

/* Did more pods of the new kind, or fewer of the old, appear since the status was written? */
static bool moved(const json_t *deployment, const struct rollout *rollout)
{
    json_int_t updated = tree_integer(tree_get(deployment, "status", "updatedReplicas"), 0);
    json_int_t all = tree_integer(tree_get(deployment, "status", "replicas"), 0);
    json_int_t ready = tree_integer(tree_get(deployment, "status", "readyReplicas"), 0);
    return rollout->current_running > updated || rollout->running - rollout->current_running < all - updated ||
           rollout->ready > ready;
}

static void add_progress(struct work *work, const json_t *deployment, const json_t *current,
                         const struct rollout *rollout, json_t *conditions, int64_t *due)
{
    const char *name = current != NULL ? work_name(current) : "";
    const char *before = tree_text(work_condition(deployment, "Progressing"), "reason");
    const char *reason = "ReplicaSetUpdated", *status = "True";
    CLEANUP_FREE char *message = memory_format("ReplicaSet \"%s\" is progressing.", name);
    bool done = rollout_complete(rollout);
    if (current == NULL) { /* just made: it is seen at the next look */
        const json_t *old = work_condition(deployment, "Progressing");
        if (old != NULL)
            json_array_append(conditions, (json_t *)old);
        return;
    }
    if (json_is_true(tree_get(deployment, "spec", "paused"))) {
        reason = "DeploymentPaused";
        status = "Unknown";
        free(message);
        message = memory_text("Deployment is paused");
    } else if (done) {
        reason = "NewReplicaSetAvailable";
        free(message);
        message = memory_format("ReplicaSet \"%s\" has successfully progressed.", name);
    } else if (!moved(deployment, rollout) && deadline_passed(work, deployment, due)) {
        reason = "ProgressDeadlineExceeded";
        status = "False";
        free(message);
        message = memory_format("ReplicaSet \"%s\" has timed out progressing.", name);
    }
    work_add_condition(work, conditions, deployment, "Progressing", status, reason, message, true);
    if (!done && text_equal(before, reason) && text_equal(reason, "ReplicaSetUpdated") && moved(deployment, rollout))
        json_object_set_new(json_array_get(conditions, json_array_size(conditions) - 1), "lastUpdateTime",
                            work_time_text(work->now)); /* each step forward starts the deadline anew */
}

static void add_availability(struct work *work, const json_t *deployment, const struct rollout *rollout,
                             json_t *conditions)
{
    bool enough = rollout->available >= rollout_minimum(rollout);
    work_add_condition(
        work, conditions, deployment, "Available", enough ? "True" : "False",
        enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
        enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.", true);
}

int64_t rollout_report(struct work *work, const json_t *deployment, const json_t *current,
                       const struct rollout *rollout)
{
    int64_t due = WORK_NEVER;
    json_t *status = json_pack("{s:O}", "observedGeneration", tree_get(deployment, "metadata", "generation"));
    json_t *conditions = json_array();
    const struct {
        const char *field;
        json_int_t value;
    } numbers[] = {
        {"replicas", rollout->running},
        {"updatedReplicas", rollout->current_running},
        {"readyReplicas", rollout->ready},
        {"availableReplicas", rollout->available},
        {"unavailableReplicas", rollout->asked > rollout->available ? rollout->asked - rollout->available : 0}};
    for (size_t i = 0; i < LENGTH_OF(numbers); i++)
        if (numbers[i].value != 0)
            json_object_set_new(status, numbers[i].field, json_integer(numbers[i].value));
    add_availability(work, deployment, rollout, conditions);
    add_progress(work, deployment, current, rollout, conditions, &due);
    json_object_set_new(status, "conditions", conditions);
    work_set_status(work, "kube-controller-manager", "apps", "deployments", deployment, status);
    return due;
}
