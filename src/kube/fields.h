/*
 * Reading the fields of one entry of a kubeconfig: each with its type checked, an error naming file, line and column.
 * Absent, null and empty fields are the same, as they are for client-go.
 */
#pragma once

#include "base/error.h"
#include "base/yaml.h"
#include <jansson.h>
#include <stdbool.h>

/* An object and where it stands. Everything is borrowed. */
struct kube_fields {
    const json_t *object;                   /* NULL or JSON null: no field is set */
    const char *source;                     /* the file, for messages and for relative paths */
    const struct yaml_positions *positions; /* NULL: places are not known */
    const char *pointer;                    /* of the object in its file (RFC 6901) */
};

/* The results are owned by the caller; NULL (false) where the field is not set. ERROR_INVALID when the type is wrong.
 */
bool kube_fields_text(const struct kube_fields *fields, const char *key, char **ret_text, struct error *error);
bool kube_fields_flag(const struct kube_fields *fields, const char *key, bool *ret_flag, struct error *error);
bool kube_fields_list(const struct kube_fields *fields, const char *key, char ***ret_texts,
                      struct error *error); /* of texts, NULL at the end */

/* Base64, as the fields called …-data have it, that holds text (PEM). */
bool kube_fields_data(const struct kube_fields *fields, const char *key, char **ret_text, struct error *error);

/* A path to a file, resolved beside the kubeconfig. */
bool kube_fields_path(const struct kube_fields *fields, const char *key, char **ret_path, struct error *error);

/* The text of a file that the field named, for what is read at once; ERROR_INVALID at the field when it cannot be read.
 */
bool kube_fields_file(const struct kube_fields *fields, const char *key, const char *path, size_t limit,
                      char **ret_text, struct error *error);

/* An object or a list inside the object; *ret_value is borrowed, NULL when not set. */
bool kube_fields_object(const struct kube_fields *fields, const char *key, const json_t **ret_value,
                        struct error *error);
bool kube_fields_array(const struct kube_fields *fields, const char *key, const json_t **ret_value,
                       struct error *error);

/* ERROR_INVALID "file:line:column: …" at the field `key`, or at the object itself (NULL, or when the field is not
 * there). Returns false. */
bool kube_fields_error(const struct kube_fields *fields, const char *key, struct error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* "file:line:column" of the field, of the object, or the file alone: as exactly as it is known. Owned by the caller. */
char *kube_fields_place(const struct kube_fields *fields, const char *key);

/* What kind of value it is, for messages: "a number". */
const char *kube_fields_kind(const json_t *value);

void kube_texts_free(char **texts);          /* a vector with NULL at the end, and its texts */
size_t kube_texts_count(char *const *texts); /* NULL counts 0 */
