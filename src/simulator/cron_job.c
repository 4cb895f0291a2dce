#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/workload.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MANAGER   "kube-controller-manager"
#define COMPONENT "cronjob-controller"
#define MINUTE_MS 60000

/* Does one field of a schedule ("*", "5", "1-5", "0,30", and any of these with a step behind '/') allow the number? */
static bool field_allows(const char *field, int number)
{
    CLEANUP_FREE char *copy = memory_text(field);
    char *rest = NULL;
    for (char *part = strtok_r(copy, ",", &rest); part != NULL; part = strtok_r(NULL, ",", &rest)) {
        char *slash = strchr(part, '/'), *end = NULL;
        long step = slash != NULL ? strtol(slash + 1, NULL, 10) : 1;
        long first = part[0] == '*' ? 0 : strtol(part, &end, 10);
        long last = part[0] == '*' || (slash != NULL && end == slash) ? 99 : first;
        if (end != NULL && *end == '-')
            last = strtol(end + 1, NULL, 10);
        if (step > 0 && number >= first && number <= last && (number - first) % step == 0)
            return true;
    }
    return false;
}

static const char *expand(const char *schedule)
{
    static const char *const names[][2] = {{"@hourly", "0 * * * *"},
                                           {"@daily", "0 0 * * *"},
                                           {"@midnight", "0 0 * * *"},
                                           {"@weekly", "0 0 * * 0"},
                                           {"@monthly", "0 0 1 * *"}};
    for (size_t i = 0; i < LENGTH_OF(names); i++)
        if (strcmp(schedule, names[i][0]) == 0)
            return names[i][1];
    return schedule;
}

/* Is the minute at `wall_ms` (UTC) one of the schedule? */
static bool allows(const char *schedule, int64_t wall_ms)
{
    struct tm parts;
    time_t seconds = (time_t)(wall_ms / 1000);
    gmtime_r(&seconds, &parts);
    const int numbers[] = {parts.tm_min, parts.tm_hour, parts.tm_mday, parts.tm_mon + 1, parts.tm_wday};
    CLEANUP_FREE char *copy = memory_text(expand(schedule));
    char *rest = NULL;
    char *field = strtok_r(copy, " ", &rest);
    for (size_t i = 0; i < LENGTH_OF(numbers); i++, field = strtok_r(NULL, " ", &rest))
        if (field == NULL || !field_allows(field, numbers[i]))
            return false;
    return true;
}

static json_t *job_from(const json_t *cron_job, int64_t minute)
{
    CLEANUP_FREE char *name = memory_format("%s-%lld", work_name(cron_job), (long long)(minute / MINUTE_MS));
    json_t *job = json_deep_copy(tree_get(cron_job, "spec", "jobTemplate"));
    json_t *metadata = json_object_get(job, "metadata");
    if (metadata == NULL) {
        metadata = json_object();
        json_object_set_new(job, "metadata", metadata);
    }
    json_object_set_new(job, "apiVersion", json_string("batch/v1"));
    json_object_set_new(job, "kind", json_string("Job"));
    json_object_set_new(metadata, "name", json_string(name));
    json_object_set_new(metadata, "namespace", json_string(work_namespace(cron_job)));
    json_object_set_new(metadata, "ownerReferences", work_owner_references(cron_job));
    return job;
}

static bool ended(const json_t *job, const char *how)
{
    return text_equal(tree_text(work_condition(job, how), "status"), "True");
}

/* Delete the oldest finished Jobs beyond the limit; names end in their minute, so they are in order. */
static void prune(struct work *work, const json_t *jobs, const char *how, json_int_t limit)
{
    json_int_t count = 0;
    size_t index;
    const json_t *job;
    json_array_foreach(jobs, index, job)
    {
        count += ended(job, how);
    }
    json_array_foreach(jobs, index, job)
    {
        if (count > limit && ended(job, how)) {
            work_delete(work, "batch", "jobs", job);
            count--;
        }
    }
}

static void report(struct work *work, const json_t *cron_job, const json_t *jobs, int64_t started)
{
    json_t *status = json_copy(json_object_get(cron_job, "status")), *active = json_array();
    size_t index;
    const json_t *job;
    json_array_foreach(jobs, index, job)
    {
        if (ended(job, "Complete"))
            json_object_set(status, "lastSuccessfulTime", tree_get(job, "status", "completionTime"));
        else if (!ended(job, "Failed"))
            json_array_append_new(active, json_pack("{s:s, s:s, s:s, s:s, s:s*}", "apiVersion", "batch/v1", "kind",
                                                    "Job", "name", work_name(job), "namespace", work_namespace(job),
                                                    "uid", tree_text(job, "metadata", "uid")));
    }
    if (json_array_size(active) > 0)
        json_object_set(status, "active", active);
    else
        json_object_del(status, "active");
    if (started > 0)
        json_object_set_new(status, "lastScheduleTime", work_time_text(started));
    work_set_status(work, MANAGER, "batch", "cronjobs", cron_job, status);
    json_decref(active);
}

int64_t cron_job_reconcile(struct work *work, const json_t *cron_job)
{
    int64_t minute = work->now - work->now % MINUTE_MS, started = 0, last = 0;
    const char *schedule = tree_text(cron_job, "spec", "schedule");
    const char *before = tree_text(cron_job, "status", "lastScheduleTime");
    if (work_being_deleted(cron_job) || schedule == NULL || json_is_true(tree_get(cron_job, "spec", "suspend")))
        return WORK_NEVER;
    if (work->now < work->events_since)
        return work->events_since; /* nobody looks at Jobs of long ago */
    if (before != NULL)
        clock_parse(before, &last);
    if (allows(schedule, minute) && last < minute && work_time(cron_job, "creationTimestamp") < minute) {
        json_t *job = job_from(cron_job, minute);
        if (work_create(work, MANAGER, "batch", "jobs", job, NULL)) {
            work_event(work, cron_job, "Normal", "SuccessfulCreate", COMPONENT, "Created job %s", work_name(job));
            started = minute;
        }
        json_decref(job);
    }
    json_t *jobs = work_children(work, cron_job, "batch", "jobs");
    prune(work, jobs, "Complete", tree_integer(tree_get(cron_job, "spec", "successfulJobsHistoryLimit"), 3));
    prune(work, jobs, "Failed", tree_integer(tree_get(cron_job, "spec", "failedJobsHistoryLimit"), 1));
    report(work, cron_job, jobs, started);
    json_decref(jobs);
    return minute + MINUTE_MS;
}
