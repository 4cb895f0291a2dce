/*
 * What identifies a component at one revision: two hashes, made from the revision's own record (never from what happens
 * to live).
 *
 * `image` is the source document's definition: SHA-256 of the first container's image reference as text
 * ("repository:tag" for components that live in values). `config` is the SHA-256 of the canonical JSON of the whole pod
 * template, or of the values subtree. Labels and annotations that Helm changes on every revision (helm.sh/chart, chart,
 * heritage) are left out of it; checksum/… annotations are not.
 */
#pragma once

#include "base/digest.h"
#include "helm/record.h"
#include "playbook/playbook.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct fingerprint_container {
    char *name;
    char *image;
    char image_hash[DIGEST_SIZE];
};

/* Owns everything. `present` false: the revision does not contain the component; the rest is then empty. */
struct fingerprint {
    bool present;
    char *image; /* reference as text, or "" */
    char image_hash[DIGEST_SIZE];
    char config_hash[DIGEST_SIZE];
    struct fingerprint_container *containers; /* init containers last */
    size_t container_count;
    json_t *config; /* the tree that config_hash is made of */
    json_t *labels; /* what was left out of it: a change here restarts the pods all the same */
};

/* One component of a release, as the playbook names it, or as found in the manifests when there is no playbook.
 * Borrowed texts. */
struct component_identity {
    const char *name;
    const char *title;
    bool stateful;
    bool restarts_clusters;
    const char *kind; /* "Deployment" …; NULL: lives in values only */
    const char *namespace;
    const char *workload;
    const char *values;                        /* dotted path, or NULL */
    const struct playbook_component *playbook; /* NULL without a playbook */
};

void fingerprint_make(const struct component_identity *identity, const struct helm_record *record,
                      struct fingerprint *ret_fingerprint);

/* The same from a live object, but only over the paths that `template_paths` (the manifest's pod template) has, so that
 * what the server or a controller added does not count. */
void fingerprint_make_live(const struct component_identity *identity, const json_t *live_object,
                           const json_t *manifest_object, struct fingerprint *ret_fingerprint);

/* What only lives in pods: the image that runs, without a configuration. */
void fingerprint_make_running(const struct component_identity *identity, const char *image,
                              struct fingerprint *ret_fingerprint);

void fingerprint_copy(const struct fingerprint *from,
                      struct fingerprint *ret_copy); /* the trees are shared: same thread only */
void fingerprint_release(struct fingerprint *fingerprint);
