#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "command/command.h"
#include "command/output.h"
#include "unit/session/place.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_run(void);

/* Whole commands on a simulated cluster: what they print, and how they end. */
static struct place *place;
static struct command_line *line;
static char *words;
static char *printed;
static size_t printed_size;
static struct error error;
static bool reported;

static void setup(void)
{
    unsetenv("HELM_NAMESPACE");
    unsetenv("HELM_DRIVER");
    place = place_open();
}

static void forget(void)
{
    command_line_free(line);
    line = NULL;
    free(words);
    words = NULL;
    free(printed);
    printed = NULL;
    error_release(&error);
}

static void teardown(void)
{
    forget();
    place_close(place);
}

static bool run(const char *text)
{
    char *argv[24] = {"rollback-console", "--kubeconfig", (char *)place_kubeconfig(place)};
    int argc = 3;
    forget();
    words = memory_text(text);
    char *rest = words;
    for (char *word = strsep(&rest, " "); word != NULL; word = strsep(&rest, " "))
        argv[argc++] = word;
    ck_assert(command_line_parse(argc, argv, &line, &error));
    FILE *stream = open_memstream(&printed, &printed_size);
    ck_assert_ptr_nonnull(stream);
    struct output output = {.stream = stream, .json = command_line_has(line, "json")};
    struct command_run command = {.loop = place_loop(place), .line = line, .output = &output};
    bool ok = command_line_command(line)->run(&command, &error) && output_finish(&output, &error);
    reported = command.reported;
    fclose(stream);
    return ok;
}

static void run_well(const char *text)
{
    bool ok = run(text);
    ck_assert_msg(ok, "%s: %s", text, ok ? "" : error.message);
}

