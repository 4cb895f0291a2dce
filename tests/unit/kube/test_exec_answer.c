#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/certificate.h"
#include "kube/credential_spec.h"
#include "kubeconfig_table.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_exec_answer(void);

#define V1 "client.authentication.k8s.io/v1"

static bool parse(const char *output, struct kube_exec_answer *ret_answer, struct error *error)
{
    return kube_exec_answer_parse(output, strlen(output), V1, ret_answer, error);
}

START_TEST(token_and_expiry)
{
    struct kube_exec_answer answer = {0};
    ck_assert(parse("{\"kind\": \"ExecCredential\", \"apiVersion\": \"" V1 "\", \"spec\": {}, \"status\": "
                    "{\"token\": \"abc.def\\n\", \"expirationTimestamp\": \"2026-11-20T10:00:00Z\"}}\n",
                    &answer, NULL));
    ck_assert_str_eq(answer.token, "abc.def");
    ck_assert_ptr_null(answer.cert_pem);
    int64_t wanted = 0;
    ck_assert(clock_parse("2026-11-20T10:00:00Z", &wanted));
    ck_assert_int_eq(answer.expires_wall_ms, wanted);
    kube_exec_answer_release(&answer);
}
END_TEST

/* client-go's decoder reads YAML as well. */
START_TEST(yaml_is_read_too)
{
    struct kube_exec_answer answer = {0};
    ck_assert(parse("kind: ExecCredential\napiVersion: " V1 "\nstatus: {token: abc, expirationTimestamp: null}\n",
                    &answer, NULL));
    ck_assert_str_eq(answer.token, "abc");
    ck_assert_int_eq(answer.expires_wall_ms, CLOCK_UNKNOWN);
    kube_exec_answer_release(&answer);
}
END_TEST

static char *certificate_answer(const char *cert_name, const char *key_name)
{
    CLEANUP_FREE char *cert_path = cert_name == NULL ? NULL : table_data(cert_name);
    CLEANUP_FREE char *key_path = key_name == NULL ? NULL : table_data(key_name);
    CLEANUP_FREE char *cert = cert_path == NULL ? NULL : table_read(cert_path);
    CLEANUP_FREE char *key = key_path == NULL ? NULL : table_read(key_path);
    json_t *tree = json_pack("{s:s, s:s, s:{s:s*, s:s*}}", "kind", "ExecCredential", "apiVersion", V1, "status",
                             "clientCertificateData", cert, "clientKeyData", key);
    char *output = json_dumps(tree, 0);
    json_decref(tree);
    return output;
}

START_TEST(certificates)
{
    static const struct {
        const char *cert;
        const char *key;
        bool fits;
    } cases[] = {
        {"pki/client.crt", "pki/client.key", true},
        {"pki/client.crt", "pki/other.key", false},
        {"pki/client.crt", "pki/locked.key", false},
        {"pki/client.crt", NULL, false},
        {NULL, "pki/client.key", false},
        {"pki/client.key", "pki/client.key", false},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        CLEANUP_FREE char *output = certificate_answer(cases[i].cert, cases[i].key);
        struct kube_exec_answer answer = {0};
        struct error error = {0};
        ck_assert_msg(parse(output, &answer, &error) == cases[i].fits, "case %zu: %s", i, error.message);
        ck_assert_msg((answer.cert_pem != NULL) == cases[i].fits, "case %zu", i);
        ck_assert_msg(cases[i].fits || strstr(error.message, "PRIVATE") == NULL, "%s", error.message);
        kube_exec_answer_release(&answer);
        error_release(&error);
    }
}
END_TEST

START_TEST(what_is_no_answer_is_refused_and_never_quoted)
{
    static const char *const cases[] = {
        "",
        "  \n",
        "geheim",
        "{\"geheim\"",
        "[\"geheim\"]",
        "{\"status\": {\"token\": \"geheim\"}}",
        "{\"kind\": \"Pod\", \"apiVersion\": \"" V1 "\", \"status\": {\"token\": \"geheim\"}}",
        "{\"kind\": \"ExecCredential\", \"apiVersion\": \"" V1 "beta1\", \"status\": {\"token\": \"geheim\"}}",
        "{\"kind\": \"ExecCredential\", \"apiVersion\": \"" V1 "\"}",
        "{\"kind\": \"ExecCredential\", \"apiVersion\": \"" V1 "\", \"status\": \"geheim\"}",
        "{\"kind\": \"ExecCredential\", \"apiVersion\": \"" V1 "\", \"status\": {}}",
        "{\"kind\": \"ExecCredential\", \"apiVersion\": \"" V1 "\", \"status\": {\"token\": \"\"}}",
        "{\"kind\": \"ExecCredential\", \"apiVersion\": \"" V1 "\", \"status\": {\"token\": 12345}}",
        "{\"kind\": \"ExecCredential\", \"apiVersion\": \"" V1 "\", \"status\": {\"token\": \"geheim\\r\\nX: y\"}}",
        "{\"kind\": \"ExecCredential\", \"apiVersion\": \"" V1 "\", \"status\": {\"token\": \"geheim\", "
        "\"expirationTimestamp\": \"tomorrow\"}}",
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        struct kube_exec_answer answer = {0};
        struct error error = {0};
        ck_assert_msg(!parse(cases[i], &answer, &error), "%s", cases[i]);
        ck_assert_ptr_null(answer.token);
        ck_assert_int_eq(error.code, ERROR_UNREACHABLE);
        ck_assert_msg(strstr(error.message, "geheim") == NULL && strstr(error.message, "12345") == NULL, "%s",
                      error.message);
        error_release(&error);
    }
}
END_TEST

START_TEST(a_web_token_tells_its_end)
{
    int64_t expiry = 0;
    /* {"alg":"none"} . {"sub":"jan","exp":1700000000} */
    ck_assert(kube_token_expiry("eyJhbGciOiJub25lIn0.eyJzdWIiOiJqYW4iLCJleHAiOjE3MDAwMDAwMDB9.c2ln", &expiry));
    ck_assert_int_eq(expiry, 1700000000000);
    static const char *const others[] = {
        "", "abc", "a.b", "a.b.c", "..", "a.%%%.c", "a.eyJleHAiOiJ4In0.c", "a.eyJleHAiOi0xfQ.c"};
    for (size_t i = 0; i < LENGTH_OF(others); i++)
        ck_assert_msg(!kube_token_expiry(others[i], &expiry), "%s", others[i]);
}
END_TEST

START_TEST(a_certificate_tells_its_end)
{
    CLEANUP_FREE char *path = table_data("pki/expired.crt");
    CLEANUP_FREE char *pem = table_read(path);
    int64_t expiry = 0;
    int64_t wanted = 0;
    ck_assert(kube_certificate_expiry(pem, &expiry));
    ck_assert(clock_parse("2021-01-01T00:00:00Z", &wanted));
    ck_assert_int_eq(expiry, wanted);
    ck_assert(!kube_certificate_expiry("no certificate", &expiry));
}
END_TEST

Suite *suite_exec_answer(void)
{
    Suite *suite = suite_create("exec_answer");
    TCase *tests = tcase_create("exec_answer");
    tcase_add_test(tests, token_and_expiry);
    tcase_add_test(tests, yaml_is_read_too);
    tcase_add_test(tests, certificates);
    tcase_add_test(tests, what_is_no_answer_is_refused_and_never_quoted);
    tcase_add_test(tests, a_web_token_tells_its_end);
    tcase_add_test(tests, a_certificate_tells_its_end);
    suite_add_tcase(suite, tests);
    return suite;
}
