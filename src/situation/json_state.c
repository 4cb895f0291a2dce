#include "situation/json.h"
#include "situation/json_parts.h"
#include <stdio.h>
#include <string.h>

/* ---- API versions ---- */

static json_t *ready_json(int ready)
{
    return ready < 0 ? json_null() : json_boolean(ready);
}

static json_t *text_or_null(const char *text)
{
    return *text != '\0' ? json_string(text) : json_null();
}

static json_t *api_object_json(const struct picture_api_object *object)
{
    json_t *json = json_object();
    json_object_set_new(json, "namespace", text_or_null(object->namespace));
    json_object_set_new(json, "name", json_text(object->name));
    json_object_set_new(json, "version", text_or_null(object->version));
    json_object_set_new(json, "evidence", text_or_null(object->evidence));
    json_object_set_new(json, "lastWrittenBy", text_or_null(object->last_written_by));
    json_object_set_new(json, "ready", text_or_null(object->ready));
    json_object_set_new(json, "readyForNext", ready_json(object->ready_for_next));
    json_object_set_new(json, "supportedApiVersions", text_or_null(object->supported));
    json_object_set_new(json, "compatibleApiVersions", text_or_null(object->compatible));
    json_object_set_new(json, "operatorVersion", text_or_null(object->operator_version));
    return json;
}

/* Every version of the CRD, also unused ones; objects whose version is not known, or not the CRD's any more, have keys
 * of their own. */
static json_t *by_version_json(const struct picture_api *api)
{
    json_t *json = json_object();
    for (size_t i = api->version_count; i > 0; i--)
        json_object_set_new(json, api->versions[i - 1].name, json_integer((json_int_t)api->versions[i - 1].count));
    for (size_t i = 0; i < api->object_count; i++) {
        const char *version = *api->objects[i].version != '\0' ? api->objects[i].version : "unknown";
        bool counted = false;
        for (size_t k = 0; k < api->version_count && !counted; k++)
            counted = strcmp(api->versions[k].name, version) == 0;
        if (!counted)
            json_object_set_new(json, version, json_integer(json_integer_value(json_object_get(json, version)) + 1));
    }
    return json;
}

static json_t *api_json(const struct picture_api *api, int target_revision)
{
    json_t *json = json_object(), *served = json_array(), *deprecated = json_array(), *objects = json_array(),
           *orphaned = json_object();
    json_object_set_new(json, "resource", json_text(api->crd));
    json_object_set_new(json, "storage", json_null());
    for (size_t i = api->version_count; i > 0; i--) {
        const struct picture_api_version *version = &api->versions[i - 1];
        if (version->served)
            json_array_append_new(served, json_text(version->name));
        if (version->deprecated)
            json_array_append_new(deprecated, json_text(version->name));
        if (version->storage)
            json_object_set_new(json, "storage", json_text(version->name));
    }
    for (size_t i = 0; i < api->object_count; i++)
        json_array_append_new(objects, api_object_json(&api->objects[i]));
    json_object_set_new(json, "served", served);
    json_object_set_new(json, "deprecated", deprecated);
    json_object_set_new(json, "storedVersions", json_texts(api->stored_versions));
    /* Nothing known is not nothing there. */
    bool known = api->part.state == PART_LIVE || api->part.state == PART_STALE || api->object_count > 0;
    json_object_set_new(json, "total", known ? json_integer((json_int_t)api->object_count) : json_null());
    json_object_set_new(json, "byVersion", by_version_json(api));
    json_object_set_new(json, "objects", objects);
    if (target_revision != 0) {
        char revision[16];
        snprintf(revision, sizeof revision, "%d", target_revision);
        json_object_set_new(orphaned, revision, known ? json_texts(api->orphaned) : json_null());
    }
    json_object_set_new(json, "orphanedBy", orphaned);
    if (api->part.error.message != NULL)
        json_object_set_new(json, "reason", json_text(api->part.error.message));
    return json;
}

json_t *situation_json_apis(const struct picture *picture)
{
    int target = picture->changes != NULL ? picture->changes->to : picture->target_revision;
    if (picture->api_count == 1)
        return api_json(&picture->apis[0], target);
    json_t *resources = json_array();
    for (size_t i = 0; i < picture->api_count; i++)
        json_array_append_new(resources, api_json(&picture->apis[i], target));
    return json_pack("{s:o}", "resources", resources);
}

/* ---- workloads and databases ---- */

