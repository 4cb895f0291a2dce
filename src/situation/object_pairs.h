/* The objects of two manifests, each beside its counterpart. */
#pragma once

#include "helm/manifest.h"
#include <stddef.h>

struct object_pair {
    const struct helm_object *from; /* NULL: only in the other */
    const struct helm_object *to;
};

/* In the order of kind, namespace and name. Documents that cannot be read come last, each alone unless the same one is
 * broken on both sides. Either manifest may be NULL. *ret_pairs is owned by the caller; the objects stay the
 * manifests'. */
void object_pairs_make(const struct helm_manifest *from, const struct helm_manifest *to, struct object_pair **ret_pairs,
                       size_t *ret_count);

/* The one of the pair that there is; `to` first. */
const struct helm_object *object_pair_any(const struct object_pair *pair);
