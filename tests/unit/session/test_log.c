#include "session/log.h"
#include "base/clock.h"
#include "base/memory.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *suite_log(void);

static struct clock_manual now;
static char folder[] = "/tmp/check_session.XXXXXX";
static char *path;
static struct log *journal;
static struct error error;

static void setup(void)
{
    clock_manual_init(&now, 1795230000000); /* 2026-11-21T03:00:00Z */
    ck_assert_ptr_nonnull(mkdtemp(folder));
    path = memory_format("%s/log", folder);
}

static void teardown(void)
{
    log_close(journal);
    error_release(&error);
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
    free(path);
}

static void open_log(void)
{
    ck_assert(log_open(path, &now.clock, &journal, &error));
}

static char *content(void)
{
    FILE *file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    char *text = memory_new(65536);
    ck_assert_uint_lt(fread(text, 1, 65535, file), 65535);
    fclose(file);
    return text;
}

START_TEST(a_line_has_its_time)
{
    open_log();
    log_line(journal, "context %s, %d revisions", "prod", 5);
    clock_manual_advance(&now, 1500);
    log_line(journal, "complete");
    CLEANUP_FREE char *text = content();
    ck_assert_str_eq(text, "2026-11-21T03:00:00Z context prod, 5 revisions\n2026-11-21T03:00:01.500Z complete\n");
}
END_TEST

START_TEST(only_its_owner_may_read_it)
{
    umask(0);
    open_log();
    struct stat status;
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0600);
}
END_TEST

START_TEST(it_is_appended_to)
{
    open_log();
    log_line(journal, "first");
    log_close(journal);
    open_log();
    log_line(journal, "second");
    CLEANUP_FREE char *text = content();
    ck_assert_ptr_nonnull(strstr(text, " first\n"));
    ck_assert_ptr_nonnull(strstr(text, " second\n"));
}
END_TEST

START_TEST(secrets_stay_out)
{
    open_log();
    log_line(journal, "server https://me:hunter2@10.0.0.1, Authorization: Bearer abcdefghijklmnop");
    CLEANUP_FREE char *text = content();
    ck_assert_ptr_null(strstr(text, "hunter2"));
    ck_assert_ptr_null(strstr(text, "abcdefghijklmnop"));
}
END_TEST

START_TEST(a_line_is_one_line_without_control_characters)
{
    open_log();
    log_line(journal, "%s", "evil\033[2J\n2026-11-21T03:00:00Z forged\r");
    CLEANUP_FREE char *text = content();
    ck_assert_ptr_null(strchr(text, '\033'));
    ck_assert_ptr_null(strchr(text, '\r'));
    ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
}
END_TEST

START_TEST(a_line_is_bounded)
{
    CLEANUP_FREE char *flood = memory_new(20001);
    memset(flood, 'x', 20000);
    open_log();
    log_line(journal, "%s", flood);
    CLEANUP_FREE char *text = content();
    ck_assert_uint_lt(strlen(text), 5000);
}
END_TEST

START_TEST(a_place_that_cannot_be_written_is_wrong_use)
{
    ck_assert(!log_open("/nonexistent/log", &now.clock, &journal, &error));
    ck_assert_ptr_null(journal);
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, "/nonexistent/log"));
    ck_assert_ptr_nonnull(error.hint);
}
END_TEST

START_TEST(without_a_path_nothing_is_kept)
{
    ck_assert(log_open(NULL, &now.clock, &journal, &error));
    log_line(journal, "nobody reads this");
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(a_full_disk_does_not_disturb)
{
    ck_assert(log_open("/dev/full", &now.clock, &journal, &error));
    log_line(journal, "lost");
    log_line(journal, "lost, too");
}
END_TEST

Suite *suite_log(void)
{
    Suite *suite = suite_create("log");
    TCase *tests = tcase_create("log");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_line_has_its_time);
    tcase_add_test(tests, only_its_owner_may_read_it);
    tcase_add_test(tests, it_is_appended_to);
    tcase_add_test(tests, secrets_stay_out);
    tcase_add_test(tests, a_line_is_one_line_without_control_characters);
    tcase_add_test(tests, a_line_is_bounded);
    tcase_add_test(tests, a_place_that_cannot_be_written_is_wrong_use);
    tcase_add_test(tests, without_a_path_nothing_is_kept);
    tcase_add_test(tests, a_full_disk_does_not_disturb);
    suite_add_tcase(suite, tests);
    return suite;
}
