#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/credential.h"
#include "kube/credential_spec.h"
#include "kubeconfig_table.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *suite_credential(void);

#define PATIENCE_MS 60000
#define V1          "client.authentication.k8s.io/v1"

/* A loop, and the provider that is tried on it. The clock stands still unless a test moves it. */
static struct clock_manual manual;
static struct loop *loop;
static struct kube_credential_spec *spec;
static struct kube_credential *credential;

/* What one waiting caller was told. */
struct told {
    bool done;
    int calls;
    char *authorization;
    char *cert_pem;
    uint64_t generation;
    struct error error;
};

static void on_ready(const struct kube_proof *proof, const struct error *error, void *context)
{
    struct told *told = context;
    ck_assert((proof == NULL) != (error == NULL));
    told->done = true;
    told->calls++;
    if (error != NULL) {
        error_copy(&told->error, error);
        return;
    }
    told->authorization = memory_text(proof->authorization);
    told->cert_pem = memory_text(proof->cert_pem);
    told->generation = proof->generation;
}

static void forget(struct told *told)
{
    free(told->authorization);
    free(told->cert_pem);
    error_release(&told->error);
    *told = (struct told){0};
}

static void set_up(void)
{
    free(table_folder());
    int64_t now = 0;
    ck_assert(clock_parse("2026-11-20T10:00:00Z", &now));
    clock_manual_init(&manual, now);
    loop = loop_new(&manual.clock);
}

static void tear_down(void)
{
    kube_credential_free(credential);
    kube_credential_spec_free(spec);
    loop_free(loop);
    credential = NULL;
    spec = NULL;
}

/* Runs the loop until `done`. The loop's clock stands still, so the limit is an alarm. */
static void run_until(const bool *done)
{
    alarm(PATIENCE_MS / 1000);
    ck_assert(loop_run_until(loop, done, PATIENCE_MS));
    alarm(0);
}

/* A provider for the user's entry that `json` has, with ' for ". */
static void provide(const char *json)
{
    CLEANUP_FREE char *text = memory_text(json);
    for (char *next = text; *next != '\0'; next++)
        *next = *next == '\'' ? '"' : *next;
    json_t *tree = json_loads(text, 0, NULL);
    ck_assert_msg(tree != NULL, "%s", text);
    const struct kube_fields user = {.object = tree, .source = "config", .pointer = ""};
    struct error error = {0};
    bool parsed = kube_credential_parse(&user, "jan", NULL, &spec, &error);
    ck_assert_msg(parsed, "%s", error.message);
    json_decref(tree);
    credential = kube_credential_new(loop, spec);
}

static void provide_plugin(const char *script)
{
    table_write("plugin", script, 0700);
    provide("{'exec': {'apiVersion': '" V1 "', 'command': './plugin', 'interactiveMode': 'Never', "
            "'installHint': 'brew install\\u001b plugin'}}");
}

static void check_proof(const struct told *told, const char *authorization)
{
    ck_assert_msg(told->error.code == ERROR_NONE, "%s", told->error.message);
    ck_assert_str_eq(told->authorization, authorization);
}

static void ask(uint64_t rejected, struct told *told)
{
    forget(told);
    kube_credential_get(credential, rejected, on_ready, told);
    ck_assert_msg(!told->done, "called before the asking returned");
    run_until(&told->done);
    ck_assert_int_eq(told->calls, 1);
}

static void check_error(const struct told *told, const char *says)
{
    ck_assert_int_eq(told->error.code, ERROR_UNREACHABLE);
    CLEANUP_FREE char *said =
        memory_format("%s %s", told->error.message, told->error.hint != NULL ? told->error.hint : "");
    ck_assert_msg(strstr(said, says) != NULL, "'%s' is not in '%s'", says, said);
    ck_assert_msg(strstr(said, "geheim") == NULL && strchr(said, '\033') == NULL, "%s", said);
}

/* How often the plugin has run: each run adds a line. */
static size_t runs(void)
{
    CLEANUP_FREE char *log = access("runs", F_OK) == 0 ? table_read("runs") : memory_text("");
    size_t count = 0;
    for (const char *line = strchr(log, '\n'); line != NULL; line = strchr(line + 1, '\n'))
        count++;
    return count;
}

