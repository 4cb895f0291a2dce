#include "base/memory.h"
#include "base/text.h"
#include "playbook/library.h"
#include "reading.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *suite_library(void);

/* A world of its own: two folders on the search path, a configuration folder and shipped playbooks. */
static char root[] = "/tmp/check_playbook.XXXXXX";

static void make_folder(const char *name)
{
    CLEANUP_FREE char *path = memory_format("%s/%s", root, name);
    ck_assert_int_eq(mkdir(path, 0700), 0);
}

static void set_variable(const char *name, const char *format)
{
    CLEANUP_FREE char *value = memory_format("%s/%s", root, format);
    setenv(name, value, 1);
}

static void write_playbook(const char *path, const char *name, const char *rest)
{
    CLEANUP_FREE char *full = memory_format("%s/%s", root, path);
    FILE *file = fopen(full, "we");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "format: 1\nname: %s\ntitle: From %s\ncomponents: {a: {stateful: false, values: a}}\n%s\n", name,
            path, rest);
    ck_assert_int_eq(fclose(file), 0);
}

static void set_up(void)
{
    ck_assert_ptr_nonnull(mkdtemp(root));
    make_folder("one");
    make_folder("two");
    make_folder("config");
    make_folder("config/rollback-console");
    make_folder("config/rollback-console/playbooks");
    make_folder("data");
    make_folder("data/playbooks");
    set_variable("XDG_CONFIG_HOME", "config");
    set_variable("ROLLBACK_CONSOLE_DATA", "data");
    CLEANUP_FREE char *path = memory_format("%s/one::/nowhere:%s/two", root, root);
    setenv("ROLLBACK_CONSOLE_PLAYBOOKS", path, 1);
}

static void tear_down(void)
{
    CLEANUP_FREE char *command = memory_format("rm -rf '%s'", root);
    ck_assert_int_eq(system(command), 0);
}

START_TEST(first_of_a_name_wins)
{
    write_playbook("two/a.yaml", "a", "match: {chart: x}");
    write_playbook("one/other.yml", "a", "match: {chart: x}");
    write_playbook("config/rollback-console/playbooks/b.yaml", "b", "match: {chart: x}");
    write_playbook("data/playbooks/b.yaml", "b", "match: {chart: x}");
    write_playbook("data/playbooks/c.yaml", "c", "match: {chart: x}");
    write_playbook("data/playbooks/.hidden.yaml", "d", "match: {chart: x}");
    write_playbook("data/playbooks/e.yaml~", "e", "match: {chart: x}");
    struct playbook_library *library = playbook_library_load();
    static const char *const titles[] = {"From one/other.yml", "From config/rollback-console/playbooks/b.yaml",
                                         "From data/playbooks/c.yaml"};
    ck_assert_uint_eq(playbook_library_count(library), LENGTH_OF(titles));
    for (size_t i = 0; i < LENGTH_OF(titles); i++)
        ck_assert_str_eq(playbook_library_at(library, i)->title, titles[i]);
    playbook_library_free(library);
    playbook_library_free(NULL);
}
END_TEST

START_TEST(broken_ones_are_listed_and_refused)
{
    write_playbook("one/a.yaml", "other", "matsch: {chart: x}");
    write_playbook("data/playbooks/a.yaml", "a", "match: {chart: x}");
    struct playbook_library *library = playbook_library_load();
    ck_assert_uint_eq(playbook_library_count(library), 1);
    const struct playbook_library_entry *entry = playbook_library_at(library, 0);
    ck_assert_str_eq(entry->name, "a");
    ck_assert_str_eq(entry->title, "");
    ck_assert_ptr_null(entry->playbook);
    ck_assert_ptr_nonnull(strstr(entry->error, "one/a.yaml:1:1: the section 'match' is missing"));
    const struct playbook *playbook = NULL;
    struct error error = {0};
    ck_assert(!playbook_library_find(library, "a", &playbook, &error));
    ck_assert_int_eq(error.code, ERROR_INVALID);
    ck_assert_ptr_null(playbook);
    ck_assert_ptr_null(playbook_library_match(library, &(struct playbook_release){.chart = "x"}));
    error_release(&error);
    playbook_library_free(library);
}
END_TEST

START_TEST(found_by_name_or_path)
{
    write_playbook("data/playbooks/hyperpage.yaml", "hyperpage", "match: {chart: x}");
    write_playbook("elsewhere.yaml", "elsewhere", "match: {chart: x}");
    struct playbook_library *library = playbook_library_load();
    const struct playbook *playbook = NULL;
    struct error error = {0};
    ck_assert(playbook_library_find(library, "hyperpage", &playbook, NULL));
    ck_assert_str_eq(playbook->name, "hyperpage");
    CLEANUP_FREE char *path = memory_format("%s/elsewhere.yaml", root);
    ck_assert(playbook_library_find(library, path, &playbook, NULL));
    ck_assert_str_eq(playbook->name, "elsewhere");
    ck_assert(!playbook_library_find(library, "hyperpaeg", &playbook, &error));
    ck_assert_int_eq(error.code, ERROR_NOT_FOUND);
    ck_assert_str_eq(error.message, "there is no playbook 'hyperpaeg'");
    ck_assert_str_eq(error.hint, "did you mean 'hyperpage'?");
    ck_assert(!playbook_library_find(library, "missing.yaml", &playbook, &error));
    ck_assert_int_eq(error.code, ERROR_NOT_FOUND);
    error_release(&error);
    playbook_library_free(library);
}
END_TEST

START_TEST(most_exact_match_wins)
{
    write_playbook("data/playbooks/a.yaml", "a", "match: {chart: documentdb-operator, release: documentdb-operator}");
    write_playbook("data/playbooks/b.yaml", "b",
                   "match: {chart: documentdb-operator, chart_version: \"0.*\", release: documentdb-operator}");
    struct playbook_library *library = playbook_library_load();
    struct playbook_release release = {
        .name = "documentdb-operator", .chart = "documentdb-operator", .chart_version = "1.3.1"};
    ck_assert_str_eq(playbook_library_match(library, &release)->name, "a");
    release.chart_version = "0.3.0";
    ck_assert_str_eq(playbook_library_match(library, &release)->name, "b");
    release = (struct playbook_release){.name = "documentdb-operator"};
    ck_assert_str_eq(playbook_library_match(library, &release)->name, "a");
    release.name = "other";
    ck_assert_ptr_null(playbook_library_match(library, &release));
    playbook_library_free(library);
}
END_TEST

Suite *suite_library(void)
{
    Suite *suite = suite_create("library");
    TCase *tests = tcase_create("library");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, first_of_a_name_wins);
    tcase_add_test(tests, broken_ones_are_listed_and_refused);
    tcase_add_test(tests, found_by_name_or_path);
    tcase_add_test(tests, most_exact_match_wins);
    suite_add_tcase(suite, tests);
    return suite;
}
