/* The API without sockets: watches over time, tokens that expire, and what may be asked by whom. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/api.h"
#include "simulator/registry.h"
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_api(void);

#define CM "/api/v1/namespaces/default/configmaps"

static struct clock_manual now;
static struct registry *registry;
static struct api api;

static void setup(void)
{
    clock_manual_init(&now, 1767225600000);
    registry = registry_new(&now.clock, 20);
    api = (struct api){.registry = registry, .token = "secret", .address = "127.0.0.1:1", .bookmark_ms = 60000};
}

static void teardown(void)
{
    registry_free(registry);
}

/* Ask; the response is the caller's. */
static void ask_as(const char *method, const char *target, const char *body, const char *user,
                   struct response *response)
{
    struct request request = {.method = memory_text(method), .body = memory_text(body)};
    request.body_size = body != NULL ? strlen(body) : 0;
    ck_assert(request_set_target(&request, target));
    request_add_header(&request, "Authorization", "Bearer secret");
    if (strcmp(method, "PATCH") == 0)
        request_add_header(&request, "Content-Type", "application/merge-patch+json");
    if (user != NULL)
        request_add_header(&request, "Impersonate-User", user);
    api_answer(&api, &request, response);
    request_release(&request);
}

static int ask(const char *method, const char *target, const char *body)
{
    struct response response = {0};
    ask_as(method, target, body, NULL, &response);
    int status = response.status;
    response_release(&response);
    return status;
}

static void set(const char *name, const char *app)
{
    CLEANUP_FREE char *body =
        memory_format("{\"metadata\": {\"name\": \"%s\", \"labels\": {\"app\": \"%s\"}}}", name, app);
    CLEANUP_FREE char *target = memory_format(CM "/%s", name);
    if (ask("PUT", target, body) == 404)
        ck_assert_int_eq(ask("POST", CM, body), 201);
}

static struct stream *watch(const char *query, struct response *response)
{
    CLEANUP_FREE char *target = memory_format(CM "?watch=1&%s", query);
    ask_as("GET", target, NULL, NULL, response);
    ck_assert_int_eq(response->status, 200);
    ck_assert_ptr_nonnull(response->stream);
    return response->stream;
}

/* "ADDED a, BOOKMARK": what the stream says now, '.' behind the last when it ends. */
static const char *hear(struct stream *stream)
{
    static char told[512];
    struct text buffer = {0};
    bool goes_on = stream->fill(stream, &buffer, now.boot_ms);
    told[0] = '\0';
    char *save = NULL;
    char *line = buffer.bytes != NULL ? strtok_r(buffer.bytes, "\n", &save) : NULL;
    for (; line != NULL; line = strtok_r(NULL, "\n", &save)) {
        json_t *event = json_loads(line, 0, NULL);
        ck_assert_ptr_nonnull(event);
        const char *name = tree_text(event, "object", "metadata", "name");
        size_t used = strlen(told);
        snprintf(told + used, sizeof told - used, "%s%s%s%s", used > 0 ? ", " : "", tree_text(event, "type"),
                 name != NULL ? " " : "", name != NULL ? name : "");
        json_decref(event);
    }
    if (!goes_on)
        strcat(told, ".");
    text_release(&buffer);
    return told;
}

START_TEST(changes_are_told_as_the_selector_sees_them)
{
    struct response response = {0};
    struct stream *stream = watch("labelSelector=app%3Dweb", &response);
    ck_assert_str_eq(hear(stream), "");
    set("a", "web");
    set("b", "db");
    ck_assert_str_eq(hear(stream), "ADDED a");
    set("a", "db");
    set("b", "web");
    ck_assert_str_eq(hear(stream), "DELETED a, ADDED b");
    set("a", "api");
    ck_assert_str_eq(hear(stream), "");
    ck_assert_int_eq(ask("PATCH", CM "/b", "{\"data\": {\"x\": \"1\"}}"), 200);
    ck_assert_int_eq(ask("DELETE", CM "/b", NULL), 200);
    ck_assert_int_eq(ask("DELETE", CM "/a", NULL), 200);
    ck_assert_str_eq(hear(stream), "MODIFIED b, DELETED b");
    response_release(&response);
}
END_TEST

