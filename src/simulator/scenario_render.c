/* The manifests of a scenario's releases, rendered as Helm would have. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/yaml.h"
#include "simulator/scenario_bulk.h"
#include "simulator/scenario_data.h"
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

static bool render_template(const struct scenario *scenario, const struct scenario_file *file, const char *name,
                            const json_t *values, const char *chart, const char *pointer, struct array *documents,
                            struct error *error)
{
    const char *text = tree_text(scenario->tree, "templates", name);
    CLEANUP_FREE char *missing = NULL;
    struct error why = {0};
    if (text == NULL)
        return scenario_complain(file, error, pointer, _("There is no template '%s' under 'templates'."), name);
    CLEANUP_FREE char *rendered = fill_in(text, values, &missing);
    if (rendered == NULL)
        return scenario_complain(file, error, pointer,
                                 _("Template '%s' reads '${%s}', which is not among the values of this revision."),
                                 name, missing);
    bool good = add_template(chart, name, rendered, documents, &why);
    if (!good)
        scenario_complain(file, error, pointer, _("The rendered template is not YAML: %s"), why.message);
    error_release(&why);
    return good;
}

/* The documents of the listed templates, in the order in which Helm makes them; release them. */
static bool render_list(const struct scenario *scenario, const struct scenario_file *file, const json_t *names,
                        const json_t *values, const char *chart, const char *pointer, struct array *documents,
                        struct error *error)
{
    CLEANUP_FREE char *list = yaml_pointer(pointer, "templates");
    bool good = true;
    size_t index;
    const json_t *name;
    json_array_foreach(names, index, name)
    {
        CLEANUP_FREE char *place = yaml_pointer_index(list, index);
        good = good && render_template(scenario, file, json_string_value(name), values, chart, place, documents, error);
    }
    array_sort(documents, compare_documents);
    return good;
}

static bool render_revision(const struct scenario *scenario, const struct scenario_file *file,
                            const struct scenario_release *release, struct scenario_revision *revision, size_t number,
                            const char *pointer, struct error *error)
{
    struct array documents = {.free_item = document_free};
    struct text manifest = {0};
    json_t *values = template_values(release->data, revision, number);
    bool good = render_list(scenario, file, json_object_get(revision->data, "templates"), values,
                            tree_text(release->data, "chart", "name"), pointer, &documents, error);
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

void scenario_commit_free(void *item)
{
    struct scenario_commit *commit = item;
    json_decref(commit->objects);
    free(commit);
}

static bool render_commit(struct scenario *scenario, const struct scenario_file *file, const json_t *data,
                          const char *pointer, struct error *error)
{
    struct scenario_commit *commit = memory_new(sizeof(*commit));
    struct array documents = {.free_item = document_free};
    json_t *values = scenario_overlay(json_object_get(data, "values"), NULL);
    commit->data = data;
    commit->objects = json_array();
    scenario_time(tree_text(data, "at"), &commit->at_ms);
    array_append(&scenario->commits, commit);
    bool good =
        render_list(scenario, file, json_object_get(data, "templates"), values, "git", pointer, &documents, error);
    for (size_t i = 0; i < documents.count; i++)
        json_array_append(commit->objects, ((const struct document *)documents.items[i])->object);
    json_decref(values);
    array_release(&documents);
    return good;
}

static struct scenario_release *find_release(const struct scenario *scenario, const json_t *data)
{
    for (size_t i = 0; i < scenario->releases.count; i++) {
        struct scenario_release *release = scenario->releases.items[i];
        if (text_equal(tree_text(release->data, "name"), tree_text(data, "name")) &&
            text_equal(tree_text(release->data, "namespace"), tree_text(data, "namespace")))
            return release;
    }
    return NULL;
}

/* The release that these revisions belong to: one of an extended file, or a new one. */
static struct scenario_release *take_release(struct scenario *scenario, const json_t *data)
{
    struct scenario_release *release = find_release(scenario, data);
    if (release != NULL)
        return release;
    release = memory_new(sizeof(*release));
    release->data = data;
    release->templates = json_object_get(scenario->tree, "templates");
    release->revisions.free_item = revision_free;
    array_append(&scenario->releases, release);
    return release;
}

static bool render_release(struct scenario *scenario, const struct scenario_file *file, const json_t *data,
                           const char *pointer, struct error *error)
{
    struct scenario_release *release = take_release(scenario, data);
    CLEANUP_FREE char *list = yaml_pointer(pointer, "revisions");
    if (tree_text(release->data, "chart", "name") == NULL)
        return scenario_complain(file, error, pointer, _("A release needs a 'chart' with a 'name'."));
    size_t index;
    const json_t *item;
    json_array_foreach(json_object_get(data, "revisions"), index, item)
    {
        CLEANUP_FREE char *place = yaml_pointer_index(list, index);
        struct scenario_revision *revision = memory_new(sizeof(*revision));
        revision->data = item;
        revision->values = scenario_overlay(json_object_get(release->data, "values"), json_object_get(item, "values"));
        array_append(&release->revisions, revision);
        if (!render_revision(scenario, file, release, revision, release->revisions.count, place, error))
            return false;
    }
    return true;
}

static bool render_file(struct scenario *scenario, const struct scenario_file *file, struct error *error)
{
    size_t index;
    const json_t *item;
    json_array_foreach(json_object_get(file->tree, "releases"), index, item)
    {
        CLEANUP_FREE char *pointer = yaml_pointer_index("/releases", index);
        if (!render_release(scenario, file, item, pointer, error))
            return false;
    }
    json_array_foreach(json_object_get(file->tree, "git"), index, item)
    {
        CLEANUP_FREE char *pointer = yaml_pointer_index("/git", index);
        if (!render_commit(scenario, file, item, pointer, error))
            return false;
    }
    return true;
}

/* Many releases that are all alike. */
static bool render_bulk(struct scenario *scenario, struct error *error)
{
    json_t *templates = json_object_get(scenario->tree, "templates");
    const struct scenario_file *file = scenario->files.items[scenario->files.count - 1];
    size_t index;
    const json_t *release;
    if (json_object_get(scenario->tree, "bulk") == NULL)
        return true;
    if (templates == NULL) {
        templates = json_object();
        json_object_set_new(scenario->tree, "templates", templates);
    }
    if (!scenario_bulk_releases(scenario, templates, &scenario->bulk, error))
        return false;
    json_array_foreach(scenario->bulk, index, release)
    {
        if (!render_release(scenario, file, release, "/bulk", error))
            return false;
    }
    return true;
}

bool scenario_render(struct scenario *scenario, struct error *error)
{
    for (size_t i = 0; i < scenario->files.count; i++)
        if (!render_file(scenario, scenario->files.items[i], error))
            return false;
    return render_bulk(scenario, error);
}
