/* Logs of pods: what the scenario's containers said so far, cut as the parameters ask, once or followed. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/api_call.h"
#include "simulator/scenario.h"
#include <stdlib.h>
#include <string.h>

#define FOLLOW_MS     500
#define SINCE_LIMIT_S (100LL * 365 * 24 * 3600)

struct podlog_options {
    bool timestamps;
    int64_t after_ms; /* wall time: lines later than that; INT64_MIN: from the beginning */
    int64_t tail;     /* lines; −1: all */
    int64_t limit;    /* bytes; 0: all */
};

/* A log that goes on: after the first time it is asked for what came later than that. */
struct podlog {
    struct stream stream;
    const struct api *api;
    struct podlog_options options;
    const struct resource *pods;
    char *namespace;
    char *name;
    char *uid;
    char *container;
    int64_t next; /* boot time */
};

/* "2026-01-01T00:00:00Z text\n": where its text begins. *ret_time is CLOCK_UNKNOWN when there is no time. */
static const char *line_text(const char *line, size_t length, int64_t *ret_time)
{
    const char *space = memchr(line, ' ', length);
    *ret_time = CLOCK_UNKNOWN;
    if (space == NULL)
        return line;
    CLEANUP_FREE char *time = memory_text_part(line, (size_t)(space - line));
    return clock_parse(time, ret_time) ? space + 1 : line;
}

static size_t line_length(const char *line)
{
    size_t length = strcspn(line, "\n");
    return length + (line[length] == '\n');
}

/* Where the last `count` lines begin. */
static const char *last_lines(const char *log, int64_t count)
{
    const char *at = log + strlen(log);
    while (at > log && count >= 0) {
        const char *start = at - 1;
        while (start > log && start[-1] != '\n')
            start--;
        if (count-- == 0)
            break;
        at = start;
    }
    return at;
}

static void append_lines(const struct podlog_options *options, const char *log, struct text *text)
{
    while (*log != '\0') {
        size_t length = line_length(log);
        int64_t time;
        const char *words = line_text(log, length, &time);
        if (time > options->after_ms || options->after_ms == INT64_MIN) {
            const char *from = options->timestamps ? log : words;
            text_append_bytes(text, from, length - (size_t)(from - log));
        }
        log += length;
    }
}

static char *whole_log(const struct api *api, const json_t *pod, const char *container)
{
    return api->scenario != NULL
               ? scenario_log(api->scenario, pod, container, clock_wall_ms(registry_clock(api->registry)))
               : memory_text("");
}

static bool podlog_fill(struct stream *stream, struct text *buffer, int64_t now_ms)
{
    struct podlog *podlog = (struct podlog *)stream;
    const json_t *pod = store_get(registry_store(podlog->api->registry), podlog->pods, podlog->namespace, podlog->name);
    if (pod == NULL || !text_equal(tree_text(pod, "metadata", "uid"), podlog->uid))
        return false;
    podlog->next = now_ms + FOLLOW_MS;
    int64_t now = clock_wall_ms(registry_clock(podlog->api->registry));
    CLEANUP_FREE char *log = whole_log(podlog->api, pod, podlog->container);
    append_lines(&podlog->options, podlog->options.tail >= 0 ? last_lines(log, podlog->options.tail) : log, buffer);
    podlog->options.after_ms = now;
    podlog->options.tail = -1;
    const char *phase = tree_text(pod, "status", "phase");
    return !text_equal(phase, "Succeeded") && !text_equal(phase, "Failed");
}

static int64_t podlog_due(const struct stream *stream)
{
    return ((const struct podlog *)stream)->next;
}

static void podlog_free(struct stream *stream)
{
    struct podlog *podlog = (struct podlog *)stream;
    free(podlog->namespace);
    free(podlog->name);
    free(podlog->uid);
    free(podlog->container);
    free(podlog);
}

/* The names of a pod's containers, "[a b]", as the real server lists them; the caller's. */
static char *container_names(const json_t *containers)
{
    struct text names = {0};
    text_append_char(&names, '[');
    for (size_t i = 0; i < json_array_size(containers); i++)
        text_append_format(&names, "%s%s", i > 0 ? " " : "", tree_text(json_array_get(containers, i), "name"));
    text_append_char(&names, ']');
    return text_steal(&names);
}

