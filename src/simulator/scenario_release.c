/* Releases of a scenario: their manifests, rendered as Helm would have, and the records that Helm keeps of them. */
#include "base/base64.h"
#include "base/clock.h"
#include "base/gzip.h"
#include "base/i18n.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/yaml.h"
#include "simulator/manifest.h"
#include "simulator/scenario_data.h"
#include "simulator/scenario_steps.h"
#include "simulator/work.h"
#include <stdlib.h>
#include <string.h>

static void revision_free(void *item)
{
    struct scenario_revision *revision = item;
    json_decref(revision->values);
    json_decref(revision->objects);
    json_decref(revision->record);
    free(revision->manifest);
    free(revision);
}

void scenario_release_free(void *item)
{
    struct scenario_release *release = item;
    array_release(&release->revisions);
    free(release);
}

/* Overlay `over` on `under`, objects key by key. The caller's. */
static json_t *overlay(const json_t *under, const json_t *over)
{
    json_t *result = json_is_object(under) ? json_deep_copy(under) : json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)over, key, value)
    {
        const json_t *old = json_object_get(result, key);
        if (json_is_object(old) && json_is_object(value))
            json_object_set_new(result, key, overlay(old, value));
        else
            json_object_set_new(result, key, json_deep_copy(value));
    }
    return result;
}

/* The value at "image.operator.tag"; NULL when there is none. */
static const json_t *value_at(const json_t *values, const char *path)
{
    CLEANUP_FREE char *steps = memory_text(path);
    char *rest = NULL;
    for (char *step = strtok_r(steps, ".", &rest); step != NULL && values != NULL; step = strtok_r(NULL, ".", &rest))
        values = json_object_get(values, step);
    return values;
}

/* Replace each ${path} by the value there. On failure *ret_missing is the path (the caller's). */
static char *fill_in(const char *text, const json_t *values, char **ret_missing)
{
    struct text filled = {0};
    for (const char *mark = strstr(text, "${"); mark != NULL; mark = strstr(text, "${")) {
        const char *end = strchr(mark, '}');
        CLEANUP_FREE char *path = memory_text_part(mark + 2, end != NULL ? (size_t)(end - mark - 2) : 0);
        const json_t *value = value_at(values, path);
        if (end == NULL || value == NULL) {
            text_release(&filled);
            *ret_missing = memory_text(path);
            return NULL;
        }
        CLEANUP_FREE char *shown = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        text_append_bytes(&filled, text, (size_t)(mark - text));
        text_append(&filled, json_is_string(value) ? json_string_value(value) : shown);
        text = end + 1;
    }
    text_append(&filled, text);
    return text_steal(&filled);
}

/* The order in which Helm makes objects (pkg/release/util/kind_sorter.go), as far as scenarios have them; all else
 * last. */
static size_t rank(const json_t *object)
{
    static const char *const order[] = {"PriorityClass",
                                        "Namespace",
                                        "NetworkPolicy",
                                        "ResourceQuota",
                                        "LimitRange",
                                        "PodDisruptionBudget",
                                        "ServiceAccount",
                                        "Secret",
                                        "ConfigMap",
                                        "StorageClass",
                                        "PersistentVolume",
                                        "PersistentVolumeClaim",
                                        "CustomResourceDefinition",
                                        "ClusterRole",
                                        "ClusterRoleBinding",
                                        "Role",
                                        "RoleBinding",
                                        "Service",
                                        "DaemonSet",
                                        "Pod",
                                        "ReplicaSet",
                                        "Deployment",
                                        "HorizontalPodAutoscaler",
                                        "StatefulSet",
                                        "Job",
                                        "CronJob",
                                        "Ingress"};
    const char *kind = tree_text(object, "kind");
    for (size_t i = 0; i < LENGTH_OF(order); i++)
        if (text_equal(kind, order[i]))
            return i;
    return LENGTH_OF(order);
}

/* One document of a rendered template. */
struct document {
    char *text; /* with its "# Source" line */
    json_t *object;
    size_t position;
};

static void document_free(void *item)
{
    struct document *document = item;
    free(document->text);
    json_decref(document->object);
    free(document);
}

static int compare_documents(const void *left, const void *right)
{
    const struct document *a = left, *b = right;
    size_t first = rank(a->object), second = rank(b->object);
    if (first != second)
        return first < second ? -1 : 1;
    return a->position < b->position ? -1 : a->position > b->position;
}

static bool add_document(const char *chart, const char *template, const char *text, size_t size,
                         struct array *documents, struct error *error)
{
    json_t *object = NULL;
    if (!yaml_parse(YAML_KUBERNETES, template, text, size, &object, NULL, error))
        return false;
    if (!json_is_object(object)) {
        json_decref(object);
        return true;
    }
    struct document *document = memory_new(sizeof(*document));
    CLEANUP_FREE char *body = memory_text_part(text, size);
    document->text = memory_format("---\n# Source: %s/templates/%s.yaml\n%s", chart, template, body);
    document->object = object;
    document->position = documents->count;
    array_append(documents, document);
    return true;
}