#define COUNT_RUN "#!/bin/sh\necho run >>runs\nn=$(wc -l <runs | tr -d ' ')\n"
#define PRINT(status)                                                                                                  \
    "cat <<END\n{\"kind\": \"ExecCredential\", \"apiVersion\": \"" V1 "\", \"status\": " status "}\nEND\n"

START_TEST(a_token_is_at_hand)
{
    struct told told = {0};
    provide("{'token': 'abc'}");
    ask(0, &told);
    check_proof(&told, "Bearer abc");
    ck_assert_uint_eq(told.generation, 1);
    forget(&told);
}
END_TEST

START_TEST(nothing_to_prove_with_is_a_proof_too)
{
    struct told told = {0};
    provide("{}");
    ask(0, &told);
    ck_assert_ptr_null(told.authorization);
    ck_assert_ptr_null(told.cert_pem);
    ask(told.generation, &told);
    check_error(&told, "has no way of proving it");
    forget(&told);
}
END_TEST

START_TEST(a_refused_token_says_why)
{
    struct told told = {0};
    provide("{'token': 'geheim'}");
    ask(1, &told);
    check_error(&told, "The server does not accept the token of user 'jan'.");
    tear_down();
    loop = loop_new(&manual.clock);
    /* {"sub":"jan","exp":1700000000} */
    provide("{'token': 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJqYW4iLCJleHAiOjE3MDAwMDAwMDB9.c2ln'}");
    ask(1, &told);
    check_error(&told, "it expired at 2023-11-14T22:13:20Z");
    forget(&told);
}
END_TEST

START_TEST(a_refused_certificate_says_why)
{
    struct told told = {0};
    CLEANUP_FREE char *cert = table_data("pki/expired.crt");
    CLEANUP_FREE char *key = table_data("pki/client.key");
    CLEANUP_FREE char *json = memory_format("{'client-certificate': '%s', 'client-key': '%s'}", cert, key);
    provide(json);
    ask(0, &told);
    ck_assert_ptr_nonnull(strstr(told.cert_pem, "BEGIN CERTIFICATE"));
    ask(told.generation, &told);
    check_error(&told, "the client certificate of user 'jan': it expired at 2021-01-01T00:00:00Z");
    forget(&told);
}
END_TEST

START_TEST(a_token_file_is_read_again_each_minute)
{
    struct told told = {0};
    table_write("token", "first\n", 0600);
    provide("{'tokenFile': 'token'}");
    table_write("token", "second\n", 0600);
    ask(0, &told);
    check_proof(&told, "Bearer first");
    clock_manual_advance(&manual, 60000);
    ask(0, &told);
    check_proof(&told, "Bearer second");
    ck_assert_uint_eq(told.generation, 2);
    clock_manual_advance(&manual, 60000);
    ask(0, &told);
    ck_assert_uint_eq(told.generation, 2);
    forget(&told);
}
END_TEST

START_TEST(a_token_file_is_read_again_when_refused)
{
    struct told told = {0};
    table_write("token", "first", 0600);
    provide("{'tokenFile': 'token'}");
    table_write("token", "second", 0600);
    ask(1, &told);
    check_proof(&told, "Bearer second");
    ask(2, &told);
    check_error(&told, "does not accept the token");
    forget(&told);
}
END_TEST

START_TEST(a_token_file_that_goes_away_leaves_the_last_token)
{
    struct told told = {0};
    table_write("token", "first", 0600);
    provide("{'tokenFile': 'token'}");
    ck_assert_int_eq(unlink("token"), 0);
    clock_manual_advance(&manual, 60000);
    ask(0, &told);
    check_proof(&told, "Bearer first");
    ck_assert_uint_eq(told.generation, 1);
    forget(&told);
}
END_TEST