static bool has_container(const json_t *pod, const char *name)
{
    static const char *const lists[] = {"containers", "initContainers", "ephemeralContainers"};
    for (size_t i = 0; i < LENGTH_OF(lists); i++) {
        const json_t *containers = tree_get(pod, "spec", lists[i]);
        for (size_t k = 0; k < json_array_size(containers); k++)
            if (text_equal(tree_text(json_array_get(containers, k), "name"), name))
                return true;
    }
    return false;
}

/* The container that is meant: named, the only one, or the one that the pod's annotation prefers. */
static bool choose_container(const struct api_call *call, const json_t *pod, const char **ret_name,
                             struct refusal *refusal)
{
    const char *name = request_query(call->request, "container");
    const json_t *containers = tree_get(pod, "spec", "containers");
    if (name == NULL || name[0] == '\0')
        name = tree_text(pod, "metadata", "annotations", "kubectl.kubernetes.io/default-container");
    if (name == NULL && json_array_size(containers) > 1) {
        CLEANUP_FREE char *names = container_names(containers);
        return refusal_bad_request(refusal, "a container name must be specified for pod %s, choose one of: %s",
                                   call->route.name, names);
    }
    if (name == NULL)
        name = tree_text(json_array_get(containers, 0), "name");
    if (name == NULL || !has_container(pod, name))
        return refusal_bad_request(refusal, "container %s is not valid for pod %s", name != NULL ? name : "",
                                   call->route.name);
    *ret_name = name;
    return true;
}

static bool read_options(const struct api_call *call, struct podlog_options *options, struct refusal *refusal)
{
    int64_t since_s = 0;
    const char *since_time = request_query(call->request, "sinceTime");
    *options = (struct podlog_options){
        .timestamps = request_flag(call->request, "timestamps"), .after_ms = INT64_MIN, .tail = -1};
    if (!request_integer(call->request, "tailLines", &options->tail) ||
        !request_integer(call->request, "limitBytes", &options->limit) ||
        !request_integer(call->request, "sinceSeconds", &since_s) || options->limit < 0 || since_s < 0 ||
        since_s > SINCE_LIMIT_S)
        return refusal_bad_request(refusal, "the parameters of the log are not valid integers");
    if (since_s > 0)
        options->after_ms = api_wall_ms(call) - since_s * 1000 - 1;
    if (since_time != NULL && !clock_parse(since_time, &options->after_ms))
        return refusal_bad_request(refusal, "parsing time \"%s\": it is not in RFC 3339", since_time);
    return true;
}

static void follow(const struct api_call *call, const struct podlog_options *options, const json_t *pod,
                   const char *container)
{
    struct podlog *podlog = memory_new(sizeof *podlog);
    *podlog = (struct podlog){
        .stream = {.fill = podlog_fill, .due = podlog_due, .free = podlog_free},
        .api = call->api,
        .options = *options,
        .pods = call->resource,
        .namespace = memory_text(call->route.namespace),
        .name = memory_text(call->route.name),
        .uid = memory_text(tree_text(pod, "metadata", "uid")),
        .container = memory_text(container),
    };
    call->response->status = 200;
    call->response->content_type = "text/plain";
    call->response->stream = &podlog->stream;
}

bool podlog_get(const struct api_call *call, struct refusal *refusal)
{
    struct registry_call get = api_registry_call(call);
    struct podlog_options options;
    const char *container = NULL;
    json_t *pod = NULL;
    get.subresource = NULL;
    if (!text_equal(call->verb, "get"))
        return api_refuse_method(refusal);
    if (!registry_get(call->api->registry, &get, &pod, refusal))
        return false;
    bool good = choose_container(call, pod, &container, refusal) && read_options(call, &options, refusal);
    if (good && request_flag(call->request, "follow")) {
        follow(call, &options, pod, container);
    } else if (good) {
        CLEANUP_FREE char *log = whole_log(call->api, pod, container);
        struct text text = {0};
        append_lines(&options, options.tail >= 0 ? last_lines(log, options.tail) : log, &text);
        CLEANUP_FREE char *cut =
            memory_text_part(text_peek(&text), options.limit > 0 ? (size_t)options.limit : text.size);
        response_text(call->response, 200, cut);
        call->response->content_type = "text/plain";
        text_release(&text);
    }
    json_decref(pod);
    return good;
}
