/* Paths, queries, Accept headers and continue tokens: what clients write, taken apart. */
#include "base/memory.h"
#include "simulator/cursor.h"
#include "simulator/media.h"
#include "simulator/request.h"
#include "simulator/route.h"
#include <check.h>
#include <stdlib.h>

Suite *suite_request(void);

static struct request request;

static void setup(void)
{
    request = (struct request){.method = memory_text("GET")};
}

static void teardown(void)
{
    request_release(&request);
}

START_TEST(targets_are_taken_apart)
{
    ck_assert(request_set_target(&request, "/api/v1/pods/?a=b%20c&d=e+f&g&h=&a=z"));
    ck_assert_uint_eq(request.segment_count, 3);
    ck_assert_str_eq(request.segments[2], "pods");
    ck_assert_str_eq(request_query(&request, "a"), "b c");
    ck_assert_str_eq(request_query(&request, "d"), "e f");
    ck_assert_str_eq(request_query(&request, "g"), "");
    ck_assert_ptr_null(request_query(&request, "x"));
    ck_assert(request_flag(&request, "g"));
    ck_assert(!request_flag(&request, "x"));
}
END_TEST

static const char *const malformed[] = {
    "",         "api",  "/%",       "/%4",      "/%zz", "/a?b=%",    "/a%00b",
    "/a?b=%00", "/%ff", "/a?%ff=b", "/a?b=%c3", "*",    "/%ed%a0%80" /* half a character */};

START_TEST(malformed_targets_are_refused)
{
    ck_assert_msg(!request_set_target(&request, malformed[_i]), "%s", malformed[_i]);
}
END_TEST

START_TEST(integers_are_integers)
{
    int64_t value = 7;
    ck_assert(request_set_target(&request, "/a?good=-12&empty=&text=x&long=99999999999999999999&space=%201"));
    ck_assert(request_integer(&request, "none", &value) && value == 7);
    ck_assert(request_integer(&request, "empty", &value) && value == 7);
    ck_assert(request_integer(&request, "good", &value) && value == -12);
    ck_assert(!request_integer(&request, "text", &value));
    ck_assert(!request_integer(&request, "long", &value));
    ck_assert(!request_integer(&request, "space", &value));
}
END_TEST

START_TEST(headers_have_no_case)
{
    request_add_header(&request, "Content-Type", "x");
    request_add_header(&request, "Bad", "\xff");
    ck_assert_str_eq(request_header(&request, "content-TYPE"), "x");
    ck_assert_ptr_null(request_header(&request, "Bad"));
    for (int i = 0; i < 200; i++)
        request_add_header(&request, "More", "y");
    ck_assert_uint_eq(request.header_count, REQUEST_PARTS_LIMIT);
}
END_TEST

static const struct {
    const char *path, *group, *namespace, *plural, *name, *subresource, *verb;
} routes[] = {
    {"/api/v1/pods", "", NULL, "pods", NULL, NULL, "list"},
    {"/api/v1/pods?watch=true", "", NULL, "pods", NULL, NULL, "watch"},
    {"/api/v1/pods?watch=0", "", NULL, "pods", NULL, NULL, "list"},
    {"/api/v1/watch/pods", "", NULL, "pods", NULL, NULL, "watch"},
    {"/api/v1/namespaces/a/pods/b", "", "a", "pods", "b", NULL, "get"},
    {"/api/v1/namespaces/a/pods/b/log", "", "a", "pods", "b", "log", "get"},
    {"/api/v1/namespaces/a/services/b:80/proxy/x/y", "", "a", "services", "b:80", "proxy", "get"},
    {"/api/v1/namespaces", "", NULL, "namespaces", NULL, NULL, "list"},
    {"/api/v1/namespaces/a", "", NULL, "namespaces", "a", NULL, "get"},
    {"/api/v1/namespaces/a/status", "", NULL, "namespaces", "a", "status", "get"},
    {"/apis/apps/v1/namespaces/a/deployments/b/scale", "apps", "a", "deployments", "b", "scale", "get"},
    {"/apis/x.io/v2/things", "x.io", NULL, "things", NULL, NULL, "list"},
};

