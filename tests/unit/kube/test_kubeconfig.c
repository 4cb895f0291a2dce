#include "base/memory.h"
#include "base/text.h"
#include "kube/credential_spec.h"
#include "kube/kubeconfig.h"
#include "kube/kubeconfig_parts.h"
#include "kubeconfig_table.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_kubeconfig(void);

static const char *wanted(const json_t *expect, const char *key)
{
    return json_string_value(json_object_get(expect, key));
}

static bool expects(const json_t *expect, const char *key)
{
    return json_object_get(expect, key) != NULL;
}

static void check_text(const char *name, const json_t *expect, const char *key, const char *is)
{
    if (expects(expect, key) && !text_equal(is, wanted(expect, key)))
        ck_abort_msg("%s: %s is '%s'", name, key, is != NULL ? is : "(nothing)");
}

static void check_flag(const char *name, const json_t *expect, const char *key, bool is)
{
    if (expects(expect, key) && is != json_is_true(json_object_get(expect, key)))
        ck_abort_msg("%s: %s is %s", name, key, is ? "true" : "false");
}

static void check_error(const char *name, const json_t *expect, const struct error *error)
{
    ck_assert_msg(error->hint != NULL, "%s: no hint: %s", name, error->message);
    CLEANUP_FREE char *said = memory_format("%s %s", error->message, error->hint);
    if (error->code != (enum error_code)json_integer_value(json_object_get(expect, "error")))
        ck_abort_msg("%s: code %d: %s", name, (int)error->code, said);
    const json_t *says = json_object_get(expect, "says");
    for (size_t i = 0; i < json_array_size(says); i++) {
        if (strstr(said, json_string_value(json_array_get(says, i))) == NULL)
            ck_abort_msg("%s: says '%s'", name, said);
    }
    const char *never = wanted(expect, "never");
    ck_assert_msg(never == NULL || strstr(said, never) == NULL, "%s: tells a secret: %s", name, said);
}

static void check_authorization(const char *name, const json_t *expect, const struct kube_credential_spec *spec)
{
    CLEANUP_FREE char *is = NULL;
    if (spec->exec != NULL)
        return;
    if (spec->token != NULL)
        is = kube_token_authorization(spec->token);
    else if (spec->username != NULL)
        is = kube_basic_authorization(spec->username, spec->password);
    check_text(name, expect, "authorization", is);
}

static void check_certificate(const char *name, const json_t *expect, const struct kube_credential_spec *spec)
{
    if (!expects(expect, "certificate"))
        return;
    const char *who = wanted(expect, "certificate");
    if (who == NULL) {
        ck_assert_msg(spec->cert_pem == NULL, "%s: has a certificate", name);
        return;
    }
    CLEANUP_FREE char *cert_path = memory_format("pki/%s.crt", who);
    CLEANUP_FREE char *key_path = memory_format("pki/%s.key", who);
    CLEANUP_FREE char *cert = table_read(cert_path);
    CLEANUP_FREE char *key = table_read(key_path);
    ck_assert_msg(text_equal(cert, spec->cert_pem), "%s: another certificate", name);
    ck_assert_msg(text_equal(key, spec->key_pem), "%s: another key", name);
}

static size_t count_header(const json_t *lines, const char *header, const char *value)
{
    CLEANUP_FREE char *line = memory_format("%s: %s", header, value);
    for (size_t i = 0; i < json_array_size(lines); i++) {
        if (text_equal(json_string_value(json_array_get(lines, i)), line))
            return 1;
    }
    return 0;
}

static void check_impersonation(const char *name, const json_t *expect, const struct kube_config *config)
{
    const json_t *lines = json_object_get(expect, "impersonate");
    size_t found = 0;
    size_t total = 0;
    if (lines == NULL)
        return;
    if (config->as_user != NULL)
        total++, found += count_header(lines, "Impersonate-User", config->as_user);
    if (config->as_uid != NULL)
        total++, found += count_header(lines, "Impersonate-Uid", config->as_uid);
    for (size_t i = 0; i < kube_texts_count(config->as_groups); i++)
        total++, found += count_header(lines, "Impersonate-Group", config->as_groups[i]);
    for (size_t i = 0; i < kube_texts_count(config->as_extra); i++) {
        CLEANUP_FREE char *key = memory_text_part(config->as_extra[i], strcspn(config->as_extra[i], "="));
        CLEANUP_FREE char *header = memory_format("Impersonate-Extra-%s", key);
        total++, found += count_header(lines, header, config->as_extra[i] + strlen(key) + 1);
    }
    ck_assert_msg(total == json_array_size(lines) && found == total,
                  "%s: impersonates with %zu headers, %zu of them right", name, total, found);
}

