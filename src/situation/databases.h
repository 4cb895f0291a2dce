/* CloudNativePG's database clusters (postgresql.cnpg.io/v1 Cluster). */
#pragma once

#include "situation/pod.h"
#include "situation/situation.h"
#include <jansson.h>

/* What is kept of a Cluster; owns its texts. */
struct database {
    char *phase, *phase_reason;
    int ready, instances;
    char *primary, *target_primary;
    char *image;
    bool is_ready; /* condition Ready is not False */
};

struct database *database_make(const json_t *object); /* a reflector's projection */
void database_free(struct database *database);

/* A row of the picture, without pods. */
void database_picture(const struct database *database, const char *namespace, const char *name,
                      struct picture_database *ret_row);

/* Count one pod of the row's cluster; database_finish() sorts the images. */
void database_add_pod(struct picture_database *row, const struct pod *pod);
void database_finish(struct picture_database *row);
void database_release(struct picture_database *row);
