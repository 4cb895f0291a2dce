/*
 * The live picture of one release and its system: what runs, what changed, which API versions are in use, how the
 * databases are.
 *
 * A situation owns reflectors on what is wanted and nothing else, and keeps a picture up to date: plain structs that
 * screens and commands read. Every part has an age, and a reason when it is unknown; one forbidden resource darkens its
 * own part only.
 */
#pragma once

#include "base/error.h"
#include "helm/history.h"
#include "kube/client.h"
#include "playbook/playbook.h"
#include "situation/change_set.h"
#include "situation/object_diff.h"
#include "situation/part.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- the picture's parts; all texts owned by the picture ---- */

struct picture_revision {
    int revision;
    char *status;
    int64_t updated_ms;
    char *chart; /* NULL: not decoded yet */
    char *app_version;
    char *description;
    char *apply_method;
    char *once_deployed; /* "yes", "no", "unproven" */
    int content;
    bool live;
    bool target;
    char *error;
};

enum rollout_state {
    ROLLOUT_UNKNOWN,
    ROLLOUT_DONE,
    ROLLOUT_PROGRESSING,
    ROLLOUT_STUCK,
    ROLLOUT_PAUSED,
    ROLLOUT_MISSING
};
const char *rollout_state_name(enum rollout_state state);

enum drift { DRIFT_UNKNOWN, DRIFT_NONE, DRIFT_YES };

struct picture_image {
    char *image;
    char *digest; /* imageID's digest, "" when not told */
    int pods;
};

/* One row of the components table: index i belongs to change_set->components[i]. */
struct picture_component {
    struct part part;
    struct fingerprint live;
    enum drift drift;
    char *drift_reason;  /* "kubectl-edit 3 min ago: spec.replicas", or why it is not known; "" when none */
    char *drift_manager; /* who wrote last what differs; "" */
    int64_t drift_ms;    /* wall time of that write; CLOCK_UNKNOWN */
    struct field_change *drift_fields; /* manifest → live; with DRIFT_UNKNOWN what differs at first sight */
    size_t drift_field_count;
    int ready, desired, updated; /* −1: not known or not a workload */
    enum rollout_state rollout;
    char *rollout_reason;          /* "1 of 2 updated; ImagePullBackOff: …" */
    struct picture_image *running; /* images of its pods, most pods first */
    size_t running_count;
    bool stored_hash_wrong; /* a stored hash ConfigMap says something else than the record */
    bool skewed;            /* D16: its tag does not match the release's version */
};

/* What an object that lives is like: after a failed upgrade some are the live revision's, some still the target's.
 * Both: it is the same in either. */
enum object_match { MATCH_UNKNOWN, MATCH_BOTH, MATCH_LIVE, MATCH_TARGET, MATCH_NEITHER, MATCH_MISSING };
const char *object_match_name(enum object_match match); /* "unknown", "both", "live", "target", "neither", "missing" */

/* Every object of both manifests (SITUATION_LIVE). */
struct picture_object {
    char *api_version, *kind, *namespace, *name;
    char *component; /* whose workload it is; "" */
    struct part part;
    enum object_match match;
    enum drift drift;
    char *drift_reason; /* as for components */
    char *drift_manager;
    int64_t drift_ms;
    struct field_change *drift_fields; /* manifest → live; with DRIFT_UNKNOWN what differs at first sight */
    size_t drift_field_count;
};

/* Every workload of the live revision's manifest, components' own first. */
struct picture_workload {
    char *kind, *namespace, *name;
    char *component; /* "" when no component names it */
    int ready, desired, updated;
    enum rollout_state rollout;
    char *reason;
    struct part part;
};

struct picture_api_version {
    char *name;
    bool served, storage, deprecated;
    char *deprecation_warning;
    size_t count;     /* objects whose best evidence names it */
    size_t not_ready; /* of those: not marked ready for the next version */
};

struct picture_api_object {
    char *namespace;
    char *name;
    char *version;         /* "" unknown */
    char *evidence;        /* "spec.version", "managedFields", "last-applied", "storedVersions" */
    char *last_written_by; /* manager and version: "kubectl-client-side-apply with v1" */
    char *ready;           /* the object's own readiness condition/phase, "" when it has none */
    int ready_for_next;    /* 1 yes, 0 no, −1 not told */
    char *supported, *compatible, *operator_version; /* "" when not told */
};

struct picture_api {
    struct part part;
    char *crd; /* "documentdbs.db.microsoft.com" */
    char *group, *kind, *plural;
    struct picture_api_version *versions;
    size_t version_count;
    char **stored_versions; /* NULL at the end */
    struct picture_api_object *objects;
    size_t object_count;
    char **orphaned; /* "namespace/name" of objects whose version the target revision does not serve; NULL at the end */
};

struct picture_database {
    char *namespace, *name;
    char *phase; /* free text of the operator */
    char *phase_reason;
    int ready, instances;
    char *primary, *target_primary;
    char *image;
    bool healthy;
    /* Running images of the containers `postgres` and `documentdb-gateway`, mixed ones too. */
    struct picture_image *postgres;
    size_t postgres_count;
    struct picture_image *gateway;
    size_t gateway_count;
};

