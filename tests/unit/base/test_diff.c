#include "base/diff.h"
#include "base/memory.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_diff(void);

/* Each line is one letter. The result as "=a -b +c". Owned by the caller. */
static char *diff_letters(const char *from, const char *to)
{
    static char letters[256][2];
    const char *left[64], *right[64];
    size_t left_count = strlen(from), right_count = strlen(to), count, size = 0;
    struct diff_run *runs;
    char *text = memory_new(1000);
    for (size_t i = 0; i < left_count; i++)
        left[i] = (letters[(unsigned char)from[i]][0] = from[i], letters[(unsigned char)from[i]]);
    for (size_t i = 0; i < right_count; i++)
        right[i] = (letters[(unsigned char)to[i]][0] = to[i], letters[(unsigned char)to[i]]);
    diff_lines(left, left_count, right, right_count, &runs, &count);
    for (size_t i = 0; i < count; i++) {
        const char *lines = runs[i].edit == DIFF_EDIT_ADD ? to + runs[i].to : from + runs[i].from;
        size += (size_t)snprintf(text + size, 1000 - size, "%s%c%.*s", size > 0 ? " " : "", "=-+"[runs[i].edit],
                                 (int)runs[i].count, lines);
    }
    free(runs);
    return text;
}

static void expect(const char *from, const char *to, const char *expected)
{
    CLEANUP_FREE char *found = diff_letters(from, to);
    ck_assert_str_eq(found, expected);
}

START_TEST(small_lists)
{
    expect("", "", "");
    expect("abc", "abc", "=abc");
    expect("", "ab", "+ab");
    expect("ab", "", "-ab");
    expect("abc", "axc", "=a -b +x =c");
    expect("abcd", "acd", "=a -b =cd");
    expect("acd", "abcd", "=a +b =cd");
    expect("abcdef", "abxdef", "=ab -c +x =def");
}
END_TEST

/* The number of lines that a longest common subsequence leaves over. */
static size_t shortest(const char *a, const char *b)
{
    size_t m = strlen(a), n = strlen(b), table[64][64] = {0};
    for (size_t i = 1; i <= m; i++)
        for (size_t j = 1; j <= n; j++) {
            size_t skip = table[i - 1][j] > table[i][j - 1] ? table[i - 1][j] : table[i][j - 1];
            table[i][j] = a[i - 1] == b[j - 1] ? table[i - 1][j - 1] + 1 : skip;
        }
    return m + n - 2 * table[m][n];
}

/* Follows the runs: they must lead from one list to the other, by as few edits as there can be. */
START_TEST(random_lists)
{
    unsigned seed = 1;
    for (int round = 0; round < 3000; round++) {
        char from[41] = "", to[41] = "", left[41] = "", right[41] = "";
        size_t edits = 0, l = 0, r = 0;
        for (int i = 0; i < 40; i++) {
            seed = seed * 1103515245u + 12345u;
            if ((seed >> 16) % 5 != 0)
                from[strlen(from)] = (char)('a' + (seed >> 20) % 4);
            seed = seed * 1103515245u + 12345u;
            if ((seed >> 16) % 5 != 0)
                to[strlen(to)] = (char)('a' + (seed >> 20) % 4);
        }
        CLEANUP_FREE char *found = diff_letters(from, to);
        for (const char *at = found; *at != '\0'; at++) {
            char edit = *at;
            for (at++; *at != '\0' && *at != ' '; at++) {
                edits += edit != '=';
                if (edit != '+')
                    left[l++] = *at;
                if (edit != '-')
                    right[r++] = *at;
            }
            if (*at == '\0')
                break;
        }
        ck_assert_str_eq(left, from);
        ck_assert_str_eq(right, to);
        ck_assert_uint_eq(edits, shortest(from, to));
    }
}
END_TEST

START_TEST(too_different_is_replaced)
{
    enum { COUNT = 20000 };
    char(*texts)[16] = memory_new_array(2 * COUNT, sizeof *texts);
    const char **from = memory_new_array(COUNT, sizeof *from), **to = memory_new_array(COUNT, sizeof *to);
    for (size_t i = 0; i < COUNT; i++) {
        from[i] = texts[i];
        snprintf(texts[i], sizeof texts[i], "a%zu", i);
        to[i] = texts[COUNT + i];
        snprintf(texts[COUNT + i], sizeof texts[0], "b%zu", i);
    }
    to[0] = from[0];
    struct diff_run *runs;
    size_t count, removed = 0, added = 0;
    diff_lines(from, COUNT, to, COUNT, &runs, &count);
    for (size_t i = 0; i < count; i++) {
        removed += runs[i].edit == DIFF_EDIT_REMOVE ? runs[i].count : 0;
        added += runs[i].edit == DIFF_EDIT_ADD ? runs[i].count : 0;
    }
    ck_assert_uint_eq(removed, COUNT - 1);
    ck_assert_uint_eq(added, COUNT - 1);
    free(runs);
    free(from);
    free(to);
    free(texts);
}
END_TEST

Suite *suite_diff(void)
{
    Suite *suite = suite_create("diff");
    TCase *tests = tcase_create("diff");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, small_lists);
    tcase_add_test(tests, random_lists);
    tcase_add_test(tests, too_different_is_replaced);
    suite_add_tcase(suite, tests);
    return suite;
}