START_TEST(certificate_files_are_read_again)
{
    struct told told = {0};
    CLEANUP_FREE char *old_path = table_data("pki/expired.crt");
    CLEANUP_FREE char *new_path = table_data("pki/client.crt");
    CLEANUP_FREE char *key_path = table_data("pki/client.key");
    CLEANUP_FREE char *old_pem = table_read(old_path);
    CLEANUP_FREE char *new_pem = table_read(new_path);
    CLEANUP_FREE char *key_pem = table_read(key_path);
    table_write("cert", old_pem, 0600);
    table_write("key", key_pem, 0600);
    provide("{'client-certificate': 'cert', 'client-key': 'key'}");
    ask(0, &told);
    ck_assert_str_eq(told.cert_pem, old_pem);
    table_write("cert", new_pem, 0600);
    ask(1, &told);
    ck_assert_str_eq(told.cert_pem, new_pem);
    ck_assert_uint_eq(told.generation, 2);
    table_write("cert", "half a certi", 0600);
    clock_manual_advance(&manual, 60000);
    ask(0, &told);
    ck_assert_str_eq(told.cert_pem, new_pem);
    forget(&told);
}
END_TEST

START_TEST(many_who_ask_share_one_run)
{
    struct told told[5] = {0};
    provide_plugin(COUNT_RUN PRINT("{\"token\": \"run.$n\"}"));
    for (size_t i = 0; i < LENGTH_OF(told); i++)
        kube_credential_get(credential, 0, on_ready, &told[i]);
    for (size_t i = 0; i < LENGTH_OF(told); i++) {
        run_until(&told[i].done);
        check_proof(&told[i], "Bearer run.1");
        forget(&told[i]);
    }
    ask(0, &told[0]);
    check_proof(&told[0], "Bearer run.1");
    ck_assert_uint_eq(runs(), 1);
    forget(&told[0]);
}
END_TEST

START_TEST(a_plugin_runs_again_when_its_proof_ends)
{
    struct told told = {0};
    provide_plugin(COUNT_RUN PRINT("{\"token\": \"run.$n\", \"expirationTimestamp\": \"2026-11-20T10:0${n}:00Z\"}"));
    ask(0, &told);
    check_proof(&told, "Bearer run.1");
    clock_manual_advance(&manual, 40000);
    ask(0, &told);
    check_proof(&told, "Bearer run.1");
    /* A little before the end already: the request has to travel, too. */
    clock_manual_advance(&manual, 15000);
    ask(0, &told);
    check_proof(&told, "Bearer run.2");
    ck_assert_uint_eq(runs(), 2);
    forget(&told);
}
END_TEST

START_TEST(a_plugin_runs_again_once_when_refused)
{
    struct told told[2] = {0};
    provide_plugin(COUNT_RUN PRINT("{\"token\": \"run.$n\"}"));
    ask(0, &told[0]);
    uint64_t rejected = told[0].generation;
    forget(&told[0]);
    /* Two requests get the same 401: the plugin runs once for both. */
    for (size_t i = 0; i < LENGTH_OF(told); i++)
        kube_credential_get(credential, rejected, on_ready, &told[i]);
    for (size_t i = 0; i < LENGTH_OF(told); i++) {
        run_until(&told[i].done);
        check_proof(&told[i], "Bearer run.2");
        ck_assert_uint_gt(told[i].generation, rejected);
    }
    /* A third one comes late with its 401 of the old proof: the new one is there already. */
    ask(rejected, &told[0]);
    check_proof(&told[0], "Bearer run.2");
    ck_assert_uint_eq(runs(), 2);
    for (size_t i = 0; i < LENGTH_OF(told); i++)
        forget(&told[i]);
}
END_TEST

START_TEST(a_plugin_gives_a_certificate)
{
    struct told told = {0};
    CLEANUP_FREE char *cert_path = table_data("pki/client.crt");
    CLEANUP_FREE char *key_path = table_data("pki/client.key");
    CLEANUP_FREE char *cert = table_read(cert_path);
    CLEANUP_FREE char *key = table_read(key_path);
    json_t *tree = json_pack("{s:s, s:s, s:{s:s, s:s}}", "kind", "ExecCredential", "apiVersion", V1, "status",
                             "clientCertificateData", cert, "clientKeyData", key);
    CLEANUP_FREE char *output = json_dumps(tree, 0);
    json_decref(tree);
    table_write("output", output, 0600);
    provide_plugin("#!/bin/sh\ncat output\n");
    ask(0, &told);
    ck_assert_ptr_null(told.authorization);
    ck_assert_str_eq(told.cert_pem, cert);
    forget(&told);
}
END_TEST

