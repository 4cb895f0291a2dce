/*
 * Who may do what: the Roles, ClusterRoles and their bindings that are stored, read as the API server's RBAC authoriser
 * reads them. Members of system:masters may do everything; everyone may ask about themselves.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

struct registry;

/* Everything is borrowed. */
struct rbac_question {
    const char *user;
    const json_t *groups; /* array of texts */
    const char *verb;
    const char *group;     /* API group; NULL: a path that is no resource */
    const char *resource;  /* "pods", "deployments/scale" */
    const char *namespace; /* NULL: cluster-wide */
    const char *name;      /* NULL: none */
};

bool rbac_allows(const struct registry *registry, const struct rbac_question *question);

/* The rules that hold for this user in this namespace (NULL: cluster-wide ones only), as a SelfSubjectRulesReview
 * lists them; the caller's. */
json_t *rbac_rules(const struct registry *registry, const char *user, const json_t *groups, const char *namespace);
