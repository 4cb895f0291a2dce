/* What answers behind the API server's proxy, and what admission refuses. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/scenario.h"
#include "simulator/scenario_data.h"
#include <stdlib.h>
#include <string.h>

/* The value of a series at a moment: between its points a straight line, beyond them the nearest point. */
static double value_at(const json_t *series, int64_t relative)
{
    double before = 0, value = 0;
    int64_t before_at = 0, at = 0;
    size_t index;
    const json_t *point;
    json_array_foreach(json_object_get(series, "points"), index, point)
    {
        scenario_time(tree_text(point, "at"), &at);
        value = json_number_value(json_object_get(point, "value"));
        if (at >= relative)
            return index == 0 || at == before_at
                       ? value
                       : before + (value - before) * (double)(relative - before_at) / (double)(at - before_at);
        before = value;
        before_at = at;
    }
    return value;
}

static int digit(char letter)
{
    const char *digits = "0123456789abcdef";
    const char *found =
        letter != '\0' ? strchr(digits, letter >= 'A' && letter <= 'F' ? letter - 'A' + 'a' : letter) : NULL;
    return found != NULL ? (int)(found - digits) : -1;
}

/* The decoded value of a query parameter, or NULL. The caller's. */
static char *parameter(const char *path, const char *name)
{
    const char *at = strchr(path, '?');
    size_t size = strlen(name);
    while (at != NULL && !(strncmp(at + 1, name, size) == 0 && at[1 + size] == '='))
        at = strchr(at + 1, '&');
    if (at == NULL)
        return NULL;
    struct text value = {0};
    for (at += size + 2; *at != '\0' && *at != '&'; at++) {
        if (*at == '%' && digit(at[1]) >= 0 && digit(at[2]) >= 0) {
            text_append_char(&value, (char)(digit(at[1]) * 16 + digit(at[2])));
            at += 2;
        } else {
            text_append_char(&value, *at == '+' ? ' ' : *at);
        }
    }
    return text_steal(&value);
}

/* Prometheus' instant query: a vector of one sample, or an empty one for a query that the scenario does not know. */
static char *prometheus(const struct scenario *scenario, const char *path, int64_t now_ms)
{
    CLEANUP_FREE char *query = parameter(path, "query");
    json_t *samples = json_array();
    const char *name;
    json_t *series;
    json_object_foreach(json_object_get(scenario->tree, "series"), name, series)
    {
        const char *pattern = tree_text(series, "query");
        if (query == NULL || (!text_equal(query, pattern) && !text_matches(query, pattern)))
            continue;
        CLEANUP_FREE char *value = memory_format("%g", value_at(series, now_ms - scenario->origin));
        json_array_append_new(samples,
                              json_pack("{s:{}, s:[f, s]}", "metric", "value", (double)now_ms / 1000.0, value));
        break;
    }
    json_t *answer =
        json_pack("{s:s, s:{s:s, s:o}}", "status", "success", "data", "resultType", "vector", "result", samples);
    char *text = json_dumps(answer, JSON_COMPACT);
    json_decref(answer);
    return text;
}

/* A body with "${series:name}" replaced by the value of the moment. The caller's. */
static char *fill_in(const struct scenario *scenario, const char *body, int64_t now_ms)
{
    struct text filled = {0};
    for (const char *mark = strstr(body, "${series:"); mark != NULL; mark = strstr(body, "${series:")) {
        const char *start = mark + strlen("${series:"), *end = strchr(start, '}');
        if (end == NULL)
            break;
        CLEANUP_FREE char *name = memory_text_part(start, (size_t)(end - start));
        const json_t *series = tree_get(scenario->tree, "series", name);
        text_append_bytes(&filled, body, (size_t)(mark - body));
        text_append_format(&filled, "%g", value_at(series, now_ms - scenario->origin));
        body = end + 1;
    }
    text_append(&filled, body);
    return text_steal(&filled);
}

static bool fits(const json_t *rule, const char *field, const char *value)
{
    const char *pattern = tree_text(rule, field);
    return pattern == NULL || (value != NULL && text_matches(value, pattern));
}

void scenario_proxy(const struct scenario *scenario, const char *namespace, const char *service, const char *port,
                    const char *method, const char *path, int64_t now_ms, struct scenario_answer *ret_answer)
{
    *ret_answer = (struct scenario_answer){0};
    size_t index;
    const json_t *item;
    json_array_foreach(scenario != NULL ? json_object_get(scenario->tree, "services") : NULL, index, item)
    {
        if (!fits(item, "namespace", namespace) || !fits(item, "name", service) || !fits(item, "port", port) ||
            !fits(item, "method", method) || !fits(item, "path", path) || !scenario_in_time(scenario, item, now_ms))
            continue;
        const char *body = tree_text(item, "body"), *type = tree_text(item, "type");
        bool metrics = json_is_true(json_object_get(item, "prometheus"));
        ret_answer->status = (int)tree_integer(json_object_get(item, "status"), 200);
        ret_answer->content_type = memory_text(type != NULL ? type : metrics ? "application/json" : "text/plain");
        ret_answer->body =
            metrics ? prometheus(scenario, path, now_ms) : fill_in(scenario, body != NULL ? body : "", now_ms);
        ret_answer->size = strlen(ret_answer->body);
        return;
    }
}

void scenario_answer_release(struct scenario_answer *answer)
{
    free(answer->content_type);
    free(answer->body);
    *answer = (struct scenario_answer){0};
}

static bool listed(const json_t *list, const char *text)
{
    size_t index;
    const json_t *item;
    json_array_foreach(list, index, item)
    {
        if (text_equal(json_string_value(item), text))
            return true;
    }
    return false;
}

bool scenario_admit(void *context, const struct registry_call *call, const char *operation, const json_t *object,
                    struct refusal *refusal)
{
    const struct scenario *scenario = context;
    int64_t now = clock_wall_ms(scenario->clock);
    size_t index;
    const json_t *rule;
    json_array_foreach(json_object_get(scenario->tree, "refuse"), index, rule)
    {
        if (!listed(json_object_get(rule, "operations"), operation) || !fits(rule, "kind", call->resource->kind) ||
            !fits(rule, "namespace", call->namespace) || !fits(rule, "name", tree_text(object, "metadata", "name")) ||
            !scenario_in_time(scenario, rule, now))
            continue;
        int code = (int)tree_integer(json_object_get(rule, "code"), 403);
        const char *message = tree_text(rule, "message");
        if (code != 403)
            return refusal_set(refusal, code, "", "%s", message);
        return refusal_forbidden(refusal, call->resource->group, call->resource->plural,
                                 tree_text(object, "metadata", "name"), message);
    }
    return true;
}
