#include "base/memory.h"
#include "ui/widgets/table.h"
#include <check.h>
#include <stdio.h>

Suite *suite_table(void);

/* ---- widths, as text: "8 12 -" ---- */

static const struct pane_column columns[] = {
    {.title = "", .least = 8, .most = 20},
    {.title = "a", .least = 4, .drop = 1},
    {.title = "nice", .least = 10, .most = 30, .drop = PANE_DROP_NICE},
    {.title = "text", .least = 6, .most = 40},
};

static void check_fit(int available, const int wanted[4], const char *expected)
{
    int widths[4] = {0};
    char text[64] = "";
    size_t used = 0;
    int sum = 0;
    table_fit(columns, 4, wanted, available, widths);
    for (int i = 0; i < 4; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%d", i > 0 ? " " : "", widths[i]);
        sum += widths[i] > 0 ? widths[i] + (sum > 0 ? 2 : 0) : 0;
    }
    ck_assert_str_eq(text, expected);
    if (available >= 20)
        ck_assert_int_le(sum, available);
}

START_TEST(columns_get_what_they_want)
{
    check_fit(100, (int[]){10, 4, 20, 30}, "10 4 20 30");
    check_fit(200, (int[]){50, 4, 20, 90}, "50 4 20 90"); /* spare room goes to the long ones */
    check_fit(100, (int[]){1, 1, 1, 1}, "1 1 1 1");
    check_fit(100, (int[]){10, 0, 20, 0}, "10 0 20 0"); /* empty ones take no room */
}
END_TEST

START_TEST(nice_columns_go_before_others_are_cut)
{
    check_fit(60, (int[]){10, 4, 20, 30}, "10 4 0 30");
    check_fit(40, (int[]){10, 4, 20, 30}, "10 4 0 22"); /* then the last is cut */
    check_fit(24, (int[]){10, 4, 20, 30}, "10 4 0 6");
    check_fit(20, (int[]){10, 4, 20, 30}, "10 0 0 8"); /* then those that may go, go */
    check_fit(3, (int[]){10, 4, 20, 30}, "8 0 0 6");   /* the rest stays, and the canvas cuts it */
}
END_TEST

/* ---- rows ---- */

static const char *rows[8];
static size_t row_count;

static size_t count(const struct scene *scene)
{
    (void)scene;
    return row_count;
}

static void key(const struct scene *scene, size_t row, struct text *text)
{
    (void)scene;
    text_append(text, rows[row]);
}

static void cell(const struct scene *scene, size_t row, size_t column, struct pane_cell *cell)
{
    (void)scene;
    (void)column;
    text_append(&cell->text, rows[row]);
}

static const struct pane pane = {
    .title = "p", .columns = columns, .column_count = 1, .count = count, .key = key, .cell = cell};

static void set_rows(struct picture *picture, size_t new_count, const char *const *names)
{
    for (size_t i = 0; i < new_count; i++)
        rows[i] = names[i];
    row_count = new_count;
    picture->version++;
}

static const char *pointed(const struct table *table)
{
    size_t row = 0;
    return table_row(table, &row) ? rows[row] : "(none)";
}

START_TEST(the_pointer_stays_on_its_row_while_others_come_and_go)
{
    struct picture picture = {0};
    struct scene scene = {.picture = &picture};
    struct table table = {.shown = 2};
    set_rows(&picture, 3, (const char *[]){"b", "d", "f"});
    table_update(&table, &pane, &scene);
    table_act(&table, &pane, &scene, ACTION_DOWN);
    ck_assert_str_eq(pointed(&table), "d");
    set_rows(&picture, 5, (const char *[]){"a", "b", "c", "d", "f"});
    table_update(&table, &pane, &scene);
    ck_assert_str_eq(pointed(&table), "d");
    ck_assert_uint_eq(table.position - table.top, 1); /* at the same height: nothing moves under the eye */
    set_rows(&picture, 1, (const char *[]){"a"});
    table_update(&table, &pane, &scene);
    ck_assert_str_eq(pointed(&table), "a");
    set_rows(&picture, 0, NULL);
    table_update(&table, &pane, &scene);
    ck_assert_str_eq(pointed(&table), "(none)");
    ck_assert(table_act(&table, &pane, &scene, ACTION_DOWN));
    table_release(&table);
}
END_TEST

START_TEST(a_filter_keeps_the_pointer_inside)
{
    struct picture picture = {0};
    struct scene scene = {.picture = &picture};
    struct table table = {.shown = 5};
    set_rows(&picture, 4, (const char *[]){"apple", "plum", "pear", "grape"});
    table_update(&table, &pane, &scene);
    table_act(&table, &pane, &scene, ACTION_LAST);
    table_filter(&table, "p !plum");
    table_update(&table, &pane, &scene);
    ck_assert_uint_eq(table.count, 3);
    ck_assert_uint_eq(table.total, 4);
    ck_assert_str_eq(pointed(&table), "grape");
    table_filter(&table, "pl");
    table_update(&table, &pane, &scene);
    ck_assert_str_eq(pointed(&table), "plum");
    table_filter(&table, "nothing has this");
    table_update(&table, &pane, &scene);
    ck_assert_str_eq(pointed(&table), "(none)");
    table_filter(&table, NULL);
    table_update(&table, &pane, &scene);
    ck_assert_uint_eq(table.count, 4);
    table_release(&table);
}
END_TEST

START_TEST(without_a_picture_there_are_no_rows)
{
    struct scene scene = {0};
    struct table table = {0};
    row_count = 3;
    table_update(&table, &pane, &scene);
    ck_assert_uint_eq(table.count, 0);
    table_release(&table);
}
END_TEST

Suite *suite_table(void)
{
    Suite *suite = suite_create("table");
    TCase *tests = tcase_create("table");
    tcase_add_test(tests, columns_get_what_they_want);
    tcase_add_test(tests, nice_columns_go_before_others_are_cut);
    tcase_add_test(tests, the_pointer_stays_on_its_row_while_others_come_and_go);
    tcase_add_test(tests, a_filter_keeps_the_pointer_inside);
    tcase_add_test(tests, without_a_picture_there_are_no_rows);
    suite_add_tcase(suite, tests);
    return suite;
}
