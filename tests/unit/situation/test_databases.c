#include "base/text.h"
#include "base/tree.h"
#include "fixture.h"
#include "situation/databases.h"
#include <check.h>

Suite *suite_databases(void);

START_TEST(staged_clusters)
{
    json_t *list = fixture_json("clusters.json");
    size_t index, healthy = 0;
    json_t *item;
    json_array_foreach(tree_get(list, "items"), index, item)
    {
        struct database *database = database_make(item);
        struct picture_database row;
        database_picture(database, tree_text(item, "metadata", "namespace"), tree_text(item, "metadata", "name"), &row);
        healthy += row.healthy;
        if (text_equal(row.name, "audit")) {
            ck_assert(!row.healthy);
            ck_assert_str_eq(row.phase, "Failing over");
            ck_assert_int_eq(row.ready, 1);
            ck_assert_int_eq(row.instances, 2);
            ck_assert_str_eq(row.target_primary, "audit-2");
        }
        database_release(&row);
        database_free(database);
    }
    ck_assert_uint_eq(index, 6);
    ck_assert_uint_eq(healthy, 5);
    json_decref(list);
}
END_TEST

START_TEST(a_cluster_that_says_little)
{
    json_t *tree =
        fixture_parse("{'spec':{'instances':3,'imageName':'p:1'},'status':{'phase':'Cluster in healthy state'}}");
    struct database *database = database_make(tree);
    struct picture_database row;
    database_picture(database, "n", "c", &row);
    ck_assert(!row.healthy); /* readyInstances is absent: 0 */
    ck_assert_str_eq(row.image, "p:1");
    database_release(&row);
    database_free(database);
    json_decref(tree);
}
END_TEST

START_TEST(mixed_images_are_counted)
{
    static const char form[] =
        "{'metadata':{'labels':{'cnpg.io/"
        "cluster':'c'}},'spec':{'containers':[{'name':'postgres','image':'p:1'},{'name':'documentdb-gateway',"
        "'image':'g:1'}]},'status':{'containerStatuses':[{'name':'postgres','imageID':'x@sha256:aa'}]}}";
    static const char newer[] =
        "{'metadata':{'labels':{'cnpg.io/cluster':'c'}},'spec':{'containers':[{'name':'postgres','image':'p:2'}]}}";
    static const char ending[] =
        "{'metadata':{'deletionTimestamp':'x'},'spec':{'containers':[{'name':'postgres','image':'p:3'}]}}";
    const char *const pods[] = {newer, form, form, ending};
    struct picture_database row = {0};
    for (size_t i = 0; i < sizeof pods / sizeof *pods; i++) {
        json_t *tree = fixture_parse(pods[i]);
        struct pod *pod = pod_make(tree);
        database_add_pod(&row, pod);
        pod_free(pod);
        json_decref(tree);
    }
    database_finish(&row);
    ck_assert_uint_eq(row.postgres_count, 2);
    ck_assert_str_eq(row.postgres[0].image, "p:1");
    ck_assert_str_eq(row.postgres[0].digest, "sha256:aa");
    ck_assert_int_eq(row.postgres[0].pods, 2);
    ck_assert_str_eq(row.postgres[1].image, "p:2");
    ck_assert_uint_eq(row.gateway_count, 1);
    database_release(&row);
}
END_TEST

static void trouble_is(const char *json, const char *expected)
{
    json_t *tree = fixture_parse(json);
    struct pod *pod = pod_make(tree);
    ck_assert_str_eq(pod->trouble, expected);
    pod_free(pod);
    json_decref(tree);
}

START_TEST(why_a_pod_is_not_ready)
{
    trouble_is("{'status':{'containerStatuses':[{'name':'a','state':{'waiting':{'reason':'ImagePullBackOff','message':'"
               "Back-off'}}}]}}",
               "ImagePullBackOff: Back-off");
    trouble_is("{'status':{'containerStatuses':[{'state':{'waiting':{'reason':'ContainerCreating'}}}]}}", "");
    trouble_is("{'status':{'conditions':[{'type':'PodScheduled','status':'False','reason':'Unschedulable','message':'0/"
               "3 nodes'}]}}",
               "Unschedulable: 0/3 nodes");
    trouble_is("{'status':{'initContainerStatuses':[{'state':{'waiting':{'reason':'CrashLoopBackOff'}}}]}}",
               "CrashLoopBackOff");
    trouble_is("{}", "");
}
END_TEST

START_TEST(recorded_pods)
{
    json_t *list = fixture_json("pods.json");
    struct pod *pod = pod_make(json_array_get(tree_get(list, "items"), 0));
    ck_assert_str_eq(pod->cluster, "sandbox");
    ck_assert_uint_eq(pod->container_count, 2);
    ck_assert(pod->ready);
    pod_free(pod);
    json_decref(list);
}
END_TEST

Suite *suite_databases(void)
{
    Suite *suite = suite_create("databases");
    TCase *tests = tcase_create("databases");
    tcase_add_test(tests, staged_clusters);
    tcase_add_test(tests, a_cluster_that_says_little);
    tcase_add_test(tests, mixed_images_are_counted);
    tcase_add_test(tests, why_a_pod_is_not_ready);
    tcase_add_test(tests, recorded_pods);
    suite_add_tcase(suite, tests);
    return suite;
}
