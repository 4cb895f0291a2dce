#include "base/memory.h"
#include "kube/client_allow.h"
#include <check.h>

Suite *suite_client_allow(void);

struct row {
    const char *method;
    const char *path;
};

#define NS "/api/v1/namespaces/x"

static const struct row reads[] = {
    {"GET", "/version"},
    {"GET", "/readyz?verbose"},
    {"GET", "/livez/ping"},
    {"GET", "/api"},
    {"GET", "/api/v1"},
    {"GET", "/apis"},
    {"GET", "/apis/apps/v1"},
    {"GET", "/openapi/v3/apis/apps/v1"},
    {"GET", "/api/v1/namespaces"},
    {"GET", "/api/v1/namespaces/proxy"},
    {"GET", "/api/v1/namespaces/proxy/pods"},
    {"GET", "/api/v1/pods?limit=500&labelSelector=a%3Db%2Cc"},
    {"GET", NS "/pods/exec"},
    {"GET", NS "/pods/proxy"},
    {"GET", NS "/pods/p/log?follow=true"},
    {"GET", NS "/status"},
    {"GET", "/apis/apps/v1/namespaces/x/deployments/d/scale"},
    {"GET", "/apis/apps/v1/namespaces/x/deployments?watch=true"},
    {"GET", "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode"},
    {"POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"},
    {"POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"},
    {"POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews"},
};

static const struct row dry_runs[] = {
    {"POST", NS "/configmaps?dryRun=All"},
    {"PUT", NS "/configmaps/c?dryRun=All&fieldManager=helm"},
    {"PATCH", "/apis/apps/v1/namespaces/x/deployments/d?fieldManager=a%26b&dryRun=All&force=true"},
    {"PATCH", "/apis/apps/v1/namespaces/x/deployments/d/scale?dryRun=All"},
    {"PUT", "/apis/apps/v1/namespaces/x/deployments/d/status?dryRun=All"},
    {"DELETE", NS "/configmaps/c?dryRun=All"},
    {"DELETE", "/api/v1/namespaces/x?dryRun=All"},
};