/* Image hashes per component of one revision: what its record says, and what a ConfigMap `…-component-hashes-r<REV>`
 * says (SITUATION_STORED_HASHES; every revision whose record is decoded, so with decode_all every readable one). */
struct picture_hash {
    char *component;
    char *image; /* the record's image reference as text, "" when the revision has none */
    char hash[DIGEST_SIZE];
    char *stored_image; /* NULL: not stored */
    char *stored_hash;  /* NULL: not stored */
    bool wrong;         /* stored, and not what the record says */
};
struct picture_hashes {
    int revision;
    char *configmap;        /* its name, from the playbook's setting */
    char *resource_version; /* NULL: there is no such ConfigMap */
    char *uid;              /* NULL: as above */
    struct picture_hash *rows;
    size_t count;
};

struct picture_event {
    int64_t last_ms; /* wall */
    int count;
    bool warning;
    char *reason;
    char *object; /* "Pod documentdb-operator-…" */
    char *namespace;
    char *message;
};

struct picture {
    uint64_t version; /* grows with every change of anything below */

    struct part history_part;
    struct picture_revision *revisions; /* ascending */
    size_t revision_count;
    int live_revision, target_revision; /* 0: none */
    char *target_reason;                /* why this target, or why none */
    char *to_reason; /* why `changes` go to their revision: the target's reason, or that it was asked for */

    struct part components_part;          /* the records of live and target */
    const struct change_set *changes;     /* live → target (or --from/--to); NULL until known */
    struct picture_component *components; /* one row for each of changes->components */
    size_t component_count;
    char *skew; /* D16's line, "" when everything matches */

    struct picture_object *objects;
    size_t object_count;
    bool half_applied; /* of the objects that differ between the two, some live as the one says and some as the other */
    enum drift drifted; /* of any object */

    struct picture_workload *workloads;
    size_t workload_count;

    struct picture_api *apis;
    size_t api_count;

    struct part databases_part;
    struct picture_database *databases;
    size_t database_count;

    struct part hashes_part;
    struct picture_hashes *hashes; /* ascending by revision; revisions with a ConfigMap but without a record come too,
                                      with their rows' hash "" */
    size_t hashes_count;

    struct part events_part;
    struct picture_event *events; /* newest first, bounded */
    size_t event_count;
};

/* Nothing to roll back: the manifests are equal and nothing has drifted. False as long as either is not known. */
bool picture_nothing_to_roll_back(const struct picture *picture);

/* ---- the situation ---- */

enum situation_want {
    SITUATION_HISTORY = 1 << 0,    /* always needed by the others */
    SITUATION_COMPONENTS = 1 << 1, /* change set live → target, from records alone */
    SITUATION_LIVE = 1 << 2,       /* workloads, pods and drift of the components */
    SITUATION_APIS = 1 << 3,
    SITUATION_DATABASES = 1 << 4,
    SITUATION_EVENTS = 1 << 5,
    SITUATION_STORED_HASHES = 1 << 6,
    SITUATION_EVERYTHING = (1 << 7) - 1,
};

struct situation_options {
    const char *release;
    const char *namespace;
    enum helm_driver driver;
    const struct playbook *playbook; /* NULL: ask choose_playbook, else any Helm release */
    /* With `playbook` NULL: called once on the loop when the live record is decoded (and again after situation's
     * release changed its chart's name); the playbook stays the session's. May be NULL, may return NULL. */
    const struct playbook *(*choose_playbook)(const struct helm_record *live, void *context);
    unsigned wants;  /* enum situation_want */
    bool once;       /* commands: ask once, then complete */
    bool decode_all; /* every revision's record, for `history` */
    int from, to;    /* 0: live and target */
    /* The picture is dirty, or complete now. On the loop, coalesced (every 50 ms at the most, but for completion); may
     * free the situation. */
    void (*on_change)(void *context);
    void *context;
};

struct situation;

struct situation *situation_new(struct kube_client *client, const struct situation_options *options);
void situation_free(struct situation *situation);

/* Everything wanted has been heard or is known to be unknown. */
bool situation_complete(const struct situation *situation);

/* The picture as of now; rebuilt when dirty. Valid until the next call or situation_free(). */
const struct picture *situation_picture(struct situation *situation);

/* Add or drop wants while running (a view that is looked at asks for its part). */
void situation_want(struct situation *situation, unsigned wants);

/* From now on the records of all revisions are read, for a view that shows their facts (chart, description …). */
void situation_want_facts(struct situation *situation);

/* False when the history is complete and there is nothing to show: ERROR_NOT_FOUND when it is empty or `from`/`to` do
 * not exist (with the revisions there are), ERROR_INVALID when one of them cannot be read, or why the history itself is
 * not known. True otherwise. */
bool situation_check(const struct situation *situation, struct error *error);

/* The manifests' diff between two revisions (0: live, target), or with `live` between the live revision's manifest and
 * what lives. Calls back once; `done` owns *diffs. Returns a handle for cancelling. */
struct situation_diff;
struct situation_diff *situation_diff_start(struct situation *situation, int from, int to, bool live,
                                            void (*done)(struct object_diffs *diffs, int from, int to,
                                                         const struct error *error, void *context),
                                            void *context);
void situation_diff_cancel(struct situation_diff *diff); /* not after done */
