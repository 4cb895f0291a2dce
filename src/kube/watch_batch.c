#include "kube/watch_batch.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "kube/answer.h"
#include <stdlib.h>
#include <string.h>

#define MESSAGE_LIMIT 1000

/* KEP-3157, streaming lists. */
#define INITIAL_END "k8s.io/initial-events-end"

static char *copy_text(const char *text)
{
    return memory_text(text != NULL ? text : "");
}

static bool kind_of(const char *type, enum watch_kind *ret_kind)
{
    static const char *const names[] = {
        [WATCH_ADDED] = "ADDED",       [WATCH_MODIFIED] = "MODIFIED", [WATCH_DELETED] = "DELETED",
        [WATCH_BOOKMARK] = "BOOKMARK", [WATCH_ERROR] = "ERROR",
    };
    for (size_t i = 0; i < LENGTH_OF(names); i++) {
        if (text_equal(type, names[i])) {
            *ret_kind = (enum watch_kind)i;
            return true;
        }
    }
    return false;
}

static bool fill_event(struct watch_event *event, const json_t *object, const struct kube_projection *projection)
{
    switch (event->kind) {
    case WATCH_ADDED:
    case WATCH_MODIFIED:
        event->item = item_make(object, projection);
        return event->item != NULL;
    case WATCH_DELETED:
        event->item = item_make(object, NULL);
        return event->item != NULL;
    case WATCH_BOOKMARK:
        event->resource_version = copy_text(tree_text(object, "metadata", "resourceVersion"));
        event->initial_end = text_equal(tree_text(object, "metadata", "annotations", INITIAL_END), "true");
        return true;
    case WATCH_ERROR:
        event->code = (int)tree_integer(tree_get(object, "code"), 0);
        event->message =
            text_clean(tree_text(object, "message") != NULL ? tree_text(object, "message") : "", false, MESSAGE_LIMIT);
        return true;
    }
    return false;
}

static bool read_line(struct watch_batch *batch, const char *line, size_t size,
                      const struct kube_projection *projection)
{
    json_t *tree = NULL;
    if (!tree_parse(line, size, &tree, &batch->error))
        return false;
    struct watch_event event = {0};
    const json_t *object = tree_get(tree, "object");
    bool good = kind_of(tree_text(tree, "type"), &event.kind) && json_is_object(object) &&
                fill_event(&event, object, projection);
    json_decref(tree);
    if (!good)
        return error_set(&batch->error, ERROR_INVALID, _("it is no event, or its object has no name"));
    batch->events[batch->count++] = event;
    return true;
}

static size_t count_lines(const char *bytes, size_t size)
{
    size_t lines = 0;
    const char *end = bytes + size;
    while (bytes < end && (bytes = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL) {
        lines++;
        bytes++;
    }
    return lines;
}

bool watch_batch_parse(struct watch_batch *batch, const char *bytes, size_t size,
                       const struct kube_projection *projection)
{
    const char *end = bytes + size;
    batch->events = memory_new_array(count_lines(bytes, size), sizeof *batch->events);
    const char *stop;
    while (bytes < end && (stop = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL) {
        size_t length = (size_t)(stop - bytes);
        bool blank = length == 0 || (length == 1 && bytes[0] == '\r');
        if (!blank && !read_line(batch, bytes, length, projection)) {
            error_prefix(&batch->error, _("A line of the server's watch cannot be read"));
            return kube_answer_blame(&batch->error);
        }
        bytes = stop + 1;
    }
    return true;
}

void watch_batch_release(struct watch_batch *batch, const struct kube_projection *projection)
{
    for (size_t i = 0; i < batch->count; i++) {
        item_free(batch->events[i].item, projection);
        free(batch->events[i].resource_version);
        free(batch->events[i].message);
    }
    free(batch->events);
    error_release(&batch->error);
    *batch = (struct watch_batch){0};
}
