/*
 * What a scenario file becomes in memory; shared by the scenario's own source files. The tree is as the file has it and
 * was checked; everything else refers into it.
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

struct scenario {
    char *path;
    json_t *tree;
    struct yaml_positions *positions;
    struct array releases; /* struct scenario_release */
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

/* ERROR_INVALID at the place of the node at an RFC 6901 pointer. Returns false. */
bool scenario_complain(const struct scenario *scenario, struct error *error, const char *pointer, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));

/* Checks names, types and required fields of the whole file. */
bool scenario_check(const struct scenario *scenario, struct error *error);

/* Render every revision of every release. `pointer` of a release is "/releases/N". */
bool scenario_render(struct scenario *scenario, struct error *error);
void scenario_release_free(void *release);