static void check_plugin(const char *name, const json_t *expect, const struct kube_exec_spec *exec)
{
    ck_assert_msg((exec != NULL) == expects(expect, "exec"), "%s: plugin or none", name);
    if (exec == NULL)
        return;
    ck_assert_msg(text_ends(exec->arguments[0], wanted(expect, "exec")), "%s: runs %s", name, exec->arguments[0]);
    if (!expects(expect, "exec-info"))
        return;
    const char *told = exec->environment[kube_texts_count(exec->environment) - 1];
    ck_assert(text_starts(told, "KUBERNETES_EXEC_INFO="));
    json_t *tree = json_loads(strchr(told, '=') + 1, 0, NULL);
    ck_assert_msg(json_equal(tree, json_object_get(expect, "exec-info")), "%s: is told %s", name, told);
    json_decref(tree);
    ck_assert_str_eq(exec->environment[0], "GREETING=hello there");
    ck_assert_str_eq(exec->arguments[2], "second argument");
    ck_assert_ptr_null(exec->arguments[3]);
}

static void check_config(const char *name, const json_t *expect, const struct kube_config *config)
{
    check_text(name, expect, "server", config->server);
    check_text(name, expect, "namespace", config->namespace);
    check_text(name, expect, "context", config->context);
    check_text(name, expect, "cluster", config->cluster);
    check_text(name, expect, "user", config->user);
    check_text(name, expect, "source", config->source);
    check_text(name, expect, "name", config->server_name);
    check_text(name, expect, "proxy", config->proxy);
    check_flag(name, expect, "insecure", config->insecure);
    check_flag(name, expect, "compression", !config->disable_compression);
    check_authorization(name, expect, config->credential);
    check_certificate(name, expect, config->credential);
    check_impersonation(name, expect, config);
    check_plugin(name, expect, config->credential->exec);
}

/* The table that check-kubeconfigs.py has compared with the real kubectl. */
START_TEST(read_as_kubectl_does)
{
    CLEANUP_FREE char *name = NULL;
    json_t *run = NULL;
    json_t *expect = NULL;
    table_prepare((size_t)_i, &name, &run, &expect);
    const struct kube_config_options options = {
        .kubeconfig = wanted(run, "kubeconfig"),
        .context = wanted(run, "context"),
        .namespace = wanted(run, "namespace"),
    };
    struct kube_config *config = NULL;
    struct error error = {0};
    bool loaded = kube_config_load(&options, &config, &error);
    ck_assert_msg(loaded != expects(expect, "error"), "%s: %s", name, loaded ? "is accepted" : error.message);
    if (loaded)
        check_config(name, expect, config);
    else
        check_error(name, expect, &error);
    ck_assert_msg(loaded || config == NULL, "%s: the result was touched", name);
    kube_config_free(config);
    error_release(&error);
    json_decref(run);
    json_decref(expect);
}
END_TEST

START_TEST(all_contexts_are_named)
{
    free(table_folder());
    table_write("first", "current-context: zeta\ncontexts: [{name: zeta}, {name: alpha, context: {}}]\n", 0600);
    table_write("second", "current-context: beta\ncontexts: [{name: beta}, {name: zeta}]\n", 0600);
    setenv("KUBECONFIG", "first:second", 1);
    char **names = NULL;
    char *current = NULL;
    const struct kube_config_options options = {0};
    ck_assert(kube_config_contexts(&options, &names, &current, NULL));
    ck_assert_uint_eq(kube_texts_count(names), 3);
    ck_assert_str_eq(names[0], "alpha");
    ck_assert_str_eq(names[1], "beta");
    ck_assert_str_eq(names[2], "zeta");
    ck_assert_str_eq(current, "zeta");
    kube_texts_free(names);
    free(current);
}
END_TEST

START_TEST(home_is_read_without_the_variable)
{
    CLEANUP_FREE char *folder = table_folder();
    table_write(".kube/config", "contexts: [{name: home, context: {}}]\n", 0600);
    setenv("HOME", folder, 1);
    setenv("KUBECONFIG", "", 1);
    char **names = NULL;
    char *current = NULL;
    const struct kube_config_options options = {0};
    ck_assert(kube_config_contexts(&options, &names, &current, NULL));
    ck_assert_str_eq(names[0], "home");
    ck_assert_ptr_null(current);
    kube_texts_free(names);
}
END_TEST

