#include "base/memory.h"
#include "base/text.h"
#include "fixture.h"
#include "situation/reads.h"
#include <check.h>
#include <stdlib.h>

Suite *suite_reads(void);

static void list(const char *kind, const char *name, const char *key, void *context)
{
    text_append_format(context, "%s/%s%s%s ", kind, name, key != NULL ? "." : "", key != NULL ? key : "");
}

START_TEST(everything_that_a_pod_reads)
{
    json_t *template = fixture_parse(
        "{'spec':{'imagePullSecrets':[{'name':'pull'}],'initContainers':[{'envFrom':[{'secretRef':{'name':'s1'}}]}],"
        "'containers':[{'envFrom':[{'configMapRef':{'name':'c1'}}],'env':[{'name':'A','value':'x'},{'name':'B','"
        "valueFrom':{'configMapKeyRef':"
        "{'name':'c2','key':'k'}}},{'name':'C','valueFrom':{'secretKeyRef':{'name':'s2','key':'k'}}}]}],"
        "'volumes':[{'configMap':{'name':'c3'}},{'secret':{'secretName':'s3'}},{'projected':{'sources':[{'configMap':{'"
        "name':'c4'}},"
        "{'secret':{'name':'s4'}},{'serviceAccountToken':{}}]}},{'emptyDir':{}}]}}");
    struct text found = {0};
    reads_each(template, list, &found);
    ck_assert_str_eq(
        text_peek(&found),
        "ConfigMap/c1 ConfigMap/c2.k Secret/s2.k Secret/s1 ConfigMap/c3 Secret/s3 ConfigMap/c4 Secret/s4 ");
    text_release(&found);
    json_decref(template);
}
END_TEST

START_TEST(odd_templates_read_nothing)
{
    json_t *template =
        fixture_parse("{'spec':{'containers':[{'envFrom':[{'configMapRef':{'name':7}},3]},'x'],'volumes':{'a':1}}}");
    struct text found = {0};
    reads_each(template, list, &found);
    reads_each(NULL, list, &found);
    ck_assert_str_eq(text_peek(&found), "");
    json_decref(template);
}
END_TEST

static char *changed(const char *env, const char *from, const char *to)
{
    CLEANUP_FREE char *json = memory_format("{'spec':{'containers':[%s]}}", env);
    json_t *template = fixture_parse(json);
    struct helm_record *before = fixture_record(2, from), *after = fixture_record(1, to);
    char *names = reads_changed("shop", template, template, before->manifest, after->manifest);
    helm_record_free(before);
    helm_record_free(after);
    json_decref(template);
    return names;
}

static const char whole[] = "{'envFrom':[{'configMapRef':{'name':'c'}}]}";
static const char one_key[] = "{'env':[{'valueFrom':{'configMapKeyRef':{'name':'c','key':'a'}}}]}";

START_TEST(the_key_that_is_read_counts)
{
    static const char from[] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: x, b: \"1\"}\n";
    static const char to[] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: x, b: \"2\"}\n";
    CLEANUP_FREE char *all = changed(whole, from, to);
    CLEANUP_FREE char *key = changed(one_key, from, to);
    ck_assert_str_eq(all, "ConfigMap c");
    ck_assert_ptr_null(key);
}
END_TEST

START_TEST(labels_do_not_count_but_absence_does)
{
    static const char from[] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: x}\n";
    static const char to[] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {x: y}}\ndata: {a: x}\n";
    CLEANUP_FREE char *labels = changed(whole, from, to);
    CLEANUP_FREE char *gone = changed(whole, from, "");
    CLEANUP_FREE char *never = changed(whole, "", "");
    ck_assert_ptr_null(labels);
    ck_assert_str_eq(gone, "ConfigMap c");
    ck_assert_ptr_null(never);
}
END_TEST

Suite *suite_reads(void)
{
    Suite *suite = suite_create("reads");
    TCase *tests = tcase_create("reads");
    tcase_add_test(tests, everything_that_a_pod_reads);
    tcase_add_test(tests, odd_templates_read_nothing);
    tcase_add_test(tests, the_key_that_is_read_counts);
    tcase_add_test(tests, labels_do_not_count_but_absence_does);
    suite_add_tcase(suite, tests);
    return suite;
}
