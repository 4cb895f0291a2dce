#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "fixture.h"
#include "situation/compare.h"
#include <check.h>
#include <stdlib.h>

Suite *suite_compare(void);

static void list_place(const struct place *place, const json_t *from, const json_t *to, void *context)
{
    struct text *found = context;
    CLEANUP_FREE char *path = place_text(place);
    text_append_format(found, "%s%s%s", found->size > 0 ? " " : "", from == NULL ? "+" : to == NULL ? "-" : "", path);
}

/* "spec.replicas -spec.paused +x": the places that differ. Owned by the caller. */
static char *differences(enum compare_scope scope, bool builtin, const char *kind, const char *from, const char *to)
{
    struct text found = {0};
    json_t *left = fixture_parse(from), *right = fixture_parse(to);
    struct compare compare = {scope, builtin, kind, list_place, &found};
    compare_trees(&compare, NULL, left, right);
    json_decref(left);
    json_decref(right);
    return text_steal(&found);
}

static void expect(enum compare_scope scope, const char *from, const char *to, const char *expected)
{
    CLEANUP_FREE char *found = differences(scope, true, "Deployment", from, to);
    ck_assert_str_eq(found, expected);
}

START_TEST(lists_are_matched_by_their_keys)
{
    expect(COMPARE_BOTH, "{'spec':{'containers':[{'name':'a','image':'x'},{'name':'b','image':'y'}]}}",
           "{'spec':{'containers':[{'name':'a','image':'x'},{'name':'b','image':'z'},{'name':'c'}]}}",
           "spec.containers[name=b].image +spec.containers[name=c]");
    expect(COMPARE_BOTH,
           "{'spec':{'containers':[{'name':'a','ports':[{'containerPort':1,'protocol':'TCP'},{'containerPort':1,'"
           "protocol':'UDP'}]}]}}",
           "{'spec':{'containers':[{'name':'a','ports':[{'containerPort':1},{'containerPort':2}]}]}}",
           "-spec.containers[name=a].ports[containerPort=1].protocol "
           "-spec.containers[name=a].ports[containerPort=1,protocol=UDP] "
           "+spec.containers[name=a].ports[containerPort=2]");
}
END_TEST

START_TEST(a_changed_order_is_a_difference_of_the_list)
{
    expect(COMPARE_BOTH, "{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}",
           "{'spec':{'containers':[{'name':'b'},{'name':'a'}]}}", "spec.containers");
    expect(COMPARE_MANIFEST, "{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}",
           "{'spec':{'containers':[{'name':'b'},{'name':'a'}]}}", "");
}
END_TEST

START_TEST(only_what_the_manifest_says_counts)
{
    expect(COMPARE_MANIFEST, "{'spec':{'replicas':2,'containers':[{'name':'a','image':'x'}]}}",
           "{'spec':{'replicas':2,'strategy':{},'containers':[{'name':'a','image':'x','imagePullPolicy':'Always'},{'"
           "name':'injected'}]}}",
           "");
    expect(COMPARE_MANIFEST, "{'spec':{'replicas':2}}", "{'spec':{'replicas':5}}", "spec.replicas");
    expect(COMPARE_MANIFEST, "{'spec':{'replicas':2}}", "{'spec':{}}", "-spec.replicas");
}
END_TEST

START_TEST(forms_that_the_server_changes)
{
    expect(COMPARE_MANIFEST, "{'resources':{'limits':{'cpu':'1000m','memory':'1024Mi'}}}",
           "{'resources':{'limits':{'cpu':'1','memory':'1Gi'}}}", "");
    expect(COMPARE_MANIFEST, "{'hostNetwork':false,'env':[],'a':null,'n':0,'t':'','o':{'x':[]}}", "{}", "");
    expect(COMPARE_MANIFEST, "{'a':null}", "{'a':'default'}", "");
    expect(COMPARE_MANIFEST, "{'replicas':2}", "{'replicas':2.0}", "");
    /* An environment variable is a text, not a quantity. */
    expect(COMPARE_MANIFEST, "{'spec':{'containers':[{'name':'a','env':[{'name':'N','value':'1000m'}]}]}}",
           "{'spec':{'containers':[{'name':'a','env':[{'name':'N','value':'1'}]}]}}",
           "spec.containers[name=a].env[name=N].value");
    /* Custom resources are kept as they were written. */
    CLEANUP_FREE char *custom = differences(COMPARE_MANIFEST, false, "Thing", "{'paused':false}", "{}");
    ck_assert_str_eq(custom, "-paused");
}
END_TEST

