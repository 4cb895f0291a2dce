/* The components of a release: as the playbook names them, or found in the manifests. */
#pragma once

#include "situation/fingerprint.h"
#include <stddef.h>

/* `*ret_texts` holds what identities point into beside the playbook (NULL at the end); both results are owned by the
 * caller. A namespace that the playbook leaves open is the release's. Either record may be NULL. */
void identities_make(const struct playbook *playbook, const struct helm_record *from, const struct helm_record *to,
                     struct component_identity **ret_identities, size_t *ret_count, char ***ret_texts);
void identities_free_texts(char **texts);

/* The manifest's object of a component that has a workload; NULL when the revision lacks it. */
const struct helm_object *identity_object(const struct component_identity *identity, const struct helm_record *record);
