/* Cells of pods, of what runs them, and of nodes. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/columns.h"
#include <string.h>

static json_t *take_text(struct text *text, const char *otherwise)
{
    json_t *value = json_string(text->size > 0 ? text_peek(text) : otherwise);
    text_release(text);
    return value;
}

/* "b" onto "a": "a,b". */
static void join(struct text *text, const char *addition)
{
    if (addition != NULL && addition[0] != '\0')
        text_append_format(text, "%s%s", text->size > 0 ? "," : "", addition);
}

json_t *columns_pod_ready(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    const json_t *states = tree_get(object, "status", "containerStatuses");
    size_t ready = 0;
    for (size_t i = 0; i < json_array_size(states); i++)
        ready += json_is_true(json_object_get(json_array_get(states, i), "ready"));
    CLEANUP_FREE char *text = memory_format("%zu/%zu", ready, json_array_size(tree_get(object, "spec", "containers")));
    return json_string(text);
}

/* What one container says of itself: "CrashLoopBackOff", "Completed", "ExitCode:1"; NULL when it just runs. */
static char *container_reason(const json_t *state)
{
    const char *waiting = tree_text(state, "state", "waiting", "reason");
    const json_t *ended = tree_get(state, "state", "terminated");
    const char *reason = tree_text(ended, "reason");
    if (waiting != NULL && waiting[0] != '\0')
        return memory_text(waiting);
    if (ended == NULL)
        return NULL;
    if (reason != NULL && reason[0] != '\0')
        return memory_text(reason);
    int64_t signal = tree_integer(json_object_get(ended, "signal"), 0);
    int64_t code = tree_integer(json_object_get(ended, "exitCode"), 0);
    return signal != 0 ? memory_format("Signal:%lld", (long long)signal)
                       : memory_format("ExitCode:%lld", (long long)code);
}

/* "Init:1/2" or "Init:Error" while init containers are at work; NULL when they are done. */
static char *init_reason(const json_t *pod)
{
    const json_t *states = tree_get(pod, "status", "initContainerStatuses");
    size_t total = json_array_size(tree_get(pod, "spec", "initContainers"));
    for (size_t i = 0; i < json_array_size(states); i++) {
        const json_t *state = json_array_get(states, i);
        const json_t *ended = tree_get(state, "state", "terminated");
        if (ended != NULL && tree_integer(json_object_get(ended, "exitCode"), 0) == 0)
            continue;
        CLEANUP_FREE char *reason = container_reason(state);
        return reason != NULL && strcmp(reason, "PodInitializing") != 0 ? memory_format("Init:%s", reason)
                                                                        : memory_format("Init:%zu/%zu", i, total);
    }
    return NULL;
}

static bool is_ready(const json_t *pod)
{
    const json_t *conditions = tree_get(pod, "status", "conditions");
    for (size_t i = 0; i < json_array_size(conditions); i++) {
        const json_t *condition = json_array_get(conditions, i);
        if (text_equal(tree_text(condition, "type"), "Ready"))
            return text_equal(tree_text(condition, "status"), "True");
    }
    return false;
}

json_t *columns_pod_status(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    const char *phase = tree_text(object, "status", "phase");
    const char *why = tree_text(object, "status", "reason");
    const json_t *states = tree_get(object, "status", "containerStatuses");
    CLEANUP_FREE char *init = init_reason(object);
    CLEANUP_FREE char *reason = memory_text(init != NULL    ? init
                                            : why != NULL   ? why
                                            : phase != NULL ? phase
                                                            : "Unknown");
    bool running = false;
    for (size_t i = json_array_size(states); i > 0 && init == NULL; i--) {
        const json_t *state = json_array_get(states, i - 1);
        char *own = container_reason(state);
        if (own != NULL) {
            free(reason);
            reason = own;
        }
        running = running || (json_is_true(json_object_get(state, "ready")) && tree_get(state, "state", "running"));
    }
    if (strcmp(reason, "Completed") == 0 && running)
        return json_string(is_ready(object) ? "Running" : "NotReady");
    if (tree_get(object, "metadata", "deletionTimestamp") != NULL)
        return json_string(text_equal(why, "NodeLost") ? "Unknown" : "Terminating");
    return json_string(reason);
}

/* A number in a column of texts. */
static json_t *number_text(int64_t number)
{
    CLEANUP_FREE char *text = memory_format("%lld", (long long)number);
    return json_string(text);
}