START_TEST(bookmarks_come_in_time)
{
    struct response response = {0};
    struct stream *stream = watch("allowWatchBookmarks=true&timeoutSeconds=150", &response);
    ck_assert_str_eq(hear(stream), "");
    ck_assert_int_eq(stream->due(stream), now.boot_ms + 60000);
    clock_manual_advance(&now, 59999);
    ck_assert_str_eq(hear(stream), "");
    clock_manual_advance(&now, 1);
    ck_assert_str_eq(hear(stream), "BOOKMARK");
    ck_assert_str_eq(hear(stream), "");
    clock_manual_advance(&now, 60000);
    ck_assert_str_eq(hear(stream), "BOOKMARK");
    ck_assert_int_eq(stream->due(stream), now.boot_ms + 30000);
    clock_manual_advance(&now, 30000);
    ck_assert_str_eq(hear(stream), ".");
    response_release(&response);
}
END_TEST

START_TEST(without_a_limit_a_watch_ends_in_an_hour)
{
    struct response response = {0};
    struct stream *stream = watch("", &response);
    int64_t left = stream->due(stream) - now.boot_ms;
    ck_assert(left >= 1800000 && left < 3600000);
    response_release(&response);
}
END_TEST

START_TEST(a_streamed_list_ends_with_its_bookmark)
{
    struct response response = {0};
    set("a", "web");
    set("b", "web");
    struct stream *stream =
        watch("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true", &response);
    ck_assert_str_eq(hear(stream), "ADDED a, ADDED b, BOOKMARK");
    set("c", "web");
    ck_assert_str_eq(hear(stream), "ADDED c");
    response_release(&response);
}
END_TEST

START_TEST(who_falls_behind_gets_an_error)
{
    struct response response = {0};
    struct stream *stream = watch("", &response);
    ck_assert_str_eq(hear(stream), "");
    for (int i = 0; i < 30; i++)
        set("a", i % 2 == 0 ? "web" : "db");
    ck_assert_str_eq(hear(stream), "ERROR.");
    response_release(&response);
}
END_TEST

