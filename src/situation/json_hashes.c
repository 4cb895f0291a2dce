#include "situation/json.h"
#include "situation/json_parts.h"

static json_t *hash_or_null(const char *hash)
{
    return *hash != '\0' ? json_string(hash) : json_null();
}

/* null: the revision does not have the component, or what lives is not known. */
static json_t *fingerprint_json(const struct fingerprint *fingerprint)
{
    if (!fingerprint->present)
        return json_null();
    json_t *json = json_object(), *images = json_array();
    json_object_set_new(json, "image", json_text(fingerprint->image));
    json_object_set_new(json, "imageHash", hash_or_null(fingerprint->image_hash));
    json_object_set_new(json, "configHash", hash_or_null(fingerprint->config_hash));
    for (size_t i = 0; i < fingerprint->container_count; i++) {
        const struct fingerprint_container *container = &fingerprint->containers[i];
        json_t *image = json_object();
        json_object_set_new(image, "container", json_text(container->name));
        json_object_set_new(image, "image", json_text(container->image));
        json_object_set_new(image, "imageHash", hash_or_null(container->image_hash));
        json_array_append_new(images, image);
    }
    json_object_set_new(json, "images", images);
    return json;
}

static json_t *running_json(const struct picture_image *images, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *image = json_object();
        json_object_set_new(image, "image", json_text(images[i].image));
        json_object_set_new(image, "digest", *images[i].digest != '\0' ? json_text(images[i].digest) : json_null());
        json_object_set_new(image, "pods", json_integer(images[i].pods));
        json_array_append_new(list, image);
    }
    return list;
}

static json_t *drift_json(enum drift drift)
{
    return drift == DRIFT_UNKNOWN ? json_null() : json_boolean(drift == DRIFT_YES);
}

static void add_drift(json_t *json, enum drift drift, const char *reason, const char *manager, int64_t time_ms,
                      const struct field_change *fields, size_t count)
{
    json_object_set_new(json, "drift", drift_json(drift));
    json_object_set_new(json, "driftReason", json_text(reason));
    json_object_set_new(json, "driftManager", *manager != '\0' ? json_text(manager) : json_null());
    json_object_set_new(json, "driftTime", json_time(time_ms));
    json_object_set_new(json, "driftFields", json_fields(fields, count));
}

static json_t *component_json(const struct component_change *change, const struct picture_component *row)
{
    json_t *json = json_object();
    json_object_set_new(json, "name", json_text(change->identity.name));
    json_object_set_new(json, "title", json_text(change->identity.title));
    json_object_set_new(json, "stateful", json_boolean(change->identity.stateful));
    json_object_set_new(json, "change", json_text(change_kind_name(change->change)));
    json_object_set_new(json, "labelsOnly", json_boolean(change->labels_only));
    json_object_set_new(json, "summary", json_text(change->summary));
    json_object_set_new(json, "from", fingerprint_json(&change->from));
    json_object_set_new(json, "to", fingerprint_json(&change->to));
    json_object_set_new(json, "live", fingerprint_json(&row->live));
    add_drift(json, row->drift, row->drift_reason, row->drift_manager, row->drift_ms, row->drift_fields,
              row->drift_field_count);
    json_object_set_new(json, "running", running_json(row->running, row->running_count));
    json_object_set_new(json, "risk", json_text(risk_name(change->risk)));
    json_object_set_new(json, "riskReason", json_text(change->risk_reason));
    json_object_set_new(json, "skewed", json_boolean(row->skewed));
    json_object_set_new(json, "storedHashWrong", json_boolean(row->stored_hash_wrong));
    json_object_set_new(json, "fields", json_fields(change->fields, change->field_count));
    return json;
}

static json_t *names_json(const struct picture *picture, bool same)
{
    json_t *names = json_array();
    for (size_t i = 0; i < picture->component_count; i++) {
        const struct component_change *change = &picture->changes->components[i];
        bool is_same = change->change == CHANGE_SAME;
        if (change->change != CHANGE_UNKNOWN && is_same == same)
            json_array_append_new(names, json_text(change->identity.name));
    }
    return names;
}

