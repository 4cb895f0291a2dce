/*
 * A playbook: one YAML file that describes one system. Loaded whole, checked with file:line:column for every mistake, read-only afterwards.
 *
 * The file's sections and which of them are interpreted stand in sections.c; data/playbooks/ has two whole examples.
 */
#pragma once

#include "base/error.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define PLAYBOOK_SIZE_LIMIT (1u << 20) /* bytes of a file */

/* What a step from one version of a component to another means for a rollback. */
struct playbook_upgrade {
    const char *part;   /* of the version: "version", or with the scheme postgres-extension "postgres" or "extension" */
    const char *change; /* the place of the version that differs: "same", "patch", "minor", "major" */
    const char *name;   /* what people call it: "compatible", "enhanced" …; `change` when not given */
    const char *risk;   /* "low", "medium", "high" */
    const char *method; /* "configuration", "rolling", "blue-green", "restore", or NULL */
    const char *effect; /* a sentence, or NULL */
};

/* A part of the system. Either `workload` or `values` (or both: then the values subtree is the fingerprint and the workload is watched). */
struct playbook_component {
    const char *name;
    const char *title; /* for people; the name when not given */
    bool stateful;
    bool restarts_clusters; /* "restarts: clusters": a changed image restarts every database cluster */
    bool optional;          /* an installation may lack it */
    const char *kind;       /* "Deployment", "StatefulSet", "DaemonSet", "CronJob", or NULL */
    const char *namespace;  /* NULL: the release's */
    const char *workload;   /* name, parameters filled in; NULL: none */
    const char *values;     /* dotted path of a values subtree with repository/tag or registry/…, or NULL */
    const char *container;  /* the running container that shows this component's image in pods, or NULL */
    const char *pods;       /* label selector of those pods, or NULL */
    const char *state;      /* what it keeps, a sentence, or NULL */
    const char *risk_impact; /* "low", "medium", "high", "variable" or NULL */
    const char *risk;        /* the same words; "variable": see `upgrades` */
    const char *mitigation;  /* what keeps the risk down, a sentence, or NULL */
    const char *version_scheme; /* "plain", "postgres-extension" (16.3-v1.3.0), "chart" (locked by the chart), or NULL */
    bool unified_version;       /* its tag must match the release's version */
    struct playbook_upgrade *upgrades;
    size_t upgrade_count;
};

/* Custom resources whose API versions count. */
struct playbook_api {
    const char *crd;         /* "documentdbs.db.microsoft.com" */
    const char *declared;    /* dotted path in an object that names its version ("spec.version"), or NULL */
    const char *ready_label; /* "api-migration.db.microsoft.com/ready-for-{version}", or NULL */
    const char *supported_path; /* "status.supportedApiVersions" … or NULL */
    const char *compatible_path;
    const char *operator_version_path;
    const char *deprecated_event; /* event reason, or NULL */
};

struct playbook_databases {
    const char *crd;   /* "clusters.postgresql.cnpg.io"; NULL: the system has no database clusters */
    const char *label; /* of a cluster's pods, its value the cluster's name ("cnpg.io/cluster"); NULL when not given */
};

struct playbook {
    char *source; /* the file */
    const char *name;
    const char *title;
    const char *match_chart; /* shell-like patterns; NULL: any */
    const char *match_chart_version;
    const char *match_release;
    const char *match_namespace;
    json_t *match_labels; /* object of patterns, or NULL */
    json_t *settings;     /* object, never NULL; read it through playbook_setting_…() */
    struct playbook_component *components;
    size_t component_count;
    struct playbook_api *apis;
    size_t api_count;
    struct playbook_databases databases;
    json_t *tree; /* the whole file, parameters filled in where sections are interpreted; the texts above point into it */
    unsigned holds; /* beside the owner\'s; see playbook_hold() */
};

/* All mistakes of a file in the order of their places, each "file:line:column: …". */
struct playbook_mistakes {
    char **texts;
    size_t count;
};
void playbook_mistakes_release(struct playbook_mistakes *mistakes);

/* Load one file. On failure `error` names the first mistake and *mistakes (may be NULL) gets them all. A file that cannot be read is the one
 * mistake, too. */
bool playbook_load(const char *path, struct playbook **ret_playbook, struct playbook_mistakes *mistakes, struct error *error);
bool playbook_parse(const char *name, const char *bytes, size_t size, struct playbook **ret_playbook, struct playbook_mistakes *mistakes,
                    struct error *error);

/* A worker may read a playbook while its owner lets it go: a hold keeps it, taken and let go on the loop's thread. playbook_free() lets go of one, and
 * frees with the last. Returns `playbook`. */
const struct playbook *playbook_hold(const struct playbook *playbook);
void playbook_free(struct playbook *playbook);

/* What a playbook's `match` is compared with. NULL: not known, and then not compared. */
struct playbook_release {
    const char *name;
    const char *namespace;
    const char *chart;         /* its name alone */
    const char *chart_version;
    const json_t *labels;      /* the release record's */
};

/* How exactly a playbook fits: the more, the better; 0: not at all. Chart, chart version and labels must match where both sides are known; a
 * release's own name and namespace raise the number, and the name alone is enough when nothing else is known. */
unsigned playbook_match(const struct playbook *playbook, const struct playbook_release *release);
bool playbook_may_match_release(const struct playbook *playbook, const char *name); /* by name alone */

/* The class of a step in one part of a component's version, or of the next larger step that has one; NULL when the playbook has none. */
const struct playbook_upgrade *playbook_upgrade_find(const struct playbook_component *component, const char *part, const char *change);

/*
 * A setting: its environment variable before the file's `settings` before `otherwise`. `playbook` may be NULL.
 *   change_detection  boolean  ENABLE_CHANGE_DETECTION  compare components before a rollback; off: all count as changed
 *   force_full        boolean  FORCE_FULL_ROLLBACK      roll everything back whatever differs
 *   hash_retention    integer  HASH_RETENTION_COUNT     how many revisions' hash ConfigMaps are kept (1 to 1000)
 *   hash_configmap    text                              what their names begin with; "-r" and the revision follow
 */
bool playbook_setting_bool(const struct playbook *playbook, const char *name, bool otherwise);
long playbook_setting_integer(const struct playbook *playbook, const char *name, long otherwise);
const char *playbook_setting_text(const struct playbook *playbook, const char *name, const char *otherwise);

/* Whether the environment variables above hold what they should; else ERROR_USAGE naming the first that does not (which is then ignored). */
bool playbook_settings_check_environment(struct error *error);
