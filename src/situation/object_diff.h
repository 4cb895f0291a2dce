/* Unified diffs, object by object, between two manifests or between a manifest and what lives. Objects are written as
 * YAML with sorted keys, so that formatting is no difference; Secrets' values are masked (a change of a masked value is
 * still seen). */
#pragma once

#include "helm/manifest.h"
#include "situation/change_set.h"
#include <stdbool.h>
#include <stddef.h>

enum diff_line_kind { DIFF_CONTEXT, DIFF_REMOVED, DIFF_ADDED };
struct diff_line {
    enum diff_line_kind kind;
    char *text; /* cleaned */
};

struct object_diff {
    char *api_version, *kind, *namespace, *name;
    enum change_kind change;
    struct diff_line *lines; /* the whole object, folding is the viewer's */
    size_t line_count;
};

struct object_diffs {
    struct object_diff *objects; /* only those that differ; kind, namespace, name order */
    size_t count;
};

struct object_diffs *object_diffs_make(const struct helm_manifest *from, const struct helm_manifest *to);
void object_diffs_free(struct object_diffs *diffs);

/* As `diff -u` prints it, with `context` unchanged lines around changes. Owned by the caller. */
char *object_diffs_unified(const struct object_diffs *diffs, const char *from_title, const char *to_title,
                           size_t context);