START_TEST(a_plugin_gets_no_stdin_but_its_variables)
{
    struct told told = {0};
    table_write("plugin",
                "#!/bin/sh\n"
                "read line && exit 7\n"
                "cat <<END\n"
                "{\"kind\": \"ExecCredential\", \"apiVersion\": \"" V1
                "\", \"status\": {\"token\": \"$GREETING-$1-$2\"}}\n"
                "END\n",
                0700);
    provide("{'exec': {'apiVersion': '" V1 "', 'command': './plugin', 'interactiveMode': 'IfAvailable', "
            "'args': ['first', 'a;b'], 'env': [{'name': 'GREETING', 'value': 'hello'}]}}");
    ask(0, &told);
    check_proof(&told, "Bearer hello-first-a;b");
    forget(&told);
}
END_TEST

START_TEST(a_plugin_that_fails_is_quoted_with_care)
{
    struct told told = {0};
    provide_plugin("#!/bin/sh\n"
                   "echo geheim\n"
                   "printf 'The SSO session has expired.\\n\\033[31m  Run\\taws sso login\\n' >&2\n"
                   "echo 'Authorization: Bearer geheim.geheim.geheim' >&2\n"
                   "exit 255\n");
    ask(0, &told);
    check_error(&told, "'./plugin' of user 'jan' failed with status 255");
    check_error(&told, "It said: The SSO session has expired.");
    check_error(&told, "Run aws sso login");
    forget(&told);
}
END_TEST

START_TEST(a_plugin_that_fails_is_not_run_again_at_once)
{
    struct told told = {0};
    provide_plugin(COUNT_RUN "exit 1\n");
    ask(0, &told);
    ask(0, &told);
    ck_assert_uint_eq(runs(), 1);
    check_error(&told, "failed with status 1");
    clock_manual_advance(&manual, 5000);
    ask(0, &told);
    ck_assert_uint_eq(runs(), 2);
    table_write("plugin", COUNT_RUN PRINT("{\"token\": \"healed\"}"), 0700);
    clock_manual_advance(&manual, 5000);
    ask(0, &told);
    check_proof(&told, "Bearer healed");
    forget(&told);
}
END_TEST

START_TEST(a_plugin_that_prints_garbage_is_not_quoted)
{
    struct told told = {0};
    provide_plugin("#!/bin/sh\necho '<html>geheim</html>'\n");
    ask(0, &told);
    check_error(&told, "'./plugin' of user 'jan' printed something");
    forget(&told);
}
END_TEST

START_TEST(a_plugin_that_floods_is_ended)
{
    struct told told = {0};
    provide_plugin("#!/bin/sh\nexec yes geheim\n");
    ask(0, &told);
    check_error(&told, "plugin of user 'jan' failed: ./plugin wrote more than");
    forget(&told);
}
END_TEST

START_TEST(a_plugin_that_hangs_is_ended)
{
    struct told told = {0};
    ck_assert_int_eq(mkfifo("started", 0600), 0);
    provide_plugin("#!/bin/sh\n"
                   "echo 'Open https://login.example and enter ABCD' >&2\n"
                   "echo >started\n"
                   "exec sleep 1000\n");
    kube_credential_get(credential, 0, on_ready, &told);
    free(table_read("started")); /* comes back when the plugin has said its sentence */
    ck_assert(!told.done);
    clock_manual_advance(&manual, 60000);
    run_until(&told.done);
    check_error(&told, "plugin of user 'jan' failed: ./plugin did not finish within 60 seconds");
    check_error(&told, "It said: Open https://login.example and enter ABCD");
    forget(&told);
}
END_TEST

START_TEST(a_plugin_that_is_not_there_names_what_to_install)
{
    struct told told = {0};
    provide("{'exec': {'apiVersion': '" V1 "', 'command': 'no-such-plugin-anywhere', 'interactiveMode': 'Never', "
            "'installHint': 'Get it with: brew\\u001b install'}}");
    ask(0, &told);
    check_error(&told, "of user 'jan' cannot be run: The program no-such-plugin-anywhere was not found.");
    check_error(&told, "Get it with: brew");
    forget(&told);
}
END_TEST

