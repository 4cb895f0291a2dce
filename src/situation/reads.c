#include "situation/reads.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <stdlib.h>

typedef void (*read_found)(const char *kind, const char *name, const char *key, void *context);

static void tell(const char *kind, const json_t *name, const json_t *key, read_found found, void *context)
{
    if (json_is_string(name))
        found(kind, json_string_value(name), json_string_value(key), context);
}

static void of_container(const json_t *container, read_found found, void *context)
{
    size_t index;
    json_t *entry;
    json_array_foreach(tree_get(container, "envFrom"), index, entry)
    {
        tell("ConfigMap", tree_get(entry, "configMapRef", "name"), NULL, found, context);
        tell("Secret", tree_get(entry, "secretRef", "name"), NULL, found, context);
    }
    json_array_foreach(tree_get(container, "env"), index, entry)
    {
        const json_t *map = tree_get(entry, "valueFrom", "configMapKeyRef");
        const json_t *secret = tree_get(entry, "valueFrom", "secretKeyRef");
        tell("ConfigMap", json_object_get(map, "name"), json_object_get(map, "key"), found, context);
        tell("Secret", json_object_get(secret, "name"), json_object_get(secret, "key"), found, context);
    }
}

static void of_volume(const json_t *volume, read_found found, void *context)
{
    size_t index;
    json_t *source;
    tell("ConfigMap", tree_get(volume, "configMap", "name"), NULL, found, context);
    tell("Secret", tree_get(volume, "secret", "secretName"), NULL, found, context);
    json_array_foreach(tree_get(volume, "projected", "sources"), index, source)
    {
        tell("ConfigMap", tree_get(source, "configMap", "name"), NULL, found, context);
        tell("Secret", tree_get(source, "secret", "name"), NULL, found, context);
    }
}

void reads_each(const json_t *template, read_found found, void *context)
{
    size_t index;
    json_t *entry;
    json_array_foreach(tree_get(template, "spec", "containers"), index, entry)
    {
        of_container(entry, found, context);
    }
    json_array_foreach(tree_get(template, "spec", "initContainers"), index, entry)
    {
        of_container(entry, found, context);
    }
    json_array_foreach(tree_get(template, "spec", "volumes"), index, entry)
    {
        of_volume(entry, found, context);
    }
}

struct search {
    const char *namespace;
    const struct helm_manifest *from, *to;
    struct text names; /* "ConfigMap a, Secret b" */
    json_t *told;      /* names as keys, so that each is told once */
};

static const json_t *content(const struct helm_object *object, const char *field, const char *key)
{
    const json_t *data = object != NULL ? json_object_get(object->tree, field) : NULL;
    return key != NULL ? json_object_get(data, key) : data;
}

static bool same(const json_t *a, const json_t *b)
{
    return a == b || (a != NULL && b != NULL && tree_equal(a, b));
}

static void check(const char *kind, const char *name, const char *key, void *context)
{
    static const char *const fields[] = {"data", "binaryData", "stringData"};
    struct search *search = context;
    const struct helm_object *before = helm_manifest_find(search->from, kind, search->namespace, name);
    const struct helm_object *after = helm_manifest_find(search->to, kind, search->namespace, name);
    bool differs = (before == NULL) != (after == NULL);
    for (size_t i = 0; i < LENGTH_OF(fields) && !differs; i++)
        differs = !same(content(before, fields[i], key), content(after, fields[i], key));
    if (!differs)
        return;
    CLEANUP_FREE char *raw = memory_format("%s %s", kind, name);
    CLEANUP_FREE char *title = text_clean(raw, false, 0);
    if (json_object_get(search->told, title) != NULL)
        return;
    json_object_set_new(search->told, title, json_true());
    text_append_format(&search->names, "%s%s", search->names.size > 0 ? ", " : "", title);
}

char *reads_changed(const char *namespace, const json_t *from_template, const json_t *to_template,
                    const struct helm_manifest *from, const struct helm_manifest *to)
{
    struct search search = {.namespace = namespace, .from = from, .to = to, .told = json_object()};
    reads_each(from_template, check, &search);
    reads_each(to_template, check, &search);
    json_decref(search.told);
    return search.names.size > 0 ? text_steal(&search.names) : NULL;
}
