/*
 * What differs between two revisions of a release: the components whose fingerprints differ, with every field old →
 * new, and all other objects of the manifests. Pure: two records in, a struct out. 'Nothing to roll back' only when the
 * manifests are equal and nothing has drifted.
 */
#pragma once

#include "situation/fingerprint.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum change_kind { CHANGE_SAME, CHANGE_CHANGED, CHANGE_ADDED, CHANGE_REMOVED, CHANGE_UNKNOWN };
const char *change_kind_name(enum change_kind kind); /* "same", "changed", "added", "removed", "unknown" */

enum risk { RISK_LOW, RISK_MEDIUM, RISK_HIGH, RISK_UNKNOWN };
const char *risk_name(enum risk risk);

/* Values are shown as people read them; those of Secrets are masked. */
struct field_change {
    char *path; /* containers[name=manager].env[name=LOG_LEVEL].value */
    char *from; /* NULL: was not there */
    char *to;   /* NULL: is not there any more */
};

struct component_change {
    struct component_identity identity;
    enum change_kind change;
    bool labels_only; /* 'same', but its pods would restart all the same */
    char *summary;    /* "image, 1 env" · "configuration: ConfigMap x" · "same" · "same, labels only" … */
    struct fingerprint from;
    struct fingerprint to;
    struct field_change *fields;
    size_t field_count;
    enum risk risk;    /* D14, from the two versions and the playbook */
    char *risk_reason; /* "minor PostgreSQL version: rolling restart" … */
};

struct object_change {
    char *api_version;
    char *kind;
    char *namespace;
    char *name;
    enum change_kind change;
    size_t lines_added, lines_removed; /* of its diff */
};

/* Owns everything; borrows the playbook and, for identities without one, its own name texts. */
struct change_set {
    int from;
    int to;
    struct component_change *components;
    size_t component_count;
    struct object_change *others; /* only those that differ, and not the components' workloads */
    size_t other_count;
    size_t labels_only_count; /* objects that differ only in what Helm changes on every revision; not listed */
    bool equal;               /* nothing at all differs, and nothing was unreadable */
    enum risk risk;           /* the highest */
    struct component_identity *identities; /* same order as components */
    char **texts;                          /* what identities without playbook point into; NULL at the end */
};

/* `to` may be NULL: there is nothing to compare with, every change is unknown and `to` is 0. Both records are whole and
 * only read. `playbook` may be NULL: the components are then the Deployments, StatefulSets, DaemonSets and CronJobs of
 * both manifests. */
struct change_set *change_set_make(const struct playbook *playbook, const struct helm_record *from,
                                   const struct helm_record *to);
void change_set_free(struct change_set *change_set);
