#include "base/memory.h"
#include "base/text.h"
#include "session/find_release.h"
#include "unit/kube/rig.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_find_release(void);

/* A server that knows the releases of a cluster and who may list them. */
static const struct {
    const char *namespace, *name;
} releases[] = {{"aside", "shop"}, {"bare", "alpha"}, {"bare", "beta"}, {"shop", "shop"}, {"tools", "mail"}, {"tools", "maildir"}};

static struct rig rig;
static struct playbook_library *library;
static bool empty;            /* the cluster has no release */
static bool all_forbidden;    /* a list over all namespaces */
static bool every_forbidden;  /* any list */
static char *lists;           /* the paths that were asked for */
static struct find_release_result *result;
static struct error error;
static bool done;

static void list(struct exchange *exchange, const char *namespace)
{
    struct text body = {0};
    text_append(&body, "{\"kind\":\"PartialObjectMetadataList\",\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[");
    size_t listed = 0;
    for (size_t i = 0; !empty && i < LENGTH_OF(releases); i++)
        if (namespace == NULL || text_equal(namespace, releases[i].namespace))
            text_append_format(&body,
                               "%s{\"metadata\":{\"name\":\"sh.helm.release.v1.%s.v3\",\"namespace\":\"%s\",\"uid\":\"u%zu\",\"resourceVersion\":\"5\","
                               "\"creationTimestamp\":\"2026-11-20T10:00:00Z\",\"labels\":{\"owner\":\"helm\",\"name\":\"%s\",\"version\":\"3\","
                               "\"status\":\"deployed\"}}}",
                               listed++ > 0 ? "," : "", releases[i].name, releases[i].namespace, i, releases[i].name);
    text_append(&body, "]}");
    server_answer(exchange, 200, "", text_peek(&body));
    text_release(&body);
}

static void handle(struct exchange *exchange, void *context)
{
    (void)context;
    static const char before[] = "/api/v1/namespaces/";
    char *seen = lists;
    lists = memory_format("%s%.*s ", seen != NULL ? seen : "", (int)strcspn(exchange->path, "?"), exchange->path);
    free(seen);
    CLEANUP_FREE char *namespace =
        text_starts(exchange->path, before) ? memory_text_part(exchange->path + strlen(before), strcspn(exchange->path + strlen(before), "/")) : NULL;
    if (every_forbidden || (all_forbidden && namespace == NULL))
        server_answer(exchange, 403, "", "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"secrets is forbidden\",\"reason\":\"Forbidden\",\"code\":403}");
    else
        list(exchange, namespace);
}

static void found(struct find_release_result *found_result, const struct error *failure, void *context)
{
    (void)context;
    result = found_result;
    if (failure != NULL)
        error_copy(&error, failure);
    done = true;
}

static void find(const char *release, const char *namespace)
{
    const struct find_release_options options = {
        .driver = HELM_SECRETS, .release = release, .namespace = namespace, .context_namespace = "tools", .library = library};
    find_release_start(rig.client, &options, found, NULL);
    rig_wait(&rig, &done);
    ck_assert((result == NULL) == (error.code != ERROR_NONE));
}

static void setup(void)
{
    CLEANUP_FREE char *playbooks = memory_format("%s/tests/data/session/playbooks", getenv("srcdir"));
    setenv("ROLLBACK_CONSOLE_PLAYBOOKS", playbooks, 1);
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    library = playbook_library_load();
    rig_open(&rig, handle, NULL, NULL);
}

static void teardown(void)
{
    find_release_result_free(result);
    error_release(&error);
    rig_close(&rig);
    playbook_library_free(library);
    free(lists);
}

static void candidate_is(size_t index, const char *namespace, const char *name)
{
    ck_assert_uint_lt(index, result->candidate_count);
    ck_assert_str_eq(result->candidates[index]->namespace, namespace);
    ck_assert_str_eq(result->candidates[index]->name, name);
}

START_TEST(a_name_in_a_namespace_decides)
{
    find("shop", "aside");
    ck_assert(result->decided);
    ck_assert_uint_eq(result->candidate_count, 1);
    candidate_is(0, "aside", "shop");
}
END_TEST

START_TEST(a_name_that_one_namespace_has_decides)
{
    find("mail", NULL);
    ck_assert(result->decided);
    candidate_is(0, "tools", "mail");
}
END_TEST

START_TEST(the_better_match_comes_first_and_decides_nothing)
{
    find("shop", NULL);
    ck_assert(!result->decided);
    ck_assert_uint_eq(result->candidate_count, 2);
    candidate_is(0, "shop", "shop"); /* where the playbook's releases usually are */
    candidate_is(1, "aside", "shop");
}
END_TEST

START_TEST(without_a_name_matches_come_first)
{
    find(NULL, NULL);
    ck_assert(!result->decided);
    ck_assert_uint_eq(result->candidate_count, LENGTH_OF(releases));
    candidate_is(0, "shop", "shop");
    candidate_is(1, "tools", "maildir");
    candidate_is(2, "aside", "shop");
    candidate_is(3, "bare", "alpha");
    candidate_is(5, "tools", "mail");
}
END_TEST

START_TEST(without_a_name_the_only_match_decides)
{
    find(NULL, "tools");
    ck_assert(result->decided);
    ck_assert_uint_eq(result->candidate_count, 2);
    candidate_is(0, "tools", "maildir");
    ck_assert_str_eq(lists, "/api/v1/namespaces/tools/secrets ");
}
END_TEST

