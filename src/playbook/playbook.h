/*
 * A playbook: one YAML file that describes one system. Loaded whole, checked with file:line:column for every mistake, read-only afterwards.
 */
#pragma once

#include "base/error.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* A part of the system. Either `workload` or `values` (or both: then the values subtree is the fingerprint and the workload is watched). */
struct playbook_component {
    const char *name;
    const char *title;     /* for people; the name when not given */
    bool stateful;
    bool restarts_clusters; /* "restarts: clusters": a changed image restarts every database cluster */
    const char *kind;      /* "Deployment", … or NULL */
    const char *namespace; /* NULL: the release's */
    const char *workload;  /* name, may contain parameters already filled in; NULL: none */
    const char *values;    /* dotted path of a values subtree with repository/tag or registry/…, or NULL */
    const char *container; /* the running container that shows this component's image in pods, or NULL */
    const char *pods;      /* label selector of those pods, or NULL */
    const char *risk_impact;   /* fixed words of D14: "low", "medium", "high", "variable" or NULL */
    const char *risk;
    const char *version_scheme; /* "plain", "postgres-extension" (16.3-v1.3.0), "chart" … or NULL */
    bool unified_version;  /* its tag must match the release's version (D16) */
};

/* Custom resources whose API versions count. */
struct playbook_api {
    const char *crd;            /* "documentdbs.db.microsoft.com" */
    const char *declared;       /* dotted path in an object that names its version ("spec.version"), or NULL */
    const char *ready_label;    /* "api-migration.db.microsoft.com/ready-for-{version}", or NULL */
    const char *supported_path; /* "status.supportedApiVersions" … or NULL */
    const char *compatible_path;
    const char *operator_version_path;
    const char *deprecated_event; /* event reason, or NULL */
};

struct playbook_databases {
    const char *crd; /* "clusters.postgresql.cnpg.io"; NULL: the system has no database clusters */
};

struct playbook {
    char *source; /* the file */
    const char *name;
    const char *title;
    const char *match_chart;   /* shell-like patterns; NULL: any */
    const char *match_release;
    json_t *match_labels;      /* object or NULL */
    json_t *settings;          /* change_detection, force_full, hash_retention, hash_configmap … ; object, never NULL */
    struct playbook_component *components;
    size_t component_count;
    struct playbook_api *apis;
    size_t api_count;
    struct playbook_databases databases;
    json_t *tree;              /* the whole file; the texts above point into it */
    unsigned holds;            /* beside the owner's; see playbook_hold() */
};

/* All mistakes of a file, each "file:line:column: …". */
struct playbook_mistakes {
    char **texts;
    size_t count;
};
void playbook_mistakes_release(struct playbook_mistakes *mistakes);

/* Load one file. On failure `error` names the first mistake and *mistakes (may be NULL) gets them all. */
bool playbook_load(const char *path, struct playbook **ret_playbook, struct playbook_mistakes *mistakes, struct error *error);
bool playbook_parse(const char *name, const char *bytes, size_t size, struct playbook **ret_playbook, struct playbook_mistakes *mistakes,
                    struct error *error);

/* A worker may read a playbook while its owner lets it go: a hold keeps it, taken and let go on the loop's thread. playbook_free() lets go of one, and
 * frees with the last. Returns `playbook`. */
const struct playbook *playbook_hold(const struct playbook *playbook);
void playbook_free(struct playbook *playbook);

/* `chart`, `release` are the release's; `labels` its record's labels, may be NULL. */
bool playbook_matches(const struct playbook *playbook, const char *chart, const char *release, const json_t *labels);
bool playbook_may_match_release(const struct playbook *playbook, const char *release); /* by name alone */

/* A setting: environment variable (upper case name) before the file's `settings`, before the given default. Integers and booleans. */
bool playbook_setting_bool(const struct playbook *playbook, const char *name, bool otherwise);
long playbook_setting_integer(const struct playbook *playbook, const char *name, long otherwise);
const char *playbook_setting_text(const struct playbook *playbook, const char *name, const char *otherwise);
