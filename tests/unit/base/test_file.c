#include "base/file.h"
#include "base/memory.h"
#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *suite_file(void);

/* A file in a new folder, written with `size` bytes. */
static char *write_file(const char *bytes, size_t size)
{
    char folder[] = "/tmp/check_base.XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    char *path = memory_format("%s/file", folder);
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
    close(fd);
    return path;
}

static void remove_file(char *path)
{
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
    free(path);
}

static void expect_unreadable(const char *path, size_t limit, enum error_code code, const char *part)
{
    char *bytes = NULL;
    size_t size = 0;
    struct error error = {0};
    ck_assert(!file_read(path, limit, &bytes, &size, &error));
    ck_assert_int_eq(error.code, code);
    ck_assert_msg(strstr(error.message, part) != NULL, "%s", error.message);
    ck_assert_ptr_null(bytes);
    error_release(&error);
}

START_TEST(read_within_bounds)
{
    char *path = write_file("a\0b", 3);
    char *bytes = NULL;
    size_t size = 0;
    ck_assert(file_read(path, 3, &bytes, &size, NULL));
    ck_assert_uint_eq(size, 3);
    ck_assert_mem_eq(bytes, "a\0b", 4);
    free(bytes);
    expect_unreadable(path, 2, ERROR_INVALID, "larger than the 2 bytes");
    expect_unreadable("/dev/zero", 1000, ERROR_INVALID, "larger than");
    remove_file(path);
}
END_TEST

START_TEST(empty_is_a_text)
{
    char *path = write_file("", 0);
    char *bytes = NULL;
    size_t size = 1;
    ck_assert(file_read(path, 0, &bytes, &size, NULL));
    ck_assert_uint_eq(size, 0);
    ck_assert_str_eq(bytes, "");
    free(bytes);
    remove_file(path);
}
END_TEST

START_TEST(unreadable_names_its_path)
{
    expect_unreadable("/nowhere/at/all", 10, ERROR_NOT_FOUND, "/nowhere/at/all: there is no such file");
    expect_unreadable("/tmp", 10, ERROR_INVALID, "/tmp: it cannot be read");
    expect_unreadable("/nowhere/\x1b[31m", 10, ERROR_NOT_FOUND, "/nowhere/\\x1b[31m: ");
}
END_TEST

static void expect_resolved(const char *base, const char *path, const char *expected)
{
    char *resolved = file_resolve(base, path);
    ck_assert_str_eq(resolved, expected);
    free(resolved);
}

START_TEST(paths_resolved)
{
    setenv("HOME", "/home/me", 1);
    expect_resolved("/etc/kube/config", "ca.pem", "/etc/kube/ca.pem");
    expect_resolved("/etc/kube/config", "../ca.pem", "/etc/kube/../ca.pem");
    expect_resolved("/etc/kube/config", "/ca.pem", "/ca.pem");
    expect_resolved("config", "ca.pem", "ca.pem");
    expect_resolved(NULL, "ca.pem", "ca.pem");
    expect_resolved("/etc/kube/config", "~/ca.pem", "/home/me/ca.pem");
    expect_resolved("/config", "ca.pem", "/ca.pem");
}
END_TEST

static void expect_text(char *text, const char *expected)
{
    ck_assert_str_eq(text, expected);
    free(text);
}

START_TEST(folders)
{
    setenv("HOME", "/home/me", 1);
    unsetenv("XDG_STATE_HOME");
    unsetenv("XDG_CONFIG_HOME");
    expect_text(file_state_folder(), "/home/me/.local/state/rollback-console");
    expect_text(file_config_folder(), "/home/me/.config/rollback-console");
    setenv("XDG_STATE_HOME", "/state", 1);
    setenv("XDG_CONFIG_HOME", "relative", 1);
    expect_text(file_state_folder(), "/state/rollback-console");
    expect_text(file_config_folder(), "/home/me/.config/rollback-console");
    unsetenv("HOME");
    char *home = file_home();
    ck_assert_int_eq(home[0], '/');
    free(home);
}
END_TEST

START_TEST(shipped_files)
{
    setenv("ROLLBACK_CONSOLE_DATA", "/data", 1);
    expect_text(file_data("playbooks/x.yaml"), "/data/playbooks/x.yaml");
    unsetenv("ROLLBACK_CONSOLE_DATA");
    char *path = file_data("playbooks/x.yaml");
    ck_assert_int_eq(path[0], '/');
    ck_assert_ptr_nonnull(strstr(path, "/playbooks/x.yaml"));
    free(path);
}
END_TEST

Suite *suite_file(void)
{
    Suite *suite = suite_create("file");
    TCase *tests = tcase_create("file");
    tcase_add_test(tests, read_within_bounds);
    tcase_add_test(tests, empty_is_a_text);
    tcase_add_test(tests, unreadable_names_its_path);
    tcase_add_test(tests, paths_resolved);
    tcase_add_test(tests, folders);
    tcase_add_test(tests, shipped_files);
    suite_add_tcase(suite, tests);
    return suite;
}
