#include "base/clock.h"
#include "base/memory.h"
#include "helm/driver.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_driver(void);

START_TEST(driver_is_read_as_helm_reads_it)
{
    static const struct {
        const char *text;
        enum helm_driver driver;
    } good[] = {{NULL, HELM_SECRETS},           {"", HELM_SECRETS},
                {"secret", HELM_SECRETS},       {"secrets", HELM_SECRETS},
                {"configmap", HELM_CONFIGMAPS}, {"configmaps", HELM_CONFIGMAPS}};
    for (size_t i = 0; i < LENGTH_OF(good); i++) {
        enum helm_driver driver = HELM_CONFIGMAPS;
        ck_assert(helm_driver_parse(good[i].text, &driver, NULL));
        ck_assert_int_eq((int)driver, (int)good[i].driver);
    }
    enum helm_driver driver = HELM_SECRETS;
    struct error error = {0};
    ck_assert(!helm_driver_parse("sql\x1b[2J", &driver, &error));
    ck_assert_int_eq(error.code, ERROR_USAGE);
    ck_assert_ptr_null(strchr(error.message, '\x1b'));
    ck_assert_ptr_nonnull(error.hint);
    error_release(&error);
}
END_TEST

START_TEST(names_that_a_release_can_have)
{
    static const char *const good[] = {"a",
                                       "shop",
                                       "web.v1",
                                       "a-b.c-d",
                                       "0",
                                       "documentdb-operator",
                                       "a2345678901234567890123456789012345678901234567890123"};
    for (size_t i = 0; i < LENGTH_OF(good); i++)
        ck_assert_msg(helm_driver_check_name(good[i], NULL), "%s", good[i]);
    static const char *const bad[] = {"",
                                      "-a",
                                      "a-",
                                      ".a",
                                      "a.",
                                      "a..b",
                                      "a-.b",
                                      "a.-b",
                                      "Shop",
                                      "a_b",
                                      "a,owner!=helm",
                                      "a b",
                                      "a\x1b[31m",
                                      "a=b",
                                      "\xc3\xa4",
                                      "a23456789012345678901234567890123456789012345678901234"};
    for (size_t i = 0; i < LENGTH_OF(bad); i++) {
        struct error error = {0};
        ck_assert_msg(!helm_driver_check_name(bad[i], &error), "%s", bad[i]);
        ck_assert_int_eq(error.code, ERROR_USAGE);
        ck_assert_ptr_null(strchr(error.message, '\x1b'));
        error_release(&error);
    }
}
END_TEST

START_TEST(record_names)
{
    CLEANUP_FREE char *name = helm_driver_record_name("my.app", 12);
    ck_assert_str_eq(name, "sh.helm.release.v1.my.app.v12");
    ck_assert_str_eq(helm_driver_resource(HELM_SECRETS)->plural, "secrets");
    ck_assert_str_eq(helm_driver_resource(HELM_CONFIGMAPS)->plural, "configmaps");
}
END_TEST

static struct record_label *read_label(const char *name, const char *release, const char *created, const char *modified)
{
    json_t *object = json_pack("{s: {s: s, s: s, s: {s: s, s: s, s: s, s: s*, s: s*}}}", "metadata", "name", name,
                               "creationTimestamp", "2026-11-20T10:00:00Z", "labels", "owner", "helm", "name", release,
                               "status", "deployed", "createdAt", created, "modifiedAt", modified);
    ck_assert_ptr_nonnull(object);
    struct record_label *label = record_label_make(object, NULL);
    json_decref(object);
    return label;
}

START_TEST(labels_tell_a_record_without_decoding_it)
{
    struct record_label *label = read_label("sh.helm.release.v1.my.app.v12", "my.app", "1763632800", NULL);
    ck_assert_str_eq(label->release, "my.app");
    ck_assert_int_eq(label->revision, 12);
    ck_assert_str_eq(label->status, "deployed");
    ck_assert_int_eq(label->created_ms, INT64_C(1763632800000));
    record_label_free(label);
}
END_TEST

START_TEST(a_record_written_again_keeps_its_own_time)
{
    struct record_label *label = read_label("sh.helm.release.v1.app.v1", "app", NULL, "1893456000");
    int64_t created = 0;
    ck_assert(clock_parse("2026-11-20T10:00:00Z", &created));
    ck_assert_int_eq(label->created_ms, created);
    record_label_free(label);
}
END_TEST

START_TEST(what_is_no_record_of_helm_s_is_passed_over)
{
    static const struct {
        const char *name;
        const char *release;
    } others[] = {
        {"sh.helm.release.v1.app.v1", "application"},
        {"sh.helm.release.v1.app.v1-backup", "app"},
        {"sh.helm.release.v1.app.v01", "app"},
        {"sh.helm.release.v1.app.v0", "app"},
        {"sh.helm.release.v1.app.v", "app"},
        {"sh.helm.release.v1.app.v9999999999", "app"},
        {"sh.helm.release.v1.app", "app"},
        {"sh.helm.release.v1..v1", ""},
        {"app.v1", "app"},
        {"", ""},
    };
    for (size_t i = 0; i < LENGTH_OF(others); i++)
        ck_assert_msg(read_label(others[i].name, others[i].release, NULL, NULL) == NULL, "%s", others[i].name);
    json_t *odd = json_pack("{s: {s: i, s: [s]}}", "metadata", "name", 7, "labels", "name");
    ck_assert_ptr_null(record_label_make(odd, NULL));
    json_decref(odd);
    ck_assert_ptr_null(record_label_make(NULL, NULL));
}
END_TEST

START_TEST(hostile_labels_are_no_time_and_no_status)
{
    json_t *object = json_pack("{s: {s: s, s: s, s: {s: s, s: s, s: i}}}", "metadata", "name",
                               "sh.helm.release.v1.app.v3", "creationTimestamp", "yesterday", "labels", "name", "app",
                               "createdAt", "99999999999999999999", "status", 5);
    struct record_label *label = record_label_make(object, NULL);
    json_decref(object);
    ck_assert_ptr_nonnull(label);
    ck_assert_str_eq(label->status, "");
    ck_assert(label->created_ms == CLOCK_UNKNOWN);
    record_label_free(label);
}
END_TEST

Suite *suite_driver(void)
{
    Suite *suite = suite_create("driver");
    TCase *tests = tcase_create("driver");
    tcase_add_test(tests, driver_is_read_as_helm_reads_it);
    tcase_add_test(tests, names_that_a_release_can_have);
    tcase_add_test(tests, record_names);
    tcase_add_test(tests, labels_tell_a_record_without_decoding_it);
    tcase_add_test(tests, a_record_written_again_keeps_its_own_time);
    tcase_add_test(tests, what_is_no_record_of_helm_s_is_passed_over);
    tcase_add_test(tests, hostile_labels_are_no_time_and_no_status);
    suite_add_tcase(suite, tests);
    return suite;
}