START_TEST(atomic_lists)
{
    expect(COMPARE_MANIFEST, "{'rules':[{'verbs':['get']}]}", "{'rules':[{'verbs':['get'],'x':1}]}", "");
    expect(COMPARE_MANIFEST, "{'rules':[{'verbs':['get']}]}", "{'rules':[{'verbs':['get']},{'verbs':['list']}]}",
           "+rules[1]");
    expect(COMPARE_MANIFEST, "{'rules':[1,2]}", "{'rules':[1]}", "-rules[1]");
    /* Without its key an element cannot be matched: the whole list is compared in its order. */
    expect(COMPARE_BOTH, "{'spec':{'containers':[{'image':'x'}]}}", "{'spec':{'containers':[{'image':'y'}]}}",
           "spec.containers[0].image");
}
END_TEST

START_TEST(repeated_keys_are_matched_in_their_order)
{
    expect(COMPARE_BOTH, "{'spec':{'containers':[{'name':'a','v':1},{'name':'a','v':2}]}}",
           "{'spec':{'containers':[{'name':'a','v':1},{'name':'a','v':3}]}}", "spec.containers[name=a].v");
}
END_TEST

START_TEST(projection_keeps_the_manifests_places_and_forms)
{
    json_t *manifest = fixture_parse("{'spec':{'resources':{'limits':{'cpu':'1000m'}},'hostNetwork':false,'containers':"
                                     "[{'name':'a','image':'x'}]}}");
    json_t *live = fixture_parse("{'spec':{'resources':{'limits':{'cpu':'1'}},'dns':'x','containers':[{'name':'i'},{'"
                                 "name':'a','image':'y','p':1}]}}");
    json_t *expected = fixture_parse("{'spec':{'resources':{'limits':{'cpu':'1000m'}},'hostNetwork':false,'containers':"
                                     "[{'name':'a','image':'y'}]}}");
    struct compare compare = {.scope = COMPARE_MANIFEST, .builtin = true, .kind = "Deployment"};
    json_t *projected = compare_project(&compare, manifest, live);
    ck_assert(tree_equal(projected, expected));
    json_decref(manifest);
    json_decref(live);
    json_decref(expected);
    json_decref(projected);
}
END_TEST

START_TEST(overlay_writes_what_the_manifest_says_and_keeps_the_rest)
{
    json_t *manifest = fixture_parse(
        "{'spec':{'replicas':2,'x':null,'containers':[{'name':'a','image':'x'},{'name':'new'}],'list':[{'k':1}]}}");
    json_t *live = fixture_parse("{'spec':{'replicas':5,'x':'kept','containers':[{'name':'i'},{'name':'a','image':'y','"
                                 "p':1}],'list':[{'k':1,'d':2}]},'m':1}");
    json_t *expected = fixture_parse(
        "{'spec':{'replicas':2,'x':'kept','containers':[{'name':'i'},{'name':'a','image':'x','p':1},{'name':'new'}],"
        "'list':[{'k':1,'d':2}]},'m':1}");
    struct compare compare = {.scope = COMPARE_MANIFEST, .builtin = true, .kind = "Deployment"};
    json_t *merged = compare_overlay(&compare, manifest, live);
    ck_assert(tree_equal(merged, expected));
    json_decref(manifest);
    json_decref(live);
    json_decref(expected);
    json_decref(merged);
}
END_TEST

START_TEST(a_list_too_long_to_match_is_atomic)
{
    json_t *long_list = json_array();
    for (int i = 0; i < 5000; i++)
        json_array_append_new(long_list, json_pack("{s:i}", "name", i));
    json_t *from = json_pack("{s:{s:o}}", "spec", "containers", long_list);
    json_t *to = json_deep_copy(from);
    json_object_set_new(json_array_get(json_object_get(json_object_get(to, "spec"), "containers"), 4999), "image",
                        json_string("x"));
    struct text found = {0};
    struct compare compare = {COMPARE_BOTH, true, "Deployment", list_place, &found};
    compare_trees(&compare, NULL, from, to);
    ck_assert_str_eq(text_peek(&found), "+spec.containers[4999].image");
    text_release(&found);
    json_decref(from);
    json_decref(to);
}
END_TEST

Suite *suite_compare(void)
{
    Suite *suite = suite_create("compare");
    TCase *tests = tcase_create("compare");
    tcase_add_test(tests, lists_are_matched_by_their_keys);
    tcase_add_test(tests, a_changed_order_is_a_difference_of_the_list);
    tcase_add_test(tests, only_what_the_manifest_says_counts);
    tcase_add_test(tests, forms_that_the_server_changes);
    tcase_add_test(tests, atomic_lists);
    tcase_add_test(tests, repeated_keys_are_matched_in_their_order);
    tcase_add_test(tests, projection_keeps_the_manifests_places_and_forms);
    tcase_add_test(tests, overlay_writes_what_the_manifest_says_and_keeps_the_rest);
    tcase_add_test(tests, a_list_too_long_to_match_is_atomic);
    suite_add_tcase(suite, tests);
    return suite;
}
