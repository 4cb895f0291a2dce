/* Which lines of a text are shown when long unchanged stretches are folded: pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum line_kind {
    LINE_PLAIN,   /* never folded */
    LINE_HEADING, /* begins an object or chapter; never folded */
    LINE_CONTEXT, /* unchanged */
    LINE_CHANGE,
};

/* A row on the screen: a line, or a stretch of folded ones. */
struct fold_row {
    size_t line;
    size_t folded; /* 0: the line itself; else so many lines from `line` on are hidden here */
};

/* Context lines further than `context` from a change are folded, where that hides more than one; `opened[i]` true: a
 * stretch that begins at line i is shown. *ret_rows is owned by the caller. */
void fold_make(size_t count, enum line_kind (*kind)(const void *context, size_t line), const void *kind_context,
               size_t context, const bool *opened, struct fold_row **ret_rows, size_t *ret_count);