/* What was printed as one document that ends in a newline. */
static json_t *document(void)
{
    ck_assert_uint_gt(printed_size, 0);
    ck_assert_int_eq(printed[printed_size - 1], '\n');
    json_t *tree = json_loads(printed, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_msg(tree != NULL, "%s", printed);
    return tree;
}

static void has_keys(const json_t *object, const char *const *keys)
{
    for (; *keys != NULL; keys++)
        ck_assert_msg(json_object_get(object, *keys) != NULL, "%s is missing", *keys);
}

START_TEST(releases_of_all_namespaces)
{
    run_well("releases -A --long --json");
    json_t *tree = document();
    const json_t *rows = json_object_get(tree, "releases");
    ck_assert_uint_eq(json_array_size(rows), 3);
    const json_t *first = json_array_get(rows, 0);
    has_keys(first, (const char *const[]){"name", "namespace", "revision", "status", "chart", "appVersion", "updated", NULL});
    ck_assert_str_eq(tree_text(first, "name"), "shop");
    ck_assert_str_eq(tree_text(first, "chart"), "shop-1.0.0");
    json_decref(tree);
    run_well("releases -A --json");
    tree = document();
    ck_assert_ptr_null(json_object_get(json_array_get(json_object_get(tree, "releases"), 0), "chart"));
    json_decref(tree);
}
END_TEST

START_TEST(no_release_is_no_failure)
{
    run_well("releases -n default");
    ck_assert_str_eq(printed, "No Helm release in namespace default; -A lists those of all namespaces.\n");
    run_well("releases -n default --json");
    json_t *tree = document();
    ck_assert_uint_eq(json_array_size(json_object_get(tree, "releases")), 0);
    ck_assert_uint_eq(json_object_size(tree), 1);
    json_decref(tree);
}
END_TEST

START_TEST(releases_of_a_namespace_that_does_not_exist)
{
    ck_assert(!run("releases -n stagin"));
    ck_assert_int_eq(error.code, ERROR_NOT_FOUND);
    ck_assert_str_eq(error.hint, "did you mean 'staging'?");
    ck_assert_uint_eq(printed_size, 0);
}
END_TEST

START_TEST(the_environment_names_namespace_and_driver)
{
    setenv("HELM_NAMESPACE", "tools", 1);
    run_well("releases");
    ck_assert_ptr_nonnull(strstr(printed, "mail"));
    ck_assert_ptr_null(strstr(printed, "shop"));
    setenv("HELM_DRIVER", "memory", 1);
    ck_assert(!run("releases"));
    ck_assert_int_eq(error.code, ERROR_USAGE);
}
END_TEST

START_TEST(history_names_live_and_target)
{
    run_well("history --json");
    json_t *tree = document();
    const json_t *revisions = json_object_get(tree, "revisions");
    ck_assert_str_eq(tree_text(tree, "release"), "shop");
    ck_assert_str_eq(tree_text(tree, "namespace"), "shop");
    ck_assert_uint_eq(json_array_size(revisions), 3);
    const json_t *last = json_array_get(revisions, 2);
    has_keys(last, (const char *const[]){"revision", "status", "updated", "chart", "appVersion", "description", "applyMethod", "onceDeployed", "live",
                                         "target", NULL});
    ck_assert(json_is_true(json_object_get(last, "live")));
    ck_assert(json_is_true(json_object_get(json_array_get(revisions, 1), "target")));
    json_decref(tree);
    run_well("history");
    ck_assert_ptr_nonnull(strstr(printed, "       2  target  superseded  yes"));
    ck_assert_ptr_nonnull(strstr(printed, "       3  lives   deployed    yes"));
}
END_TEST

START_TEST(hashes_compare_live_and_target)
{
    run_well("hashes --json");
    json_t *tree = document();
    has_keys(tree, (const char *const[]){"release", "namespace", "from", "to", "toReason", "changed", "unchanged", "components", "others", NULL});
    ck_assert_int_eq(json_integer_value(json_object_get(tree, "from")), 3);
    ck_assert_int_eq(json_integer_value(json_object_get(tree, "to")), 2);
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(tree, "changed"), 0)), "web");
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(tree, "unchanged"), 0)), "cache");
    const json_t *web = json_array_get(json_object_get(tree, "components"), 0);
    has_keys(web, (const char *const[]){"name", "stateful", "change", "from", "to", "live", "drift", "risk", "fields", NULL});
    ck_assert_uint_eq(strlen(tree_text(web, "from", "imageHash")), 64);
    ck_assert_ptr_null(json_object_get(tree, "stored"));
    json_decref(tree);
}
END_TEST

START_TEST(hashes_are_stored_and_pruned)
{
    run_well("hashes --store --prune 2 --json");
    json_t *tree = document();
    ck_assert_int_eq(json_integer_value(tree_get(tree, "stored", "written")), 2);
    json_decref(tree);
    run_well("hashes --store --prune 1");
    ck_assert(text_starts(printed, "Hash ConfigMaps: 0 written, 1 already right, 1 deleted.\n"));
    ck_assert(!run("hashes --store --read-only --json"));
    ck_assert_int_eq(error.code, ERROR_REFUSED);
    ck_assert_uint_eq(printed_size, 0);
}
END_TEST

START_TEST(a_first_revision_has_hashes_to_store_and_none_to_compare)
{
    run_well("hashes --release store");
    ck_assert(text_starts(printed, "Revision 1, compared with none. "));
    run_well("hashes --release store --store --json");
    json_t *tree = document();
    ck_assert_int_eq(json_integer_value(tree_get(tree, "stored", "written")), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(tree, "from")), 1);
    ck_assert(json_is_null(json_object_get(tree, "to")));
    json_decref(tree);
}
END_TEST

