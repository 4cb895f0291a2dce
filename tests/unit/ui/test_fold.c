#include "ui/widgets/fold.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_fold(void);

/* h heading, c context, x change, p plain. */
static enum line_kind kind_of(const void *context, size_t line)
{
    switch (((const char *)context)[line]) {
    case 'h':
        return LINE_HEADING;
    case 'c':
        return LINE_CONTEXT;
    case 'x':
        return LINE_CHANGE;
    default:
        return LINE_PLAIN;
    }
}

/* Rows as text: the line's letter, or [count] for a fold. */
static void check_fold(const char *lines, size_t context, size_t opened, const char *expected)
{
    struct fold_row *rows = NULL;
    size_t count = 0;
    bool open[64] = {false};
    char text[128] = "";
    size_t used = 0;
    if (opened < 64)
        open[opened] = true;
    fold_make(strlen(lines), kind_of, lines, context, open, &rows, &count);
    size_t covered = 0;
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(rows[i].line, covered);
        covered += rows[i].folded > 0 ? rows[i].folded : 1;
        if (rows[i].folded > 0)
            used += (size_t)snprintf(text + used, sizeof text - used, "[%zu]", rows[i].folded);
        else
            used += (size_t)snprintf(text + used, sizeof text - used, "%c", lines[rows[i].line]);
    }
    ck_assert_uint_eq(covered, strlen(lines)); /* no line is lost */
    ck_assert_str_eq(text, expected);
    free(rows);
}

START_TEST(far_lines_are_folded)
{
    check_fold("hccccccxcccccc", 2, 64, "h[4]ccxcc[4]");
    check_fold("hccccccxcccccc", 0, 64, "h[6]x[6]");
    check_fold("hccccccxcccccc", 6, 64, "hccccccxcccccc");
}
END_TEST

START_TEST(a_single_line_is_not_worth_a_fold)
{
    check_fold("hcccxc", 2, 64, "hcccxc");
    check_fold("hccccxc", 2, 64, "h[2]ccxc");
}
END_TEST

START_TEST(an_opened_fold_is_shown_whole)
{
    check_fold("hccccccxcccccc", 2, 1, "hccccccxcc[4]");
    check_fold("hccccccxcccccc", 2, 10, "h[4]ccxcccccc");
}
END_TEST

START_TEST(a_change_in_one_object_keeps_nothing_of_the_next)
{
    check_fold("hcxhccccx", 3, 64, "hcxhccccx");
    check_fold("hcxhcccccccx", 2, 64, "hcxh[5]ccx");
    check_fold("xhcccccc", 2, 64, "xh[6]");
}
END_TEST

START_TEST(without_changes_everything_but_headings_is_folded)
{
    check_fold("hccc", 3, 64, "h[3]");
    check_fold("ppp", 3, 64, "ppp");
    check_fold("", 3, 64, "");
}
END_TEST

Suite *suite_fold(void)
{
    Suite *suite = suite_create("fold");
    TCase *tests = tcase_create("fold");
    tcase_add_test(tests, far_lines_are_folded);
    tcase_add_test(tests, a_single_line_is_not_worth_a_fold);
    tcase_add_test(tests, an_opened_fold_is_shown_whole);
    tcase_add_test(tests, a_change_in_one_object_keeps_nothing_of_the_next);
    tcase_add_test(tests, without_changes_everything_but_headings_is_folded);
    suite_add_tcase(suite, tests);
    return suite;
}
