#include "base/memory.h"
#include "base/redact.h"
#include "base/text.h"
#include "base/tree.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_redact(void);

#define JWT "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"

START_TEST(secrets_leave_text)
{
    static const struct {
        const char *text;
        const char *redacted;
    } table[] = {
        {"Authorization: Bearer abc", "Authorization: ‹redacted›"},
        {"authorization: basic YTpi\nnext", "authorization: ‹redacted›\nnext"},
        {"sent Bearer abcdefghijklmnop to it", "sent Bearer ‹redacted› to it"},
        {"the token " JWT " is old", "the token ‹redacted› is old"},
        {"x=" JWT, "x=‹redacted›"},
        {"https://user:pa:ss@host:6443/x?y", "https://‹redacted›@host:6443/x?y"},
        {"postgres://token@db/x", "postgres://‹redacted›@db/x"},
        {"http://u:p@ss@host/", "http://‹redacted›@host/"},
        {"psql host=db password=hunter2 user=x", "psql host=db password=‹redacted› user=x"},
        {"password='hunter 2' x", "password='‹redacted›' x"},
        {"{\"password\": \"hun\\\"ter2\", \"a\": 1}", "{\"password\": \"‹redacted›\", \"a\": 1}"},
        {"client-key-data: TFMwdEx", "client-key-data: ‹redacted›"},
        {"db_password: my long phrase\nuser: x", "db_password: ‹redacted›\nuser: x"},
        {"kubectl --token abc --user me", "kubectl --token ‹redacted› --user me"},
        {"helm --set auth.password=x,auth.user=y", "helm --set auth.password=‹redacted›,auth.user=y"},
        {"--kube-token=abc", "--kube-token=‹redacted›"},
        {"AWS_SECRET_ACCESS_KEY=abc/def+g", "AWS_SECRET_ACCESS_KEY=‹redacted›"},
        {"apiKey: abc, b: c", "apiKey: ‹redacted›, b: c"},
        {"a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb", "a\n‹redacted›\nb"},
        {"-----BEGIN PRIVATE KEY-----\nMIIE", "‹redacted›"},
        {"\"a\\n-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\nb\"", "\"a\\n‹redacted›\\nb\""},
        {"a\\npassword=x b\\n" JWT, "a\\npassword=‹redacted› b\\n‹redacted›"},
        {"{\\\"token\\\": \\\"abc\\\"}", "{\\\"token\\\": \\\"‹redacted›\\\"}"},
    };
    for (size_t i = 0; i < LENGTH_OF(table); i++) {
        char *redacted = redact_text(table[i].text);
        ck_assert_str_eq(redacted, table[i].redacted);
        char *again = redact_text(redacted);
        ck_assert_str_eq(again, redacted);
        free(redacted);
        free(again);
    }
}
END_TEST

/* Input that would take hours if looking ahead were not bounded. */
START_TEST(hostile_text_ends)
{
    static const char *const pieces[] = {"token:", "token:a b ", "-----BEGIN ", "-----BEGIN x",  "eyJ=",    "eyJa.",
                                         "://",    "://a@",      "bearer ",     "password=\"\\", "x-token "};
    for (size_t i = 0; i < LENGTH_OF(pieces); i++) {
        struct text text = {0};
        while (text.size < 1 << 20)
            text_append(&text, pieces[i]);
        free(redact_text(text_peek(&text)));
        text_release(&text);
    }
}
END_TEST

START_TEST(other_text_stays)
{
    static const char *const table[] = {
        "",
        "the bearer token expired",
        "cannot get a token: exec: no such file",
        "Secret default/db-password is missing",
        "secretName: tls",
        "imagePullSecrets: [a]",
        "tokenFile: /var/run/token",
        "https://host:6443/api/v1/x?a=b@c",
        "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
        "password",
        "password=",
        "--token",
        "monkey: banana",
        "eyJust a word",
        "a: b@c",
    };
    for (size_t i = 0; i < LENGTH_OF(table); i++) {
        char *redacted = redact_text(table[i]);
        ck_assert_str_eq(redacted, table[i]);
        free(redacted);
    }
}
END_TEST

static json_t *parse(const char *text)
{
    json_t *tree = NULL;
    ck_assert(tree_parse(text, strlen(text), &tree, NULL));
    return tree;
}