static json_t *others_json(const struct change_set *changes)
{
    json_t *others = json_array();
    for (size_t i = 0; changes != NULL && i < changes->other_count; i++) {
        const struct object_change *other = &changes->others[i];
        json_t *json = json_object();
        json_object_set_new(json, "apiVersion", json_text(other->api_version));
        json_object_set_new(json, "kind", json_text(other->kind));
        json_object_set_new(json, "namespace", *other->namespace != '\0' ? json_text(other->namespace) : json_null());
        json_object_set_new(json, "name", json_text(other->name));
        json_object_set_new(json, "change", json_text(change_kind_name(other->change)));
        json_object_set_new(json, "linesAdded", json_integer((json_int_t)other->lines_added));
        json_object_set_new(json, "linesRemoved", json_integer((json_int_t)other->lines_removed));
        json_array_append_new(others, json);
    }
    return others;
}

/* Objects that drifted, or of which it is not known; and after an upgrade that failed half-way, what each one is like.
 */
static json_t *objects_json(const struct picture *picture)
{
    json_t *objects = json_array();
    for (size_t i = 0; i < picture->object_count; i++) {
        const struct picture_object *row = &picture->objects[i];
        json_t *json = json_object();
        json_object_set_new(json, "kind", json_text(row->kind));
        json_object_set_new(json, "namespace", *row->namespace != '\0' ? json_text(row->namespace) : json_null());
        json_object_set_new(json, "name", json_text(row->name));
        json_object_set_new(json, "matches", json_text(object_match_name(row->match)));
        add_drift(json, row->drift, row->drift_reason, row->drift_manager, row->drift_ms, row->drift_fields,
                  row->drift_field_count);
        json_array_append_new(objects, json);
    }
    return objects;
}

static json_t *revision_or_null(const struct change_set *changes, bool from)
{
    int revision = changes == NULL ? 0 : from ? changes->from : changes->to;
    return revision != 0 ? json_integer(revision) : json_null();
}

json_t *situation_json_hashes(const struct picture *picture, const char *release, const char *namespace)
{
    const struct change_set *changes = picture->changes;
    json_t *json = json_object(), *components = json_array();
    for (size_t i = 0; i < picture->component_count; i++)
        json_array_append_new(components, component_json(&changes->components[i], &picture->components[i]));
    json_object_set_new(json, "release", json_text(release));
    json_object_set_new(json, "namespace", json_text(namespace));
    json_object_set_new(json, "from", revision_or_null(changes, true));
    json_object_set_new(json, "to", revision_or_null(changes, false));
    json_object_set_new(json, "toReason", json_text(picture->to_reason));
    json_object_set_new(json, "changed", names_json(picture, false));
    json_object_set_new(json, "unchanged", names_json(picture, true));
    json_object_set_new(json, "components", components);
    json_object_set_new(json, "others", others_json(changes));
    json_object_set_new(json, "objects", objects_json(picture));
    json_object_set_new(json, "halfApplied", json_boolean(picture->half_applied));
    json_object_set_new(json, "drift", drift_json(picture->drifted));
    json_object_set_new(json, "nothingToRollBack", json_boolean(picture_nothing_to_roll_back(picture)));
    json_object_set_new(json, "risk", changes != NULL ? json_text(risk_name(changes->risk)) : json_null());
    json_object_set_new(json, "skew", json_text(picture->skew));
    return json;
}

json_t *situation_json_components(const struct picture *picture)
{
    json_t *components = json_array();
    for (size_t i = 0; i < picture->component_count; i++) {
        const struct picture_component *row = &picture->components[i];
        json_t *json = component_json(&picture->changes->components[i], row);
        json_object_set_new(json, "ready", json_number_or_null(row->ready));
        json_object_set_new(json, "desired", json_number_or_null(row->desired));
        json_object_set_new(json, "updated", json_number_or_null(row->updated));
        json_object_set_new(json, "rollout", json_text(rollout_state_name(row->rollout)));
        json_object_set_new(json, "rolloutReason", json_text(row->rollout_reason));
        json_array_append_new(components, json);
    }
    return components;
}
