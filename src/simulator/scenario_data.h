/*
 * What a scenario file becomes in memory; shared by the scenario's own source files. The trees are as the files have
 * them and were checked; everything else refers into them.
 *
 * All times in the file are relative to the moment at which a person starts to look: "-27m" is 27 minutes before.
 */
#pragma once

#include "base/array.h"
#include "base/error.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct clock;
struct yaml_positions;

enum step_kind { STEP_REVISION, STEP_APPLY, STEP_PATCH, STEP_DELETE, STEP_EVENT };

/* Something that happens at one moment. */
struct step {
    enum step_kind kind;
    int64_t at_ms; /* relative */
    size_t order;  /* of the file, for steps of the same moment */
    const json_t *data;
    struct scenario_release *release; /* of STEP_REVISION */
    size_t revision;                  /* counts from 1 */
};

/* A revision of a release: what Helm would have rendered. */
struct scenario_revision {
    const json_t *data;
    json_t *values;  /* the chart's, overlaid by the user's */
    char *manifest;  /* as a release record has it */
    json_t *objects; /* its documents, in the order in which Helm makes them */
    json_t *record;  /* the release record once the revision happened, or NULL */
};

struct scenario_release {
    const json_t *data;
    const json_t *templates; /* of the whole file, by name */
    struct array revisions;  /* struct scenario_revision */
};

/* A commit in a Git repository that an Argo CD Application reads. */
struct scenario_commit {
    const json_t *data;
    int64_t at_ms; /* relative */
    json_t *objects;
};

/* One file: the one that was asked for, or one that it extends. */
struct scenario_file {
    char *path;
    json_t *tree;
    struct yaml_positions *positions;
};

struct scenario {
    struct array files;    /* struct scenario_file; what is extended comes first */
    json_t *tree;          /* all files together */
    json_t *bulk;          /* releases that were made up, or NULL */
    struct array releases; /* struct scenario_release */
    struct array commits;  /* struct scenario_commit, in the order of the files */
    struct array steps;    /* struct step, by time */
    size_t next_step;
    const struct clock *clock; /* the cluster's, once installed */
    int64_t origin;            /* wall time of "0s" */
    char *step_failure;        /* the first step that the cluster refused, or NULL */
};

/* "-27m", "+30s", "0s". */
bool scenario_time(const char *text, int64_t *ret_ms);
bool scenario_in_time(const struct scenario *scenario, const json_t *rule,
                      int64_t wall_ms);                            /* its 'from' and 'until' */
int64_t scenario_duration(const json_t *value, int64_t otherwise); /* of a checked value; "never" is -1 */

/* Read, check and put together the file and what it extends. */
bool scenario_read(struct scenario *scenario, const char *path, struct error *error);
void scenario_file_free(void *file);
const char *scenario_path(const struct scenario *scenario); /* of the file that was asked for */

/* ERROR_INVALID at the place of the node at an RFC 6901 pointer. Returns false. */
bool scenario_complain(const struct scenario_file *file, struct error *error, const char *pointer, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));

/* Checks names, types and required fields of one file. */
bool scenario_check(const struct scenario_file *file, struct error *error);

/* Render every revision of every release. */
bool scenario_render(struct scenario *scenario, struct error *error);
void scenario_release_free(void *release);
void scenario_commit_free(void *commit);

/* Overlay `over` on `under`, objects key by key; both may be NULL. The caller's. */
json_t *scenario_overlay(const json_t *under, const json_t *over);