START_TEST(control_characters_never_reach_a_message)
{
    free(table_folder());
    table_write("config",
                "current-context: \"a\\e[31mb\"\n"
                "contexts: [{name: \"x\\e[2Jy\", context: {cluster: \"c\\u202e\", user: u}}]\n",
                0600);
    setenv("KUBECONFIG", "config", 1);
    static const char *const contexts[] = {NULL, "x\033[2Jy"};
    for (size_t i = 0; i < LENGTH_OF(contexts); i++) {
        const struct kube_config_options options = {.context = contexts[i]};
        struct kube_config *config = NULL;
        struct error error = {0};
        ck_assert(!kube_config_load(&options, &config, &error));
        CLEANUP_FREE char *said = memory_format("%s %s", error.message, error.hint != NULL ? error.hint : "");
        ck_assert_msg(strchr(said, '\033') == NULL && strstr(said, "\u202e") == NULL, "%s", said);
        error_release(&error);
    }
}
END_TEST

START_TEST(a_file_that_is_too_large_is_refused)
{
    free(table_folder());
    FILE *file = fopen("config", "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(ftruncate(fileno(file), (off_t)64 << 20), 0);
    ck_assert_int_eq(fclose(file), 0);
    const struct kube_config_options options = {.kubeconfig = "config"};
    struct kube_config *config = NULL;
    struct error error = {0};
    ck_assert(!kube_config_load(&options, &config, &error));
    ck_assert_int_eq(error.code, ERROR_INVALID);
    ck_assert_ptr_nonnull(strstr(error.message, "config"));
    error_release(&error);
}
END_TEST

/* Aliases that would grow to a billion items, nesting that would exhaust the stack: refused soon, with a place. */
START_TEST(hostile_yaml_is_refused)
{
    free(table_folder());
    struct text bomb = {0};
    text_append(&bomb, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++)
        text_append_format(&bomb, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i,
                           i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    struct text deep = {0};
    text_append(&deep, "contexts: ");
    for (int i = 0; i < 10000; i++)
        text_append_char(&deep, '[');
    const char *const hostile[] = {text_peek(&bomb), text_peek(&deep)};
    for (size_t i = 0; i < LENGTH_OF(hostile); i++) {
        table_write("config", hostile[i], 0600);
        const struct kube_config_options options = {.kubeconfig = "config"};
        struct kube_config *config = NULL;
        struct error error = {0};
        ck_assert(!kube_config_load(&options, &config, &error));
        ck_assert_int_eq(error.code, ERROR_INVALID);
        ck_assert_ptr_nonnull(strstr(error.message, "config:"));
        error_release(&error);
    }
    text_release(&bomb);
    text_release(&deep);
}
END_TEST

START_TEST(servers_are_normalised)
{
    static const struct {
        const char *given;
        const char *normal; /* NULL: refused */
    } cases[] = {
        {"https://host:6443", "https://host:6443"},
        {"https://host", "https://host"},
        {"https://host/", "https://host"},
        {"https://host///", "https://host"},
        {"HTTPS://Host:1/a/b/?x=1#y", "https://Host:1/a/b"},
        {"https://[fd00::1]:6443", "https://[fd00::1]:6443"},
        {"host:8080", "http://host:8080"},
        {"host", "http://host"},
        {"host:8080/", "http://host:8080"},
        {"host:8080/path", NULL},
        {"https://", NULL},
        {"https://host:port", NULL},
        {"https://host:99999", NULL},
        {"https://user@host", NULL},
        {"https://user:secret@host", NULL},
        {"https://host/a b", NULL},
        {"https://host\r\nX-Evil: 1", NULL},
        {"unix:///run/x", NULL},
        {"file:///etc/passwd", NULL},
        {"https://[::1", NULL},
    };
    for (size_t i = 0; i < LENGTH_OF(cases); i++) {
        CLEANUP_FREE char *normal = NULL;
        struct error error = {0};
        bool taken = kube_server_normalise(cases[i].given, &normal, &error);
        ck_assert_msg(text_equal(normal, cases[i].normal), "%s gives %s (%s)", cases[i].given,
                      taken ? normal : "an error", taken ? "" : error.message);
        ck_assert_msg(taken || strstr(error.message, "secret") == NULL, "%s", error.message);
        error_release(&error);
    }
}
END_TEST

Suite *suite_kubeconfig(void)
{
    Suite *suite = suite_create("kubeconfig");
    TCase *tests = tcase_create("kubeconfig");
    tcase_add_loop_test(tests, read_as_kubectl_does, 0, (int)table_count());
    tcase_add_test(tests, all_contexts_are_named);
    tcase_add_test(tests, home_is_read_without_the_variable);
    tcase_add_test(tests, control_characters_never_reach_a_message);
    tcase_add_test(tests, a_file_that_is_too_large_is_refused);
    tcase_add_test(tests, hostile_yaml_is_refused);
    tcase_add_test(tests, servers_are_normalised);
    suite_add_tcase(suite, tests);
    return suite;
}
