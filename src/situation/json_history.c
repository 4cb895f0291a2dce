#include "base/clock.h"
#include "situation/json.h"
#include "situation/json_parts.h"

json_t *json_text(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

json_t *json_time(int64_t wall_ms)
{
    char text[32];
    if (wall_ms == CLOCK_UNKNOWN)
        return json_null();
    clock_format(wall_ms, text, sizeof text);
    return json_string(text);
}

json_t *json_texts(char *const *texts)
{
    json_t *list = json_array();
    for (size_t i = 0; texts != NULL && texts[i] != NULL; i++)
        json_array_append_new(list, json_string(texts[i]));
    return list;
}

json_t *json_number_or_null(int number)
{
    return number < 0 ? json_null() : json_integer(number);
}

json_t *json_fields(const struct field_change *fields, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *field = json_object();
        json_object_set_new(field, "path", json_text(fields[i].path));
        json_object_set_new(field, "from", json_text(fields[i].from));
        json_object_set_new(field, "to", json_text(fields[i].to));
        json_array_append_new(list, field);
    }
    return list;
}

static json_t *revision_json(const struct picture_revision *row)
{
    json_t *json = json_object();
    json_object_set_new(json, "revision", json_integer(row->revision));
    json_object_set_new(json, "status", json_text(row->status));
    json_object_set_new(json, "updated", json_time(row->updated_ms));
    json_object_set_new(json, "chart", json_text(row->chart));
    json_object_set_new(json, "appVersion", json_text(row->app_version));
    json_object_set_new(json, "description", json_text(row->description));
    json_object_set_new(json, "applyMethod", json_text(row->apply_method));
    json_object_set_new(json, "onceDeployed", json_text(row->once_deployed));
    json_object_set_new(json, "content", json_integer(row->content));
    json_object_set_new(json, "live", json_boolean(row->live));
    json_object_set_new(json, "target", json_boolean(row->target));
    if (row->error != NULL)
        json_object_set_new(json, "error", json_text(row->error));
    return json;
}

json_t *situation_json_history(const struct picture *picture, const char *release, const char *namespace)
{
    json_t *json = json_object(), *revisions = json_array();
    for (size_t i = 0; i < picture->revision_count; i++)
        json_array_append_new(revisions, revision_json(&picture->revisions[i]));
    json_object_set_new(json, "release", json_text(release));
    json_object_set_new(json, "namespace", json_text(namespace));
    json_object_set_new(json, "revisions", revisions);
    json_object_set_new(json, "targetReason", json_text(picture->target_reason));
    return json;
}
