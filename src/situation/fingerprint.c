#include "situation/fingerprint.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "kube/resource.h"
#include "situation/compare.h"
#include "situation/helm_labels.h"
#include "situation/identity.h"
#include "situation/image.h"
#include "situation/workload.h"
#include <stdlib.h>
#include <string.h>

static void add_container(struct fingerprint *fingerprint, const char *name, const char *image)
{
    fingerprint->containers =
        memory_resize(fingerprint->containers, fingerprint->container_count + 1, sizeof *fingerprint->containers);
    struct fingerprint_container *container = &fingerprint->containers[fingerprint->container_count++];
    *container = (struct fingerprint_container){.name = memory_text(name), .image = memory_text(image)};
    digest_text(image, container->image_hash);
}

static void add_containers(struct fingerprint *fingerprint, const json_t *containers)
{
    size_t index;
    json_t *container;
    json_array_foreach(containers, index, container)
    {
        const char *name = tree_text(container, "name");
        const char *image = tree_text(container, "image");
        add_container(fingerprint, name != NULL ? name : "", image != NULL ? image : "");
    }
}

/* The image of the first container stands for the component, as the source document has it. */
static void finish(struct fingerprint *fingerprint, json_t *config)
{
    fingerprint->present = true;
    fingerprint->config = config;
    digest_tree(config, fingerprint->config_hash);
    fingerprint->image = memory_text(fingerprint->container_count > 0 ? fingerprint->containers[0].image : "");
    digest_text(fingerprint->image, fingerprint->image_hash);
}

/* `template` is owned by the fingerprint afterwards. */
static void from_template(struct fingerprint *fingerprint, json_t *template)
{
    add_containers(fingerprint, tree_get(template, "spec", "containers"));
    add_containers(fingerprint, tree_get(template, "spec", "initContainers"));
    fingerprint->labels = helm_labels_take(template);
    finish(fingerprint, template);
}

static const json_t *find_values(const json_t *values, const char *path)
{
    const char *rest = path;
    while (values != NULL && *rest != '\0') {
        size_t length = strcspn(rest, ".");
        CLEANUP_FREE char *key = memory_text_part(rest, length);
        values = json_object_get(values, key);
        rest += length;
        if (*rest == '.')
            rest++;
    }
    return values;
}

static void from_values(const struct component_identity *identity, const struct helm_record *record,
                        struct fingerprint *fingerprint)
{
    const json_t *subtree = find_values(record->values, identity->values);
    if (subtree == NULL || json_is_null(subtree))
        return;
    CLEANUP_FREE char *image = image_from_values(subtree);
    const struct playbook_component *playbook = identity->playbook;
    if (*image != '\0')
        add_container(fingerprint,
                      playbook != NULL && playbook->container != NULL ? playbook->container : identity->name, image);
    finish(fingerprint, json_deep_copy(subtree));
}

static void make_absent(struct fingerprint *fingerprint)
{
    *fingerprint = (struct fingerprint){.image = memory_text("")};
}

void fingerprint_make(const struct component_identity *identity, const struct helm_record *record,
                      struct fingerprint *ret_fingerprint)
{
    struct fingerprint fingerprint = {0};
    if (record != NULL && identity->values != NULL) {
        from_values(identity, record, &fingerprint);
    } else if (record != NULL) {
        const struct helm_object *object = identity_object(identity, record);
        const json_t *template = object != NULL ? workload_template(object->kind, object->tree) : NULL;
        if (template != NULL)
            from_template(&fingerprint, json_deep_copy(template));
    }
    if (!fingerprint.present)
        make_absent(&fingerprint);
    *ret_fingerprint = fingerprint;
}

void fingerprint_make_live(const struct component_identity *identity, const json_t *live_object,
                           const json_t *manifest_object, struct fingerprint *ret_fingerprint)
{
    struct fingerprint fingerprint = {0};
    const json_t *live = workload_template(identity->kind, live_object);
    const json_t *manifest = workload_template(identity->kind, manifest_object);
    if (live != NULL) {
        struct compare compare = {
            .scope = COMPARE_MANIFEST,
            .builtin = manifest != NULL &&
                       kube_resource_find(tree_text(manifest_object, "apiVersion"), identity->kind) != NULL,
            .kind = identity->kind,
        };
        from_template(&fingerprint,
                      manifest != NULL ? compare_project(&compare, manifest, live) : json_deep_copy(live));
    } else {
        make_absent(&fingerprint);
    }
    *ret_fingerprint = fingerprint;
}

void fingerprint_make_running(const struct component_identity *identity, const char *image,
                              struct fingerprint *ret_fingerprint)
{
    struct fingerprint fingerprint = {0};
    const struct playbook_component *playbook = identity->playbook;
    add_container(&fingerprint, playbook != NULL && playbook->container != NULL ? playbook->container : identity->name,
                  image);
    fingerprint.present = true;
    fingerprint.image = memory_text(image);
    digest_text(image, fingerprint.image_hash);
    *ret_fingerprint = fingerprint;
}

void fingerprint_copy(const struct fingerprint *from, struct fingerprint *ret_copy)
{
    struct fingerprint copy = *from;
    copy.image = memory_text(from->image);
    copy.containers = NULL;
    copy.container_count = 0;
    for (size_t i = 0; i < from->container_count; i++)
        add_container(&copy, from->containers[i].name, from->containers[i].image);
    copy.config = json_incref(from->config);
    copy.labels = json_incref(from->labels);
    *ret_copy = copy;
}

void fingerprint_release(struct fingerprint *fingerprint)
{
    for (size_t i = 0; i < fingerprint->container_count; i++) {
        free(fingerprint->containers[i].name);
        free(fingerprint->containers[i].image);
    }
    free(fingerprint->containers);
    free(fingerprint->image);
    json_decref(fingerprint->config);
    json_decref(fingerprint->labels);
    *fingerprint = (struct fingerprint){0};
}
