#include "session/session.h"
#include "base/memory.h"
#include "base/text.h"
#include "unit/session/place.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_session(void);

static struct place *place;
static struct session *session;
static struct error error;

static void setup(void)
{
    place = place_open();
}

static void teardown(void)
{
    session_close(session);
    error_release(&error);
    place_close(place);
}

static bool has_playbook(struct session *of)
{
    return session_identity(of).playbook[0] != '\0';
}

static bool is_picking(struct session *of)
{
    return session_phase(of) == SESSION_PICKING;
}

static bool has_failed(struct session *of)
{
    return session_phase(of) == SESSION_FAILED;
}

static bool is_watching(struct session *of)
{
    const struct picture *picture = session_picture(of);
    return session_phase(of) == SESSION_WATCHING && picture != NULL && picture->revision_count > 0;
}

static bool knows_user(struct session *of)
{
    return !text_equal(session_identity(of).user, "simulator");
}

/* ---- finding what to watch ---- */

START_TEST(the_release_that_a_playbook_matches_is_watched)
{
    session = place_session(place, &(struct session_options){.wants = SITUATION_HISTORY, .context = "simulator", .read_only = true, .demo = "shops"});
    ck_assert_int_eq(session_phase(session), SESSION_CONNECTING);
    ck_assert(!session_complete(session));
    ck_assert_ptr_null(session_picture(session));
    ck_assert_ptr_null(session_situation(session));
    place_await(place, session, has_playbook, "the playbook is chosen");
    ck_assert_int_eq(session_phase(session), SESSION_WATCHING);
    ck_assert_ptr_null(session_error(session));
    place_complete(place, session);
    const struct session_identity identity = session_identity(session);
    ck_assert_str_eq(identity.context, "simulator");
    ck_assert_str_eq(identity.namespace, "shop");
    ck_assert_str_eq(identity.release, "shop");
    ck_assert_str_eq(identity.playbook, "shop");
    ck_assert_str_eq(identity.demo, "shops");
    ck_assert(identity.read_only && !identity.drill);
    ck_assert(text_starts(identity.server, "https://127.0.0.1:"));
    ck_assert_int_eq(session_picture(session)->live_revision, 3);
    ck_assert_uint_gt(session_received(session), 0);
}
END_TEST

START_TEST(what_is_named_in_full_is_watched_at_once)
{
    session = place_session(place, &(struct session_options){.wants = SITUATION_HISTORY, .release = "mail", .namespace = "tools", .once = true});
    ck_assert_int_eq(session_phase(session), SESSION_WATCHING);
    place_complete(place, session);
    ck_assert_ptr_null(session_error(session));
    ck_assert_str_eq(session_identity(session).playbook, "");
}
END_TEST

START_TEST(the_server_names_the_user)
{
    session = place_session(place, &(struct session_options){.no_release = true});
    ck_assert(session_complete(session));
    place_await(place, session, knows_user, "the user's name is known");
}
END_TEST

START_TEST(several_are_picked_from)
{
    setenv("ROLLBACK_CONSOLE_PLAYBOOKS", "", 1);
    session = place_session(place, &(struct session_options){.wants = SITUATION_HISTORY});
    ck_assert_uint_eq(session_release_count(session), 0);
    place_await(place, session, is_picking, "a choice is offered");
    ck_assert(session_complete(session));
    ck_assert_uint_eq(session_release_count(session), 3);
    const struct session_release first = session_release_at(session, 0);
    ck_assert_str_eq(first.namespace, "shop");
    ck_assert_str_eq(first.name, "shop");
    ck_assert_str_eq(first.status, "deployed");
    ck_assert_str_eq(first.playbook, "");
    ck_assert_int_eq(first.revision, 3);
    session_choose(session, 3); /* beyond the last: nothing */
    ck_assert_int_eq(session_phase(session), SESSION_PICKING);
    session_choose(session, 2);
    place_await(place, session, is_watching, "the choice is watched");
    ck_assert_str_eq(session_identity(session).release, "mail");
    ck_assert_uint_eq(session_release_count(session), 0);
}
END_TEST

