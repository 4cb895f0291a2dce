/* The Git repositories of a scenario, as far as an Argo CD Application reads them: commits with the objects in them. */
#pragma once

#include <jansson.h>
#include <stdint.h>

struct scenario;

/* The commit that a target revision ("main", "HEAD", a commit's own name) means at a moment; NULL when there is none.
 */
const char *git_resolve(const struct scenario *scenario, const char *repository, const char *target, int64_t wall_ms);

/* The objects of a commit; NULL when it does not exist. Borrowed. */
const json_t *git_objects(const struct scenario *scenario, const char *repository, const char *revision);