START_TEST(who_cancels_is_not_called)
{
    struct told told[3] = {0};
    provide_plugin(COUNT_RUN PRINT("{\"token\": \"run.$n\"}"));
    struct kube_credential_wait *first = kube_credential_get(credential, 0, on_ready, &told[0]);
    kube_credential_get(credential, 0, on_ready, &told[1]);
    kube_credential_cancel(first);
    kube_credential_cancel(NULL);
    run_until(&told[1].done);
    ck_assert(!told[0].done);
    /* Cancelled between the answer's coming and its telling. */
    struct kube_credential_wait *alone = kube_credential_get(credential, 0, on_ready, &told[2]);
    kube_credential_cancel(alone);
    ask(0, &told[1]);
    ck_assert(!told[2].done);
    for (size_t i = 0; i < LENGTH_OF(told); i++)
        forget(&told[i]);
}
END_TEST

START_TEST(a_credential_can_be_freed_while_its_plugin_runs)
{
    struct told told = {0};
    provide_plugin("#!/bin/sh\nexec sleep 1000\n");
    kube_credential_get(credential, 0, on_ready, &told);
    kube_credential_free(credential);
    credential = NULL;
    loop_run(loop); /* ends by itself: nothing is left to wait for */
    ck_assert(!told.done);
}
END_TEST

static void free_everything(const struct kube_proof *proof, const struct error *error, void *context)
{
    (void)error;
    ck_assert_ptr_nonnull(proof);
    kube_credential_free(credential);
    credential = NULL;
    *(bool *)context = true;
}

START_TEST(a_credential_can_be_freed_by_whom_it_calls)
{
    struct told told = {0};
    bool done = false;
    provide("{'token': 'abc'}");
    kube_credential_get(credential, 0, free_everything, &done);
    kube_credential_get(credential, 0, on_ready, &told);
    run_until(&done);
    loop_run(loop);
    ck_assert(!told.done);
}
END_TEST

Suite *suite_credential(void)
{
    Suite *suite = suite_create("credential");
    TCase *tests = tcase_create("credential");
    tcase_set_timeout(tests, 2 * PATIENCE_MS / 1000);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_token_is_at_hand);
    tcase_add_test(tests, nothing_to_prove_with_is_a_proof_too);
    tcase_add_test(tests, a_refused_token_says_why);
    tcase_add_test(tests, a_refused_certificate_says_why);
    tcase_add_test(tests, a_token_file_is_read_again_each_minute);
    tcase_add_test(tests, a_token_file_is_read_again_when_refused);
    tcase_add_test(tests, a_token_file_that_goes_away_leaves_the_last_token);
    tcase_add_test(tests, certificate_files_are_read_again);
    tcase_add_test(tests, many_who_ask_share_one_run);
    tcase_add_test(tests, a_plugin_runs_again_when_its_proof_ends);
    tcase_add_test(tests, a_plugin_runs_again_once_when_refused);
    tcase_add_test(tests, a_plugin_gives_a_certificate);
    tcase_add_test(tests, a_plugin_gets_no_stdin_but_its_variables);
    tcase_add_test(tests, a_plugin_that_fails_is_quoted_with_care);
    tcase_add_test(tests, a_plugin_that_fails_is_not_run_again_at_once);
    tcase_add_test(tests, a_plugin_that_prints_garbage_is_not_quoted);
    tcase_add_test(tests, a_plugin_that_floods_is_ended);
    tcase_add_test(tests, a_plugin_that_hangs_is_ended);
    tcase_add_test(tests, a_plugin_that_is_not_there_names_what_to_install);
    tcase_add_test(tests, who_cancels_is_not_called);
    tcase_add_test(tests, a_credential_can_be_freed_while_its_plugin_runs);
    tcase_add_test(tests, a_credential_can_be_freed_by_whom_it_calls);
    suite_add_tcase(suite, tests);
    return suite;
}