START_TEST(a_definition_that_changes_ends_its_watches)
{
    static const char *definition = "{\"metadata\": {\"name\": \"things.x.io\"}, \"spec\": {\"group\": \"x.io\", "
                                    "\"scope\": \"Namespaced\", \"names\": "
                                    "{\"plural\": \"things\", \"kind\": \"Thing\"}, \"versions\": [{\"name\": \"v1\", "
                                    "\"served\": true, \"storage\": "
                                    "true, \"schema\": {\"openAPIV3Schema\": {\"type\": \"object\"}}}]}}";
    struct response response = {0};
    ck_assert_int_eq(ask("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition), 201);
    ask_as("GET", "/apis/x.io/v1/things?watch=1", NULL, NULL, &response);
    ck_assert_str_eq(hear(response.stream), "");
    ck_assert_int_eq(ask("PATCH", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.x.io",
                         "{\"spec\": {\"names\": {\"shortNames\": [\"t\"]}}}"),
                     200);
    ck_assert_str_eq(hear(response.stream), ".");
    response_release(&response);
}
END_TEST

START_TEST(a_list_outlives_its_history_with_a_new_token)
{
    struct response response = {0};
    for (int i = 0; i < 5; i++) {
        char name[] = {(char)('a' + i), '\0'};
        set(name, "web");
    }
    ask_as("GET", CM "?limit=2", NULL, NULL, &response);
    json_t *page = json_loads(response.body.bytes, 0, NULL);
    CLEANUP_FREE char *target = memory_format(CM "?limit=2&continue=%s", tree_text(page, "metadata", "continue"));
    json_decref(page);
    response_release(&response);

    for (int i = 0; i < 30; i++)
        set("a", i % 2 == 0 ? "web" : "db");
    ask_as("GET", target, NULL, NULL, &response);
    ck_assert_int_eq(response.status, 410);
    json_t *status = json_loads(response.body.bytes, 0, NULL);
    ck_assert_str_eq(tree_text(status, "reason"), "Expired");
    CLEANUP_FREE char *rest = memory_format(CM "?continue=%s", tree_text(status, "metadata", "continue"));
    json_decref(status);
    response_release(&response);

    ask_as("GET", rest, NULL, NULL, &response);
    ck_assert_int_eq(response.status, 200);
    page = json_loads(response.body.bytes, 0, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(page, "items")), 3);
    ck_assert_str_eq(tree_text(json_array_get(json_object_get(page, "items"), 0), "metadata", "name"), "c");
    json_decref(page);
    response_release(&response);
}
END_TEST

static int ask_quietly(const char *target, const char *user)
{
    struct response response = {0};
    ask_as("GET", target, NULL, user, &response);
    int status = response.status;
    response_release(&response);
    return status;
}

START_TEST(roles_say_who_may_what)
{
    static const char base[] = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/";
    CLEANUP_FREE char *roles = memory_format("%sroles", base);
    CLEANUP_FREE char *bindings = memory_format("%srolebindings", base);
    ck_assert_int_eq(
        ask("POST", roles,
            "{\"metadata\": {\"name\": \"r\"}, \"rules\": [{\"apiGroups\": [\"\"], \"resources\": "
            "[\"configmaps\"], \"resourceNames\": [\"a\"], \"verbs\": [\"get\"]}, {\"apiGroups\": [\"apps\"], "
            "\"resources\": [\"*/scale\"], \"verbs\": [\"*\"]}]}"),
        201);
    ck_assert_int_eq(
        ask("POST", bindings,
            "{\"metadata\": {\"name\": \"r\"}, \"roleRef\": {\"apiGroup\": \"rbac.authorization.k8s.io\", "
            "\"kind\": \"Role\", \"name\": \"r\"}, \"subjects\": [{\"kind\": \"User\", \"name\": \"bob\", "
            "\"apiGroup\": \"rbac.authorization.k8s.io\"}, {\"kind\": \"ServiceAccount\", \"name\": \"sa\", "
            "\"namespace\": \"default\"}]}"),
        201);
    set("a", "web");
    ck_assert_int_eq(ask_quietly(CM "/a", "bob"), 200);
    ck_assert_int_eq(ask_quietly(CM "/a", "system:serviceaccount:default:sa"), 200);
    ck_assert_int_eq(ask_quietly(CM "/b", "bob"), 403);
    ck_assert_int_eq(ask_quietly(CM, "bob"), 403);
    ck_assert_int_eq(ask_quietly("/api/v1/namespaces/kube-system/configmaps/a", "bob"), 403);
    ck_assert_int_eq(ask_quietly(CM "/a", "eve"), 403);
    ck_assert_int_eq(ask_quietly("/apis/apps/v1/namespaces/default/deployments/none/scale", "bob"), 404);
    ck_assert_int_eq(ask_quietly("/apis/apps/v1/namespaces/default/deployments/none", "bob"), 403);
    ck_assert_int_eq(ask_quietly("/version", "eve"), 200);
}
END_TEST

Suite *suite_api(void)
{
    Suite *suite = suite_create("api");
    TCase *tests = tcase_create("api");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, changes_are_told_as_the_selector_sees_them);
    tcase_add_test(tests, bookmarks_come_in_time);
    tcase_add_test(tests, without_a_limit_a_watch_ends_in_an_hour);
    tcase_add_test(tests, a_streamed_list_ends_with_its_bookmark);
    tcase_add_test(tests, who_falls_behind_gets_an_error);
    tcase_add_test(tests, a_definition_that_changes_ends_its_watches);
    tcase_add_test(tests, a_list_outlives_its_history_with_a_new_token);
    tcase_add_test(tests, roles_say_who_may_what);
    suite_add_tcase(suite, tests);
    return suite;
}
