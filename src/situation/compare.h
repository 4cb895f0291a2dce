/*
 * Two trees, compared place by place: a revision with another, or a manifest with what lives.
 *
 * Reads only, takes no references: several threads may compare the same records at once.
 */
#pragma once

#include "situation/place.h"
#include <jansson.h>
#include <stdbool.h>

enum compare_scope {
    COMPARE_BOTH,     /* every difference counts, in both directions */
    COMPARE_MANIFEST, /* `from` is a manifest, `to` lives: only what the manifest says counts, in whatever form the
                         server keeps it */
};

/* Called where the trees differ; NULL: not there. For a list of keyed elements that differ in order alone, the keys'
 * values. */
typedef void (*compare_differs)(const struct place *place, const json_t *from, const json_t *to, void *context);

struct compare {
    enum compare_scope scope;
    bool builtin; /* a kind of Kubernetes itself: merge keys, quantities, and zero values that the server leaves out */
    const char *kind; /* "Deployment" …; "" for values */
    compare_differs differs;
    void *context;
};

/* `root` is where the trees stand (NULL: at the root). */
void compare_trees(const struct compare *compare, const struct place *root, const json_t *from, const json_t *to);

/* What lives, cut down to the places that the manifest has; values that mean the same are taken in the manifest's form.
 * A new tree. */
json_t *compare_project(const struct compare *compare, const json_t *manifest, const json_t *live);

/* What lives with everything that the manifest says laid over it, as a three-way merge does when old and new manifest
 * are the same. A new tree. */
json_t *compare_overlay(const struct compare *compare, const json_t *manifest, const json_t *live);
