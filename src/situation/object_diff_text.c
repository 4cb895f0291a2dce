#include "base/memory.h"
#include "base/text.h"
#include "situation/object_diff.h"

/* Lines [begin, end) of one object's diff, with where they stand on both sides. */
struct hunk {
    size_t begin, end;
    size_t from_line, from_count;
    size_t to_line, to_count;
};

static size_t next_change(const struct object_diff *diff, size_t at)
{
    while (at < diff->line_count && diff->lines[at].kind == DIFF_CONTEXT)
        at++;
    return at;
}

/* The hunk around the first change at or after `at`: changes no further apart than twice the context belong together.
 */
static bool find_hunk(const struct object_diff *diff, size_t at, size_t context, struct hunk *ret_hunk)
{
    size_t first = next_change(diff, at);
    if (first == diff->line_count)
        return false;
    size_t last = first;
    for (size_t next = first; next < diff->line_count && next - last <= 2 * context + 1;
         next = next_change(diff, next + 1))
        last = next;
    ret_hunk->begin = first - at > context ? first - context : at;
    ret_hunk->end = diff->line_count - last - 1 > context ? last + context + 1 : diff->line_count;
    return true;
}

static void count_lines(const struct object_diff *diff, size_t begin, size_t end, size_t *from, size_t *to)
{
    for (size_t i = begin; i < end; i++) {
        *from += diff->lines[i].kind != DIFF_ADDED;
        *to += diff->lines[i].kind != DIFF_REMOVED;
    }
}

/* "12,7"; a side without lines is told by the line before it, as diff does. */
static void append_range(struct text *text, char sign, size_t line, size_t count)
{
    text_append_format(text, "%c%zu", sign, count == 0 ? line : line + 1);
    if (count != 1)
        text_append_format(text, ",%zu", count);
}

static void append_hunks(struct text *text, const struct object_diff *diff, size_t context)
{
    struct hunk hunk = {0};
    size_t at = 0, from_line = 0, to_line = 0;
    while (find_hunk(diff, at, context, &hunk)) {
        size_t from_count = 0, to_count = 0;
        count_lines(diff, at, hunk.begin, &from_line, &to_line);
        count_lines(diff, hunk.begin, hunk.end, &from_count, &to_count);
        text_append(text, "@@ ");
        append_range(text, '-', from_line, from_count);
        text_append_char(text, ' ');
        append_range(text, '+', to_line, to_count);
        text_append(text, " @@\n");
        for (size_t i = hunk.begin; i < hunk.end; i++)
            text_append_format(text, "%c%s\n", " -+"[diff->lines[i].kind], diff -> lines[i].text);
        from_line += from_count;
        to_line += to_count;
        at = hunk.end;
    }
}

char *object_diffs_unified(const struct object_diffs *diffs, const char *from_title, const char *to_title,
                           size_t context)
{
    struct text text = {0};
    for (size_t i = 0; i < diffs->count; i++) {
        const struct object_diff *diff = &diffs->objects[i];
        CLEANUP_FREE char *raw =
            memory_format("%s %s%s%s", diff->kind, diff->namespace, *diff->namespace != '\0' ? "/" : "", diff->name);
        CLEANUP_FREE char *title = text_clean(raw, false, 0);
        const char *before = diff->change == CHANGE_ADDED ? "/dev/null" : title;
        const char *after = diff->change == CHANGE_REMOVED ? "/dev/null" : title;
        text_append_format(&text, "--- %s\t%s\n+++ %s\t%s\n", before, from_title, after, to_title);
        append_hunks(&text, diff, context);
    }
    return text_steal(&text);
}
