#include "helm/manifest.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/yaml.h"
#include "helm/document.h"
#include "kube/resource.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A manifest that is being made; `room` counts the objects that fit. */
struct making {
    struct helm_manifest *manifest;
    size_t room;
};

static struct helm_object *add_object(struct making *making, const struct document *document)
{
    struct helm_manifest *manifest = making->manifest;
    if (manifest->count == making->room) {
        making->room = making->room == 0 ? 16 : making->room * 2;
        manifest->objects = memory_resize(manifest->objects, making->room, sizeof *manifest->objects);
    }
    struct helm_object *object = &manifest->objects[manifest->count++];
    *object = (struct helm_object){0};
    object->source =
        document->source == NULL ? memory_text("") : memory_text_part(document->source, document->source_size);
    return object;
}

static char *text_or_empty(const char *text)
{
    return memory_text(text == NULL ? "" : text);
}

/* What a document must have to be an object at all. */
static const char *what_is_missing(const json_t *tree)
{
    if (!json_is_object(tree))
        return _("this is not an object");
    if (tree_text(tree, "apiVersion") == NULL || tree_text(tree, "apiVersion")[0] == '\0')
        return _("apiVersion is missing");
    if (tree_text(tree, "kind") == NULL || tree_text(tree, "kind")[0] == '\0')
        return _("kind is missing");
    if (tree_text(tree, "metadata", "name") == NULL || tree_text(tree, "metadata", "name")[0] == '\0')
        return _("metadata.name is missing");
    return NULL;
}

/* Takes the tree over. */
static void add_tree(struct making *making, const struct document *document, json_t *tree)
{
    struct helm_object *object = add_object(making, document);
    object->api_version = text_or_empty(tree_text(tree, "apiVersion"));
    object->kind = text_or_empty(tree_text(tree, "kind"));
    object->namespace = text_or_empty(tree_text(tree, "metadata", "namespace"));
    object->name = text_or_empty(tree_text(tree, "metadata", "name"));
    const char *missing = what_is_missing(tree);
    if (missing == NULL) {
        object->tree = tree;
        return;
    }
    object->error = memory_format(_("the document at line %d of the manifest: %s"), document->line, missing);
    json_decref(tree);
}

static void add_broken(struct making *making, const struct document *document, const struct error *error)
{
    struct helm_object *object = add_object(making, document);
    object->api_version = memory_text("");
    object->kind = memory_text("");
    object->namespace = memory_text("");
    object->name = memory_text("");
    object->error =
        memory_format(_("the document at line %d of the manifest cannot be read: %s"), document->line, error->message);
}

/* An item of a typed list ("ConfigMapList") may lack what the list's kind tells (apimachinery's
 * unstructuredJSONScheme). */
static void complete_item(json_t *item, const char *list_version, const char *list_kind)
{
    if (!json_is_object(item) || tree_text(item, "kind") != NULL || tree_text(item, "apiVersion") != NULL)
        return;
    size_t size = strlen(list_kind) - (text_ends(list_kind, "List") ? strlen("List") : 0);
    json_object_set_new(item, "kind", json_stringn(list_kind, size));
    json_object_set_new(item, "apiVersion", json_string(list_version));
}

/* Whatever has `items` at its top is a list to the Kubernetes client. A list inside a list is refused by Helm. */
static void add_list(struct making *making, const struct document *document, json_t *list)
{
    const char *version = tree_text(list, "apiVersion");
    const char *kind = tree_text(list, "kind");
    json_t *items = json_object_get(list, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        json_t *item = json_array_get(items, i);
        complete_item(item, version == NULL ? "" : version, kind == NULL ? "" : kind);
        add_tree(making, document, json_incref(item));
    }
    json_decref(list);
}

static void add_document(struct making *making, const struct document *document)
{
    json_t *tree = NULL;
    struct error error = {0};
    if (!yaml_parse(YAML_KUBERNETES, _("document"), document->text, document->size, &tree, NULL, &error)) {
        add_broken(making, document, &error);
        error_release(&error);
    } else if (json_is_null(tree)) {
        json_decref(tree);
    } else if (json_is_array(json_object_get(tree, "items"))) {
        add_list(making, document, tree);
    } else {
        add_tree(making, document, tree);
    }
}

/* How far the group reaches into "group/version": 0 for the core group. */
static size_t group_size(const char *api_version)
{
    const char *slash = strchr(api_version, '/');
    return slash == NULL ? 0 : (size_t)(slash - api_version);
}

static bool same_group(const char *a, const char *b)
{
    return group_size(a) == group_size(b) && strncmp(a, b, group_size(a)) == 0;
}

