/* Folding of unchanged lines. */
#include "ui/widgets/fold.h"
#include "base/memory.h"
#include <stdint.h>

/* How far each line is from the nearest change, looking both ways; changes of another object do not count. */
static size_t *distances(size_t count, enum line_kind (*kind)(const void *, size_t), const void *kind_context)
{
    size_t *distance = memory_new_array(count + 1, sizeof *distance);
    size_t since = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        enum line_kind this = kind(kind_context, i);
        since = this == LINE_CHANGE ? 0 : this == LINE_HEADING ? SIZE_MAX : since == SIZE_MAX ? since : since + 1;
        distance[i] = since;
    }
    since = SIZE_MAX;
    for (size_t i = count; i-- > 0;) {
        enum line_kind this = kind(kind_context, i);
        since = this == LINE_CHANGE ? 0 : since == SIZE_MAX ? since : since + 1;
        if (since < distance[i])
            distance[i] = since;
        if (this == LINE_HEADING)
            since = SIZE_MAX;
    }
    return distance;
}

void fold_make(size_t count, enum line_kind (*kind)(const void *context, size_t line), const void *kind_context,
               size_t context, const bool *opened, struct fold_row **ret_rows, size_t *ret_count)
{
    CLEANUP_FREE size_t *distance = distances(count, kind, kind_context);
    struct fold_row *rows = memory_new_array(count + 1, sizeof *rows);
    size_t row_count = 0;
    for (size_t i = 0; i < count;) {
        size_t end = i;
        while (end < count && kind(kind_context, end) == LINE_CONTEXT && distance[end] > context)
            end++;
        if (end - i > 1 && !opened[i]) {
            rows[row_count++] = (struct fold_row){.line = i, .folded = end - i};
            i = end;
            continue;
        }
        /* An opened stretch is shown whole, and so is a single line. */
        size_t shown_end = end > i ? end : i + 1;
        while (i < shown_end)
            rows[row_count++] = (struct fold_row){.line = i++};
    }
    *ret_rows = rows;
    *ret_count = row_count;
}
