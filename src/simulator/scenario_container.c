/* What the containers of a scenario do, log and use. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/behaviour.h"
#include "simulator/scenario.h"
#include "simulator/scenario_data.h"
#include <stdlib.h>
#include <string.h>

#define LINES_LIMIT 2000 /* of one log; what is older was rotated away */

static const json_t *container_of(const json_t *pod, const char *name)
{
    size_t index;
    const json_t *container;
    json_array_foreach(tree_get(pod, "spec", "containers"), index, container)
    {
        if (name == NULL || text_equal(tree_text(container, "name"), name))
            return container;
    }
    return NULL;
}

static bool one_fits(const json_t *match, const char *field, const char *value)
{
    const char *pattern = tree_text(match, field);
    return pattern == NULL || (value != NULL && text_matches(value, pattern));
}

bool scenario_in_time(const struct scenario *scenario, const json_t *rule, int64_t wall_ms)
{
    int64_t from = INT64_MIN, until = INT64_MAX, relative = wall_ms - scenario->origin;
    const char *first = tree_text(rule, "from"), *last = tree_text(rule, "until");
    if (first != NULL)
        scenario_time(first, &from);
    if (last != NULL)
        scenario_time(last, &until);
    return relative >= from && relative < until;
}

/* The first rule for this container; NULL when there is none. */
static const json_t *find_rule(const struct scenario *scenario, const json_t *pod, const json_t *container)
{
    size_t index;
    const json_t *rule;
    json_array_foreach(scenario != NULL ? json_object_get(scenario->tree, "containers") : NULL, index, rule)
    {
        const json_t *match = json_object_get(rule, "match");
        if (!scenario_in_time(scenario, rule, clock_wall_ms(scenario->clock)))
            continue;
        if (one_fits(match, "image", tree_text(container, "image")) &&
            one_fits(match, "namespace", tree_text(pod, "metadata", "namespace")) &&
            one_fits(match, "pod", tree_text(pod, "metadata", "name")) &&
            one_fits(match, "container", tree_text(container, "name")))
            return rule;
    }
    return NULL;
}

static bool runs_to_an_end(const json_t *pod)
{
    return !text_equal(tree_text(pod, "spec", "restartPolicy"), "Always");
}

void behaviour_find(const struct scenario *scenario, const json_t *pod, const char *container,
                    struct behaviour *ret_behaviour)
{
    const json_t *rule = find_rule(scenario, pod, container_of(pod, container));
    const char *reason = tree_text(rule, "reason"), *unready = tree_text(rule, "unready");
    int code = (int)json_integer_value(json_object_get(rule, "exit"));
    *ret_behaviour = (struct behaviour){
        .pull_error = tree_text(rule, "pull_error"),
        .unready = unready != NULL ? unready : "connect: connection refused",
        .reason = reason != NULL ? reason
                  : code != 0    ? "Error"
                                 : "Completed",
        .start_ms = scenario_duration(json_object_get(rule, "start"), 800),
        .ready_ms = scenario_duration(json_object_get(rule, "ready"), 2000),
        .runs_ms = scenario_duration(json_object_get(rule, "runs"), runs_to_an_end(pod) ? 5000 : BEHAVIOUR_NEVER),
        .exit_code = code};
}

static const json_t *state_of(const json_t *pod, const char *container)
{
    size_t index;
    const json_t *status;
    json_array_foreach(tree_get(pod, "status", "containerStatuses"), index, status)
    {
        if (container == NULL || text_equal(tree_text(status, "name"), container))
            return json_object_get(status, "state");
    }
    return NULL;
}

/* When the container that runs (or ran last) started; CLOCK_UNKNOWN when none did. */
static int64_t started_at(const json_t *pod, const char *container)
{
    const json_t *state = state_of(pod, container);
    const char *text = tree_text(state, "running", "startedAt");
    int64_t time = CLOCK_UNKNOWN;
    if (text == NULL)
        text = tree_text(state, "terminated", "startedAt");
    return text != NULL && clock_parse(text, &time) ? time : CLOCK_UNKNOWN;
}

/* A line of the log with its time, for sorting. */
struct line {
    int64_t at;
    const char *text;
};

static int compare_lines(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    return a->at < b->at ? -1 : a->at > b->at;
}

static void add_line(struct array *lines, int64_t at, const char *text)
{
    struct line *line = memory_new(sizeof(*line));
    line->at = at;
    line->text = text;
    array_append(lines, line);
}

static void add_lines(struct array *lines, const json_t *item, int64_t started, int64_t end)
{
    int64_t every = scenario_duration(json_object_get(item, "every"), 0);
    int64_t at = started + scenario_duration(json_object_get(item, "after"), 0);
    const char *text = tree_text(item, "text");
    if (every > 0 && end - at > every * LINES_LIMIT)
        at = end - (end - at) % every - every * (LINES_LIMIT - 1);
    for (; at <= end; at += every) {
        add_line(lines, at, text);
        if (every <= 0)
            return;
    }
}

/* A line behind its time, as a kubelet keeps it; "${time}" in its text is that time, too. */
static void write_line(struct text *log, const struct line *line)
{
    char time[32];
    const char *mark = strstr(line->text, "${time}");
    clock_format(line->at, time, sizeof(time));
    text_append_format(log, "%s ", time);
    if (mark != NULL) {
        text_append_bytes(log, line->text, (size_t)(mark - line->text));
        text_append(log, time);
        text_append(log, mark + strlen("${time}"));
    } else {
        text_append(log, line->text);
    }
    text_append_char(log, '\n');
}

char *scenario_log(const struct scenario *scenario, const json_t *pod, const char *container, int64_t now_ms)
{
    const json_t *rule = find_rule(scenario, pod, container_of(pod, container));
    int64_t started = started_at(pod, container);
    struct array lines = {.free_item = free};
    struct text log = {0};
    size_t index;
    const json_t *item;
    json_array_foreach(json_object_get(rule, "log"), index, item)
    {
        if (started != CLOCK_UNKNOWN)
            add_lines(&lines, item, started, now_ms);
    }
    array_sort(&lines, compare_lines);
    for (size_t i = lines.count > LINES_LIMIT ? lines.count - LINES_LIMIT : 0; i < lines.count; i++)
        write_line(&log, lines.items[i]);
    array_release(&lines);
    return text_steal(&log);
}

/* A number that moves a little with time, the same for everyone who asks: between 0.9 and 1.1 of `level`. */
static int64_t waver(int64_t level, const char *seed, int64_t now_ms)
{
    uint32_t hash = 2166136261u;
    for (; *seed != '\0'; seed++)
        hash = (hash ^ (unsigned char)*seed) * 16777619u;
    hash = (hash ^ (uint32_t)(now_ms / 15000)) * 2654435761u;
    return level * 9 / 10 + level / 5 * (int64_t)(hash >> 16) / 65536;
}

void scenario_usage(const struct scenario *scenario, const json_t *pod, const char *container, int64_t now_ms,
                    int64_t *ret_millicores, int64_t *ret_bytes)
{
    const json_t *rule = find_rule(scenario, pod, container_of(pod, container));
    const char *uid = tree_text(pod, "metadata", "uid");
    int64_t millicores = tree_integer(json_object_get(rule, "millicores"), 10);
    int64_t bytes = tree_integer(json_object_get(rule, "bytes"), 48 << 20);
    *ret_millicores = waver(millicores, uid != NULL ? uid : "", now_ms);
    *ret_bytes = waver(bytes, container != NULL ? container : "", now_ms);
}
