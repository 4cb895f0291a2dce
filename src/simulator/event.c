/* Events as client-go's recorder writes them: one object per thing that happens, counted when it happens again. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/work.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The same happening has the same name: the object's, and a number made of reason, message and component. */
static char *event_name(const json_t *object, const char *reason, const char *component, const char *message)
{
    const char *kind = tree_text(object, "kind");
    CLEANUP_FREE char *seed = memory_format("%s|%s|%s|%s", kind != NULL ? kind : "", reason, component, message);
    return memory_format("%s.18%06x%08x", work_name(object), work_hash(seed + 1) >> 8, work_hash(seed));
}

static void count_again(struct work *work, const json_t *event, const char *manager)
{
    json_int_t count = json_integer_value(json_object_get(event, "count"));
    json_t *patch = json_pack("{s:I, s:o}", "count", count + 1, "lastTimestamp", work_time_text(work->now));
    work_patch(work, manager, "", "events", event, patch);
    json_decref(patch);
}

static json_t *make_event(struct work *work, const json_t *object, const char *name, const char *type,
                          const char *reason, const char *component, const char *message)
{
    const char *namespace = work_namespace(object);
    json_t *about = json_pack("{s:s*, s:s*, s:s, s:s*, s:s*}", "apiVersion", tree_text(object, "apiVersion"), "kind",
                              tree_text(object, "kind"), "name", work_name(object), "namespace", namespace, "uid",
                              tree_text(object, "metadata", "uid"));
    json_object_set(about, "resourceVersion", tree_get(object, "metadata", "resourceVersion"));
    json_t *source = json_pack("{s:s}", "component", component);
    const char *node = tree_text(object, "spec", "nodeName");
    if (strcmp(component, "kubelet") == 0 && node != NULL)
        json_object_set_new(source, "host", json_string(node));
    return json_pack("{s:s, s:s, s:{s:s, s:s}, s:o, s:s, s:s, s:o, s:o, s:o, s:i, s:s, s:s, s:s}", "apiVersion", "v1",
                     "kind", "Event", "metadata", "name", name, "namespace", namespace != NULL ? namespace : "default",
                     "involvedObject", about, "reason", reason, "message", message, "source", source, "firstTimestamp",
                     work_time_text(work->now), "lastTimestamp", work_time_text(work->now), "count", 1, "type", type,
                     "reportingComponent", component, "reportingInstance", node != NULL ? node : "");
}

static void write_event(struct work *work, int64_t every_ms, const json_t *object, const char *type, const char *reason,
                        const char *component, const char *message)
{
    if (work->now < work->events_since)
        return;
    CLEANUP_FREE char *name = event_name(object, reason, component, message);
    const char *manager = text_ends(component, "-controller") ? "kube-controller-manager" : component;
    const char *namespace = work_namespace(object);
    const json_t *event = work_get(work, "", "events", namespace != NULL ? namespace : "default", name);
    const char *last = tree_text(event, "lastTimestamp");
    int64_t when = 0;
    if (event == NULL) {
        json_t *made = make_event(work, object, name, type, reason, component, message);
        work_create(work, manager, "", "events", made, NULL);
        json_decref(made);
    } else if (last == NULL || !clock_parse(last, &when) || work->now - when >= every_ms) {
        count_again(work, event, manager);
    }
}

void work_event(struct work *work, const json_t *object, const char *type, const char *reason, const char *component,
                const char *format, ...)
{
    va_list arguments;
    char *message = NULL;
    va_start(arguments, format);
    if (vasprintf(&message, format, arguments) < 0)
        abort();
    va_end(arguments);
    write_event(work, 0, object, type, reason, component, message);
    free(message);
}

void work_event_again(struct work *work, int64_t every_ms, const json_t *object, const char *type, const char *reason,
                      const char *component, const char *message)
{
    write_event(work, every_ms, object, type, reason, component, message);
}
