/*
 * What changed a moment ago. Every cell that is drawn is remembered by its place and content; when the content at a
 * place differs from what was drawn there last, the cell is marked for three seconds, so that an eye that looked away
 * finds it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MARKS_SHOWN_MS 3000

struct marks;

struct marks *marks_new(void);
void marks_free(struct marks *marks);

/* Whether the cell at `place` (any hash of view, row and column) changed within the last three seconds. */
bool marks_changed(struct marks *marks, uint64_t place, const char *content, int64_t boot_ms);

/* FNV-1a, to build places from several texts; start with MARKS_SEED. */
#define MARKS_SEED UINT64_C(0xcbf29ce484222325)
uint64_t marks_hash(uint64_t hash, const char *text);
