#include "situation/drift.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "kube/resource.h"
#include "situation/compare.h"
#include "situation/field_changes.h"
#include "situation/managed_fields.h"
#include <stdlib.h>
#include <string.h>

/* ---- bringing a manifest into the form that the server keeps ---- */

/* A Secret's stringData is written into data by the server. */
static void fold_string_data(json_t *object)
{
    const char *key;
    json_t *value;
    json_t *plain = json_object_get(object, "stringData");
    if (!json_is_object(plain))
        return;
    if (!json_is_object(json_object_get(object, "data")))
        json_object_set_new(object, "data", json_object());
    json_t *data = json_object_get(object, "data");
    json_object_foreach(plain, key, value)
    {
        if (!json_is_string(value))
            continue;
        CLEANUP_FREE char *encoded = base64_encode(json_string_value(value), json_string_length(value));
        json_object_set_new(data, key, json_string(encoded));
    }
    json_object_del(object, "stringData");
}

static json_t *child(json_t *object, const char *key)
{
    if (!json_is_object(json_object_get(object, key)))
        json_object_set_new(object, key, json_object());
    return json_object_get(object, key);
}

json_t *drift_normalise(const struct helm_object *object)
{
    json_t *copy = json_deep_copy(object->tree);
    json_object_del(copy, "status");
    json_object_del(json_object_get(copy, "metadata"), "creationTimestamp");
    if (text_equal(object->kind, "Secret"))
        fold_string_data(copy);
    return copy;
}

/* What would be applied, with what Helm adds to every object. Objects inside a list do not tell their kind and version,
 * so those are left out. */
static json_t *prepare(const struct helm_object *object, const struct drift_manifests *manifests)
{
    json_t *copy = drift_normalise(object);
    json_object_del(copy, "apiVersion");
    json_object_del(copy, "kind");
    json_t *metadata = child(copy, "metadata");
    json_object_set_new(child(metadata, "labels"), "app.kubernetes.io/managed-by", json_string("Helm"));
    json_object_set_new(child(metadata, "annotations"), "meta.helm.sh/release-name", json_string(manifests->release));
    json_object_set_new(child(metadata, "annotations"), "meta.helm.sh/release-namespace",
                        json_string(manifests->namespace));
    return copy;
}

static bool is_builtin(const struct helm_object *object)
{
    return kube_resource_find(object->api_version, object->kind) != NULL;
}

/* ---- comparing ---- */

struct finding {
    struct field_changes fields;
    const json_t *live;
    const char *manager; /* NULL: nothing found yet */
    int64_t time_ms;
};

static void note(const struct place *place, const json_t *from, const json_t *to, void *context)
{
    struct finding *finding = context;
    struct managed_write write = managed_fields_owner(finding->live, place);
    field_changes_note(place, from, to, &finding->fields);
    if (write.manager != NULL && (finding->manager == NULL || write.time_ms > finding->time_ms)) {
        finding->manager = write.manager;
        finding->time_ms = write.time_ms;
    }
}

static struct compare comparison(const struct helm_object *object, enum compare_scope scope, struct finding *finding)
{
    finding->fields.masked = text_equal(object->kind, "Secret");
    return (struct compare){
        .scope = scope, .builtin = is_builtin(object), .kind = object->kind, .differs = note, .context = finding};
}

static void keep_finding(struct drift_look *look, struct finding *finding)
{
    field_changes_free_items(look->fields, look->field_count);
    free(look->manager);
    look->fields = finding->fields.items;
    look->field_count = finding->fields.count;
    look->manager = text_clean(finding->manager != NULL ? finding->manager : "", false, 100);
    look->time_ms = finding->manager != NULL ? finding->time_ms : CLOCK_UNKNOWN;
}

static bool parse(const char *text, size_t size, json_t **ret_tree, struct error *error)
{
    if (size > DRIFT_OBJECT_LIMIT)
        return error_set(error, ERROR_INVALID, _("the object is larger than %u MiB"), DRIFT_OBJECT_LIMIT >> 20);
    return tree_parse(text, size, ret_tree, error);
}

