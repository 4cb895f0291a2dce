/* What is kept of a pod: its containers' images and why it is not ready. A reflector's projection. */
#pragma once

#include "situation/situation.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Owns its texts. */
struct pod_container {
    char *name;
    char *image;
    char *digest; /* "" until it runs */
};

struct pod {
    char *cluster;                    /* label cnpg.io/cluster, "" */
    struct pod_container *containers; /* init containers are left out */
    size_t container_count;
    bool ready;
    bool ending;
    char *trouble; /* "ImagePullBackOff: …"; "" */
};

struct pod *pod_make(const json_t *object);
void pod_free(struct pod *pod);

/* The containers' images, each once with the number of pods; pictures are sorted by number, then by text. Start with
 * NULL and 0. `name` NULL: the first container. Pods that end are left out. */
void pod_count_image(const struct pod *pod, const char *name, struct picture_image **images, size_t *count);
void pod_sort_images(struct picture_image *images, size_t count);
void pod_free_images(struct picture_image *images, size_t count);