/* Whether a CRD of the manifest itself says that the object's kind is cluster-scoped. */
static bool defined_as_cluster_scoped(const struct helm_manifest *manifest, const struct helm_object *object)
{
    for (size_t i = 0; i < manifest->count; i++) {
        const json_t *crd = manifest->objects[i].tree;
        if (crd == NULL || !text_equal(manifest->objects[i].kind, "CustomResourceDefinition"))
            continue;
        const char *group = tree_text(crd, "spec", "group");
        if (group != NULL && strlen(group) == group_size(object->api_version) &&
            text_starts(object->api_version, group) &&
            text_equal(tree_text(crd, "spec", "names", "kind"), object->kind))
            return text_equal(tree_text(crd, "spec", "scope"), "Cluster");
    }
    return false;
}

static bool is_cluster_scoped(const struct helm_manifest *manifest, const struct helm_object *object)
{
    const struct kube_resource *resource = kube_resource_find(object->api_version, object->kind);
    if (resource == NULL && group_size(object->api_version) > 0) {
        /* Old manifests name versions that are gone; scope never changed between them. */
        CLEANUP_FREE char *stable = memory_format("%.*s/v1", (int)group_size(object->api_version), object->api_version);
        resource = kube_resource_find(stable, object->kind);
    }
    return resource != NULL ? !resource->namespaced : defined_as_cluster_scoped(manifest, object);
}

static void settle_namespaces(struct helm_manifest *manifest, const char *release_namespace)
{
    for (size_t i = 0; i < manifest->count; i++) {
        struct helm_object *object = &manifest->objects[i];
        if (object->error != NULL)
            continue;
        bool cluster = is_cluster_scoped(manifest, object);
        if (!cluster && object->namespace[0] != '\0')
            continue;
        free(object->namespace);
        object->namespace = memory_text(cluster ? "" : release_namespace);
    }
}

bool helm_manifest_parse(const char *text, size_t size, const char *release_namespace,
                         struct helm_manifest **ret_manifest, struct error *error)
{
    struct making making = {.manifest = memory_new(sizeof *making.manifest)};
    struct document_reader reader;
    struct document document;
    document_reader_init(&reader, text, size);
    while (document_next(&reader, &document)) {
        add_document(&making, &document);
        if (making.manifest->count > HELM_MANIFEST_OBJECTS_LIMIT) {
            helm_manifest_free(making.manifest);
            return error_set(error, ERROR_INVALID, _("the manifest has more than %d objects"),
                             HELM_MANIFEST_OBJECTS_LIMIT);
        }
    }
    settle_namespaces(making.manifest, release_namespace);
    *ret_manifest = making.manifest;
    return true;
}

void helm_manifest_free(struct helm_manifest *manifest)
{
    if (manifest == NULL)
        return;
    for (size_t i = 0; i < manifest->count; i++) {
        struct helm_object *object = &manifest->objects[i];
        free(object->api_version);
        free(object->kind);
        free(object->namespace);
        free(object->name);
        free(object->source);
        json_decref(object->tree);
        free(object->error);
    }
    free(manifest->objects);
    free(manifest);
}

/* "ingresses", "networkpolicies", "deployments": the plural as Kubernetes' own names make it (lower case of the kind).
 */
static bool is_plural(const char *kind, const char *word)
{
    size_t size = strlen(kind);
    if (size == 0 || strncasecmp(kind, word, size - 1) != 0)
        return false;
    const char *rest = word + size - 1;
    char last = kind[size - 1];
    if (last == 'y' && strcasecmp(rest, "ies") == 0)
        return true;
    if (strncasecmp(rest, &last, 1) != 0)
        return false;
    return strcasecmp(rest + 1, "s") == 0 || (strchr("sxh", last) != NULL && strcasecmp(rest + 1, "es") == 0);
}

const struct helm_object *helm_manifest_find(const struct helm_manifest *manifest, const char *kind,
                                             const char *namespace, const char *name)
{
    for (size_t i = 0; i < manifest->count; i++) {
        const struct helm_object *object = &manifest->objects[i];
        if (object->error == NULL && text_equal(object->name, name) &&
            (namespace == NULL || text_equal(object->namespace, namespace)) &&
            (strcasecmp(object->kind, kind) == 0 || is_plural(object->kind, kind)))
            return object;
    }
    return NULL;
}

bool helm_object_same(const struct helm_object *a, const struct helm_object *b)
{
    return a->error == NULL && b->error == NULL && text_equal(a->name, b->name) && text_equal(a->kind, b->kind) &&
           text_equal(a->namespace, b->namespace) && same_group(a->api_version, b->api_version);
}