START_TEST(a_command_is_told_which_ones_fit)
{
    setenv("ROLLBACK_CONSOLE_PLAYBOOKS", "", 1);
    session = place_session(place, &(struct session_options){.wants = SITUATION_HISTORY, .once = true});
    place_complete(place, session);
    ck_assert_int_eq(session_phase(session), SESSION_FAILED);
    ck_assert_int_eq(session_error(session)->code, ERROR_USAGE);
    ck_assert_str_eq(session_error(session)->message, "3 releases fit: shop/shop, staging/store, tools/mail");
}
END_TEST

START_TEST(a_person_may_go_back_and_pick_another)
{
    session = place_session(place, &(struct session_options){.wants = SITUATION_HISTORY, .release = "mail"});
    place_await(place, session, is_watching, "the first is watched");
    session_repick(session);
    ck_assert_ptr_null(session_picture(session));
    place_await(place, session, is_picking, "all are offered, though a playbook matches one");
    ck_assert_uint_eq(session_release_count(session), 3);
    ck_assert_str_eq(session_release_at(session, 0).playbook, "shop");
    session_choose(session, 1);
    place_await(place, session, is_watching, "the second is watched");
    ck_assert_str_eq(session_identity(session).namespace, "staging");
    ck_assert_int_eq(session_picture(session)->live_revision, 1);
}
END_TEST

START_TEST(a_release_in_another_namespace_is_told)
{
    session = place_session(place, &(struct session_options){.wants = SITUATION_HISTORY, .release = "mail", .namespace = "shop", .once = true});
    place_complete(place, session);
    ck_assert_int_eq(session_phase(session), SESSION_FAILED);
    ck_assert_int_eq(session_error(session)->code, ERROR_NOT_FOUND);
    ck_assert_ptr_nonnull(strstr(session_error(session)->hint, "-n tools"));
}
END_TEST

static const char *const releases_of_nowhere[] = {NULL, "shop"};

START_TEST(a_namespace_that_does_not_exist_is_told)
{
    session = place_session(
        place, &(struct session_options){.wants = SITUATION_HISTORY, .release = releases_of_nowhere[_i], .namespace = "stagin", .once = true});
    place_complete(place, session);
    ck_assert_int_eq(session_error(session)->code, ERROR_NOT_FOUND);
    ck_assert_str_eq(session_error(session)->message, "namespace 'stagin' does not exist on this cluster");
    ck_assert_str_eq(session_error(session)->hint, "did you mean 'staging'?");
}
END_TEST

START_TEST(a_revision_that_does_not_exist_is_told)
{
    session = place_session(place, &(struct session_options){.wants = SITUATION_HISTORY | SITUATION_COMPONENTS, .once = true, .to = 9});
    place_complete(place, session);
    ck_assert_int_eq(session_error(session)->code, ERROR_NOT_FOUND);
    ck_assert_ptr_nonnull(strstr(session_error(session)->message, "9"));
}
END_TEST

START_TEST(a_release_that_comes_mends_the_screen)
{
    session = place_session(place, &(struct session_options){.wants = SITUATION_HISTORY, .release = "later", .namespace = "tools"});
    place_await(place, session, has_failed, "it is not there yet");
    json_decref(place_request(place, "POST", "/api/v1/namespaces/tools/secrets",
                              "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"type\":\"helm.sh/release.v1\",\"metadata\":{\"name\":"
                              "\"sh.helm.release.v1.later.v1\",\"labels\":{\"owner\":\"helm\",\"name\":\"later\",\"version\":\"1\",\"status\":"
                              "\"deployed\"}},\"data\":{\"release\":\"bm8=\"}}",
                              201));
    place_await(place, session, is_watching, "it is watched");
    ck_assert_ptr_null(session_error(session));
}
END_TEST

START_TEST(what_happens_is_logged)
{
    CLEANUP_FREE char *path = memory_text(place_file(place, "log", ""));
    session = place_session(place, &(struct session_options){.wants = SITUATION_HISTORY, .once = true, .log = path});
    place_complete(place, session);
    session_close(session);
    session = NULL;
    char text[4096] = "";
    FILE *file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    ck_assert_uint_gt(size, 0);
    ck_assert_ptr_nonnull(strstr(text, "watching release shop in shop"));
    ck_assert_ptr_nonnull(strstr(text, "playbook shop"));
    ck_assert_ptr_nonnull(strstr(text, "complete after"));
    ck_assert_ptr_null(strstr(text, "failed"));
}
END_TEST

