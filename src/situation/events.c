#include "situation/events.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define EVENT_TEXT_LIMIT 1000

static char *clean(const char *text)
{
    return text_clean(text != NULL ? text : "", false, EVENT_TEXT_LIMIT);
}

/* A repeated event tells its last time in lastTimestamp, in series, or (events.k8s.io) only in eventTime. */
static int64_t last_time(const json_t *object)
{
    const char *const texts[] = {
        tree_text(object, "series", "lastObservedTime"),
        tree_text(object, "lastTimestamp"),
        tree_text(object, "eventTime"),
        tree_text(object, "firstTimestamp"),
        tree_text(object, "metadata", "creationTimestamp"),
    };
    int64_t time;
    for (size_t i = 0; i < LENGTH_OF(texts); i++)
        if (texts[i] != NULL && clock_parse(texts[i], &time))
            return time;
    return CLOCK_UNKNOWN;
}

static int repeat_count(const json_t *object)
{
    int64_t count = tree_integer(tree_get(object, "series", "count"), tree_integer(tree_get(object, "count"), 1));
    return count < 1 ? 1 : count > INT_MAX ? INT_MAX : (int)count;
}

struct event *event_make(const json_t *object)
{
    struct event *event = memory_new(sizeof *event);
    event->kind = clean(tree_text(object, "involvedObject", "kind"));
    event->name = clean(tree_text(object, "involvedObject", "name"));
    event->shown = (struct picture_event){
        .last_ms = last_time(object),
        .count = repeat_count(object),
        .warning = text_equal(tree_text(object, "type"), "Warning"),
        .reason = clean(tree_text(object, "reason")),
        .object = memory_format("%s %s", event->kind, event->name),
        .namespace = clean(tree_text(object, "involvedObject", "namespace")),
        .message = clean(tree_text(object, "message")),
    };
    return event;
}

static void release_row(struct picture_event *row)
{
    free(row->reason);
    free(row->object);
    free(row->namespace);
    free(row->message);
}

void event_free(struct event *event)
{
    if (event == NULL)
        return;
    release_row(&event->shown);
    free(event->kind);
    free(event->name);
    free(event);
}

bool event_is_about(const struct event *event, const char *wanted_kind, const char *wanted_name)
{
    if (text_equal(event->kind, wanted_kind) && text_equal(event->name, wanted_name))
        return true;
    bool child =
        text_equal(event->kind, "Pod") || text_equal(event->kind, "ReplicaSet") || text_equal(event->kind, "Job");
    size_t length = strlen(wanted_name);
    return child && strncmp(event->name, wanted_name, length) == 0 && event->name[length] == '-';
}

static int compare_events(const void *a, const void *b)
{
    const struct event *left = *(const struct event *const *)a, *right = *(const struct event *const *)b;
    if (left->shown.last_ms != right->shown.last_ms)
        return left->shown.last_ms > right->shown.last_ms ? -1 : 1;
    int order = strcmp(left->shown.object, right->shown.object);
    return order != 0 ? order : strcmp(left->shown.message, right->shown.message);
}

void events_picture(const struct event *const *events, size_t count, struct picture_event **ret_rows, size_t *ret_count)
{
    const struct event **sorted = memory_copy(events, count * sizeof *events);
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, compare_events);
    size_t kept = count < EVENTS_LIMIT ? count : EVENTS_LIMIT;
    struct picture_event *rows = memory_new_array(kept, sizeof *rows);
    for (size_t i = 0; i < kept; i++) {
        rows[i] = sorted[i]->shown;
        rows[i].reason = memory_text(rows[i].reason);
        rows[i].object = memory_text(rows[i].object);
        rows[i].namespace = memory_text(rows[i].namespace);
        rows[i].message = memory_text(rows[i].message);
    }
    free(sorted);
    *ret_rows = rows;
    *ret_count = kept;
}

void events_free_picture(struct picture_event *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        release_row(&rows[i]);
    free(rows);
}
