/*
 * Errors as values. A function that can fail returns bool and fills a `struct error`; only session, commands and UI report it.
 *
 * The codes are the program's exit statuses, so that a failure keeps its meaning from the place where it happened to the shell.
 */
#pragma once

#include <stdbool.h>

enum error_code {
    ERROR_NONE = 0,
    ERROR_INTERNAL = 1,        /* a fault of the program itself */
    ERROR_USAGE = 2,           /* unknown option, bad argument */
    ERROR_NOTHING_CHANGED = 3, /* nothing to roll back */
    ERROR_REFUSED = 4,         /* a gate blocks, or the console is read-only */
    ERROR_PERSON_NEEDED = 5,   /* an approval, an answer or a confirmation is missing */
    ERROR_STEP_FAILED = 6,
    ERROR_OUTCOME_UNKNOWN = 7,
    ERROR_CANCELLED = 8,
    ERROR_NOT_FOUND = 9,    /* context, namespace, release, revision, object */
    ERROR_UNREACHABLE = 10, /* the cluster cannot be reached, or does not let this user in */
    ERROR_FORBIDDEN = 11,   /* RBAC */
    ERROR_INVALID = 12,     /* a playbook, a kubeconfig, a record: not valid */
    ERROR_JOURNAL = 13,
    ERROR_PLAN_VOID = 14,
};

/* Embedded; start with `struct error error = {0};`. Owns both texts. A NULL pointer is accepted wherever one is passed. */
struct error {
    enum error_code code;
    char *message; /* one sentence for a person: what, where, what was expected */
    char *hint;    /* what to do next, or NULL */
};

/* Fill `error` from a printf format (already translated) and return false, so that `return error_set(…)` reads well.
 * An earlier content is replaced. `error` may be NULL. */
bool error_set(struct error *error, enum error_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Add what to do next. Returns false as error_set() does. */
bool error_hint(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Put "text: " before the message, as an error travels up and gains its place ("kubeconfig /x/config: …"). Returns false. */
bool error_prefix(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Hand the content of `from` over to `to` (whose old content is released); `from` is empty afterwards. */
void error_move(struct error *to, struct error *from);
void error_copy(struct error *to, const struct error *from);
void error_release(struct error *error); /* frees the texts; the struct can be used again */

/* The short stable word that `--json` prints: "usage", "not_found", … Never NULL; static. */
const char *error_code_name(enum error_code code);
