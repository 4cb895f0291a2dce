/* What Helm does in a scenario: puts the objects of a revision into the cluster, and keeps its records. */
#include "base/base64.h"
#include "base/gzip.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/manifest.h"
#include "simulator/scenario_data.h"
#include "simulator/scenario_steps.h"
#include "simulator/work.h"
#include <stdlib.h>
#include <string.h>

json_t *scenario_overlay(const json_t *under, const json_t *over)
{
    json_t *result = json_is_object(under) ? json_deep_copy(under) : json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)over, key, value)
    {
        const json_t *old = json_object_get(result, key);
        if (json_is_object(old) && json_is_object(value))
            json_object_set_new(result, key, scenario_overlay(old, value));
        else
            json_object_set_new(result, key, json_deep_copy(value));
    }
    return result;
}

/* What Helm adds to every object that it makes. The caller's. */
static json_t *owned_by_helm(const json_t *object, const json_t *release)
{
    json_t *copy = json_deep_copy(object), *metadata = json_object_get(copy, "metadata");
    json_t *labels = scenario_overlay(json_object_get(metadata, "labels"), NULL);
    json_t *annotations = scenario_overlay(json_object_get(metadata, "annotations"), NULL);
    json_object_set_new(labels, "app.kubernetes.io/managed-by", json_string("Helm"));
    json_object_set_new(annotations, "meta.helm.sh/release-name", json_string(tree_text(release, "name")));
    json_object_set_new(annotations, "meta.helm.sh/release-namespace", json_string(tree_text(release, "namespace")));
    json_object_set_new(metadata, "labels", labels);
    json_object_set_new(metadata, "annotations", annotations);
    return copy;
}

static bool same_object(const json_t *a, const json_t *b)
{
    static const char *const keys[] = {"name", "namespace"};
    for (size_t i = 0; i < LENGTH_OF(keys); i++)
        if (!text_equal(tree_text(a, "metadata", keys[i]), tree_text(b, "metadata", keys[i])))
            return false;
    return text_equal(tree_text(a, "kind"), tree_text(b, "kind"));
}

static const json_t *find_same(const json_t *objects, const json_t *wanted)
{
    size_t index;
    const json_t *object;
    json_array_foreach(objects, index, object)
    {
        if (same_object(object, wanted))
            return object;
    }
    return NULL;
}

/* The newest earlier revision that applied its objects, or NULL. */
static const struct scenario_revision *applied_before(const struct scenario_release *release, size_t number)
{
    for (size_t i = number - 1; i > 0; i--) {
        const struct scenario_revision *revision = release->revisions.items[i - 1];
        if (!json_is_false(json_object_get(revision->data, "applies")))
            return revision;
    }
    return NULL;
}

static bool put_objects(struct scenario_release *release, size_t number, struct work *work, char **ret_why)
{
    const struct scenario_revision *revision = release->revisions.items[number - 1];
    const struct scenario_revision *last = applied_before(release, number);
    const char *namespace = tree_text(release->data, "namespace");
    size_t index;
    const json_t *object;
    json_array_foreach(revision->objects, index, object)
    {
        const json_t *same = last != NULL ? find_same(last->objects, object) : NULL;
        json_t *ours = owned_by_helm(object, release->data);
        json_t *before = same != NULL ? owned_by_helm(same, release->data) : NULL;
        struct manifest_write write = {.object = ours, .before = before, .manager = "helm", .namespace = namespace};
        bool good = manifest_put(work->registry, &write, ret_why);
        json_decref(ours);
        json_decref(before);
        if (!good)
            return false;
    }
    json_array_foreach(last != NULL ? last->objects : NULL, index, object)
    {
        const char *policy = tree_text(object, "metadata", "annotations", "helm.sh/resource-policy");
        if (find_same(revision->objects, object) == NULL && !text_equal(policy, "keep"))
            manifest_remove(work->registry, object, namespace);
    }
    return true;
}

/* The chart's templates as a record has them. The caller's. */
static json_t *record_templates(const json_t *templates, const json_t *names)
{
    json_t *list = json_array();
    size_t index;
    const json_t *name;
    json_array_foreach(names, index, name)
    {
        const char *text = tree_text(templates, json_string_value(name));
        CLEANUP_FREE char *path = memory_format("templates/%s.yaml", json_string_value(name));
        CLEANUP_FREE char *data = base64_encode(text != NULL ? text : "", text != NULL ? strlen(text) : 0);
        json_array_append_new(list, json_pack("{s:s, s:s}", "name", path, "data", data));
    }
    return list;
}

static json_t *first_deployed(const struct scenario_release *release, int64_t now)
{
    const struct scenario_revision *first = release->revisions.items[0];
    json_t *known = tree_get(first->record, "info", "first_deployed");
    return known != NULL ? json_incref(known) : work_time_text(now);
}

