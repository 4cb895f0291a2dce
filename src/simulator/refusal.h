/*
 * Why the simulated API server says no: the content of a Status object (apimachinery pkg/api/errors). Messages here are
 * the real server's own words, not translated: clients compare them.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* Embedded; start with {0}; release it. `code` 0 means that nothing was refused. */
struct refusal {
    int code;           /* HTTP status */
    const char *reason; /* "Invalid", "Conflict", …; static; "" where the real server has none */
    char *message;
    json_t *details; /* the Status's details, or NULL */
};

/* Fill and return false, so that `return refusal_set(…)` reads well. An earlier content is replaced; NULL is accepted.
 */
bool refusal_set(struct refusal *refusal, int code, const char *reason, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void refusal_release(struct refusal *refusal);

/* The usual ones. `group` is "" for the core group; `resource` is the plural name. They return false. */
bool refusal_bad_request(struct refusal *refusal, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool refusal_not_found(struct refusal *refusal, const char *group, const char *resource, const char *name);
bool refusal_already_exists(struct refusal *refusal, const char *group, const char *resource, const char *name);
bool refusal_conflict(struct refusal *refusal, const char *group, const char *resource, const char *name,
                      const char *why); /* "Operation cannot be fulfilled on …: why" */
bool refusal_modified(struct refusal *refusal, const char *group, const char *resource,
                      const char *name); /* stale resourceVersion */
bool refusal_forbidden(struct refusal *refusal, const char *group, const char *resource, const char *name,
                       const char *why);

/* Causes of an Invalid answer are collected first: `causes` is a JSON array of {reason, message, field}, as in a
 * Status. The body is what stands behind the field ("Invalid value: 99999: must be …", "Required value"); the reason
 * one of FieldValueInvalid, FieldValueRequired… */
void refusal_add_cause(json_t *causes, const char *reason, const char *field, const char *body_format, ...)
    __attribute__((format(printf, 4, 5)));

/* 422 with the causes, `Kind.group "name" is invalid: [field: body, …]`. `causes` is borrowed. Returns false. */
bool refusal_invalid(struct refusal *refusal, const char *group, const char *kind, const char *name,
                     const json_t *causes);

/* The whole Status object (apiVersion v1, kind Status, status Failure). Owned by the caller. */
json_t *refusal_status(const struct refusal *refusal);