START_TEST(values_of_secrets_are_masked)
{
    json_t *secret = parse("{\"kind\": \"Secret\", \"metadata\": {\"name\": \"x\"}, \"data\": {\"a\": "
                           "\"aGVsbG8gd29ybGQh\", \"b\": \"aGVsbG8gd29ybGQh\","
                           " \"c\": \"***\", \"d\": 5, \"e\": \"\"}, \"stringData\": {\"f\": \"hello world!\"}}");
    redact_object(secret);
    const char *a = tree_text(secret, "data", "a");
    ck_assert(text_starts(a, "‹redacted, 12 bytes, "));
    ck_assert_str_eq(tree_text(secret, "data", "b"), a);
    ck_assert(text_starts(tree_text(secret, "data", "c"), "‹redacted, 3 bytes, "));
    ck_assert_str_eq(tree_text(secret, "data", "d"), REDACTED);
    ck_assert(text_starts(tree_text(secret, "data", "e"), "‹redacted, 0 bytes, "));
    ck_assert_str_eq(tree_text(secret, "stringData", "f"), a);
    ck_assert_str_ne(tree_text(secret, "data", "c"), a);
    ck_assert_str_eq(tree_text(secret, "metadata", "name"), "x");
    json_decref(secret);
}
END_TEST

static json_t *secret_with_copy(json_t *copy)
{
    return json_pack("{s:s, s:{s:{s:o, s:s}}}", "kind", "Secret", "metadata", "annotations",
                     "kubectl.kubernetes.io/last-applied-configuration", copy, "other", "stays");
}

START_TEST(copies_of_secrets_are_masked)
{
    json_t *inner = secret_with_copy(json_string("hunter2"));
    json_object_set_new(inner, "data", json_pack("{s:s}", "p", "aHVudGVyMg=="));
    char *text = json_dumps(inner, 0);
    json_t *secret = secret_with_copy(json_string(text));
    redact_object(secret);
    const char *copy = tree_text(secret, "metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration");
    ck_assert_ptr_nonnull(strstr(copy, "\"p\":\"‹redacted, 7 bytes, "));
    ck_assert_ptr_null(strstr(copy, "hunter2"));
    ck_assert_str_eq(tree_text(secret, "metadata", "annotations", "other"), "stays");
    json_decref(secret);
    json_decref(inner);
    free(text);
    secret = secret_with_copy(json_string("{\"data\": {\"p\": \"hunter2\""));
    redact_object(secret);
    ck_assert_str_eq(tree_text(secret, "metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"),
                     REDACTED);
    json_decref(secret);
}
END_TEST

START_TEST(lists_of_secrets_are_masked)
{
    json_t *list = parse("{\"kind\": \"SecretList\", \"items\": [{\"data\": {\"a\": \"YQ==\"}}, 5]}");
    redact_object(list);
    ck_assert(
        text_starts(tree_text(json_array_get(json_object_get(list, "items"), 0), "data", "a"), "‹redacted, 1 byte, "));
    json_decref(list);
    list = parse("{\"kind\": \"List\", \"items\": [{\"kind\": \"ConfigMap\", \"data\": {\"a\": \"b\"}}, {\"kind\": "
                 "\"Secret\", \"data\": {\"a\": \"YQ==\"}}]}");
    redact_object(list);
    ck_assert_str_eq(tree_text(json_array_get(json_object_get(list, "items"), 0), "data", "a"), "b");
    ck_assert(text_starts(tree_text(json_array_get(json_object_get(list, "items"), 1), "data", "a"), "‹redacted"));
    json_decref(list);
}
END_TEST

START_TEST(other_kinds_are_left_alone)
{
    json_t *map = parse("{\"kind\": \"ConfigMap\", \"data\": {\"a\": \"b\"}}");
    json_t *before = json_deep_copy(map);
    redact_object(map);
    ck_assert(tree_equal(map, before));
    redact_object(NULL);
    json_decref(map);
    json_decref(before);
}
END_TEST

Suite *suite_redact(void)
{
    Suite *suite = suite_create("redact");
    TCase *tests = tcase_create("redact");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, secrets_leave_text);
    tcase_add_test(tests, hostile_text_ends);
    tcase_add_test(tests, other_text_stays);
    tcase_add_test(tests, values_of_secrets_are_masked);
    tcase_add_test(tests, copies_of_secrets_are_masked);
    tcase_add_test(tests, lists_of_secrets_are_masked);
    tcase_add_test(tests, other_kinds_are_left_alone);
    suite_add_tcase(suite, tests);
    return suite;
}
