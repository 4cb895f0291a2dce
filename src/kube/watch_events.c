#include "kube/watch_events.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <stdlib.h>
#include <string.h>

static char *copy_text(const char *text)
{
    return memory_text(text != NULL ? text : "");
}

void list_page_parse(struct list_page *page, const char *bytes, size_t size, const struct kube_projection *projection)
{
    json_t *tree = NULL;
    if (!tree_parse(bytes, size, &tree, &page->error))
        return;
    const json_t *items = tree_get(tree, "items");
    if (!json_is_array(items) && !json_is_null(items)) { /* an empty list of metadata says null */
        error_set(&page->error, ERROR_UNREACHABLE, _("the server's answer is not a list"));
        json_decref(tree);
        return;
    }
    for (size_t i = 0; i < json_array_size(items); i++) {
        struct kube_item *item = item_make(json_array_get(items, i), projection);
        if (item != NULL)
            item_store_append(&page->items, item);
    }
    page->resource_version = copy_text(tree_text(tree, "metadata", "resourceVersion"));
    page->continue_token = copy_text(tree_text(tree, "metadata", "continue"));
    json_decref(tree);
}

void list_page_release(struct list_page *page, const struct kube_projection *projection)
{
    item_store_release(&page->items, projection);
    free(page->resource_version);
    free(page->continue_token);
    error_release(&page->error);
    *page = (struct list_page){0};
}

static bool kind_of(const char *type, enum watch_event_kind *ret_kind)
{
    static const char *const names[] = {
        [WATCH_ADDED] = "ADDED",       [WATCH_MODIFIED] = "MODIFIED", [WATCH_DELETED] = "DELETED",
        [WATCH_BOOKMARK] = "BOOKMARK", [WATCH_ERROR] = "ERROR",
    };
    for (size_t i = 0; i < LENGTH_OF(names); i++) {
        if (text_equal(type, names[i])) {
            *ret_kind = (enum watch_event_kind)i;
            return true;
        }
    }
    return false;
}

static bool parse_event(struct watch_event *event, const char *line, size_t size, const struct kube_projection *projection,
                        struct error *error)
{
    json_t *tree = NULL;
    if (!tree_parse(line, size, &tree, error))
        return error_prefix(error, _("watch event"));
    const json_t *object = tree_get(tree, "object");
    if (!kind_of(tree_text(tree, "type"), &event->kind) || !json_is_object(object)) {
        json_decref(tree);
        return error_set(error, ERROR_UNREACHABLE, _("the server sent a watch event of an unknown kind"));
    }
    switch (event->kind) {
    case WATCH_ADDED:
    case WATCH_MODIFIED:
    case WATCH_DELETED:
        event->item = item_make(object, projection);
        break;
    case WATCH_BOOKMARK:
        event->resource_version = copy_text(tree_text(object, "metadata", "resourceVersion"));
        event->initial_end = text_equal(tree_text(object, "metadata", "annotations", "k8s.io/initial-events-end"), "true");
        break;
    case WATCH_ERROR:
        event->code = (int)tree_integer(tree_get(object, "code"), 0);
        event->message = copy_text(tree_text(object, "message"));
        break;
    }
    json_decref(tree);
    return true;
}

void watch_batch_parse(struct watch_batch *batch, const char *bytes, size_t size, const struct kube_projection *projection)
{
    size_t room = 0;
    const char *end = bytes + size;
    while (bytes < end) {
        const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
        size_t length = (size_t)((stop != NULL ? stop : end) - bytes);
        if (length > 0) {
            if (batch->count == room) {
                room = room == 0 ? 8 : room * 2;
                batch->events = memory_resize(batch->events, room, sizeof *batch->events);
            }
            struct watch_event event = {0};
            if (!parse_event(&event, bytes, length, projection, &batch->error))
                return;
            batch->events[batch->count++] = event;
        }
        bytes += length + 1;
    }
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