static void same(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        ck_assert_ptr_eq(a, b);
    else
        ck_assert_str_eq(a, b);
}

START_TEST(routes_are_found)
{
    struct route route;
    ck_assert(request_set_target(&request, routes[_i].path));
    ck_assert(route_parse(&request, &route));
    same(route.group, routes[_i].group);
    same(route.namespace, routes[_i].namespace);
    same(route.plural, routes[_i].plural);
    same(route.name, routes[_i].name);
    same(route.subresource, routes[_i].subresource);
    same(route_verb(&request, &route), routes[_i].verb);
}
END_TEST

static const char *const no_routes[] = {
    "/", "/api", "/api/v1", "/apis/apps/v1", "/version", "/openapi/v3/api/v1", "/apix/v1/pods"};

START_TEST(other_paths_name_no_resource)
{
    struct route route;
    ck_assert(request_set_target(&request, no_routes[_i]));
    ck_assert(!route_parse(&request, &route));
}
END_TEST

static const struct {
    const char *accept;
    enum media media;
} accepts[] = {
    {NULL, MEDIA_JSON},
    {"", MEDIA_JSON},
    {"*/*", MEDIA_JSON},
    {"application/json", MEDIA_JSON},
    {"Application/JSON; charset=utf-8", MEDIA_JSON},
    {"application/vnd.kubernetes.protobuf,application/json", MEDIA_JSON},
    {"application/json;as=Table;v=v1;g=meta.k8s.io,application/json", MEDIA_TABLE},
    {"application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json", MEDIA_JSON},
    {"application/json; as=PartialObjectMetadata; g=meta.k8s.io; v=v1", MEDIA_METADATA},
    {"application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", MEDIA_METADATA_LIST},
    {"application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json", MEDIA_DISCOVERY},
    {"application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList", MEDIA_DISCOVERY_BETA},
    {"text/html", MEDIA_NONE},
    {"application/vnd.kubernetes.protobuf", MEDIA_NONE},
    {"application/json;as=Nothing", MEDIA_NONE},
    {"application/jsonx", MEDIA_NONE},
    {",,;;as=", MEDIA_NONE},
};

START_TEST(media_are_chosen)
{
    ck_assert_int_eq(media_accepted(accepts[_i].accept), accepts[_i].media);
}
END_TEST

START_TEST(continue_tokens_come_back)
{
    CLEANUP_FREE char *token = cursor_make(42, "shop/a?b");
    CLEANUP_FREE char *key = NULL;
    int64_t version = 0;
    ck_assert(cursor_read(token, &version, &key, NULL));
    ck_assert_int_eq(version, 42);
    ck_assert_str_eq(key, "shop/a?b");
    /* Cut anywhere, it is refused or read, never worse. */
    for (size_t i = 0; token[0] != '\0' && i < 60; i++) {
        CLEANUP_FREE char *cut = memory_text_part(token, i);
        CLEANUP_FREE char *other = NULL;
        cursor_read(cut, &version, &other, NULL);
    }
}
END_TEST

Suite *suite_request(void)
{
    Suite *suite = suite_create("request");
    TCase *tests = tcase_create("request");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, targets_are_taken_apart);
    tcase_add_loop_test(tests, malformed_targets_are_refused, 0, (int)LENGTH_OF(malformed));
    tcase_add_test(tests, integers_are_integers);
    tcase_add_test(tests, headers_have_no_case);
    tcase_add_loop_test(tests, routes_are_found, 0, (int)LENGTH_OF(routes));
    tcase_add_loop_test(tests, other_paths_name_no_resource, 0, (int)LENGTH_OF(no_routes));
    tcase_add_loop_test(tests, media_are_chosen, 0, (int)LENGTH_OF(accepts));
    tcase_add_test(tests, continue_tokens_come_back);
    suite_add_tcase(suite, tests);
    return suite;
}
