/* The files of a kubeconfig: each read and checked once, looked up in order (client-go: the first file that has an
 * entry wins whole). */
#pragma once

#include "base/array.h"
#include "base/error.h"
#include "kube/fields.h"
#include <stdbool.h>

enum kube_section { KUBE_CONTEXTS, KUBE_CLUSTERS, KUBE_USERS };

/* Start with `struct kube_files files = {0};`. */
struct kube_files {
    struct array files;   /* in order of precedence */
    struct array missing; /* paths (char *) that were looked for and are not there */
};

/* --kubeconfig (must exist), else $KUBECONFIG (a list; what is missing is skipped), else ~/.kube/config.
 * ERROR_NOT_FOUND, ERROR_INVALID. */
bool kube_files_read(const char *explicit_path, struct kube_files *ret_files, struct error *error);
void kube_files_release(struct kube_files *files);

/* The first current-context that is set, as fields of its file (for the place), or NULL. Borrowed. */
const char *kube_files_current(const struct kube_files *files, struct kube_fields *ret_root);

/* An entry by its name. `pointer` of the result is owned by the caller through *ret_pointer, everything else is
 * borrowed from files. */
bool kube_files_find(const struct kube_files *files, enum kube_section section, const char *name,
                     struct kube_fields *ret_entry, char **ret_pointer);

/* All names of a section, sorted, once each, NULL at the end. Owned by the caller. */
char **kube_files_names(const struct kube_files *files, enum kube_section section);

/* The paths that were read, or else looked for, as "a, b", for messages. Owned by the caller. */
char *kube_files_paths(const struct kube_files *files);
