/* Version skew: in a system whose parts carry one version, those whose tag does not match it. */
#pragma once

#include "situation/change_set.h"

/* Looks at the `from` side (what lives) of components that the playbook marks as unified. A tag of PostgreSQL with an
 * extension is compared by the extension; one of scheme "chart" with the version that the target's manifest has, as the
 * chart's number is another one. Sets ret_skewed[i] per component; returns one line for people, "" when everything
 * matches. Owned by the caller. */
char *skew_describe(const struct change_set *changes, const char *release_version, bool *ret_skewed);
