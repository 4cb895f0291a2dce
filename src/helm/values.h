/*
 * Effective values of a release, exactly as `helm get values --all` tells them (Helm 3's pkg/chartutil/coalesce.go): the chart's defaults overlaid by
 * the user's values; tables are merged, everything else is replaced, and null removes a default.
 *
 * A record's chart does not carry its subcharts. When Chart.yaml lists them, Helm has merged their defaults, under their names or aliases and with
 * the globals passed down, into the chart's own values before it stored the record; so they are part of it. A null that no default stands against
 * stays. (Helm 4 also leaves out nulls that the chart's defaults contain; Helm 3 keeps them, and so does this.)
 */
#pragma once

#include <jansson.h>

/* `chart_values` are the record's chart.values (may be NULL), `config` the user's (may be NULL). A new tree, owned by the caller; nothing of it is shared with
 * the arguments. */
json_t *helm_values_effective(const json_t *chart_values, const json_t *config);