json_t *columns_pod_restarts(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    const json_t *states = tree_get(object, "status", "containerStatuses");
    int64_t restarts = 0;
    int64_t last = CLOCK_UNKNOWN;
    for (size_t i = 0; i < json_array_size(states); i++) {
        const json_t *state = json_array_get(states, i);
        const char *ended = tree_text(state, "lastState", "terminated", "finishedAt");
        int64_t time;
        restarts += tree_integer(json_object_get(state, "restartCount"), 0);
        if (ended != NULL && clock_parse(ended, &time) && time > last)
            last = time;
    }
    if (restarts == 0 || last == CLOCK_UNKNOWN)
        return number_text(restarts);
    char age[32];
    columns_format_age(now_ms - last, age, sizeof age);
    CLEANUP_FREE char *text = memory_format("%lld (%s ago)", (long long)restarts, age);
    return json_string(text);
}

json_t *columns_ready_of(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    CLEANUP_FREE char *text =
        memory_format("%lld/%lld", (long long)tree_integer(tree_get(object, "status", "readyReplicas"), 0),
                      (long long)tree_integer(tree_get(object, "spec", "replicas"), 0));
    return json_string(text);
}

/* The containers of whatever has a pod template. */
static const json_t *containers_of(const json_t *object)
{
    const json_t *found = tree_get(object, "spec", "template", "spec", "containers");
    if (found == NULL)
        found = tree_get(object, "spec", "jobTemplate", "spec", "template", "spec", "containers");
    return found != NULL ? found : tree_get(object, "template", "spec", "containers");
}

static json_t *join_containers(const json_t *object, const char *field)
{
    struct text text = {0};
    const json_t *containers = containers_of(object);
    for (size_t i = 0; i < json_array_size(containers); i++)
        join(&text, tree_text(json_array_get(containers, i), field));
    return take_text(&text, "");
}

json_t *columns_containers(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    return join_containers(object, "name");
}

json_t *columns_images(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    return join_containers(object, "image");
}

static void join_map(struct text *text, const json_t *map)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)map, key, value)
    {
        CLEANUP_FREE char *pair = memory_format("%s=%s", key, json_string_value(value));
        join(text, pair);
    }
}

json_t *columns_map(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)now_ms;
    struct text text = {0};
    join_map(&text, columns_at(object, column->path));
    return take_text(&text, "<none>");
}

static void join_expression(struct text *text, const json_t *expression)
{
    const char *key = tree_text(expression, "key");
    const char *operator= tree_text(expression, "operator");
    const json_t *values = json_object_get(expression, "values");
    struct text term = {0};
    text_append_format(&term, "%s%s", text_equal(operator, "DoesNotExist") ? "!" : "", key != NULL ? key : "");
    if (text_equal(operator, "In") || text_equal(operator, "NotIn")) {
        text_append(&term, text_equal(operator, "In") ? " in (" : " notin (");
        for (size_t i = 0; i < json_array_size(values); i++)
            text_append_format(&term, "%s%s", i > 0 ? "," : "", json_string_value(json_array_get(values, i)));
        text_append(&term, ")");
    }
    join(text, text_peek(&term));
    text_release(&term);
}

json_t *columns_selector(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)now_ms;
    struct text text = {0};
    const json_t *selector = columns_at(object, column->path);
    const json_t *expressions = json_object_get(selector, "matchExpressions");
    join_map(&text, json_object_get(selector, "matchLabels"));
    for (size_t i = 0; i < json_array_size(expressions); i++)
        join_expression(&text, json_array_get(expressions, i));
    return take_text(&text, "<none>");
}

static bool has_condition(const json_t *object, const char *type)
{
    const json_t *conditions = tree_get(object, "status", "conditions");
    for (size_t i = 0; i < json_array_size(conditions); i++) {
        const json_t *condition = json_array_get(conditions, i);
        if (text_equal(tree_text(condition, "type"), type) && text_equal(tree_text(condition, "status"), "True"))
            return true;
    }
    return false;
}

json_t *columns_job_status(const struct column *column, const json_t *object, int64_t now_ms)
{
    static const char *const states[][2] = {{"Complete", "Complete"},
                                            {"Failed", "Failed"},
                                            {"Suspended", "Suspended"},
                                            {"FailureTarget", "FailureTarget"},
                                            {"SuccessCriteriaMet", "SuccessCriteriaMet"}};
    (void)column;
    (void)now_ms;
    for (size_t i = 0; i < LENGTH_OF(states); i++)
        if (has_condition(object, states[i][0]))
            return json_string(states[i][1]);
    return json_string(tree_get(object, "metadata", "deletionTimestamp") != NULL ? "Terminating" : "Running");
}

