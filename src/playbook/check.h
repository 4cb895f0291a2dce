/*
 * The checker: what every section of a playbook uses to read its part of the file and to report what is wrong, all of it, with places.
 *
 * A section describes its objects as tables of fields; unknown keys, missing ones, wrong types, wrong words and unknown parameters are
 * then found here. Afterwards a field that is wrong reads as absent from the tree (json_string_value() of anything else is NULL).
 */
#pragma once

#include "base/error.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct check;
struct playbook_mistakes;
struct yaml_positions;

enum check_shape { CHECK_TEXT, CHECK_BOOLEAN, CHECK_INTEGER, CHECK_OBJECT, CHECK_LIST, CHECK_OBJECT_OR_LIST };

/* One key of an object. All texts live as long as the program. */
struct check_field {
    const char *name;
    enum check_shape shape;
    bool required;
    const char *const *words;       /* CHECK_TEXT: the words that it may be, NULL at the end; NULL: any */
    bool (*form)(const char *text); /* CHECK_TEXT: the form it must have, parameters filled in; NULL: any but empty */
    const char *expected;           /* what `form` wants, marked N_() */
    const char *placeholder;        /* CHECK_TEXT: a name in braces that is no parameter, as "version"; or NULL */
    int64_t lowest;                 /* CHECK_INTEGER */
    int64_t highest;
};

/* `file`, `tree` and `positions` are borrowed. */
struct check *check_new(const char *file, json_t *tree, const struct yaml_positions *positions);
void check_free(struct check *check);

/* A mistake at the node `pointer` (an RFC 6901 pointer), or at its key. `format` is a sentence, translated. */
void check_mistake(struct check *check, const char *pointer, bool at_key, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Whether a value has a shape; else a mistake. */
bool check_shape(struct check *check, const char *pointer, const json_t *value, enum check_shape shape);

/* Checks `object` against `fields` and fills parameters into its texts (the tree is changed). False when it is no object at all. */
bool check_object(struct check *check, const char *pointer, json_t *object, const struct check_field *fields, size_t count);

/* Fills parameters into one text that no table describes (an item of a list, a value under a free key). NULL after a mistake; owned by
 * the caller. `placeholder` as above. */
char *check_fill(struct check *check, const char *pointer, const char *text, const char *placeholder);

/* "components" and its like: keys that people choose. A mistake unless it is a name: [a-z][a-z0-9_-]*, at most 63 long. */
bool check_name(struct check *check, const char *pointer, const char *name);

/* Forms for tables. */
bool check_is_dns_name(const char *text);    /* a Kubernetes name: lower case, digits, '-', '.' */
bool check_is_dotted_path(const char *text); /* spec.version */
bool check_is_crd(const char *text);         /* plural.group */
bool check_is_label(const char *text);       /* a label's key: [prefix/]name; {version} may stand in it */
bool check_is_selector(const char *text);    /* a label selector, as kubectl -l takes it */

/* Hands the mistakes over, in the order of their places. True when there are none. `error` gets the first. Either may be NULL. */
bool check_finish(struct check *check, struct playbook_mistakes *mistakes, struct error *error);
