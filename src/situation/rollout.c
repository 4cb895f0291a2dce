#include "situation/rollout.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <limits.h>
#include <stdlib.h>

const char *rollout_state_name(enum rollout_state state)
{
    static const char *const names[] = {"unknown", "done", "progressing", "stuck", "paused", "missing"};
    return names[state];
}

static int number(const json_t *object, const char *part, const char *field, int otherwise)
{
    int64_t value = tree_integer(tree_get(object, part, field), otherwise);
    return value < 0 || value > INT_MAX ? otherwise : (int)value;
}

static bool is_observed(const json_t *object)
{
    int64_t generation = tree_integer(tree_get(object, "metadata", "generation"), 0);
    return tree_integer(tree_get(object, "status", "observedGeneration"), 0) >= generation;
}

static const json_t *find_condition(const json_t *object, const char *type)
{
    size_t index;
    json_t *condition;
    json_array_foreach(tree_get(object, "status", "conditions"), index, condition)
    {
        if (text_equal(tree_text(condition, "type"), type))
            return condition;
    }
    return NULL;
}

static void say(struct rollout *rollout, enum rollout_state state, char *reason)
{
    free(rollout->reason);
    rollout->state = state;
    rollout->reason = reason;
}

static void judge_deployment(const json_t *object, struct rollout *rollout)
{
    int replicas = number(object, "status", "replicas", 0),
        available = number(object, "status", "availableReplicas", 0);
    rollout->desired = number(object, "spec", "replicas", 1);
    rollout->updated = number(object, "status", "updatedReplicas", 0);
    rollout->ready = number(object, "status", "readyReplicas", 0);
    const json_t *progress = find_condition(object, "Progressing");
    if (json_is_true(tree_get(object, "spec", "paused"))) {
        say(rollout, ROLLOUT_PAUSED, memory_text(_("paused: changes of its pods wait")));
    } else if (!is_observed(object)) {
        say(rollout, ROLLOUT_PROGRESSING, memory_text(_("the newest change is not yet observed")));
    } else if (text_equal(tree_text(progress, "reason"), "ProgressDeadlineExceeded")) {
        CLEANUP_FREE char *message =
            text_clean(tree_text(progress, "message") != NULL ? tree_text(progress, "message") : "", false, 200);
        say(rollout, ROLLOUT_STUCK,
            memory_format(_("%d of %d updated; over its progress deadline: %s"), rollout->updated, rollout->desired,
                          message));
    } else if (rollout->updated < rollout->desired) {
        say(rollout, ROLLOUT_PROGRESSING, memory_format(_("%d of %d updated"), rollout->updated, rollout->desired));
    } else if (replicas > rollout->updated) {
        say(rollout, ROLLOUT_PROGRESSING, memory_format(_("%d old pods still end"), replicas - rollout->updated));
    } else if (available < rollout->updated) {
        say(rollout, ROLLOUT_PROGRESSING,
            memory_format(_("%d of %d updated are available"), available, rollout->updated));
    } else {
        say(rollout, ROLLOUT_DONE, memory_text(""));
    }
}

static void judge_daemon_set(const json_t *object, struct rollout *rollout)
{
    int available = number(object, "status", "numberAvailable", 0);
    rollout->desired = number(object, "status", "desiredNumberScheduled", 0);
    rollout->updated = number(object, "status", "updatedNumberScheduled", 0);
    rollout->ready = number(object, "status", "numberReady", 0);
    if (text_equal(tree_text(object, "spec", "updateStrategy", "type"), "OnDelete")) {
        say(rollout, rollout->ready >= rollout->desired ? ROLLOUT_DONE : ROLLOUT_UNKNOWN,
            memory_text(_("its pods change only when they are deleted (OnDelete)")));
    } else if (!is_observed(object)) {
        say(rollout, ROLLOUT_PROGRESSING, memory_text(_("the newest change is not yet observed")));
    } else if (rollout->updated < rollout->desired) {
        say(rollout, ROLLOUT_PROGRESSING, memory_format(_("%d of %d updated"), rollout->updated, rollout->desired));
    } else if (available < rollout->desired) {
        say(rollout, ROLLOUT_PROGRESSING,
            memory_format(_("%d of %d updated are available"), available, rollout->desired));
    } else {
        say(rollout, ROLLOUT_DONE, memory_text(""));
    }
}

static void judge_stateful_set(const json_t *object, struct rollout *rollout)
{
    int partition = (int)tree_integer(tree_get(object, "spec", "updateStrategy", "rollingUpdate", "partition"), 0);
    const char *current = tree_text(object, "status", "currentRevision");
    const char *update = tree_text(object, "status", "updateRevision");
    rollout->desired = number(object, "spec", "replicas", 1);
    rollout->updated = number(object, "status", "updatedReplicas", 0);
    rollout->ready = number(object, "status", "readyReplicas", 0);
    if (text_equal(tree_text(object, "spec", "updateStrategy", "type"), "OnDelete")) {
        say(rollout, rollout->ready >= rollout->desired ? ROLLOUT_DONE : ROLLOUT_UNKNOWN,
            memory_text(_("its pods change only when they are deleted (OnDelete)")));
    } else if (!is_observed(object)) {
        say(rollout, ROLLOUT_PROGRESSING, memory_text(_("the newest change is not yet observed")));
    } else if (rollout->ready < rollout->desired) {
        say(rollout, ROLLOUT_PROGRESSING, memory_format(_("%d of %d ready"), rollout->ready, rollout->desired));
    } else if (partition > 0 && rollout->updated < rollout->desired - partition) {
        say(rollout, ROLLOUT_PROGRESSING,
            memory_format(_("%d of %d updated, as its partition asks"), rollout->updated,
                          rollout->desired - partition));
    } else if (partition <= 0 && !text_equal(current, update)) {
        say(rollout, ROLLOUT_PROGRESSING, memory_format(_("%d of %d updated"), rollout->updated, rollout->desired));
    } else {
        say(rollout, ROLLOUT_DONE, memory_text(""));
    }
}

void rollout_judge(const char *kind, const json_t *object, struct rollout *ret_rollout)
{
    struct rollout rollout = {.ready = -1, .desired = -1, .updated = -1};
    if (text_equal(kind, "Deployment"))
        judge_deployment(object, &rollout);
    else if (text_equal(kind, "StatefulSet"))
        judge_stateful_set(object, &rollout);
    else if (text_equal(kind, "DaemonSet"))
        judge_daemon_set(object, &rollout);
    else if (text_equal(kind, "CronJob") && json_is_true(tree_get(object, "spec", "suspend")))
        say(&rollout, ROLLOUT_PAUSED, memory_text(_("suspended: it starts no jobs")));
    else
        say(&rollout, text_equal(kind, "CronJob") ? ROLLOUT_DONE : ROLLOUT_UNKNOWN, memory_text(""));
    *ret_rollout = rollout;
}

void rollout_missing(struct rollout *ret_rollout)
{
    *ret_rollout = (struct rollout){ROLLOUT_MISSING, memory_text(_("it does not exist")), -1, -1, -1};
}

void rollout_release(struct rollout *rollout)
{
    free(rollout->reason);
    *rollout = (struct rollout){0};
}
