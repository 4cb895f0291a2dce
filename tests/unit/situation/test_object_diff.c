#include "base/memory.h"
#include "fixture.h"
#include "helm/manifest.h"
#include "situation/object_diff.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_object_diff(void);

static char *unified(const char *from, const char *to, size_t context)
{
    struct helm_record *before = fixture_record(2, from), *after = fixture_record(1, to);
    struct object_diffs *diffs = object_diffs_make(before->manifest, after->manifest);
    char *text = object_diffs_unified(diffs, "revision 2", "revision 1", context);
    object_diffs_free(diffs);
    helm_record_free(before);
    helm_record_free(after);
    return text;
}

START_TEST(as_diff_prints_it)
{
    CLEANUP_FREE char *text = unified(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: \"1\", b: \"2\", c: \"3\", d: \"4\", e: "
        "\"5\"}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: \"1\", b: x, c: \"3\", d: \"4\", e: \"5\"}\n",
        1);
    ck_assert_str_eq(text, "--- ConfigMap shop/c\trevision 2\n+++ ConfigMap shop/c\trevision 1\n@@ -3,3 +3,3 @@\n   a: "
                           "\"1\"\n-  b: \"2\"\n+  b: x\n   c: \"3\"\n");
}
END_TEST

START_TEST(added_and_removed_objects)
{
    static const char service[] = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n";
    CLEANUP_FREE char *added = unified("", service, 3);
    CLEANUP_FREE char *removed = unified(service, "", 3);
    ck_assert_str_eq(added, "--- /dev/null\trevision 2\n+++ Service shop/s\trevision 1\n@@ -0,0 +1,4 @@\n+apiVersion: "
                            "v1\n+kind: Service\n+metadata:\n+  name: s\n");
    ck_assert_ptr_nonnull(strstr(removed, "+++ /dev/null\trevision 1\n@@ -1,4 +0,0 @@\n"));
}
END_TEST

START_TEST(secrets_are_masked_and_their_change_is_seen)
{
    CLEANUP_FREE char *text =
        unified("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2, user: u}\n",
                "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter3, user: u}\n", 3);
    ck_assert_ptr_null(strstr(text, "hunter"));
    ck_assert_ptr_nonnull(strstr(text, "\n-  password: "));
    ck_assert_ptr_nonnull(strstr(text, "\n+  password: "));
    ck_assert_ptr_null(strstr(text, "-  user"));
}
END_TEST

START_TEST(hunks_stay_apart)
{
    struct text_of_lines {
        char from[2000], to[2000];
    } texts = {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n",
               "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n"};
    for (int i = 10; i < 40; i++) {
        size_t size = strlen(texts.from);
        snprintf(texts.from + size, sizeof texts.from - size, "  k%d: v\n", i);
        size = strlen(texts.to);
        snprintf(texts.to + size, sizeof texts.to - size, "  k%d: %s\n", i, i == 12 || i == 35 ? "w" : "v");
    }
    CLEANUP_FREE char *apart = unified(texts.from, texts.to, 3);
    CLEANUP_FREE char *together = unified(texts.from, texts.to, 20);
    ck_assert_ptr_nonnull(strstr(apart, "@@ -2,7 +2,7 @@"));
    ck_assert_ptr_nonnull(strstr(apart, "@@ -25,7 +25,7 @@"));
    ck_assert_ptr_null(strstr(strstr(together, "@@ -") + 4, "@@ -"));
}
END_TEST

START_TEST(staged_revisions)
{
    struct helm_record *before = fixture_revision(5), *after = fixture_revision(4);
    struct object_diffs *diffs = object_diffs_make(before->manifest, after->manifest);
    ck_assert_uint_eq(diffs->count, 4);
    ck_assert_str_eq(diffs->objects[0].kind, "CustomResourceDefinition");
    ck_assert_str_eq(diffs->objects[1].name, "cnpg-controller-manager");
    size_t added = 0, removed = 0;
    for (size_t i = 0; i < diffs->objects[2].line_count; i++) {
        added += diffs->objects[2].lines[i].kind == DIFF_ADDED;
        removed += diffs->objects[2].lines[i].kind == DIFF_REMOVED;
    }
    ck_assert_str_eq(diffs->objects[2].name, "sidecar-injector");
    ck_assert_uint_eq(added, 1);
    ck_assert_uint_eq(removed, 1);
    object_diffs_free(diffs);
    diffs = object_diffs_make(before->manifest, before->manifest);
    ck_assert_uint_eq(diffs->count, 0);
    object_diffs_free(diffs);
    helm_record_free(before);
    helm_record_free(after);
}
END_TEST

START_TEST(control_characters_are_visible)
{
    CLEANUP_FREE char *text =
        unified("", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: \"x\\e[31m\\u202e\"}\n", 3);
    ck_assert_ptr_null(strchr(text, '\x1b'));
    ck_assert_ptr_null(strstr(text, "\u202e"));
}
END_TEST

Suite *suite_object_diff(void)
{
    Suite *suite = suite_create("object_diff");
    TCase *tests = tcase_create("object_diff");
    tcase_add_test(tests, as_diff_prints_it);
    tcase_add_test(tests, added_and_removed_objects);
    tcase_add_test(tests, secrets_are_masked_and_their_change_is_seen);
    tcase_add_test(tests, hunks_stay_apart);
    tcase_add_test(tests, staged_revisions);
    tcase_add_test(tests, control_characters_are_visible);
    suite_add_tcase(suite, tests);
    return suite;
}