/* The documents of one template, split at lines of "---". */
static bool add_template(const char *chart, const char *template, const char *rendered, struct array *documents,
                         struct error *error)
{
    const char *start = rendered;
    for (;;) {
        const char *end = text_starts(start, "---\n") ? start : strstr(start, "\n---\n");
        size_t size = end == NULL ? strlen(start) : (size_t)(end - start) + (end != start);
        if (size > 0 && !add_document(chart, template, start, size, documents, error))
            return false;
        if (end == NULL)
            return true;
        start = end + (end == start ? 4 : 5);
    }
}

/* Values for templates: the chart's and the user's, and what Helm calls .Release and .Chart. The caller's. */
static json_t *template_values(const json_t *release, const struct scenario_revision *revision, size_t number)
{
    json_t *values = json_deep_copy(revision->values);
    json_object_set_new(values, "release",
                        json_pack("{s:s, s:s, s:I}", "name", tree_text(release, "name"), "namespace",
                                  tree_text(release, "namespace"), "revision", (json_int_t)number));
    return values;
}

static bool render_template(struct scenario *scenario, const char *name, const json_t *values, const char *chart,
                            const char *pointer, struct array *documents, struct error *error)
{
    const char *text = tree_text(scenario->tree, "templates", name);
    CLEANUP_FREE char *missing = NULL;
    struct error why = {0};
    if (text == NULL)
        return scenario_complain(scenario, error, pointer, _("There is no template '%s' under 'templates'."), name);
    CLEANUP_FREE char *rendered = fill_in(text, values, &missing);
    if (rendered == NULL)
        return scenario_complain(scenario, error, pointer,
                                 _("Template '%s' reads '${%s}', which is not among the values of this revision."),
                                 name, missing);
    bool good = add_template(chart, name, rendered, documents, &why);
    if (!good)
        scenario_complain(scenario, error, pointer, _("The rendered template is not YAML: %s"), why.message);
    error_release(&why);
    return good;
}

static bool render_revision(struct scenario *scenario, struct scenario_release *release,
                            struct scenario_revision *revision, size_t number, const char *pointer, struct error *error)
{
    struct array documents = {.free_item = document_free};
    struct text manifest = {0};
    const char *chart = tree_text(release->data, "chart", "name");
    json_t *values = template_values(release->data, revision, number);
    CLEANUP_FREE char *list = yaml_pointer(pointer, "templates");
    bool good = true;
    size_t index;
    const json_t *name;
    json_array_foreach(json_object_get(revision->data, "templates"), index, name)
    {
        CLEANUP_FREE char *place = yaml_pointer_index(list, index);
        good = good && render_template(scenario, json_string_value(name), values, chart, place, &documents, error);
    }
    array_sort(&documents, compare_documents);
    revision->objects = json_array();
    for (size_t i = 0; i < documents.count; i++) {
        const struct document *document = documents.items[i];
        text_append(&manifest, document->text);
        json_array_append(revision->objects, document->object);
    }
    revision->manifest = text_steal(&manifest);
    json_decref(values);
    array_release(&documents);
    return good;
}

static bool render_release(struct scenario *scenario, const json_t *data, const char *pointer, struct error *error)
{
    struct scenario_release *release = memory_new(sizeof(*release));
    CLEANUP_FREE char *list = yaml_pointer(pointer, "revisions");
    release->data = data;
    release->templates = json_object_get(scenario->tree, "templates");
    release->revisions.free_item = revision_free;
    array_append(&scenario->releases, release);
    size_t index;
    const json_t *item;
    json_array_foreach(json_object_get(data, "revisions"), index, item)
    {
        CLEANUP_FREE char *place = yaml_pointer_index(list, index);
        struct scenario_revision *revision = memory_new(sizeof(*revision));
        revision->data = item;
        revision->values = overlay(json_object_get(data, "values"), json_object_get(item, "values"));
        array_append(&release->revisions, revision);
        if (!render_revision(scenario, release, revision, index + 1, place, error))
            return false;
    }
    return true;
}

bool scenario_render(struct scenario *scenario, struct error *error)
{
    size_t index;
    const json_t *release;
    json_array_foreach(json_object_get(scenario->tree, "releases"), index, release)
    {
        CLEANUP_FREE char *pointer = yaml_pointer_index("/releases", index);
        if (!render_release(scenario, release, pointer, error))
            return false;
    }
    return true;
}

/* What Helm adds to every object that it makes. The caller's. */
static json_t *owned_by_helm(const json_t *object, const json_t *release)
{
    json_t *copy = json_deep_copy(object), *metadata = json_object_get(copy, "metadata");
    json_t *labels = overlay(json_object_get(metadata, "labels"), NULL);
    json_t *annotations = overlay(json_object_get(metadata, "annotations"), NULL);
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
    json_t *metadata = overlay(json_object_get(release->data, "chart"), json_object_get(revision->data, "chart"));
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
                     "values", overlay(values, NULL), "schema", "files", "config", overlay(config, NULL), "manifest",
                     revision->manifest, "version", (json_int_t)number, "namespace",
                     tree_text(release->data, "namespace"));
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
