/* What a situation is made of. Private to situation.c, picture.c, picture_build.c and situation_diff.c. */
#pragma once

#include "base/array.h"
#include "helm/history.h"
#include "net/loop.h"
#include "situation/apis_live.h"
#include "situation/changes_live.h"
#include "situation/databases_live.h"
#include "situation/events_live.h"
#include "situation/hashes_live.h"
#include "situation/live_objects.h"
#include "situation/pod_pool.h"
#include "situation/situation.h"
#include "situation/workloads_live.h"

/* Parts of the picture that are built apart. */
enum picture_dirt {
    DIRTY_HISTORY = 1 << 0,
    DIRTY_COMPONENTS = 1 << 1,
    DIRTY_APIS = 1 << 2,
    DIRTY_DATABASES = 1 << 3,
    DIRTY_HASHES = 1 << 4,
    DIRTY_EVENTS = 1 << 5,
    DIRTY_ALL = (1 << 6) - 1,
};

struct situation {
    struct kube_client *client;
    struct loop *loop;
    struct situation_options options;
    char *release, *namespace;

    const struct playbook *playbook; /* held; NULL: none, or not chosen yet */
    bool playbook_chosen;
    char *playbook_chart; /* the chart's name that it was chosen for */

    struct helm_history *history;
    struct array early;                         /* records that came before the playbook was chosen; held */
    const struct helm_record *live, *from, *to; /* held, whole; `to` NULL: no target; all NULL: not known */
    char *live_status;                          /* Helm's, of the live revision */

    struct changes_live *changes;
    struct component_identity *identities; /* of live and target, for what lives */
    size_t identity_count;
    char **identity_texts;
    struct pod_pool *pods;
    struct kube_reflector **component_pods; /* per identity, NULL entries */
    struct live_objects *objects;
    struct workloads_live *workloads;
    struct apis_live *apis;
    struct databases_live *databases;
    struct hashes_live *hashes;
    struct events_live *events;
    const struct helm_record *watched_live, *watched_to; /* what objects and workloads were made for; NULL: not made */

    unsigned dirty; /* enum picture_dirt */
    bool was_complete;
    int64_t notified_ms;
    struct loop_timer *tick;
    struct loop_timer *notify;
    struct loop_timer *ages;
    struct picture picture;
    struct array diffs; /* struct situation_diff that wait or run */
};

/* Build the dirty parts anew. */
void picture_build(struct situation *situation);
void picture_release(struct picture *picture);
void picture_release_history(struct picture *picture);
void picture_release_components(struct picture *picture);
void picture_release_apis(struct picture *picture);
void picture_release_databases(struct picture *picture);
void picture_release_hashes(struct picture *picture);
void picture_release_events(struct picture *picture);

/* The objects that events may be about; *ret_subjects is owned by the caller, its texts are borrowed. */
void picture_subjects(const struct situation *situation, struct event_subject **ret_subjects, size_t *ret_count);

/* Why there is no component to show; code NONE when there are, or may come. */
void situation_why_empty(const struct situation *situation, struct error *ret_error);

/* A revision's whole record; NULL: not there (yet). */
const struct helm_record *situation_record(const struct situation *situation, int revision);

/* Look from the loop at what follows from what is known. */
void situation_look_again(struct situation *situation);

/* Something that a diff waits for may have come. */
void situation_diffs_follow(struct situation *situation);
void situation_diffs_cancel(struct situation *situation);
