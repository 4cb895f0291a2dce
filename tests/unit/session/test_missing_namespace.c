#include "session/missing_namespace.h"
#include "base/text.h"
#include "unit/kube/rig.h"
#include <check.h>
#include <string.h>

Suite *suite_missing_namespace(void);

static struct rig rig;
static int get_status;       /* of the question for the one namespace */
static const char *list_body; /* NULL: forbidden */
static struct error error;
static bool done;

static void handle(struct exchange *exchange, void *context)
{
    (void)context;
    bool one = text_starts(exchange->path, "/api/v1/namespaces/shpo");
    if (one)
        server_answer(exchange, get_status, "", get_status == 200 ? "{\"metadata\":{\"name\":\"shpo\"}}" : "{}");
    else if (list_body == NULL)
        server_answer(exchange, 403, "", "{}");
    else
        server_answer(exchange, 200, "", list_body);
}

static void told(const struct error *missing, void *context)
{
    (void)context;
    if (missing != NULL)
        error_copy(&error, missing);
    done = true;
}

static void ask(void)
{
    missing_namespace_start(rig.client, "shpo", told, NULL);
    rig_wait(&rig, &done);
}

static void setup(void)
{
    rig_open(&rig, handle, NULL, NULL);
}

static void teardown(void)
{
    error_release(&error);
    rig_close(&rig);
}

START_TEST(one_that_exists_is_not_missing)
{
    get_status = 200;
    ask();
    ck_assert_int_eq(error.code, ERROR_NONE);
    ck_assert_uint_eq(server_requests(rig.server), 1);
}
END_TEST

START_TEST(who_may_not_ask_hears_nothing_wrong)
{
    get_status = 403;
    ask();
    ck_assert_int_eq(error.code, ERROR_NONE);
}
END_TEST

START_TEST(near_names_are_offered)
{
    get_status = 404;
    list_body = "{\"items\":[{\"metadata\":{\"name\":\"kube-system\"}},{\"metadata\":{}},{\"metadata\":{\"name\":\"shop\"}}]}";
    ask();
    ck_assert_int_eq(error.code, ERROR_NOT_FOUND);
    ck_assert_str_eq(error.message, "namespace 'shpo' does not exist on this cluster");
    ck_assert_str_eq(error.hint, "did you mean 'shop'?");
}
END_TEST

static const char *const useless[] = {NULL, "{\"items\":null}", "half of an ans", "[]", "{\"items\":{\"a\":1}}"};

START_TEST(a_list_that_does_not_help_leaves_a_hint)
{
    get_status = 404;
    list_body = useless[_i];
    ask();
    ck_assert_int_eq(error.code, ERROR_NOT_FOUND);
    ck_assert_ptr_nonnull(strstr(error.hint, "kubectl get namespaces"));
}
END_TEST

START_TEST(a_cancelled_question_never_calls_back)
{
    get_status = 404;
    struct missing_namespace *check = missing_namespace_start(rig.client, "shpo", told, NULL);
    missing_namespace_cancel(check);
    missing_namespace_cancel(NULL);
    rig_settle(&rig);
    ck_assert(!done);
}
END_TEST

Suite *suite_missing_namespace(void)
{
    Suite *suite = suite_create("missing_namespace");
    TCase *tests = tcase_create("missing_namespace");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, one_that_exists_is_not_missing);
    tcase_add_test(tests, who_may_not_ask_hears_nothing_wrong);
    tcase_add_test(tests, near_names_are_offered);
    tcase_add_loop_test(tests, a_list_that_does_not_help_leaves_a_hint, 0, (int)(sizeof useless / sizeof *useless));
    tcase_add_test(tests, a_cancelled_question_never_calls_back);
    suite_add_tcase(suite, tests);
    return suite;
}