START_TEST(a_named_playbook_alone_counts)
{
    const struct find_release_options options = {.driver = HELM_SECRETS, .library = library, .playbook = playbook_library_at(library, 0)->playbook};
    ck_assert_str_eq(options.playbook->name, "maildir");
    find_release_start(rig.client, &options, found, NULL);
    rig_wait(&rig, &done);
    ck_assert(result != NULL && result->decided);
    candidate_is(0, "tools", "maildir");
}
END_TEST

START_TEST(several_without_a_match_are_left_to_a_person)
{
    find(NULL, "bare");
    ck_assert(!result->decided);
    ck_assert_uint_eq(result->candidate_count, 2);
    candidate_is(0, "bare", "alpha");
    candidate_is(1, "bare", "beta");
}
END_TEST

START_TEST(a_wrong_namespace_is_told_with_the_right_one)
{
    find("mail", "shop");
    ck_assert_int_eq(error.code, ERROR_NOT_FOUND);
    ck_assert_str_eq(error.message, "release 'mail' was not found in namespace 'shop'");
    ck_assert_ptr_nonnull(strstr(error.hint, "-n tools"));
}
END_TEST

START_TEST(near_names_are_offered_once_each)
{
    find("shpo", NULL);
    ck_assert_int_eq(error.code, ERROR_NOT_FOUND);
    ck_assert_str_eq(error.message, "release 'shpo' was not found in any namespace");
    ck_assert_ptr_nonnull(strstr(error.hint, "did you mean 'shop'?"));
}
END_TEST

START_TEST(a_name_that_is_near_to_nothing_lists_all)
{
    find("elasticsearch", NULL);
    ck_assert_int_eq(error.code, ERROR_NOT_FOUND);
    ck_assert_str_eq(error.hint, "'rollback-console releases -A' lists all releases");
}
END_TEST

START_TEST(an_empty_cluster_says_so)
{
    empty = true;
    find(NULL, NULL);
    ck_assert_int_eq(error.code, ERROR_NOT_FOUND);
    ck_assert_str_eq(error.message, "there is no Helm release on this cluster");
    ck_assert_ptr_nonnull(strstr(error.hint, "HELM_DRIVER"));
}
END_TEST

START_TEST(an_empty_namespace_is_named)
{
    find(NULL, "void");
    ck_assert_int_eq(error.code, ERROR_NOT_FOUND);
    ck_assert_str_eq(error.message, "there is no Helm release in namespace 'void'");
}
END_TEST

START_TEST(who_may_not_list_everywhere_gets_the_contexts_namespace)
{
    all_forbidden = true;
    find("mail", NULL);
    ck_assert(result->decided);
    candidate_is(0, "tools", "mail");
    ck_assert_str_eq(lists, "/api/v1/secrets /api/v1/namespaces/tools/secrets ");
}
END_TEST

START_TEST(who_may_not_list_everywhere_gets_the_named_namespace)
{
    all_forbidden = true;
    find("shop", "aside");
    ck_assert(result->decided);
    candidate_is(0, "aside", "shop");
}
END_TEST

START_TEST(what_was_not_found_in_the_contexts_namespace_is_not_missing_everywhere)
{
    all_forbidden = true;
    find("shop", NULL);
    ck_assert_int_eq(error.code, ERROR_NOT_FOUND);
    ck_assert_str_eq(error.message, "release 'shop' was not found in namespace 'tools'");
}
END_TEST

START_TEST(who_may_list_nothing_is_told_so)
{
    every_forbidden = true;
    find(NULL, NULL);
    ck_assert_int_eq(error.code, ERROR_FORBIDDEN);
    ck_assert_str_eq(lists, "/api/v1/secrets /api/v1/namespaces/tools/secrets ");
}
END_TEST

START_TEST(a_cancelled_search_never_calls_back)
{
    const struct find_release_options options = {.driver = HELM_SECRETS, .library = library};
    struct find_release *search = find_release_start(rig.client, &options, found, NULL);
    find_release_cancel(search);
    find_release_cancel(NULL);
    rig_settle(&rig);
    ck_assert(!done);
}
END_TEST

Suite *suite_find_release(void)
{
    Suite *suite = suite_create("find_release");
    TCase *tests = tcase_create("find_release");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_name_in_a_namespace_decides);
    tcase_add_test(tests, a_name_that_one_namespace_has_decides);
    tcase_add_test(tests, the_better_match_comes_first_and_decides_nothing);
    tcase_add_test(tests, without_a_name_matches_come_first);
    tcase_add_test(tests, without_a_name_the_only_match_decides);
    tcase_add_test(tests, a_named_playbook_alone_counts);
    tcase_add_test(tests, several_without_a_match_are_left_to_a_person);
    tcase_add_test(tests, a_wrong_namespace_is_told_with_the_right_one);
    tcase_add_test(tests, near_names_are_offered_once_each);
    tcase_add_test(tests, a_name_that_is_near_to_nothing_lists_all);
    tcase_add_test(tests, an_empty_cluster_says_so);
    tcase_add_test(tests, an_empty_namespace_is_named);
    tcase_add_test(tests, who_may_not_list_everywhere_gets_the_contexts_namespace);
    tcase_add_test(tests, who_may_not_list_everywhere_gets_the_named_namespace);
    tcase_add_test(tests, what_was_not_found_in_the_contexts_namespace_is_not_missing_everywhere);
    tcase_add_test(tests, who_may_list_nothing_is_told_so);
    tcase_add_test(tests, a_cancelled_search_never_calls_back);
    suite_add_tcase(suite, tests);
    return suite;
}
