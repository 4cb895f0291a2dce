/* Who is trusted, and who one is: only over TLS. */
#include "base/base64.h"
#include "base/memory.h"
#include "base/text.h"
#include "unit/kube/rig.h"
#include "unit/kube/tls_server.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *suite_client_tls(void);

struct bench {
    struct loop *loop;
    struct identity authority;
    struct identity identity;
    struct tls_server *server;
    struct kube_config *config;
    struct kube_client *client;
    bool done;
    int status;
    struct error error;
};

static int always_well(size_t number, const char *authorization)
{
    (void)number;
    (void)authorization;
    return 200;
}

static int token_two_only(size_t number, const char *authorization)
{
    (void)number;
    return strcmp(authorization, "Bearer token-2") == 0 ? 200 : 401;
}

static int never_welcome(size_t number, const char *authorization)
{
    (void)number;
    (void)authorization;
    return 401;
}

static void on_done(const struct kube_answer *answer, void *context)
{
    struct bench *bench = context;
    bench->done = true;
    bench->status = answer->status;
    error_release(&bench->error);
    if (answer->error != NULL)
        error_copy(&bench->error, answer->error);
}

static void open_server(struct bench *bench, const char *san, int days, int authority_days,
                        int (*decide)(size_t, const char *))
{
    bench->authority = identity_new("the-right-authority", NULL, authority_days, NULL);
    bench->identity = identity_new("a-server", san, days, &bench->authority);
    bench->server = tls_server_new(&bench->identity, decide);
}

/* `trusted` NULL: the system's authorities. `cluster` and `user` are further lines of the kubeconfig. */
static void ask(struct bench *bench, const struct identity *trusted, const char *cluster, const char *user)
{
    CLEANUP_FREE char *url = tls_server_url(bench->server);
    CLEANUP_FREE char *ca = trusted != NULL ? base64_encode(trusted->cert_pem, strlen(trusted->cert_pem)) : NULL;
    CLEANUP_FREE char *ca_line =
        ca != NULL ? memory_format("    certificate-authority-data: %s\n", ca) : memory_text("");
    CLEANUP_FREE char *lines = memory_format("%s%s", ca_line, cluster);
    if (bench->loop == NULL) {
        bench->loop = loop_new(NULL);
        bench->config = rig_config(url, lines, user);
        bench->client = kube_client_new(bench->loop, bench->config, &(struct kube_client_options){0});
    }
    const struct kube_request request = {.method = "GET", .path = "/api/v1/pods", .on_done = on_done, .context = bench};
    bench->done = false;
    kube_client_start(bench->client, &request);
    ck_assert(loop_run_until(bench->loop, &bench->done, RIG_LIMIT_MS));
}

static void close_bench(struct bench *bench)
{
    kube_client_free(bench->client);
    loop_free(bench->loop);
    kube_config_free(bench->config);
    tls_server_free(bench->server);
    identity_release(&bench->identity);
    identity_release(&bench->authority);
    error_release(&bench->error);
}

static void must_say(const struct bench *bench, const char *word)
{
    ck_assert_int_eq(bench->error.code, ERROR_UNREACHABLE);
    ck_assert_msg(strstr(bench->error.message, word) != NULL, "'%s' is not in: %s", word, bench->error.message);
    ck_assert_ptr_nonnull(bench->error.hint);
    ck_assert_uint_eq(tls_server_requests(bench->server), 0);
}

START_TEST(the_right_authority_is_trusted)
{
    struct bench bench = {0};
    open_server(&bench, "IP:127.0.0.1", 1, 1, always_well);
    ask(&bench, &bench.authority, "", "");
    ck_assert_msg(bench.status == 200, "%s", bench.error.message);
    close_bench(&bench);
}
END_TEST

START_TEST(a_wrong_authority_is_named)
{
    struct bench bench = {0};
    struct identity other = identity_new("another-authority", NULL, 1, NULL);
    open_server(&bench, "IP:127.0.0.1", 1, 1, always_well);
    ask(&bench, &other, "", "");
    must_say(&bench, "is not signed by the authority");
    must_say(&bench, "CN=another-authority");
    must_say(&bench, bench.config->server);
    close_bench(&bench);
    identity_release(&other);
}
END_TEST

START_TEST(without_an_authority_the_system_decides)
{
    struct bench bench = {0};
    open_server(&bench, "IP:127.0.0.1", 1, 1, always_well);
    ask(&bench, NULL, "", "");
    must_say(&bench, "that this machine trusts");
    close_bench(&bench);
}
END_TEST

START_TEST(an_expired_certificate_is_told)
{
    struct bench bench = {0};
    open_server(&bench, "IP:127.0.0.1", -1, 1, always_well);
    ask(&bench, &bench.authority, "", "");
    must_say(&bench, "The certificate of the server");
    must_say(&bench, "has expired");
    close_bench(&bench);
}
END_TEST

START_TEST(an_expired_authority_is_told)
{
    struct bench bench = {0};
    open_server(&bench, "IP:127.0.0.1", 1, -1, always_well);
    ask(&bench, &bench.authority, "", "");
    must_say(&bench, "The certificate authority that");
    must_say(&bench, "expired at 20");
    close_bench(&bench);
}
END_TEST

START_TEST(another_name_is_told_and_can_be_set)
{
    struct bench bench = {0};
    open_server(&bench, "DNS:kubernetes.example", 1, 1, always_well);
    ask(&bench, &bench.authority, _i == 0 ? "" : "    tls-server-name: kubernetes.example\n", "");
    if (_i == 0)
        must_say(&bench, "is for another name");
    else
        ck_assert_msg(bench.status == 200, "%s", bench.error.message);
    close_bench(&bench);
}
END_TEST

