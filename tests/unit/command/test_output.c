#include "command/output.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_output(void);

static char *printed;
static size_t printed_size;
static struct output output;
static struct error error;

static void setup(void)
{
    error = (struct error){0};
    FILE *stream = open_memstream(&printed, &printed_size);
    ck_assert_ptr_nonnull(stream);
    output = (struct output){.stream = stream};
}

static void teardown(void)
{
    fclose(output.stream);
    free(printed);
    error_release(&error);
}

START_TEST(columns_are_aligned)
{
    struct output_table *table = output_table_new(3);
    output_table_right(table, 1);
    output_table_cell(table, OUTPUT_PLAIN, "a");
    output_table_cell(table, OUTPUT_PLAIN, "N");
    output_table_cell(table, OUTPUT_PLAIN, "last");
    output_table_cell(table, OUTPUT_PLAIN, "longer");
    output_table_number(table, 1200);
    output_table_cell(table, OUTPUT_PLAIN, NULL);
    output_table_print(&output, table);
    ck_assert(output_finish(&output, &error));
    ck_assert_str_eq(printed, "a          N  last\nlonger  1200  -\n");
}
END_TEST

static void print_two_columns(int columns)
{
    output.columns = columns;
    struct output_table *table = output_table_new(2);
    output_table_cell(table, OUTPUT_PLAIN, "revision");
    output_table_cell(table, OUTPUT_PLAIN, "a long description, with waytoolongawordforanylineofthis");
    output_table_print(&output, table);
    ck_assert(output_finish(&output, &error));
}

START_TEST(the_last_column_folds_where_the_terminal_ends)
{
    print_two_columns(36);
    ck_assert_str_eq(printed, "revision  a long description, with\n"
                              "          waytoolongawordforanylineo\n"
                              "          fthis\n");
}
END_TEST

START_TEST(without_room_beside_it_takes_lines_of_its_own)
{
    print_two_columns(30);
    ck_assert_str_eq(printed, "revision  \n"
                              "    a long description, with\n"
                              "    waytoolongawordforanylineo\n"
                              "    fthis\n");
}
END_TEST

START_TEST(without_a_terminal_nothing_folds)
{
    print_two_columns(0);
    ck_assert_str_eq(printed, "revision  a long description, with waytoolongawordforanylineofthis\n");
}
END_TEST

START_TEST(cells_are_cleaned)
{
    struct output_table *table = output_table_new(1);
    output_table_cell(table, OUTPUT_PLAIN, "evil\033[2J\nname");
    output_table_print(&output, table);
    ck_assert(output_finish(&output, &error));
    ck_assert_ptr_null(strchr(printed, '\033'));
    ck_assert_ptr_eq(strchr(printed, '\n'), printed + strlen(printed) - 1);
}
END_TEST

START_TEST(json_shows_no_control_character_and_keeps_the_value)
{
    const char *evil = "\033[2J\x7f\302\233m \342\200\256turned \363\240\200\201 ünïcödé 漢字 🙂\n";
    const char *shown = "{\"name\":\"\\u001B[2J\\u007f\\u009bm \\u202eturned \\udb40\\udc01 ünïcödé 漢字 🙂\\n\"}\n";
    ck_assert(output_json(&output, json_pack("{s:s}", "name", evil), true, &error));
    ck_assert_str_eq(printed, shown);
    json_t *tree = json_loads(printed, 0, NULL);
    ck_assert_str_eq(json_string_value(json_object_get(tree, "name")), evil);
    json_decref(tree);
}
END_TEST

START_TEST(colour_only_where_it_is_wanted)
{
    output.color = true;
    struct output_table *table = output_table_new(1);
    output_table_cell(table, OUTPUT_ALARM, "failed");
    output_table_print(&output, table);
    ck_assert(output_finish(&output, &error));
    ck_assert_str_eq(printed, "\033[1;31mfailed\033[0m\n");
}
END_TEST

START_TEST(errors_are_one_json_document)
{
    output.json = true;
    error_set(&error, ERROR_NOT_FOUND, "release 'x' was not found");
    error_hint(&error, "look again");
    output_error(&output, &error);
    json_t *tree = json_loads(printed, 0, NULL);
    ck_assert_ptr_nonnull(tree);
    const json_t *detail = json_object_get(tree, "error");
    ck_assert_str_eq(json_string_value(json_object_get(detail, "code")), "not_found");
    ck_assert_str_eq(json_string_value(json_object_get(detail, "message")), "release 'x' was not found");
    ck_assert_str_eq(json_string_value(json_object_get(detail, "hint")), "look again");
    ck_assert_int_eq(printed[strlen(printed) - 1], '\n');
    json_decref(tree);
}
END_TEST

START_TEST(color_takes_three_words)
{
    struct output other;
    ck_assert(output_init(&other, output.stream, false, "always", &error) && other.color);
    ck_assert(output_init(&other, output.stream, false, "never", &error) && !other.color);
    ck_assert(!output_init(&other, output.stream, false, "sometimes", &error));
    ck_assert_int_eq(error.code, ERROR_USAGE);
}
END_TEST

START_TEST(a_full_disk_is_told)
{
    FILE *full = fopen("/dev/full", "w");
    ck_assert_ptr_nonnull(full);
    struct output other = {.stream = full};
    ck_assert(!output_json(&other, json_pack("{s:i}", "a", 1), false, &error));
    ck_assert_int_eq(error.code, ERROR_INTERNAL);
    fclose(full);
}
END_TEST

Suite *suite_output(void)
{
    Suite *suite = suite_create("output");
    TCase *tests = tcase_create("output");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, columns_are_aligned);
    tcase_add_test(tests, the_last_column_folds_where_the_terminal_ends);
    tcase_add_test(tests, without_room_beside_it_takes_lines_of_its_own);
    tcase_add_test(tests, without_a_terminal_nothing_folds);
    tcase_add_test(tests, cells_are_cleaned);
    tcase_add_test(tests, json_shows_no_control_character_and_keeps_the_value);
    tcase_add_test(tests, colour_only_where_it_is_wanted);
    tcase_add_test(tests, errors_are_one_json_document);
    tcase_add_test(tests, color_takes_three_words);
    tcase_add_test(tests, a_full_disk_is_told);
    suite_add_tcase(suite, tests);
    return suite;
}