/* Nothing of this leaves a read-only console, whatever it may dry run. */
static const struct row refused[] = {
    {"POST", NS "/configmaps"},
    {"PUT", NS "/configmaps/c"},
    {"DELETE", NS "/configmaps/c"},
    {"PATCH", NS "/configmaps/c?fieldManager=x"},
    /* Not quite dryRun=All. */
    {"POST", NS "/configmaps?dryRun=all"},
    {"POST", NS "/configmaps?dryrun=All"},
    {"POST", NS "/configmaps?dryRun="},
    {"POST", NS "/configmaps?dryRun"},
    {"POST", NS "/configmaps?dryRun=None"},
    {"POST", NS "/configmaps?dryRun=All&dryRun="},
    {"POST", NS "/configmaps?dryRun=&dryRun=All"},
    {"POST", NS "/configmaps?dryRun=All&dryRun=All"},
    {"POST", NS "/configmaps?dryRun=All&dryRun=None"},
    {"POST", NS "/configmaps?dryRun=All&%64ryRun=None"},
    {"POST", NS "/configmaps?%64ryRun=All"},
    {"POST", NS "/configmaps?dryRun=%41ll"},
    {"POST", NS "/configmaps?x=1;dryRun=All"},
    {"POST", NS "/configmaps?dryRun=All;x"},
    {"POST", NS "/configmaps?x#&dryRun=All"},
    {"POST", NS "/configmaps#?dryRun=All"},
    {"POST", NS "/configmaps?+dryRun=All"},
    {"POST", NS "/configmaps?dryRun=All+"},
    {"POST", NS "/configmaps?dryRun[]=All"},
    {"POST", NS "/configmaps?xdryRun=All"},
    {"POST", NS "/configmaps&dryRun=All"},
    {"POST", NS "/configmaps/?dryRun=All"},
    {"POST", NS "/configmaps? dryRun=All"},
    /* A collection is never deleted. */
    {"DELETE", NS "/configmaps?dryRun=All"},
    {"DELETE", "/api/v1/namespaces?dryRun=All"},
    /* Subresources that act all the same. */
    {"POST", NS "/pods/p/exec?dryRun=All"},
    {"POST", NS "/pods/p/attach?dryRun=All"},
    {"POST", NS "/pods/p/portforward?dryRun=All"},
    {"POST", NS "/pods/p/binding?dryRun=All"},
    {"POST", NS "/services/s/proxy?dryRun=All"},
    {"POST", NS "/services/s/proxy/path?dryRun=All"},
    {"POST", NS "/serviceaccounts/s/token?dryRun=All"},
    {"PUT", NS "/finalize?dryRun=All"},
    {"GET", NS "/pods/p/exec?command=rm"},
    {"GET", NS "/pods/p/%65xec"},
    {"GET", NS "/pods/p/attach"},
    {"GET", NS "/pods/p/portforward"},
    {"GET", NS "/pods/p/proxy"},
    {"GET", NS "/pods/p/proxy/shutdown"},
    {"GET", NS "/services/s/proxy/"},
    {"GET", NS "/services/https:s:443/proxy/x"},
    {"GET", "/api/v1/nodes/n/proxy/run/x/y/z"},
    {"GET", "/api/v1/proxy/nodes/n"},
    {"GET", "/api/v1/proxy/namespaces/x/pods/p"},
    {"GET", "/api/v1/redirect/nodes/n"},
    {"GET", "/api/v1/watch/pods"},
    {"GET", "/apis/subresources.kubevirt.io/v1/namespaces/x/virtualmachineinstances/v/console"},
    /* Paths that two readers may read in two ways. */
    {"GET", NS "//pods"},
    {"GET", NS "/pods/"},
    {"GET", NS "/pods/."},
    {"GET", NS "/pods/.."},
    {"GET", NS "/pods/%2e%2e"},
    {"GET", NS "/pods/p%2Fexec"},
    {"GET", NS "/pods/p%252Fexec"},
    {"GET", NS "/pods/p%"},
    {"GET", NS "/pods/p%4"},
    {"GET", NS "/pods/p%zz"},
    {"GET", NS "/pods/p%00"},
    {"GET", NS "/pods/p%0a"},
    {"GET", NS "\\pods"},
    {"GET", NS "/pods/\x80"},
    {"GET", NS "/pods/a\nb"},
    {"GET", NS "/a/b/c/d/e/f/g/h"},
    {"GET", "api/v1/pods"},
    {"GET", "@evil.example/api/v1"},
    {"GET", ""},
    {"GET", "/"},
    {"GET", "?"},
    {"GET", "/API/v1/pods"},
    {"GET", "/logs/kube-apiserver.log"},
    {"GET", "/debug/pprof/profile"},
    {"GET", "/metrics/../api/v1/x"},
    /* Methods are what they are, to the letter. */
    {"get", "/api/v1/pods"},
    {"", "/api/v1/pods"},
    {"GET ", "/api/v1/pods"},
    {"OPTIONS", "/api/v1/pods"},
    {"CONNECT", NS "/pods/p/exec"},
    {"CONNECT", NS "/configmaps/c?dryRun=All"},
    /* Reviews about others, or not quite reviews. */
    {"POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews"},
    {"POST", "/apis/authentication.k8s.io/v1/tokenreviews"},
    {"POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews/x"},
    {"POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews?x=y"},
    {"POST", "/apis/evil.example/v1/selfsubjectaccessreviews"},
    {"POST", "/apis/authorization.k8s.io/v1/namespaces/x/selfsubjectaccessreviews"},
    {"POST", "/api/authorization.k8s.io/v1/selfsubjectaccessreviews"},
    {"PUT", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"},
};

static bool allows(enum kube_access access, const struct row *row)
{
    struct error error = {0};
    bool allowed = kube_client_allows(access, row->method, row->path, &error);
    ck_assert_int_eq(error.code, allowed ? ERROR_NONE : ERROR_REFUSED);
    ck_assert(allowed || (error.message != NULL && error.hint != NULL));
    error_release(&error);
    return allowed;
}

START_TEST(reads_pass)
{
    const struct row *row = &reads[_i];
    ck_assert_msg(allows(KUBE_READ_ONLY, row), "%s %s", row->method, row->path);
    ck_assert_msg(allows(KUBE_READ_ONLY_DRY_RUN, row), "%s %s", row->method, row->path);
}
END_TEST

START_TEST(dry_runs_pass_where_they_are_asked_for)
{
    const struct row *row = &dry_runs[_i];
    ck_assert_msg(!allows(KUBE_READ_ONLY, row), "%s %s", row->method, row->path);
    ck_assert_msg(allows(KUBE_READ_ONLY_DRY_RUN, row), "%s %s", row->method, row->path);
}
END_TEST

START_TEST(everything_else_is_refused)
{
    const struct row *row = &refused[_i];
    ck_assert_msg(!allows(KUBE_READ_ONLY, row), "%s %s", row->method, row->path);
    ck_assert_msg(!allows(KUBE_READ_ONLY_DRY_RUN, row), "%s %s", row->method, row->path);
    ck_assert(kube_client_allows(KUBE_READ_WRITE, row->method, row->path, NULL));
}
END_TEST

/* A DELETE with a body is a dry run only if its body says so: the API server does not look at the query then. */
static const struct {
    const char *body;
    const char *type;
    bool allowed;
} deletions[] = {
    {NULL, NULL, true},
    {"", NULL, true},
    {"{\"dryRun\":[\"All\"]}", NULL, true},
    {"{\"dryRun\":[\"All\"],\"preconditions\":{\"uid\":\"u\"}}", "application/json", true},
    {"{\"preconditions\":{\"uid\":\"u\"}}", NULL, false},
    {"{\"dryRun\":[]}", NULL, false},
    {"{\"dryRun\":\"All\"}", NULL, false},
    {"{\"dryRun\":[\"All\",\"All\"]}", NULL, false},
    {"{\"dryRun\":[\"all\"]}", NULL, false},
    {"{\"dryRun\":[\"All\"],\"dryRun\":[]}", NULL, false},
    {"{\"DryRun\":[\"All\"]}", NULL, false},
    {"dryRun: [All]", "application/yaml", false},
    {"{\"dryRun\":[\"All\"]}", "application/yaml", false},
    {"not json", NULL, false},
};

START_TEST(the_body_of_a_deletion_counts)
{
    const struct kube_request request = {
        .method = "DELETE",
        .path = NS "/configmaps/c?dryRun=All",
        .body = deletions[_i].body,
        .content_type = deletions[_i].type,
    };
    ck_assert_int_eq(client_allow_request(KUBE_READ_ONLY_DRY_RUN, &request, NULL), deletions[_i].allowed);
    ck_assert(!client_allow_request(KUBE_READ_ONLY, &request, NULL));
    ck_assert(client_allow_request(KUBE_READ_WRITE, &request, NULL));
}
END_TEST

START_TEST(some_things_no_console_sends)
{
    static const struct row never[] = {
        {"DELETE", NS "/configmaps"},        {"DELETE", NS "/configmaps/"},
        {"DELETE", NS "/configmaps//"},      {"DELETE", NS "/configmaps?labelSelector=a"},
        {"DELETE", "/api/v1/namespaces"},    {"DELETE", "/version"},
        {"GET", "@evil.example/"},           {"GET", ":80/"},
        {"GET", ".evil.example/"},           {"GET", ""},
        {"PUT", NS "/configmaps/c?a#b"},     {"PUT", NS "/configmaps/c?a b"},
        {"PUT", NS "/configmaps/c\r\nX: y"},
    };
    struct error error = {0};
    const struct kube_request request = {.method = never[_i].method, .path = never[_i].path};
    ck_assert_msg(!client_allow_request(KUBE_READ_WRITE, &request, &error), "%s", never[_i].path);
    ck_assert_int_eq(error.code, ERROR_INTERNAL);
    error_release(&error);
}
END_TEST

START_TEST(a_refusal_shows_no_control_characters)
{
    struct error error = {0};
    ck_assert(!kube_client_allows(KUBE_READ_ONLY, "PUT", "/x\x1b[2J", &error));
    for (const char *at = error.message; *at != '\0'; at++)
        ck_assert_int_ne(*at, 0x1b);
    error_release(&error);
}
END_TEST

Suite *suite_client_allow(void)
{
    Suite *suite = suite_create("client_allow");
    TCase *tests = tcase_create("client_allow");
    tcase_add_loop_test(tests, reads_pass, 0, (int)LENGTH_OF(reads));
    tcase_add_loop_test(tests, dry_runs_pass_where_they_are_asked_for, 0, (int)LENGTH_OF(dry_runs));
    tcase_add_loop_test(tests, everything_else_is_refused, 0, (int)LENGTH_OF(refused));
    tcase_add_loop_test(tests, the_body_of_a_deletion_counts, 0, (int)LENGTH_OF(deletions));
    tcase_add_loop_test(tests, some_things_no_console_sends, 0, 13);
    tcase_add_test(tests, a_refusal_shows_no_control_characters);
    suite_add_tcase(suite, tests);
    return suite;
}