START_TEST(verification_can_be_switched_off)
{
    struct bench bench = {0};
    open_server(&bench, "DNS:elsewhere", -1, 1, always_well);
    ask(&bench, NULL, "    insecure-skip-tls-verify: true\n", "");
    ck_assert_msg(bench.status == 200, "%s", bench.error.message);
    close_bench(&bench);
}
END_TEST

/* A plugin whose n-th run prints token-n. */
static char *plugin_user(char *folder)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    return memory_format(
        "    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: sh\n      interactiveMode: "
        "Never\n"
        "      args:\n      - -c\n      - |\n"
        "        echo >> %s/runs; n=$(wc -l < %s/runs)\n"
        "        echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",'\n"
        "        echo '\"status\":{\"token\":\"token-'$((n))'\"}}'\n",
        folder, folder);
}

static int forget_plugin(const char *folder)
{
    CLEANUP_FREE char *path = memory_format("%s/runs", folder);
    FILE *file = fopen(path, "r");
    int runs = 0;
    for (int character; (character = fgetc(file)) != EOF;)
        runs += character == '\n';
    fclose(file);
    unlink(path);
    rmdir(folder);
    return runs;
}

START_TEST(a_refused_token_is_made_anew_once)
{
    char folder[] = "/tmp/check_kube.XXXXXX";
    CLEANUP_FREE char *user = plugin_user(folder);
    struct bench bench = {0};
    open_server(&bench, "IP:127.0.0.1", 1, 1, _i == 0 ? token_two_only : never_welcome);
    ask(&bench, &bench.authority, "", user);
    ck_assert_uint_eq(tls_server_requests(bench.server), 2);
    if (_i == 0) {
        ck_assert_msg(bench.status == 200, "%s", bench.error.message);
        ask(&bench, &bench.authority, "", user); /* the new one is kept */
        ck_assert_uint_eq(tls_server_requests(bench.server), 3);
        ck_assert_int_eq(bench.status, 200);
    } else {
        ck_assert_int_eq(bench.status, 401);
        ck_assert_int_eq(bench.error.code, ERROR_UNREACHABLE);
        ck_assert_ptr_null(strstr(bench.error.message, "token-"));
    }
    close_bench(&bench);
    ck_assert_int_eq(forget_plugin(folder), 2);
}
END_TEST

START_TEST(a_fixed_token_that_is_refused_is_told_at_once)
{
    struct bench bench = {0};
    open_server(&bench, "IP:127.0.0.1", 1, 1, never_welcome);
    ask(&bench, &bench.authority, "", "    token: very-secret\n");
    ck_assert_uint_eq(tls_server_requests(bench.server), 1);
    ck_assert_int_eq(bench.error.code, ERROR_UNREACHABLE);
    ck_assert_ptr_null(strstr(bench.error.message, "very-secret"));
    ck_assert_ptr_nonnull(bench.error.hint);
    close_bench(&bench);
}
END_TEST

static void refuse_and_remember(struct exchange *exchange, void *context)
{
    struct text *head = context;
    text_append(head, exchange->head);
    server_answer(exchange, 401, "", "{}");
}

START_TEST(a_token_never_leaves_in_the_clear)
{
    struct text head = {0};
    struct bench bench = {.loop = loop_new(NULL)};
    struct server *server = server_new(bench.loop, refuse_and_remember, &head);
    CLEANUP_FREE char *url = server_url(server, "");
    bench.config = rig_config(url, "", "    token: very-secret\n");
    bench.client = kube_client_new(bench.loop, bench.config, &(struct kube_client_options){0});
    const struct kube_request request = {
        .method = "GET", .path = "/api/v1/pods", .on_done = on_done, .context = &bench};
    kube_client_start(bench.client, &request);
    ck_assert(loop_run_until(bench.loop, &bench.done, RIG_LIMIT_MS));
    ck_assert_int_eq(bench.status, 401);
    ck_assert_ptr_null(strcasestr(text_peek(&head), "authorization"));
    ck_assert_ptr_null(strstr(text_peek(&head), "very-secret"));
    ck_assert_ptr_nonnull(strstr(bench.error.hint, "https"));
    kube_client_free(bench.client);
    server_free(server);
    loop_free(bench.loop);
    kube_config_free(bench.config);
    error_release(&bench.error);
    text_release(&head);
}
END_TEST

Suite *suite_client_tls(void)
{
    Suite *suite = suite_create("client_tls");
    TCase *tests = tcase_create("client_tls");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_right_authority_is_trusted);
    tcase_add_test(tests, a_wrong_authority_is_named);
    tcase_add_test(tests, without_an_authority_the_system_decides);
    tcase_add_test(tests, an_expired_certificate_is_told);
    tcase_add_test(tests, an_expired_authority_is_told);
    tcase_add_loop_test(tests, another_name_is_told_and_can_be_set, 0, 2);
    tcase_add_test(tests, verification_can_be_switched_off);
    tcase_add_loop_test(tests, a_refused_token_is_made_anew_once, 0, 2);
    tcase_add_test(tests, a_fixed_token_that_is_refused_is_told_at_once);
    tcase_add_test(tests, a_token_never_leaves_in_the_clear);
    suite_add_tcase(suite, tests);
    return suite;
}