/* The release record of Helm 3. The caller's. */
static json_t *make_record(const struct scenario_release *release, size_t number, int64_t now)
{
    const struct scenario_revision *revision = release->revisions.items[number - 1];
    const char *failure = tree_text(revision->data, "fails"), *given = tree_text(revision->data, "description");
    const char *usual = number == 1 ? "Install complete" : "Upgrade complete";
    json_t *metadata =
        scenario_overlay(json_object_get(release->data, "chart"), json_object_get(revision->data, "chart"));
    if (json_object_get(metadata, "apiVersion") == NULL)
        json_object_set_new(metadata, "apiVersion", json_string("v2"));
    json_t *config = json_object_get(revision->data, "values");
    json_t *values = json_object_get(release->data, "values");
    return json_pack("{s:s, s:{s:o, s:o, s:s, s:s, s:s}, s:{s:o, s:n, s:o, s:o, s:n, s:n}, s:o, s:s, s:I, s:s}", "name",
                     tree_text(release->data, "name"), "info", "first_deployed", first_deployed(release, now),
                     "last_deployed", work_time_text(now), "deleted", "", "description",
                     failure != NULL ? failure
                     : given != NULL ? given
                                     : usual,
                     "status", failure != NULL ? "failed" : "deployed", "chart", "metadata", metadata, "lock",
                     "templates", record_templates(release->templates, json_object_get(revision->data, "templates")),
                     "values", scenario_overlay(values, NULL), "schema", "files", "config",
                     scenario_overlay(config, NULL), "manifest", revision->manifest, "version", (json_int_t)number,
                     "namespace", tree_text(release->data, "namespace"));
}

/* Base64 of gzip of JSON, as Helm packs it, and base64 again, as a Secret has it. The caller's. */
static char *packed(const json_t *record)
{
    CLEANUP_FREE char *text = json_dumps(record, JSON_COMPACT);
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    gzip_pack(text, strlen(text), &bytes, &size);
    CLEANUP_FREE char *once = base64_encode(bytes, size);
    return base64_encode(once, strlen(once));
}

static bool store_record(const struct scenario_release *release, size_t number, struct work *work, char **ret_why)
{
    const struct scenario_revision *revision = release->revisions.items[number - 1];
    const char *name = tree_text(release->data, "name"), *namespace = tree_text(release->data, "namespace");
    CLEANUP_FREE char *secret = memory_format("sh.helm.release.v1.%s.v%zu", name, number);
    CLEANUP_FREE char *data = packed(revision->record);
    CLEANUP_FREE char *modified = memory_format("%lld", (long long)(work->now / 1000));
    CLEANUP_FREE char *version = memory_format("%zu", number);
    json_t *object =
        json_pack("{s:s, s:s, s:{s:s, s:s, s:{s:s, s:s, s:s, s:s, s:s}}, s:s, s:{s:s}}", "apiVersion", "v1", "kind",
                  "Secret", "metadata", "name", secret, "namespace", namespace, "labels", "modifiedAt", modified,
                  "name", name, "owner", "helm", "status", tree_text(revision->record, "info", "status"), "version",
                  version, "type", "helm.sh/release.v1", "data", "release", data);
    struct manifest_write write = {.object = object, .manager = "Helm"};
    bool good = manifest_put(work->registry, &write, ret_why);
    json_decref(object);
    return good;
}

/* Every revision that is still deployed makes room for the new one. */
static bool supersede(const struct scenario_release *release, size_t number, struct work *work, char **ret_why)
{
    for (size_t i = 1; i < number; i++) {
        const struct scenario_revision *revision = release->revisions.items[i - 1];
        json_t *info = json_object_get(revision->record, "info");
        if (!text_equal(tree_text(info, "status"), "deployed"))
            continue;
        json_object_set_new(info, "status", json_string("superseded"));
        if (!store_record(release, i, work, ret_why))
            return false;
    }
    return true;
}

static bool make_namespace(const struct scenario_release *release, struct work *work, char **ret_why)
{
    const char *namespace = tree_text(release->data, "namespace");
    if (work_get(work, "", "namespaces", NULL, namespace) != NULL)
        return true;
    json_t *object = json_pack("{s:s, s:s, s:{s:s, s:{s:s}}}", "apiVersion", "v1", "kind", "Namespace", "metadata",
                               "name", namespace, "labels", "name", namespace);
    bool good = work_create(work, "helm", "", "namespaces", object, ret_why);
    json_decref(object);
    return good;
}

bool scenario_upgrade(struct scenario_release *release, size_t number, struct work *work, char **ret_why)
{
    struct scenario_revision *revision = release->revisions.items[number - 1];
    bool applies = !json_is_false(json_object_get(revision->data, "applies"));
    if (!make_namespace(release, work, ret_why) || (applies && !put_objects(release, number, work, ret_why)))
        return false;
    revision->record = make_record(release, number, work->now);
    bool failed = tree_text(revision->data, "fails") != NULL;
    return (failed || supersede(release, number, work, ret_why)) && store_record(release, number, work, ret_why);
}
