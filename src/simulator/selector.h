/* Label selectors: a LabelSelector object (matchLabels, matchExpressions) and the plain map that Services use. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

bool selector_matches(const json_t *selector, const json_t *labels); /* an empty selector matches everything */
bool selector_matches_map(const json_t *map, const json_t *labels);  /* an empty map matches nothing */