json_t *situation_json_workloads(const struct picture *picture)
{
    json_t *workloads = json_array();
    for (size_t i = 0; i < picture->workload_count; i++) {
        const struct picture_workload *row = &picture->workloads[i];
        json_t *json = json_object();
        json_object_set_new(json, "kind", json_text(row->kind));
        json_object_set_new(json, "namespace", json_text(row->namespace));
        json_object_set_new(json, "name", json_text(row->name));
        json_object_set_new(json, "component", text_or_null(row->component));
        json_object_set_new(json, "ready", json_number_or_null(row->ready));
        json_object_set_new(json, "desired", json_number_or_null(row->desired));
        json_object_set_new(json, "updated", json_number_or_null(row->updated));
        json_object_set_new(json, "rollout", json_text(rollout_state_name(row->rollout)));
        json_object_set_new(json, "reason", json_text(row->reason));
        json_array_append_new(workloads, json);
    }
    return workloads;
}

static json_t *images_json(const struct picture_image *images, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *json = json_object();
        json_object_set_new(json, "image", json_text(images[i].image));
        json_object_set_new(json, "digest", text_or_null(images[i].digest));
        json_object_set_new(json, "pods", json_integer(images[i].pods));
        json_array_append_new(list, json);
    }
    return list;
}

json_t *situation_json_databases(const struct picture *picture)
{
    json_t *databases = json_array();
    for (size_t i = 0; i < picture->database_count; i++) {
        const struct picture_database *row = &picture->databases[i];
        json_t *json = json_object();
        json_object_set_new(json, "namespace", json_text(row->namespace));
        json_object_set_new(json, "name", json_text(row->name));
        json_object_set_new(json, "healthy", json_boolean(row->healthy));
        json_object_set_new(json, "phase", text_or_null(row->phase));
        json_object_set_new(json, "phaseReason", text_or_null(row->phase_reason));
        json_object_set_new(json, "ready", json_integer(row->ready));
        json_object_set_new(json, "instances", json_integer(row->instances));
        json_object_set_new(json, "primary", text_or_null(row->primary));
        json_object_set_new(json, "targetPrimary", text_or_null(row->target_primary));
        json_object_set_new(json, "image", text_or_null(row->image));
        json_object_set_new(json, "postgres", images_json(row->postgres, row->postgres_count));
        json_object_set_new(json, "gateway", images_json(row->gateway, row->gateway_count));
        json_array_append_new(databases, json);
    }
    return databases;
}

/* ---- events and ages ---- */

json_t *situation_json_events(const struct picture *picture)
{
    json_t *events = json_array();
    for (size_t i = 0; i < picture->event_count; i++) {
        const struct picture_event *row = &picture->events[i];
        json_t *json = json_object();
        json_object_set_new(json, "time", json_time(row->last_ms));
        json_object_set_new(json, "count", json_integer(row->count));
        json_object_set_new(json, "type", json_string(row->warning ? "Warning" : "Normal"));
        json_object_set_new(json, "reason", json_text(row->reason));
        json_object_set_new(json, "object", json_text(row->object));
        json_object_set_new(json, "namespace", text_or_null(row->namespace));
        json_object_set_new(json, "message", json_text(row->message));
        json_array_append_new(events, json);
    }
    return events;
}

/* The parts of many rows are told as one: the worst of them. */
static json_t *joined_json(const struct part *first, size_t count, size_t stride, int64_t now_ms)
{
    struct part joined = {.state = PART_UNUSED, .heard_ms = -1};
    for (size_t i = 0; i < count; i++)
        part_join(&joined, (const struct part *)(const void *)((const char *)first + i * stride));
    json_t *json = part_to_json(&joined, now_ms);
    part_release(&joined);
    return json;
}

json_t *situation_json_ages(const struct picture *picture, int64_t now_ms)
{
    json_t *json = json_object();
    json_object_set_new(json, "history", part_to_json(&picture->history_part, now_ms));
    json_object_set_new(json, "components", part_to_json(&picture->components_part, now_ms));
    json_object_set_new(json, "live",
                        joined_json(picture->component_count > 0 ? &picture->components[0].part : NULL,
                                    picture->component_count, sizeof *picture->components, now_ms));
    json_object_set_new(json, "workloads",
                        joined_json(picture->workload_count > 0 ? &picture->workloads[0].part : NULL,
                                    picture->workload_count, sizeof *picture->workloads, now_ms));
    json_object_set_new(json, "objects",
                        joined_json(picture->object_count > 0 ? &picture->objects[0].part : NULL, picture->object_count,
                                    sizeof *picture->objects, now_ms));
    json_object_set_new(json, "apiVersions",
                        joined_json(picture->api_count > 0 ? &picture->apis[0].part : NULL, picture->api_count,
                                    sizeof *picture->apis, now_ms));
    json_object_set_new(json, "databases", part_to_json(&picture->databases_part, now_ms));
    json_object_set_new(json, "storedHashes", part_to_json(&picture->hashes_part, now_ms));
    json_object_set_new(json, "events", part_to_json(&picture->events_part, now_ms));
    return json;
}
