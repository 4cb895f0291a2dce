#include "simulator/container.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/memory.h"
#include "base/tree.h"
#include <string.h>

#define BACKOFF_LIMIT_MS (5 * 60 * 1000)
#define PROBE_MS         10000

static int64_t time_of(const json_t *state, const char *field)
{
    const char *text = tree_text(state, field);
    int64_t time = 0;
    return text != NULL && clock_parse(text, &time) ? time : 0;
}

/* Ten seconds before the second restart, twice as long before each one after, five minutes at most. */
static int64_t backoff(json_int_t restarts)
{
    int64_t wait = restarts <= 1 ? 0 : 10000;
    for (json_int_t i = 2; i < restarts && wait < BACKOFF_LIMIT_MS; i++)
        wait *= 2;
    return wait < BACKOFF_LIMIT_MS ? wait : BACKOFF_LIMIT_MS;
}

static const char *name_of(const struct container_step *step)
{
    return tree_text(step->container, "name");
}

static const char *image_of(const struct container_step *step)
{
    const char *image = tree_text(step->container, "image");
    return image != NULL ? image : "";
}

/* "repository@sha256:…": another digest for another tag. */
static char *image_id(const char *image)
{
    char digest[DIGEST_SIZE];
    const char *slash = strrchr(image, '/');
    const char *tag = strchr(slash != NULL ? slash : image, ':');
    size_t size = tag != NULL ? (size_t)(tag - image) : strlen(image);
    CLEANUP_FREE char *repository = memory_text_part(image, size);
    digest_text(image, digest);
    return memory_format("%s@sha256:%s", repository, digest);
}

static char *container_id(const struct container_step *step, json_int_t restarts)
{
    char digest[DIGEST_SIZE];
    CLEANUP_FREE char *seed =
        memory_format("%s %s %d", tree_text(step->pod, "metadata", "uid"), name_of(step), (int)restarts);
    digest_text(seed, digest);
    return memory_format("containerd://%s", digest);
}

/* A status with the state given (taken over); restarts and last state go on from before. */
static void set_after(struct container_step *step, const char *state, json_t *detail, bool ready, json_int_t restarts,
                      json_t *last)
{
    bool pulled = strcmp(state, "waiting") != 0 || restarts > 0;
    CLEANUP_FREE char *id = pulled ? image_id(image_of(step)) : memory_text("");
    CLEANUP_FREE char *container = pulled ? container_id(step, restarts) : NULL;
    step->after = json_pack("{s:s, s:{s:o}, s:O, s:b, s:I, s:s, s:s, s:b}", "name", name_of(step), "state", state,
                            detail, "lastState", last, "ready", ready, "restartCount", restarts, "image",
                            image_of(step), "imageID", id, "started", strcmp(state, "running") == 0);
    if (container != NULL)
        json_object_set_new(step->after, "containerID", json_string(container));
}

static json_t *waiting(const char *reason, const char *message)
{
    return json_pack("{s:s, s:s*}", "reason", reason, "message", message);
}

static int64_t fail_to_pull(struct work *work, struct container_step *step, json_t *last)
{
    const char *image = image_of(step), *why = step->behaviour.pull_error;
    CLEANUP_FREE char *failed = memory_format("Failed to pull image \"%s\": %s", image, why);
    CLEANUP_FREE char *pulling = memory_format("Pulling image \"%s\"", image);
    CLEANUP_FREE char *back_off = memory_format("Back-off pulling image \"%s\"", image);
    CLEANUP_FREE char *message = memory_format("Back-off pulling image \"%s\": ErrImagePull: %s", image, why);
    work_event_again(work, BACKOFF_LIMIT_MS, step->pod, "Normal", "Pulling", "kubelet", pulling);
    work_event_again(work, BACKOFF_LIMIT_MS, step->pod, "Warning", "Failed", "kubelet", failed);
    work_event_again(work, BACKOFF_LIMIT_MS, step->pod, "Warning", "Failed", "kubelet", "Error: ErrImagePull");
    bool tried = tree_get(step->before, "state", "waiting") != NULL &&
                 !text_equal(tree_text(step->before, "state", "waiting", "reason"), "ContainerCreating");
    if (!tried) {
        set_after(step, "waiting", waiting("ErrImagePull", why), false, 0, last);
        return work->now + 10000;
    }
    work_event_again(work, 15000, step->pod, "Normal", "BackOff", "kubelet", back_off);
    work_event_again(work, 15000, step->pod, "Warning", "Failed", "kubelet", "Error: ImagePullBackOff");
    set_after(step, "waiting", waiting("ImagePullBackOff", message), false, 0, last);
    return work->now + 15000;
}

static int64_t start(struct work *work, struct container_step *step, json_int_t restarts, json_t *last)
{
    const char *name = name_of(step);
    work_event(work, step->pod, "Normal", "Pulled", "kubelet", "Container image \"%s\" already present on machine",
               image_of(step));
    work_event(work, step->pod, "Normal", "Created", "kubelet", "Created container: %s", name);
    work_event(work, step->pod, "Normal", "Started", "kubelet", "Started container %s", name);
    bool ready = step->behaviour.ready_ms == 0;
    set_after(step, "running", json_pack("{s:o}", "startedAt", work_time_text(work->now)), ready, restarts, last);
    return work->now + 1000;
}

