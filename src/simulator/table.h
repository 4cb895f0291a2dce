/* Server-side printing: the columns that kubectl shows for each kind (kubernetes pkg/printers/internalversion) and,
 * for custom resources, those of their definition. */
#pragma once

#include "simulator/resources.h"
#include <jansson.h>
#include <stdint.h>

/* The columnDefinitions of a Table; the caller's. */
json_t *table_columns(const struct resource *resource, const char *version);

/* The cells of one object, as many as there are columns; the caller's. `now_ms`: wall time, for ages. */
json_t *table_cells(const struct resource *resource, const char *version, const json_t *object, int64_t now_ms);
