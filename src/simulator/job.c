#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/workload.h"
#include <stdlib.h>
#include <string.h>

#define MANAGER    "kube-controller-manager"
#define COMPONENT  "job-controller"
#define BACKOFF_MS 10000 /* before the next try, twice as long each time */
#define LONGEST_MS 600000

/* How a Job's pods stand. */
struct pods {
    json_int_t running, ready, succeeded, failed;
    int64_t last_failure;
};

static struct pods look(struct work *work, const json_t *job)
{
    struct pods found = {0};
    json_t *pods = work_children(work, job, "", "pods");
    size_t index;
    const json_t *pod;
    json_array_foreach(pods, index, pod)
    {
        const char *phase = tree_text(pod, "status", "phase");
        const json_t *status = json_array_get(tree_get(pod, "status", "containerStatuses"), 0);
        const char *ended = tree_text(status, "state", "terminated", "finishedAt");
        int64_t when = 0;
        if (text_equal(phase, "Succeeded")) {
            found.succeeded++;
        } else if (text_equal(phase, "Failed")) {
            found.failed++;
            if (ended != NULL && clock_parse(ended, &when) && when > found.last_failure)
                found.last_failure = when;
        } else if (!work_being_deleted(pod)) {
            found.running++;
            found.ready += work_ready(pod);
        }
    }
    json_decref(pods);
    return found;
}

static bool finished(const json_t *job)
{
    return text_equal(tree_text(work_condition(job, "Complete"), "status"), "True") ||
           text_equal(tree_text(work_condition(job, "Failed"), "status"), "True");
}

static void make_pod(struct work *work, const json_t *job)
{
    const char *uid = tree_text(job, "metadata", "uid");
    json_t *pod = workload_pod(work, job, tree_get(job, "spec", "template"), work_name(job), NULL);
    json_t *metadata = json_object_get(pod, "metadata"), *labels = json_object_get(metadata, "labels");
    if (labels == NULL) {
        labels = json_object();
        json_object_set_new(metadata, "labels", labels);
    }
    json_object_set_new(labels, "batch.kubernetes.io/controller-uid", json_string(uid));
    json_object_set_new(labels, "batch.kubernetes.io/job-name", json_string(work_name(job)));
    json_object_set_new(labels, "controller-uid", json_string(uid));
    json_object_set_new(labels, "job-name", json_string(work_name(job)));
    workload_create_pod(work, job, COMPONENT, pod);
    json_decref(pod);
}

static void add_ending(struct work *work, const json_t *job, json_t *status, bool complete)
{
    json_t *conditions = json_array();
    if (complete) {
        work_add_condition(work, conditions, job, "SuccessCriteriaMet", "True", "CompletionsReached",
                           "Reached expected number of succeeded pods", false);
        work_add_condition(work, conditions, job, "Complete", "True", "CompletionsReached",
                           "Reached expected number of succeeded pods", false);
        json_object_set_new(status, "completionTime", work_time_text(work->now));
        work_event(work, job, "Normal", "Completed", COMPONENT, "Job completed");
    } else {
        work_add_condition(work, conditions, job, "FailureTarget", "True", "BackoffLimitExceeded",
                           "Job has reached the specified backoff limit", false);
        work_add_condition(work, conditions, job, "Failed", "True", "BackoffLimitExceeded",
                           "Job has reached the specified backoff limit", false);
        work_event(work, job, "Warning", "BackoffLimitExceeded", COMPONENT,
                   "Job has reached the specified backoff limit");
    }
    json_object_set_new(status, "conditions", conditions);
}

static void report(struct work *work, const json_t *job, const struct pods *pods, bool complete, bool failed)
{
    json_t *status = json_copy(json_object_get(job, "status"));
    if (status == NULL)
        status = json_object();
    const struct {
        const char *field;
        json_int_t value;
    } numbers[] = {{"active", pods->running}, {"succeeded", pods->succeeded}, {"failed", pods->failed}};
    for (size_t i = 0; i < LENGTH_OF(numbers); i++) {
        if (numbers[i].value > 0)
            json_object_set_new(status, numbers[i].field, json_integer(numbers[i].value));
        else
            json_object_del(status, numbers[i].field);
    }
    json_object_set_new(status, "ready", json_integer(pods->ready));
    json_object_set_new(status, "terminating", json_integer(0));
    json_object_set_new(status, "uncountedTerminatedPods", json_object());
    if (json_object_get(status, "startTime") == NULL)
        json_object_set_new(status, "startTime", work_time_text(work->now));
    if (complete || failed)
        add_ending(work, job, status, complete);
    work_set_status(work, MANAGER, "batch", "jobs", job, status);
}

static int64_t delay_after(json_int_t failures)
{
    int64_t delay = BACKOFF_MS;
    for (json_int_t i = 1; i < failures && delay < LONGEST_MS; i++)
        delay *= 2;
    return delay < LONGEST_MS ? delay : LONGEST_MS;
}

/* A finished Job goes away when its time to live is over. */
static int64_t expire(struct work *work, const json_t *job)
{
    const json_t *life = tree_get(job, "spec", "ttlSecondsAfterFinished");
    const char *ended = tree_text(job, "status", "completionTime");
    int64_t when = 0;
    if (!json_is_integer(life) || ended == NULL || !clock_parse(ended, &when))
        return WORK_NEVER;
    when += 1000 * json_integer_value(life);
    if (work->now >= when)
        work_delete(work, "batch", "jobs", job);
    return work->now >= when ? WORK_NEVER : when;
}

int64_t job_reconcile(struct work *work, const json_t *job)
{
    if (work_being_deleted(job) || json_is_true(tree_get(job, "spec", "suspend")))
        return WORK_NEVER;
    if (finished(job))
        return expire(work, job);
    struct pods pods = look(work, job);
    json_int_t wanted = tree_integer(tree_get(job, "spec", "completions"), 1);
    json_int_t parallel = tree_integer(tree_get(job, "spec", "parallelism"), 1);
    bool complete = pods.succeeded >= wanted;
    bool failed = !complete && pods.failed > tree_integer(tree_get(job, "spec", "backoffLimit"), 6);
    int64_t next_try = pods.failed > 0 ? pods.last_failure + delay_after(pods.failed) : work->now;
    json_int_t missing = wanted - pods.succeeded - pods.running;
    if (missing > parallel - pods.running)
        missing = parallel - pods.running;
    if (!complete && !failed && missing > 0 && work->now < next_try) {
        report(work, job, &pods, false, false);
        return next_try;
    }
    for (; !complete && !failed && missing > 0; missing--, pods.running++)
        make_pod(work, job);
    report(work, job, &pods, complete, failed);
    return WORK_NEVER;
}
