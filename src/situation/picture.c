#include "base/clock.h"
#include "situation/api_usage.h"
#include "situation/components_live.h"
#include "situation/databases.h"
#include "situation/events.h"
#include "situation/state.h"
#include "situation/stored_hashes.h"
#include <stdlib.h>

static void release_revisions(struct picture *picture)
{
    for (size_t i = 0; i < picture->revision_count; i++) {
        struct picture_revision *row = &picture->revisions[i];
        free(row->status);
        free(row->chart);
        free(row->app_version);
        free(row->description);
        free(row->apply_method);
        free(row->once_deployed);
        free(row->error);
    }
    free(picture->revisions);
    free(picture->target_reason);
    free(picture->to_reason);
    picture->revisions = NULL;
    picture->revision_count = 0;
    picture->target_reason = NULL;
    picture->to_reason = NULL;
}

void picture_release_history(struct picture *picture)
{
    release_revisions(picture);
    part_release(&picture->history_part);
}

void picture_release_components(struct picture *picture)
{
    components_release(picture->components, picture->component_count);
    objects_release(picture);
    workloads_release(picture->workloads, picture->workload_count);
    free(picture->skew);
    part_release(&picture->components_part);
    picture->components = NULL;
    picture->component_count = 0;
    picture->workloads = NULL;
    picture->workload_count = 0;
    picture->changes = NULL;
    picture->skew = NULL;
}

void picture_release_apis(struct picture *picture)
{
    for (size_t i = 0; i < picture->api_count; i++)
        api_usage_release(&picture->apis[i]);
    free(picture->apis);
    picture->apis = NULL;
    picture->api_count = 0;
}

void picture_release_databases(struct picture *picture)
{
    for (size_t i = 0; i < picture->database_count; i++)
        database_release(&picture->databases[i]);
    free(picture->databases);
    part_release(&picture->databases_part);
    picture->databases = NULL;
    picture->database_count = 0;
}

void picture_release_hashes(struct picture *picture)
{
    for (size_t i = 0; i < picture->hashes_count; i++)
        stored_hashes_release(&picture->hashes[i]);
    free(picture->hashes);
    part_release(&picture->hashes_part);
    picture->hashes = NULL;
    picture->hashes_count = 0;
}

void picture_release_events(struct picture *picture)
{
    events_free_picture(picture->events, picture->event_count);
    part_release(&picture->events_part);
    picture->events = NULL;
    picture->event_count = 0;
}

void picture_release(struct picture *picture)
{
    picture_release_history(picture);
    picture_release_components(picture);
    picture_release_apis(picture);
    picture_release_databases(picture);
    picture_release_hashes(picture);
    picture_release_events(picture);
}

bool picture_nothing_to_roll_back(const struct picture *picture)
{
    return picture->changes != NULL && picture->changes->to != 0 && picture->changes->equal &&
           picture->drifted == DRIFT_NONE;
}
