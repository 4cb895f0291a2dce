#include "situation/pod.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "situation/image.h"
#include <stdlib.h>
#include <string.h>

#define POD_CONTAINERS_LIMIT 64

static const json_t *find_status(const json_t *object, const char *name)
{
    size_t index;
    json_t *status;
    json_array_foreach(tree_get(object, "status", "containerStatuses"), index, status)
    {
        if (text_equal(tree_text(status, "name"), name))
            return status;
    }
    return NULL;
}

/* Why a container does not run: "ImagePullBackOff: Back-off pulling image …". NULL when it does, or only starts. */
static char *container_trouble(const json_t *status)
{
    const char *waiting = tree_text(status, "state", "waiting", "reason");
    if (waiting == NULL || text_equal(waiting, "ContainerCreating") || text_equal(waiting, "PodInitializing"))
        return NULL;
    const char *message = tree_text(status, "state", "waiting", "message");
    CLEANUP_FREE char *raw = message != NULL ? memory_format("%s: %s", waiting, message) : memory_text(waiting);
    return text_clean(raw, false, 200);
}

static char *find_trouble(const json_t *object)
{
    static const char *const fields[] = {"initContainerStatuses", "containerStatuses"};
    size_t index;
    json_t *entry;
    for (size_t i = 0; i < LENGTH_OF(fields); i++) {
        json_array_foreach(tree_get(object, "status", fields[i]), index, entry)
        {
            char *trouble = container_trouble(entry);
            if (trouble != NULL)
                return trouble;
        }
    }
    json_array_foreach(tree_get(object, "status", "conditions"), index, entry)
    {
        const char *reason = tree_text(entry, "reason"), *message = tree_text(entry, "message");
        if (!text_equal(tree_text(entry, "type"), "PodScheduled") || !text_equal(tree_text(entry, "status"), "False") ||
            reason == NULL)
            continue;
        CLEANUP_FREE char *raw = memory_format("%s: %s", reason, message != NULL ? message : "");
        return text_clean(raw, false, 200);
    }
    return memory_text("");
}

static bool is_ready(const json_t *object)
{
    size_t index;
    json_t *condition;
    json_array_foreach(tree_get(object, "status", "conditions"), index, condition)
    {
        if (text_equal(tree_text(condition, "type"), "Ready"))
            return text_equal(tree_text(condition, "status"), "True");
    }
    return false;
}

struct pod *pod_make(const json_t *object)
{
    struct pod *pod = memory_new(sizeof *pod);
    const json_t *containers = tree_get(object, "spec", "containers");
    const char *cluster = tree_text(object, "metadata", "labels", "cnpg.io/cluster");
    size_t count = json_array_size(containers);
    if (count > POD_CONTAINERS_LIMIT)
        count = POD_CONTAINERS_LIMIT;
    pod->containers = memory_new_array(count, sizeof *pod->containers);
    for (; pod->container_count < count; pod->container_count++) {
        const json_t *container = json_array_get(containers, pod->container_count);
        const char *name = tree_text(container, "name"), *image = tree_text(container, "image");
        const char *image_id = tree_text(find_status(object, name), "imageID");
        pod->containers[pod->container_count] = (struct pod_container){
            .name = memory_text(name != NULL ? name : ""),
            .image = memory_text(image != NULL ? image : ""),
            .digest = memory_text(image_id != NULL ? image_digest(image_id) : ""),
        };
    }
    pod->cluster = memory_text(cluster != NULL ? cluster : "");
    pod->ready = is_ready(object);
    pod->ending = tree_get(object, "metadata", "deletionTimestamp") != NULL;
    pod->trouble = find_trouble(object);
    return pod;
}

void pod_free(struct pod *pod)
{
    if (pod == NULL)
        return;
    for (size_t i = 0; i < pod->container_count; i++) {
        free(pod->containers[i].name);
        free(pod->containers[i].image);
        free(pod->containers[i].digest);
    }
    free(pod->containers);
    free(pod->cluster);
    free(pod->trouble);
    free(pod);
}

static void count_one(const struct pod_container *container, struct picture_image **images, size_t *count)
{
    for (size_t i = 0; i < *count; i++) {
        struct picture_image *image = &(*images)[i];
        if (text_equal(image->image, container->image) && text_equal(image->digest, container->digest)) {
            image->pods++;
            return;
        }
    }
    *images = memory_resize(*images, *count + 1, sizeof **images);
    (*images)[(*count)++] = (struct picture_image){memory_text(container->image), memory_text(container->digest), 1};
}

void pod_count_image(const struct pod *pod, const char *name, struct picture_image **images, size_t *count)
{
    for (size_t i = 0; i < pod->container_count && !pod->ending; i++) {
        if (name != NULL && !text_equal(pod->containers[i].name, name))
            continue;
        count_one(&pod->containers[i], images, count);
        return;
    }
}

static int compare_images(const void *a, const void *b)
{
    const struct picture_image *left = a, *right = b;
    if (left->pods != right->pods)
        return left->pods > right->pods ? -1 : 1;
    int order = strcmp(left->image, right->image);
    return order != 0 ? order : strcmp(left->digest, right->digest);
}

void pod_sort_images(struct picture_image *images, size_t count)
{
    if (count > 0)
        qsort(images, count, sizeof *images, compare_images);
}

void pod_free_images(struct picture_image *images, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(images[i].image);
        free(images[i].digest);
    }
    free(images);
}