static void look_at_from(const struct drift_manifests *manifests, const json_t *live, struct drift_look *look)
{
    struct finding finding = {.live = live, .time_ms = CLOCK_UNKNOWN};
    struct compare compare = comparison(manifests->from, COMPARE_MANIFEST, &finding);
    json_t *wanted = prepare(manifests->from, manifests);
    compare_trees(&compare, NULL, wanted, live);
    keep_finding(look, &finding);
    look->matches_from = look->field_count == 0;
    if (!look->matches_from) {
        json_t *merged = compare_overlay(&compare, wanted, live);
        json_object_set_new(merged, "apiVersion", json_string(manifests->from->api_version));
        json_object_set_new(merged, "kind", json_string(manifests->from->kind));
        look->merged = tree_canonical(merged);
        json_decref(merged);
    }
    json_decref(wanted);
}

static bool matches(const struct helm_object *object, const struct drift_manifests *manifests, const json_t *live)
{
    struct finding finding = {.live = live};
    struct compare compare = comparison(object, COMPARE_MANIFEST, &finding);
    json_t *wanted = prepare(object, manifests);
    compare_trees(&compare, NULL, wanted, live);
    json_decref(wanted);
    field_changes_free_items(finding.fields.items, finding.fields.count);
    return finding.fields.count == 0;
}

bool drift_look(const struct drift_manifests *manifests, const struct component_identity *identity, const char *live,
                size_t size, struct drift_look *ret_look, struct error *error)
{
    json_t *object = NULL;
    if (!parse(live, size, &object, error))
        return false;
    struct drift_look look = {.manager = memory_text(""), .time_ms = CLOCK_UNKNOWN};
    if (manifests->from != NULL)
        look_at_from(manifests, object, &look);
    if (manifests->to != NULL)
        look.matches_to = matches(manifests->to, manifests, object);
    if (identity != NULL && identity->kind != NULL)
        fingerprint_make_live(identity, object, manifests->from != NULL ? manifests->from->tree : NULL, &look.live);
    json_decref(object);
    *ret_look = look;
    return true;
}

/* What a write changes by itself, and what it cannot change. */
static void drop_bookkeeping(json_t *object)
{
    static const char *const fields[] = {"managedFields", "resourceVersion", "generation", "creationTimestamp",
                                         "uid",           "selfLink"};
    json_t *metadata = json_object_get(object, "metadata");
    for (size_t i = 0; i < LENGTH_OF(fields); i++)
        json_object_del(metadata, fields[i]);
    json_object_del(object, "status");
    json_object_del(object, "apiVersion");
    json_object_del(object, "kind");
}

bool drift_confirm(struct drift_look *look, const struct drift_manifests *manifests, const char *live, size_t live_size,
                   const char *answer, size_t answer_size, struct error *error)
{
    json_t *before = NULL, *after = NULL;
    bool good = parse(live, live_size, &before, error) && parse(answer, answer_size, &after, error);
    if (good) {
        json_t *writers = json_deep_copy(before);
        struct finding finding = {.live = writers, .time_ms = CLOCK_UNKNOWN};
        struct compare compare = comparison(manifests->from, COMPARE_BOTH, &finding);
        drop_bookkeeping(before);
        drop_bookkeeping(after);
        compare_trees(&compare, NULL, after, before);
        keep_finding(look, &finding);
        look->matches_from = look->field_count == 0;
        json_decref(writers);
    }
    json_decref(before);
    json_decref(after);
    return good;
}

void drift_look_release(struct drift_look *look)
{
    field_changes_free_items(look->fields, look->field_count);
    free(look->manager);
    free(look->merged);
    fingerprint_release(&look->live);
    *look = (struct drift_look){0};
}

char *drift_paths(const struct field_change *fields, size_t count)
{
    struct text text = {0};
    for (size_t i = 0; i < count && i < 2; i++)
        text_append_format(&text, "%s%s", i > 0 ? ", " : "", fields[i].path);
    if (count > 2)
        text_append_format(&text, _(" and %zu more"), count - 2);
    return text_steal(&text);
}
