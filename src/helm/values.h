/* Effective values of a release: chart defaults, those of subcharts under their names (global passed down, null removes a key), overlaid by
 * the user's values (Helm's pkg/chartutil/coalesce.go). */
#pragma once

#include <jansson.h>

/* `chart` is the record's chart, `config` the user's values (may be NULL). A new tree, owned by the caller. */
json_t *helm_values_effective(const json_t *chart, const json_t *config);
