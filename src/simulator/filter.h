/*
 * Which objects a list or a watch selects: the parameters labelSelector and fieldSelector as clients write them
 * (apimachinery pkg/labels and pkg/fields).
 */
#pragma once

#include "simulator/refusal.h"
#include "simulator/resources.h"
#include <jansson.h>
#include <stdbool.h>

struct filter;

/* NULL and "" select everything. `version` is of the URL. A selector that cannot be read, or a field that cannot be
 * selected by: 400. *ret_filter is the caller's. */
bool filter_parse(const struct resource *resource, const char *version, const char *labels, const char *fields,
                  struct filter **ret_filter, struct refusal *refusal);
void filter_free(struct filter *filter); /* NULL is accepted */
bool filter_matches(const struct filter *filter, const json_t *object);
bool filter_is_empty(const struct filter *filter); /* selects everything */
