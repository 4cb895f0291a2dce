/* The names that a person probably meant. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include <ctype.h>
#include <string.h>

#define NAME_LIMIT   128 /* longer names are not compared: the cost is length times length */
#define NEAREST_SHOW 3

static unsigned smaller(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static bool same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Damerau's distance (insert, delete, change, swap neighbours), upper and lower case being the same. */
static unsigned distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    unsigned rows[3][NAME_LIMIT + 1];
    unsigned *before = rows[0];
    unsigned *last = rows[1];
    unsigned *row = rows[2];
    for (size_t j = 0; j <= b_size; j++)
        last[j] = (unsigned)j;
    for (size_t i = 1; i <= a_size; i++) {
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_size; j++) {
            unsigned change = same_letter(a[i - 1], b[j - 1]) ? 0 : 1;
            row[j] = smaller(smaller(last[j] + 1, row[j - 1] + 1), last[j - 1] + change);
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) && same_letter(a[i - 2], b[j - 1]))
                row[j] = smaller(row[j], before[j - 2] + 1);
        }
        unsigned *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[b_size];
}

/* 0 for the same word; above `ret_limit` the name is not plausible. A name that only continues what was typed counts as
 * near. */
static unsigned cost(const char *wanted, size_t wanted_size, const char *name, unsigned *ret_limit)
{
    size_t size = strnlen(name, NAME_LIMIT + 1);
    size_t shorter = size < wanted_size ? size : wanted_size;
    *ret_limit = shorter < 3 ? 1 : shorter < 6 ? 2 : 3;
    if (size > NAME_LIMIT)
        return *ret_limit + 1;
    if (wanted_size >= 3 && size > wanted_size && strncasecmp(name, wanted, wanted_size) == 0)
        return 1;
    if (size >= 3 && wanted_size > size && strncasecmp(name, wanted, size) == 0)
        return 2;
    unsigned steps = distance(wanted, wanted_size, name, size);
    return steps >= shorter ? *ret_limit + 1 : steps; /* nothing in common */
}

static char *join(const char *const *names, size_t count)
{
    if (count == 1)
        return memory_format("'%s'", names[0]);
    if (count == 2)
        return memory_format(_("'%s' or '%s'"), names[0], names[1]);
    return memory_format(_("'%s', '%s' or '%s'"), names[0], names[1], names[2]);
}

char *text_nearest(const char *wanted, const char *const *names, size_t count)
{
    const char *best[NEAREST_SHOW] = {NULL};
    unsigned costs[NEAREST_SHOW] = {0};
    size_t found = 0;
    size_t size = strnlen(wanted, NAME_LIMIT + 1);
    if (size == 0 || size > NAME_LIMIT)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        unsigned limit = 0;
        unsigned steps = cost(wanted, size, names[i], &limit);
        if (steps > limit)
            continue;
        size_t place = found;
        while (place > 0 && costs[place - 1] > steps)
            place--;
        if (place == NEAREST_SHOW)
            continue;
        if (found < NEAREST_SHOW)
            found++;
        for (size_t j = found - 1; j > place; j--) {
            best[j] = best[j - 1];
            costs[j] = costs[j - 1];
        }
        best[place] = names[i];
        costs[place] = steps;
    }
    if (found == 0)
        return NULL;
    CLEANUP_FREE char *joined = join(best, found);
    return text_clean(joined, false, 0);
}
