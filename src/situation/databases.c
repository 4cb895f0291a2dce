#include "situation/databases.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <limits.h>
#include <stdlib.h>

#define DATABASE_TEXT_LIMIT 500
#define HEALTHY_PHASE       "Cluster in healthy state" /* CloudNativePG's api/v1 PhaseHealthy */

static char *clean(const json_t *object, const char *part, const char *field)
{
    const char *text = tree_text(object, part, field);
    return text_clean(text != NULL ? text : "", false, DATABASE_TEXT_LIMIT);
}

static int number(const json_t *object, const char *part, const char *field)
{
    int64_t value = tree_integer(tree_get(object, part, field), 0);
    return value < 0 || value > INT_MAX ? 0 : (int)value;
}

/* A cluster without the condition is judged by its phase alone. */
static bool is_ready(const json_t *object)
{
    size_t index;
    json_t *condition;
    json_array_foreach(tree_get(object, "status", "conditions"), index, condition)
    {
        if (text_equal(tree_text(condition, "type"), "Ready"))
            return text_equal(tree_text(condition, "status"), "True");
    }
    return true;
}

struct database *database_make(const json_t *object)
{
    struct database *database = memory_new(sizeof *database);
    database->phase = clean(object, "status", "phase");
    database->phase_reason = clean(object, "status", "phaseReason");
    database->ready = number(object, "status", "readyInstances");
    database->instances = number(object, "spec", "instances");
    database->primary = clean(object, "status", "currentPrimary");
    database->target_primary = clean(object, "status", "targetPrimary");
    database->image = clean(object, "status", "image");
    if (*database->image == '\0') {
        free(database->image);
        database->image = clean(object, "spec", "imageName");
    }
    database->is_ready = is_ready(object);
    return database;
}

void database_free(struct database *database)
{
    if (database == NULL)
        return;
    free(database->phase);
    free(database->phase_reason);
    free(database->primary);
    free(database->target_primary);
    free(database->image);
    free(database);
}

void database_picture(const struct database *database, const char *namespace, const char *name,
                      struct picture_database *ret_row)
{
    *ret_row = (struct picture_database){
        .namespace = memory_text(namespace),
        .name = memory_text(name),
        .phase = memory_text(database->phase),
        .phase_reason = memory_text(database->phase_reason),
        .ready = database->ready,
        .instances = database->instances,
        .primary = memory_text(database->primary),
        .target_primary = memory_text(database->target_primary),
        .image = memory_text(database->image),
        .healthy =
            text_equal(database->phase, HEALTHY_PHASE) && database->ready >= database->instances && database->is_ready,
    };
}

void database_add_pod(struct picture_database *row, const struct pod *pod)
{
    pod_count_image(pod, "postgres", &row->postgres, &row->postgres_count);
    pod_count_image(pod, "documentdb-gateway", &row->gateway, &row->gateway_count);
}

void database_finish(struct picture_database *row)
{
    pod_sort_images(row->postgres, row->postgres_count);
    pod_sort_images(row->gateway, row->gateway_count);
}

void database_release(struct picture_database *row)
{
    free(row->namespace);
    free(row->name);
    free(row->phase);
    free(row->phase_reason);
    free(row->primary);
    free(row->target_primary);
    free(row->image);
    pod_free_images(row->postgres, row->postgres_count);
    pod_free_images(row->gateway, row->gateway_count);
    *row = (struct picture_database){0};
}
