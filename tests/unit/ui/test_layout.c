#include "base/memory.h"
#include "base/text.h"
#include "ui/layout.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_layout(void);

/* Rectangles as text: each row names the panes from left to right, rows that look the same are counted: "2! 6C 7AD". */
static char *picture_of(struct rect body, const struct layout_overview *layout)
{
    char *grid = memory_new((size_t)body.rows * (size_t)body.columns + 1);
    memset(grid, '.', (size_t)body.rows * (size_t)body.columns);
    struct rect all[OVERVIEW_PANES + 2];
    static const char letters[] = "CADWE!+";
    for (int i = 0; i < OVERVIEW_PANES; i++)
        all[i] = layout->panes[i];
    all[OVERVIEW_PANES] = layout->concerns;
    all[OVERVIEW_PANES + 1] = layout->elsewhere;
    for (size_t i = 0; i < LENGTH_OF(all); i++)
        for (int row = all[i].row; row < all[i].row + all[i].rows; row++)
            for (int column = all[i].column; column < all[i].column + all[i].columns; column++) {
                if (row < body.row || row >= body.row + body.rows || column < 0 || column >= body.columns)
                    ck_abort_msg("%c lies outside", letters[i]);
                char *cell = &grid[(row - body.row) * body.columns + column - body.column];
                if (*cell != '.')
                    ck_abort_msg("%c and %c overlap", *cell, letters[i]);
                *cell = letters[i];
            }
    struct text text = {0};
    char before[16] = "";
    int same = 0;
    for (int row = 0; row <= body.rows; row++) {
        char names[16] = "";
        for (int column = 0; row < body.rows && column < body.columns; column++) {
            char letter = grid[row * body.columns + column];
            size_t size = strlen(names);
            if (size == 0 || names[size - 1] != letter)
                names[size] = letter;
        }
        if (row > 0 && strcmp(names, before) != 0) {
            text_append_format(&text, "%s%d%s", text.size > 0 ? " " : "", same, before);
            same = 0;
        }
        same++;
        memcpy(before, names, sizeof before);
    }
    free(grid);
    return text_steal(&text);
}

static void check_overview(int rows, int columns, const int needs[OVERVIEW_PANES], const char *expected)
{
    struct layout_screen screen = layout_screen(rows, columns);
    struct layout_overview layout;
    ck_assert(!screen.too_small);
    layout_overview(screen.body, needs, &layout);
    CLEANUP_FREE char *text = picture_of(screen.body, &layout);
    ck_assert_str_eq(text, expected);
}

START_TEST(one_column_keeps_what_matters)
{
    /* components, APIs, databases, workloads, events */
    check_overview(24, 80, (int[]){5, 2, 6, 3, 9}, "2! 6C 3A 4D 5E 1+");
    check_overview(24, 80, (int[]){5, 2, 0, 1, 2}, "2! 6C 3A 2D 2W 6E");
    check_overview(24, 99, (int[]){50, 50, 50, 50, 50}, "2! 8C 6A 4E 1+");
    check_overview(60, 80, (int[]){5, 2, 6, 3, 9}, "4! 6C 3A 7D 4W 33E");
    check_overview(24, 80, (int[]){0, 0, 0, 0, 0}, "2! 2C 2A 2D 2W 11E");
}
END_TEST

START_TEST(two_columns_from_a_hundred_on)
{
    check_overview(30, 100, (int[]){5, 2, 6, 3, 9}, "2! 6C 3A.D 4W.D 12E");
    check_overview(24, 160, (int[]){5, 2, 6, 3, 9}, "2! 6C 3A.D 4W.D 6E");
    check_overview(45, 160, (int[]){5, 2, 200, 3, 200}, "4! 6C 3A.D 13W.D 16E");
    check_overview(24, 100, (int[]){50, 50, 50, 50, 50}, "2! 8C 3A.D 3W.D 5E");
}
END_TEST

/* Whatever there is to show: nothing overlaps, nothing lies outside, the lines on top and the components are always
 * there. */
START_TEST(every_size_is_laid_out)
{
    for (int rows = LAYOUT_ROWS_MIN; rows < 80; rows += 9)
        for (int columns = LAYOUT_COLUMNS_MIN; columns < 300; columns += 31)
            for (int need = 0; need < 40; need += 7) {
                struct layout_screen screen = layout_screen(rows, columns);
                struct layout_overview layout;
                layout_overview(screen.body, (int[]){need, need / 2, 40 - need, need * 2, 7}, &layout);
                free(picture_of(screen.body, &layout)); /* aborts on overlaps */
                ck_assert_int_ge(layout.concerns.rows, 2);
                ck_assert_int_ge(layout.panes[OVERVIEW_COMPONENTS].rows, 2);
                for (int pane = 0; pane < OVERVIEW_PANES; pane++)
                    ck_assert_int_ne(layout.panes[pane].rows, 1); /* a title alone says nothing */
            }
}
END_TEST

START_TEST(small_windows_are_refused)
{
    ck_assert(layout_screen(23, 80).too_small);
    ck_assert(layout_screen(24, 79).too_small);
    ck_assert(layout_screen(0, 0).too_small);
    ck_assert(!layout_screen(24, 80).too_small);
}
END_TEST

START_TEST(a_list_leaves_room_for_its_detail)
{
    struct rect list;
    struct rect detail;
    struct rect body = {2, 0, 21, 80};
    layout_split(body, 5, &list, &detail);
    ck_assert_int_eq(list.rows, 6);
    ck_assert_int_eq(detail.row, 8);
    ck_assert_int_eq(detail.rows, 15);
    layout_split(body, 500, &list, &detail);
    ck_assert_int_eq(list.rows, 9);
    ck_assert_int_eq(list.rows + detail.rows, 21);
    layout_split(body, 0, &list, &detail);
    ck_assert_int_eq(list.rows, 2);
}
END_TEST

START_TEST(a_dialog_stays_inside_the_body)
{
    struct rect body = {2, 0, 21, 80};
    struct rect box = layout_dialog(body, 4, 56);
    ck_assert_int_ge(box.row, body.row);
    ck_assert_int_le(box.row + box.rows, body.row + body.rows);
    box = layout_dialog(body, 400, 560);
    ck_assert_int_eq(box.rows, 21);
    ck_assert_int_eq(box.columns, 80);
}
END_TEST

Suite *suite_layout(void)
{
    Suite *suite = suite_create("layout");
    TCase *tests = tcase_create("layout");
    tcase_add_test(tests, one_column_keeps_what_matters);
    tcase_add_test(tests, two_columns_from_a_hundred_on);
    tcase_add_test(tests, every_size_is_laid_out);
    tcase_add_test(tests, small_windows_are_refused);
    tcase_add_test(tests, a_list_leaves_room_for_its_detail);
    tcase_add_test(tests, a_dialog_stays_inside_the_body);
    suite_add_tcase(suite, tests);
    return suite;
}
