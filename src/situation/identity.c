#include "situation/identity.h"
#include "base/array.h"
#include "base/memory.h"
#include "base/text.h"
#include "helm/manifest.h"
#include "situation/workload.h"
#include <stdlib.h>

struct identities {
    struct component_identity *items;
    size_t count;
    struct array texts;
};

static char *keep(struct identities *identities, const char *text)
{
    char *copy = memory_text(text);
    array_append(&identities->texts, copy);
    return copy;
}

static struct component_identity *add(struct identities *identities)
{
    identities->items = memory_resize(identities->items, identities->count + 1, sizeof *identities->items);
    struct component_identity *identity = &identities->items[identities->count++];
    *identity = (struct component_identity){0};
    return identity;
}

static bool is_known(const struct identities *identities, const struct helm_object *object)
{
    for (size_t i = 0; i < identities->count; i++) {
        const struct component_identity *known = &identities->items[i];
        if (text_equal(known->kind, object->kind) && text_equal(known->workload, object->name) &&
            text_equal(known->namespace, object->namespace))
            return true;
    }
    return false;
}

static bool name_taken(const struct identities *identities, const char *name)
{
    for (size_t i = 0; i < identities->count; i++)
        if (text_equal(identities->items[i].name, name))
            return true;
    return false;
}

/* The workload's name; with kind and namespace before it when two share it. */
static const char *choose_name(struct identities *identities, const struct helm_object *object)
{
    if (!name_taken(identities, object->name))
        return keep(identities, object->name);
    CLEANUP_FREE char *longer = memory_format("%s.%s", object->kind, object->name);
    if (!name_taken(identities, longer))
        return keep(identities, longer);
    CLEANUP_FREE char *longest = memory_format("%s.%s.%s", object->kind, object->namespace, object->name);
    return keep(identities, longest);
}

static void find_workloads(struct identities *identities, const struct helm_record *record)
{
    for (size_t i = 0; record != NULL && record->manifest != NULL && i < record->manifest->count; i++) {
        const struct helm_object *object = &record->manifest->objects[i];
        if (object->tree == NULL || !workload_is(object->api_version, object->kind) || is_known(identities, object))
            continue;
        const char *name = choose_name(identities, object);
        struct component_identity *identity = add(identities);
        identity->name = identity->title = name;
        identity->stateful = text_equal(object->kind, "StatefulSet");
        identity->kind = keep(identities, object->kind);
        identity->namespace = keep(identities, object->namespace);
        identity->workload = keep(identities, object->name);
    }
}

static void from_playbook(struct identities *identities, const struct playbook *playbook, const char *release_namespace)
{
    const char *namespace = keep(identities, release_namespace);
    for (size_t i = 0; i < playbook->component_count; i++) {
        const struct playbook_component *component = &playbook->components[i];
        *add(identities) = (struct component_identity){
            .name = component->name,
            .title = component->title,
            .stateful = component->stateful,
            .restarts_clusters = component->restarts_clusters,
            .kind = component->workload != NULL ? component->kind : NULL,
            .namespace = component->namespace != NULL ? component->namespace : namespace,
            .workload = component->workload,
            .values = component->values,
            .playbook = component,
        };
    }
}

void identities_make(const struct playbook *playbook, const struct helm_record *from, const struct helm_record *to,
                     struct component_identity **ret_identities, size_t *ret_count, char ***ret_texts)
{
    struct identities identities = {0};
    const struct helm_record *any = from != NULL ? from : to;
    if (playbook != NULL) {
        from_playbook(&identities, playbook, any != NULL ? any->namespace : "");
    } else {
        find_workloads(&identities, from);
        find_workloads(&identities, to);
    }
    array_append(&identities.texts, NULL);
    *ret_identities = identities.items != NULL ? identities.items : memory_new(sizeof *identities.items);
    *ret_count = identities.count;
    *ret_texts = (char **)identities.texts.items;
}

void identities_free_texts(char **texts)
{
    for (size_t i = 0; texts != NULL && texts[i] != NULL; i++)
        free(texts[i]);
    free(texts);
}

const struct helm_object *identity_object(const struct component_identity *identity, const struct helm_record *record)
{
    if (record == NULL || record->manifest == NULL || identity->workload == NULL || identity->kind == NULL)
        return NULL;
    const struct helm_object *object =
        helm_manifest_find(record->manifest, identity->kind, identity->namespace, identity->workload);
    return object != NULL && object->tree != NULL ? object : NULL;
}