json_t *columns_job_completions(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    const json_t *wanted = tree_get(object, "spec", "completions");
    long long done = tree_integer(tree_get(object, "status", "succeeded"), 0);
    long long parallel = tree_integer(tree_get(object, "spec", "parallelism"), 0);
    CLEANUP_FREE char *text = wanted != NULL ? memory_format("%lld/%lld", done, (long long)tree_integer(wanted, 0))
                              : parallel > 1 ? memory_format("%lld/1 of %lld", done, parallel)
                                             : memory_format("%lld/1", done);
    return json_string(text);
}

json_t *columns_job_duration(const struct column *column, const json_t *object, int64_t now_ms)
{
    const char *start = tree_text(object, "status", "startTime");
    const char *end = tree_text(object, "status", "completionTime");
    int64_t end_ms = now_ms;
    (void)column;
    if (start == NULL)
        return json_string("");
    if (end != NULL && !clock_parse(end, &end_ms))
        end_ms = now_ms;
    return columns_age(start, end_ms);
}

json_t *columns_node_status(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    CLEANUP_FREE char *text =
        memory_format("%s%s", has_condition(object, "Ready") ? "Ready" : "NotReady",
                      json_is_true(tree_get(object, "spec", "unschedulable")) ? ",SchedulingDisabled" : "");
    return json_string(text);
}

json_t *columns_node_roles(const struct column *column, const json_t *object, int64_t now_ms)
{
    static const char prefix[] = "node-role.kubernetes.io/";
    struct text text = {0};
    const char *key;
    json_t *value;
    (void)column;
    (void)now_ms;
    json_object_foreach(tree_get(object, "metadata", "labels"), key, value)
    {
        if (text_starts(key, prefix))
            join(&text, key + strlen(prefix));
    }
    return take_text(&text, "<none>");
}

json_t *columns_node_address(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)now_ms;
    const json_t *addresses = tree_get(object, "status", "addresses");
    for (size_t i = 0; i < json_array_size(addresses); i++) {
        const json_t *address = json_array_get(addresses, i);
        if (text_equal(tree_text(address, "type"), column->path) && tree_text(address, "address") != NULL)
            return json_string(tree_text(address, "address"));
    }
    return json_string("<none>");
}

json_t *columns_controller(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    const json_t *owners = tree_get(object, "metadata", "ownerReferences");
    for (size_t i = 0; i < json_array_size(owners); i++) {
        const json_t *owner = json_array_get(owners, i);
        const char *kind = tree_text(owner, "kind");
        if (!json_is_true(json_object_get(owner, "controller")) || kind == NULL)
            continue;
        CLEANUP_FREE char *lower = memory_text(kind);
        for (char *at = lower; *at != '\0'; at++)
            *at = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
        CLEANUP_FREE char *text = memory_format("%s.apps/%s", lower, tree_text(owner, "name"));
        return json_string(text);
    }
    return json_string("<none>");
}

json_t *columns_scaler_reference(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    const char *kind = tree_text(object, "spec", "scaleTargetRef", "kind");
    const char *name = tree_text(object, "spec", "scaleTargetRef", "name");
    CLEANUP_FREE char *text = memory_format("%s/%s", kind != NULL ? kind : "", name != NULL ? name : "");
    return json_string(text);
}

/* "cpu: 31%/80%" for each resource metric; what is not known reads "<unknown>". */
json_t *columns_scaler_targets(const struct column *column, const json_t *object, int64_t now_ms)
{
    struct text text = {0};
    const json_t *metrics = tree_get(object, "spec", "metrics");
    (void)column;
    (void)now_ms;
    for (size_t i = 0; i < json_array_size(metrics); i++) {
        const json_t *target = tree_get(json_array_get(metrics, i), "resource", "target", "averageUtilization");
        const json_t *now = tree_get(json_array_get(tree_get(object, "status", "currentMetrics"), i), "resource",
                                     "current", "averageUtilization");
        if (target == NULL)
            continue;
        text_append_format(&text, "%s%s: ", text.size > 0 ? ", " : "",
                           tree_text(json_array_get(metrics, i), "resource", "name"));
        if (now != NULL)
            text_append_format(&text, "%lld%%", (long long)tree_integer(now, 0));
        else
            text_append(&text, "<unknown>");
        text_append_format(&text, "/%lld%%", (long long)tree_integer(target, 0));
    }
    return take_text(&text, "<none>");
}