static int64_t not_started(struct work *work, struct container_step *step, json_t *last)
{
    uint32_t jitter = work_hash(work_name(step->pod)) % 1500;
    int64_t due = step->scheduled + step->behaviour.start_ms + jitter;
    if (work->now < due) {
        set_after(step, "waiting", waiting("ContainerCreating", NULL), false, 0, last);
        return due;
    }
    return step->behaviour.pull_error != NULL ? fail_to_pull(work, step, last) : start(work, step, 0, last);
}

static json_t *terminated(const struct container_step *step, int64_t now, json_int_t restarts)
{
    CLEANUP_FREE char *container = container_id(step, restarts);
    return json_pack("{s:i, s:s, s:O, s:o, s:s}", "exitCode", step->behaviour.exit_code, "reason",
                     step->behaviour.reason, "startedAt", tree_get(step->before, "state", "running", "startedAt"),
                     "finishedAt", work_time_text(now), "containerID", container);
}

/* The container ended: for good, or to be started again after a while. */
static int64_t stop(struct work *work, struct container_step *step, json_int_t restarts, json_t *last)
{
    const char *policy = tree_text(step->pod, "spec", "restartPolicy");
    bool again = text_equal(policy, "Always") || (text_equal(policy, "OnFailure") && step->behaviour.exit_code != 0);
    json_t *ending = terminated(step, work->now, restarts);
    if (!again) {
        set_after(step, "terminated", ending, false, restarts, last);
        return WORK_NEVER;
    }
    int64_t wait = backoff(restarts + 1);
    json_t *before = json_pack("{s:o}", "terminated", ending);
    if (wait == 0) {
        start(work, step, restarts + 1, before);
        json_decref(before);
        return work->now + 1000;
    }
    CLEANUP_FREE char *pod = memory_format("%s_%s(%s)", work_name(step->pod), work_namespace(step->pod),
                                           tree_text(step->pod, "metadata", "uid"));
    CLEANUP_FREE char *message =
        memory_format("back-off %ds restarting failed container=%s pod=%s", (int)(wait / 1000), name_of(step), pod);
    work_event(work, step->pod, "Warning", "BackOff", "kubelet", "Back-off restarting failed container %s in pod %s",
               name_of(step), pod);
    set_after(step, "waiting", waiting("CrashLoopBackOff", message), false, restarts + 1, before);
    json_decref(before);
    return work->now + wait;
}

static int64_t running(struct work *work, struct container_step *step, json_int_t restarts, json_t *last)
{
    const struct behaviour *behaviour = &step->behaviour;
    const json_t *state = tree_get(step->before, "state", "running");
    int64_t started = time_of(state, "startedAt"), due = WORK_NEVER;
    int64_t ends = behaviour->runs_ms >= 0 ? started + behaviour->runs_ms : WORK_NEVER;
    int64_t ready_at = behaviour->ready_ms >= 0 ? started + behaviour->ready_ms : WORK_NEVER;
    if (work->now >= ends)
        return stop(work, step, restarts, last);
    bool ready = work->now >= ready_at;
    due = ready || ready_at > ends ? ends : ready_at;
    if (!ready && json_object_get(step->container, "readinessProbe") != NULL) {
        CLEANUP_FREE char *message = memory_format("Readiness probe failed: %s", behaviour->unready);
        if (work->now - started >= PROBE_MS)
            work_event_again(work, PROBE_MS, step->pod, "Warning", "Unhealthy", "kubelet", message);
        int64_t probe = work->now + PROBE_MS - (work->now - started) % PROBE_MS;
        due = probe < due ? probe : due;
    }
    set_after(step, "running", json_deep_copy(state), ready, restarts, last);
    return due;
}

int64_t container_step(struct work *work, struct container_step *step)
{
    json_int_t restarts = json_integer_value(json_object_get(step->before, "restartCount"));
    json_t *last = json_object_get(step->before, "lastState");
    json_t *kept = last != NULL ? json_incref(last) : json_object();
    int64_t due;
    if (tree_get(step->before, "state", "terminated") != NULL) {
        step->after = json_deep_copy(step->before);
        due = WORK_NEVER;
    } else if (tree_get(step->before, "state", "running") != NULL) {
        due = running(work, step, restarts, kept);
    } else if (restarts > 0) {
        int64_t again = time_of(json_object_get(kept, "terminated"), "finishedAt") + backoff(restarts);
        if (work->now < again) {
            step->after = json_deep_copy(step->before);
            due = again;
        } else {
            due = start(work, step, restarts, kept);
        }
    } else {
        due = not_started(work, step, kept);
    }
    json_decref(kept);
    return due;
}

void container_count(struct container_sum *sum, const json_t *status)
{
    const json_t *state = json_object_get(status, "state");
    const json_t *ending = json_object_get(state, "terminated");
    bool restarted = json_integer_value(json_object_get(status, "restartCount")) > 0;
    sum->count++;
    sum->started += json_object_get(state, "running") != NULL || ending != NULL || restarted;
    sum->ended += ending != NULL;
    sum->failed += ending != NULL && json_integer_value(json_object_get(ending, "exitCode")) != 0;
    if (json_is_true(json_object_get(status, "ready")))
        sum->ready++;
    else
        text_append_format(&sum->unready, "%s%s", sum->unready.size > 0 ? " " : "", tree_text(status, "name"));
}