/* ---- what cannot be opened ---- */

static const struct {
    const char *content; /* of a file; its path becomes the option */
    struct session_options options;
    enum error_code code;
    const char *message;
} refused[] = {
    {"apiVersion: v1\nclusters: {", {.kubeconfig = ""}, ERROR_INVALID, "file"},
    {NULL, {.kubeconfig = "/nonexistent/kubeconfig"}, ERROR_NOT_FOUND, "/nonexistent/kubeconfig"},
    {NULL, {.context = "simulater"}, ERROR_NOT_FOUND, "simulater"},
    {"format: 1\nname: x\nnonsense: 1\n", {.playbook = ""}, ERROR_INVALID, "file"},
    {NULL, {.playbook = "shopp"}, ERROR_NOT_FOUND, "shopp"},
    {NULL, {.helm_driver = "memory"}, ERROR_USAGE, "memory"},
    {NULL, {.log = "/nonexistent/log"}, ERROR_USAGE, "/nonexistent/log"},
    {NULL, {.release = "Not_A_Name"}, ERROR_USAGE, "Not_A_Name"},
};

START_TEST(what_waiting_does_not_mend_fails_at_once)
{
    struct session_options options = refused[_i].options;
    const char *path = refused[_i].content != NULL ? place_file(place, "file.yaml", refused[_i].content) : NULL;
    if (text_equal(options.playbook, ""))
        options.playbook = path;
    if (text_equal(options.kubeconfig, ""))
        options.kubeconfig = path;
    if (options.kubeconfig == NULL)
        options.kubeconfig = place_kubeconfig(place);
    ck_assert(!session_open(place_loop(place), &options, &session, &error));
    ck_assert_ptr_null(session);
    ck_assert_int_eq(error.code, refused[_i].code);
    ck_assert_msg(strstr(error.message, refused[_i].message) != NULL, "%s", error.message);
}
END_TEST

/* Keeps a loop turning that has nothing else to do. */
static void beat(void *context)
{
    (void)context;
}

/* Every turn of the loop is one more place where a session may end: while it searches, asks for the namespace, reads records. */
START_TEST(closing_at_any_time)
{
    static const struct session_options kinds[] = {
        {.wants = SITUATION_EVERYTHING},
        {.wants = SITUATION_EVERYTHING, .release = "nobody", .namespace = "nowhere"},
        {.wants = SITUATION_EVERYTHING, .release = "nobody", .namespace = "tools", .once = true},
        {.wants = SITUATION_EVERYTHING, .namespace = "nowhere"},
    };
    for (size_t kind = 0; kind < LENGTH_OF(kinds); kind++) {
        for (int turns = 0; turns < 60; turns += 3) {
            session = place_session(place, &kinds[kind]);
            struct loop_timer *pulse = loop_timer_start(place_loop(place), 1, 1, beat, NULL);
            for (int i = 0; i < turns; i++)
                uv_run(loop_uv(place_loop(place)), UV_RUN_ONCE);
            loop_timer_cancel(pulse);
            session_close(session);
            session = NULL;
        }
    }
}
END_TEST

Suite *suite_session(void)
{
    Suite *suite = suite_create("session");
    TCase *tests = tcase_create("session");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, the_release_that_a_playbook_matches_is_watched);
    tcase_add_test(tests, what_is_named_in_full_is_watched_at_once);
    tcase_add_test(tests, the_server_names_the_user);
    tcase_add_test(tests, several_are_picked_from);
    tcase_add_test(tests, a_command_is_told_which_ones_fit);
    tcase_add_test(tests, a_person_may_go_back_and_pick_another);
    tcase_add_test(tests, a_release_in_another_namespace_is_told);
    tcase_add_loop_test(tests, a_namespace_that_does_not_exist_is_told, 0, (int)LENGTH_OF(releases_of_nowhere));
    tcase_add_test(tests, a_revision_that_does_not_exist_is_told);
    tcase_add_test(tests, a_release_that_comes_mends_the_screen);
    tcase_add_test(tests, what_happens_is_logged);
    tcase_add_loop_test(tests, what_waiting_does_not_mend_fails_at_once, 0, (int)LENGTH_OF(refused));
    tcase_add_test(tests, closing_at_any_time);
    suite_add_tcase(suite, tests);
    return suite;
}