START_TEST(diff_of_two_revisions)
{
    run_well("diff 3 1");
    ck_assert_ptr_nonnull(strstr(printed, "--- Deployment shop/web\trevision 3\n+++ Deployment shop/web\trevision 1\n"));
    ck_assert_ptr_nonnull(strstr(printed, "\n-      - image: registry.example/web:1.2.0\n+      - image: registry.example/web:1.0.0\n"));
    run_well("diff 3 1 --json");
    json_t *tree = document();
    ck_assert_int_eq(json_integer_value(json_object_get(tree, "to")), 1);
    ck_assert_uint_eq(json_array_size(json_object_get(tree, "objects")), 1);
    json_decref(tree);
    run_well("diff 3 3");
    ck_assert_str_eq(printed, "No object differs between revision 3 and revision 3.\n");
}
END_TEST

static const struct {
    const char *line;
    enum error_code code;
    const char *message;
} wrong[] = {
    {"diff 1 2 --live", ERROR_USAGE, "two were named"},
    {"diff one", ERROR_USAGE, "'one' is not a revision"},
    {"diff 3 9", ERROR_NOT_FOUND, "has no revision 9"},
    {"hashes --prune 0", ERROR_USAGE, "--prune"},
    {"hashes --to 9", ERROR_NOT_FOUND, "has no revision 9"},
    {"status --read-only=never", ERROR_USAGE, "--read-only"},
    {"status --playbook shopp", ERROR_NOT_FOUND, "shopp"},
    {"playbook show shopp", ERROR_NOT_FOUND, "shopp"},
    {"playbook burn shop", ERROR_USAGE, "burn"},
};

START_TEST(wrong_use_prints_nothing)
{
    ck_assert(!run(wrong[_i].line));
    ck_assert_int_eq(error.code, wrong[_i].code);
    ck_assert_msg(strstr(error.message, wrong[_i].message) != NULL, "%s", error.message);
    ck_assert_uint_eq(printed_size, 0);
}
END_TEST

START_TEST(status_says_where_and_what)
{
    run_well("status");
    ck_assert(text_starts(printed, "simulator  shop/shop  revision 3, target 2\nCOMPONENT  STATE "));
    run_well("status --release store");
    ck_assert(text_starts(printed, "simulator  staging/store  revision 1, no target: "));
    run_well("api-versions");
    ck_assert_str_eq(printed, "This release brings no custom resources, and its playbook names none.\n");
}
END_TEST

START_TEST(lint_tells_every_mistake)
{
    CLEANUP_FREE char *path = memory_text(place_file(place, "bad.yaml", "format: 1\nname: x\ntitle: X\nnonsense: 1\nfurther: 2\n"));
    CLEANUP_FREE char *text = memory_format("playbook lint %s --json", path);
    ck_assert(!run(text));
    ck_assert_int_eq(error.code, ERROR_INVALID);
    ck_assert(reported);
    json_t *tree = document();
    ck_assert(json_is_false(json_object_get(tree, "valid")));
    ck_assert_uint_ge(json_array_size(json_object_get(tree, "mistakes")), 2);
    ck_assert_str_eq(tree_text(tree, "error", "code"), "invalid");
    json_decref(tree);
}
END_TEST

Suite *suite_run(void)
{
    Suite *suite = suite_create("run");
    TCase *tests = tcase_create("run");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, releases_of_all_namespaces);
    tcase_add_test(tests, no_release_is_no_failure);
    tcase_add_test(tests, releases_of_a_namespace_that_does_not_exist);
    tcase_add_test(tests, the_environment_names_namespace_and_driver);
    tcase_add_test(tests, history_names_live_and_target);
    tcase_add_test(tests, hashes_compare_live_and_target);
    tcase_add_test(tests, hashes_are_stored_and_pruned);
    tcase_add_test(tests, a_first_revision_has_hashes_to_store_and_none_to_compare);
    tcase_add_test(tests, diff_of_two_revisions);
    tcase_add_loop_test(tests, wrong_use_prints_nothing, 0, (int)LENGTH_OF(wrong));
    tcase_add_test(tests, status_says_where_and_what);
    tcase_add_test(tests, lint_tells_every_mistake);
    suite_add_tcase(suite, tests);
    return suite;
}
