/* Image references: "registry/repository:tag@digest". */
#pragma once

#include <jansson.h>

/* From a chart's values: a text is the reference itself; an object has repository (or image, name), tag, digest and
 * registry. "" when there is none. Owned by the caller. The source document's definition is "repository:tag". */
char *image_from_values(const json_t *values);

/* The tag of a reference, without a digest; "" when there is none. Owned by the caller. */
char *image_tag(const char *image);

/* "sha256:…" of a pod's imageID ("docker.io/x@sha256:…", "docker-pullable://…", "sha256:…"); "" when it has none.
 * Borrowed. */
const char *image_digest(const char *image_id);
