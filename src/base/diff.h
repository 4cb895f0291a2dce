/* Differences of two lists of lines (Myers' O(ND) algorithm in linear space), bounded: what would take too long is told
 * as replaced. */
#pragma once

#include <stddef.h>

enum diff_edit { DIFF_EDIT_KEEP, DIFF_EDIT_REMOVE, DIFF_EDIT_ADD };

/* `count` lines in a row: kept (from[from] = to[to] …), removed from `from`, or added out of `to`. */
struct diff_run {
    enum diff_edit edit;
    size_t from;
    size_t to;
    size_t count;
};

/* Runs that lead from one list to the other, in order, removals before additions. *ret_runs is owned by the caller,
 * NULL for two empty lists. */
void diff_lines(const char *const *from, size_t from_count, const char *const *to, size_t to_count,
                struct diff_run **ret_runs, size_t *ret_count);
