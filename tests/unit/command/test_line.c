#include "base/text.h"
#include "command/command.h"
#include "command/line.h"
#include <check.h>
#include <string.h>

Suite *suite_line(void);

static struct command_line *line;
static struct error error;

/* Splits at blanks; the words stay valid for the test. */
static bool parse(const char *text)
{
    static char buffer[512];
    static char *argv[32];
    int argc = 0;
    ck_assert_uint_lt(strlen(text), sizeof buffer);
    memcpy(buffer, text, strlen(text) + 1);
    for (char *word = strtok(buffer, " "); word != NULL; word = strtok(NULL, " "))
        argv[argc++] = word;
    argv[argc] = NULL;
    return command_line_parse(argc, argv, &line, &error);
}

static void setup(void)
{
    line = NULL;
    error = (struct error){0};
}

static void teardown(void)
{
    command_line_free(line);
    error_release(&error);
}

START_TEST(nothing_means_the_dashboard)
{
    ck_assert(parse("rollback-console"));
    ck_assert_ptr_null(command_line_command(line));
}
END_TEST

START_TEST(options_stand_before_and_after_the_command)
{
    ck_assert(parse("rollback-console -n shop --context prod hashes --from 3 --json --to=2"));
    ck_assert_str_eq(command_line_command(line)->name, "hashes");
    ck_assert_str_eq(command_line_value(line, "namespace"), "shop");
    ck_assert_str_eq(command_line_value(line, "context"), "prod");
    ck_assert(command_line_has(line, "json"));
    int from = 0, to = 0;
    ck_assert(command_line_number(line, "from", 1, &from, &error) && command_line_number(line, "to", 1, &to, &error));
    ck_assert_int_eq(from, 3);
    ck_assert_int_eq(to, 2);
    ck_assert_uint_eq(command_line_argument_count(line), 0);
}
END_TEST

START_TEST(arguments_are_the_commands_own)
{
    ck_assert(parse("rollback-console diff 4 --live"));
    ck_assert_uint_eq(command_line_argument_count(line), 1);
    ck_assert_str_eq(command_line_argument(line, 0), "4");
    ck_assert_ptr_null(command_line_argument(line, 1));
}
END_TEST

START_TEST(a_value_that_names_a_command_is_a_value)
{
    ck_assert(parse("rollback-console --release history status"));
    ck_assert_str_eq(command_line_command(line)->name, "status");
    ck_assert_str_eq(command_line_value(line, "release"), "history");
}
END_TEST

START_TEST(an_optional_value_needs_its_equals_sign)
{
    ck_assert(parse("rollback-console --demo status"));
    ck_assert_str_eq(command_line_command(line)->name, "status");
    ck_assert(command_line_has(line, "demo"));
    ck_assert_ptr_null(command_line_value(line, "demo"));
    command_line_free(line);
    ck_assert(parse("rollback-console --demo=healthy status"));
    ck_assert_str_eq(command_line_value(line, "demo"), "healthy");
}
END_TEST

static const struct {
    const char *line;
    const char *message;
    const char *hint;
} wrong[] = {
    {"rollback-console histroy", "'histroy' is not a command", "'history'"},
    {"rollback-console hashes --form 3", "unknown option --form", "'--from'"},
    {"rollback-console status --playboot x", "unknown option --playboot", "did you mean '--playbook'?"},
    {"rollback-console --kontext=x status", "unknown option --kontext=x", "--context"},
    {"rollback-console status -Q", "unknown option -Q", "--help"},
    {"rollback-console status --json=yes", "--json takes no value", NULL},
    {"rollback-console status --context", "--context needs a value", "--context NAME"},
    {"rollback-console status more", "too many arguments", "usage: rollback-console status"},
    {"rollback-console playbook", "an argument is missing", "usage: rollback-console playbook"},
    {"rollback-console -- status", "'status' is not a command", NULL},
};

START_TEST(wrong_use_says_what_and_what_next)
{
    ck_assert(!parse(wrong[_i].line));
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, wrong[_i].message));
    if (wrong[_i].hint != NULL) {
        ck_assert_ptr_nonnull(error.hint);
        ck_assert_ptr_nonnull(strstr(error.hint, wrong[_i].hint));
    }
}
END_TEST

START_TEST(numbers_have_a_least_value)
{
    static const char *const bad[] = {"0", "-1", "three", "3x", "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[64];
        snprintf(text, sizeof text, "rollback-console hashes --from=%s", bad[i]);
        ck_assert(parse(text));
        int number = 7;
        ck_assert(!command_line_number(line, "from", 1, &number, &error));
        ck_assert_int_eq(number, 7);
        ck_assert_int_eq(error.code, ERROR_USAGE);
        command_line_free(line);
    }
    line = NULL;
}
END_TEST

START_TEST(control_characters_of_the_line_are_not_echoed)
{
    char *argv[] = {"rollback-console", "\033[31mred", NULL};
    ck_assert(!command_line_parse(2, argv, &line, &error));
    ck_assert_ptr_null(strchr(error.message, '\033'));
}
END_TEST

START_TEST(json_is_seen_in_a_line_that_cannot_be_parsed)
{
    char *wanted[] = {"rollback-console", "histroy", "--json", NULL};
    char *behind[] = {"rollback-console", "history", "--", "--json", NULL};
    ck_assert(command_line_wants_json(3, wanted));
    ck_assert(!command_line_wants_json(4, behind));
}
END_TEST

START_TEST(every_command_is_whole)
{
    for (const struct command *const *each = commands; *each != NULL; each++) {
        ck_assert_ptr_eq(command_find((*each)->name), *each);
        ck_assert_ptr_nonnull((*each)->summary);
        ck_assert_ptr_nonnull((*each)->arguments);
        ck_assert_ptr_nonnull((*each)->run);
        ck_assert_uint_le((*each)->argument_minimum, (*each)->argument_maximum);
    }
}
END_TEST

Suite *suite_line(void)
{
    Suite *suite = suite_create("line");
    TCase *tests = tcase_create("line");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, nothing_means_the_dashboard);
    tcase_add_test(tests, options_stand_before_and_after_the_command);
    tcase_add_test(tests, arguments_are_the_commands_own);
    tcase_add_test(tests, a_value_that_names_a_command_is_a_value);
    tcase_add_test(tests, an_optional_value_needs_its_equals_sign);
    tcase_add_loop_test(tests, wrong_use_says_what_and_what_next, 0, (int)(sizeof wrong / sizeof *wrong));
    tcase_add_test(tests, numbers_have_a_least_value);
    tcase_add_test(tests, control_characters_of_the_line_are_not_echoed);
    tcase_add_test(tests, json_is_seen_in_a_line_that_cannot_be_parsed);
    tcase_add_test(tests, every_command_is_whole);
    suite_add_tcase(suite, tests);
    return suite;
}
