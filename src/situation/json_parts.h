/* Values that several documents contain. Private to the room's json_*.c. */
#pragma once

#include "situation/change_set.h"
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

json_t *json_text(const char *text);     /* NULL: null */
json_t *json_time(int64_t wall_ms);      /* RFC 3339; CLOCK_UNKNOWN: null */
json_t *json_texts(char *const *texts);  /* NULL at the end */
json_t *json_number_or_null(int number); /* negative: null */
json_t *json_fields(const struct field_change *fields, size_t count);
