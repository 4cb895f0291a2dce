/* The faults of the server itself that a scenario asks for. */
#include "base/tree.h"
#include "simulator/scenario.h"
#include "simulator/scenario_data.h"

/* The time of a 'from' or 'until' if it is still to come. */
static void take_next(const struct scenario *scenario, const json_t *rule, const char *field, int64_t now_ms,
                      int64_t *next)
{
    int64_t relative = 0;
    const char *text = tree_text(rule, field);
    if (text == NULL || !scenario_time(text, &relative))
        return;
    int64_t when = scenario->origin + relative;
    if (when > now_ms && when < *next)
        *next = when;
}

void scenario_trouble(const struct scenario *scenario, int64_t now_ms, struct scenario_trouble *ret_trouble)
{
    struct scenario_trouble trouble = {.next_ms = INT64_MAX};
    size_t index;
    const json_t *rule;
    json_array_foreach(scenario != NULL ? json_object_get(scenario->tree, "trouble") : NULL, index, rule)
    {
        take_next(scenario, rule, "from", now_ms, &trouble.next_ms);
        take_next(scenario, rule, "until", now_ms, &trouble.next_ms);
        if (!scenario_in_time(scenario, rule, now_ms))
            continue;
        int64_t delay = scenario_duration(json_object_get(rule, "delay"), 0);
        trouble.delay_ms = delay > trouble.delay_ms ? delay : trouble.delay_ms;
        trouble.frozen = trouble.frozen || json_is_true(json_object_get(rule, "frozen"));
        trouble.unavailable = trouble.unavailable || json_is_true(json_object_get(rule, "unavailable"));
        trouble.tear_watches = trouble.tear_watches || json_is_true(json_object_get(rule, "tear_watches"));
        trouble.forget_history = trouble.forget_history || json_is_true(json_object_get(rule, "forget_history"));
    }
    *ret_trouble = trouble;
}
