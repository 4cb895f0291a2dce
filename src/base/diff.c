#include "base/diff.h"
#include "base/memory.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Edits that one search may need before its part is told as replaced: 2,000 different lines take some milliseconds. */
#define DIFF_COST_LIMIT 2000

struct line {
    const char *text;
    uint64_t hash;
    bool changed;
};

/* `forward` and `backward` hold the furthest place per diagonal; a diagonal is from-index minus to-index, shifted by
 * `origin`. */
struct search {
    struct line *from, *to;
    ptrdiff_t *forward, *backward;
    ptrdiff_t origin;
};

struct box {
    ptrdiff_t left, right; /* of `from` */
    ptrdiff_t top, bottom; /* of `to` */
};

static uint64_t hash_text(const char *text)
{
    uint64_t hash = 14695981039346656037u;
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

static bool same(const struct search *search, ptrdiff_t x, ptrdiff_t y)
{
    const struct line *a = &search->from[x], *b = &search->to[y];
    return a->hash == b->hash && strcmp(a->text, b->text) == 0;
}

/* The diagonals that one direction has reached. */
struct reach {
    ptrdiff_t low, high;
};

/* One step more: beyond the box's own diagonals the reach shrinks instead, so that both keep the same parity. */
static void widen(struct reach *reach, ptrdiff_t *furthest, const struct box *box, ptrdiff_t never)
{
    if (reach->low > box->left - box->bottom)
        furthest[--reach->low - 1] = never;
    else
        reach->low++;
    if (reach->high < box->right - box->top)
        furthest[++reach->high + 1] = never;
    else
        reach->high--;
}

static bool step_forward(struct search *search, const struct box *box, struct reach *reach, const struct reach *other,
                         bool odd, ptrdiff_t *ret_x, ptrdiff_t *ret_y)
{
    ptrdiff_t *forward = search->forward + search->origin, *backward = search->backward + search->origin;
    widen(reach, forward, box, -1);
    for (ptrdiff_t d = reach->high; d >= reach->low; d -= 2) {
        ptrdiff_t x = forward[d - 1] < forward[d + 1] ? forward[d + 1] : forward[d - 1] + 1;
        while (x < box->right && x - d < box->bottom && same(search, x, x - d))
            x++;
        forward[d] = x;
        if (odd && other->low <= d && d <= other->high && backward[d] <= x) {
            *ret_x = x;
            *ret_y = x - d;
            return true;
        }
    }
    return false;
}

static bool step_backward(struct search *search, const struct box *box, struct reach *reach, const struct reach *other,
                          bool odd, ptrdiff_t *ret_x, ptrdiff_t *ret_y)
{
    ptrdiff_t *forward = search->forward + search->origin, *backward = search->backward + search->origin;
    widen(reach, backward, box, PTRDIFF_MAX);
    for (ptrdiff_t d = reach->high; d >= reach->low; d -= 2) {
        ptrdiff_t x = backward[d - 1] < backward[d + 1] ? backward[d - 1] : backward[d + 1] - 1;
        while (x > box->left && x - d > box->top && same(search, x - 1, x - d - 1))
            x--;
        backward[d] = x;
        if (!odd && other->low <= d && d <= other->high && x <= forward[d]) {
            *ret_x = x;
            *ret_y = x - d;
            return true;
        }
    }
    return false;
}

/* A place that a shortest way through the box passes; false when finding it would cost too much. */
static bool find_middle(struct search *search, const struct box *box, ptrdiff_t *ret_x, ptrdiff_t *ret_y)
{
    struct reach ahead = {box->left - box->top, box->left - box->top};
    struct reach behind = {box->right - box->bottom, box->right - box->bottom};
    bool odd = ((ahead.low - behind.low) & 1) != 0;
    search->forward[search->origin + ahead.low] = box->left;
    search->backward[search->origin + behind.low] = box->right;
    for (int cost = 0; cost < DIFF_COST_LIMIT; cost++) {
        if (step_forward(search, box, &ahead, &behind, odd, ret_x, ret_y) ||
            step_backward(search, box, &behind, &ahead, odd, ret_x, ret_y))
            return true;
    }
    return false;
}

static void mark(struct line *lines, ptrdiff_t begin, ptrdiff_t end)
{
    for (ptrdiff_t i = begin; i < end; i++)
        lines[i].changed = true;
}

static void compare_box(struct search *search, struct box box)
{
    while (box.left < box.right && box.top < box.bottom && same(search, box.left, box.top)) {
        box.left++;
        box.top++;
    }
    while (box.left < box.right && box.top < box.bottom && same(search, box.right - 1, box.bottom - 1)) {
        box.right--;
        box.bottom--;
    }
    ptrdiff_t x, y;
    if (box.left == box.right || box.top == box.bottom || !find_middle(search, &box, &x, &y)) {
        mark(search->from, box.left, box.right);
        mark(search->to, box.top, box.bottom);
        return;
    }
    compare_box(search, (struct box){box.left, x, box.top, y});
    compare_box(search, (struct box){x, box.right, y, box.bottom});
}

static struct line *make_lines(const char *const *texts, size_t count)
{
    struct line *lines = memory_new_array(count, sizeof *lines);
    for (size_t i = 0; i < count; i++)
        lines[i] = (struct line){.text = texts[i], .hash = hash_text(texts[i])};
    return lines;
}

static void add_run(struct diff_run **runs, size_t *count, enum diff_edit edit, size_t from, size_t to, size_t size)
{
    if (size == 0)
        return;
    *runs = memory_resize(*runs, *count + 1, sizeof **runs);
    (*runs)[(*count)++] = (struct diff_run){.edit = edit, .from = from, .to = to, .count = size};
}

void diff_lines(const char *const *from, size_t from_count, const char *const *to, size_t to_count,
                struct diff_run **ret_runs, size_t *ret_count)
{
    size_t diagonals = from_count + to_count + 3;
    struct search search = {
        .from = make_lines(from, from_count),
        .to = make_lines(to, to_count),
        .forward = memory_new_array(diagonals, sizeof(ptrdiff_t)),
        .backward = memory_new_array(diagonals, sizeof(ptrdiff_t)),
        .origin = (ptrdiff_t)to_count + 1,
    };
    compare_box(&search, (struct box){0, (ptrdiff_t)from_count, 0, (ptrdiff_t)to_count});
    struct diff_run *runs = NULL;
    size_t count = 0;
    for (size_t x = 0, y = 0; x < from_count || y < to_count;) {
        size_t kept = 0, removed = 0, added = 0;
        while (x + kept < from_count && y + kept < to_count && !search.from[x + kept].changed &&
               !search.to[y + kept].changed)
            kept++;
        add_run(&runs, &count, DIFF_EDIT_KEEP, x, y, kept);
        x += kept;
        y += kept;
        while (x + removed < from_count && search.from[x + removed].changed)
            removed++;
        add_run(&runs, &count, DIFF_EDIT_REMOVE, x, y, removed);
        x += removed;
        while (y + added < to_count && search.to[y + added].changed)
            added++;
        add_run(&runs, &count, DIFF_EDIT_ADD, x, y, added);
        y += added;
    }
    free(search.from);
    free(search.to);
    free(search.forward);
    free(search.backward);
    *ret_runs = runs;
    *ret_count = count;
}
