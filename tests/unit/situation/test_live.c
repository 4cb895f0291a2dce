/* The whole way, against a simulated cluster: records, what lives, drift, and how it follows what others do. */
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "cluster.h"
#include "fixture.h"
#include "situation/json.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_live(void);

#define DEPLOYMENT "/apis/apps/v1/namespaces/shop/deployments/web"
#define CONFIGMAPS "/api/v1/namespaces/shop/configmaps"
#define SETTINGS   CONFIGMAPS "/settings"

static const struct picture_object *find_object(const struct picture *picture, const char *kind)
{
    for (size_t i = 0; i < picture->object_count; i++)
        if (text_equal(picture->objects[i].kind, kind))
            return &picture->objects[i];
    return NULL;
}

static const struct picture_hashes *find_hashes(const struct picture *picture, int revision)
{
    for (size_t i = 0; i < picture->hashes_count; i++)
        if (picture->hashes[i].revision == revision)
            return &picture->hashes[i];
    return NULL;
}

static const struct situation_options once = {.wants = SITUATION_EVERYTHING, .once = true};
static const struct situation_options living = {.wants = SITUATION_EVERYTHING};

START_TEST(everything_at_once)
{
    struct cluster *cluster = cluster_start(KUBE_READ_WRITE);
    struct situation *situation = cluster_watch(cluster, &once);
    const struct picture *picture = situation_picture(situation);
    ck_assert_int_eq(picture->live_revision, 2);
    ck_assert_int_eq(picture->target_revision, 1);
    ck_assert_uint_eq(picture->component_count, 1);
    const struct picture_component *web = &picture->components[0];
    ck_assert_str_eq(picture->changes->components[0].summary, "image, configuration: ConfigMap settings");
    ck_assert_str_eq(web->live.config_hash, picture->changes->components[0].from.config_hash);
    ck_assert_int_eq(web->drift, DRIFT_NONE);
    ck_assert_int_eq(web->desired, 2);
    ck_assert_uint_eq(web->running_count, 1);
    ck_assert_int_eq(picture->drifted, DRIFT_NONE);
    ck_assert(!picture->half_applied);
    ck_assert(!picture_nothing_to_roll_back(picture));
    ck_assert_uint_eq(picture->object_count, 3);
    ck_assert_int_eq(find_object(picture, "Deployment")->match, MATCH_LIVE);
    ck_assert_int_eq(picture->databases_part.state, PART_UNUSED);
    ck_assert_int_eq(picture->events_part.state, PART_LIVE);
    ck_assert(situation_check(situation, NULL));
    situation_free(situation);
    cluster_stop(cluster);
}
END_TEST

START_TEST(versions_and_what_the_target_orphans)
{
    struct cluster *cluster = cluster_start(KUBE_READ_WRITE);
    struct situation *situation = cluster_watch(cluster, &once);
    const struct picture *picture = situation_picture(situation);
    ck_assert_uint_eq(picture->api_count, 1);
    ck_assert_int_eq(picture->apis[0].part.state, PART_LIVE);
    json_t *json = situation_json_apis(picture);
    ck_assert_int_eq(json_integer_value(tree_get(json, "byVersion", "v1")), 1);
    ck_assert_int_eq(json_integer_value(tree_get(json, "byVersion", "v2")), 1);
    ck_assert_str_eq(json_string_value(json_array_get(tree_get(json, "deprecated"), 0)), "v1");
    ck_assert_uint_eq(json_array_size(tree_get(json, "orphanedBy", "1")), 1);
    ck_assert_str_eq(json_string_value(json_array_get(tree_get(json, "orphanedBy", "1"), 0)), "shop/new");
    json_decref(json);
    situation_free(situation);
    cluster_stop(cluster);
}
END_TEST

START_TEST(documents)
{
    struct cluster *cluster = cluster_start(KUBE_READ_WRITE);
    struct situation *situation = cluster_watch(cluster, &once);
    const struct picture *picture = situation_picture(situation);
    json_t *hashes = situation_json_hashes(picture, "shop", "shop"),
           *history = situation_json_history(picture, "shop", "shop");
    json_t *ages = situation_json_ages(picture, clock_boot_ms(loop_clock(cluster_loop(cluster))));
    ck_assert_int_eq(json_integer_value(tree_get(hashes, "from")), 2);
    ck_assert_int_eq(json_integer_value(tree_get(hashes, "to")), 1);
    ck_assert_str_eq(json_string_value(json_array_get(tree_get(hashes, "changed"), 0)), "web");
    ck_assert_uint_eq(json_array_size(tree_get(hashes, "unchanged")), 0);
    ck_assert_uint_eq(strlen(tree_text(json_array_get(tree_get(hashes, "components"), 0), "from", "imageHash")), 64);
    ck_assert(json_is_false(tree_get(json_array_get(tree_get(hashes, "components"), 0), "drift")));
    ck_assert_uint_eq(json_array_size(tree_get(hashes, "others")), 2);
    ck_assert_uint_eq(json_array_size(tree_get(history, "revisions")), 2);
    ck_assert(json_is_true(tree_get(json_array_get(tree_get(history, "revisions"), 1), "live")));
    ck_assert_str_eq(tree_text(ages, "live", "state"), "live");
    ck_assert_str_eq(tree_text(ages, "databases", "state"), "unused");
    json_decref(hashes);
    json_decref(history);
    json_decref(ages);
    situation_free(situation);
    cluster_stop(cluster);
}
END_TEST

static bool has_drifted(const struct picture *picture)
{
    return picture->component_count == 1 && picture->components[0].drift == DRIFT_YES;
}

static bool has_not_drifted(const struct picture *picture)
{
    return picture->component_count == 1 && picture->components[0].drift == DRIFT_NONE &&
           picture->components[0].desired == 2;
}

START_TEST(a_scale_shows_and_goes)
{
    struct cluster *cluster = cluster_start(KUBE_READ_WRITE);
    struct situation *situation = cluster_watch(cluster, &living);
    cluster_patch(cluster, DEPLOYMENT, "kubectl-edit", "{\"spec\":{\"replicas\":5}}");
    cluster_await(cluster, situation, has_drifted, "drift is seen");
    const struct picture_component *web = &situation_picture(situation)->components[0];
    ck_assert_str_eq(web->drift_manager, "kubectl-edit");
    ck_assert_uint_eq(web->drift_field_count, 1);
    ck_assert_str_eq(web->drift_fields[0].path, "spec.replicas");
    ck_assert_str_eq(web->drift_fields[0].from, "2");
    ck_assert_str_eq(web->drift_fields[0].to, "5");
    ck_assert_int_eq(web->desired, 5);
    cluster_patch(cluster, DEPLOYMENT, "kubectl-edit", "{\"spec\":{\"replicas\":2}}");
    cluster_await(cluster, situation, has_not_drifted, "drift is gone");
    situation_free(situation);
    cluster_stop(cluster);
}
END_TEST

START_TEST(a_storm_of_changes_settles)
{
    struct cluster *cluster = cluster_start(KUBE_READ_WRITE);
    struct situation *situation = cluster_watch(cluster, &living);
    for (int i = 0; i < 100; i++) {
        CLEANUP_FREE char *patch = memory_format("{\"metadata\":{\"annotations\":{\"storm\":\"%d\"}}}", i);
        cluster_patch(cluster, DEPLOYMENT, "storm", patch);
    }
    cluster_patch(cluster, DEPLOYMENT, "kubectl-edit", "{\"spec\":{\"replicas\":5}}");
    cluster_await(cluster, situation, has_drifted, "drift is seen");
    cluster_patch(cluster, DEPLOYMENT, "kubectl-edit", "{\"spec\":{\"replicas\":2}}");
    cluster_await(cluster, situation, has_not_drifted, "drift is gone");
    situation_free(situation);
    cluster_stop(cluster);
}
END_TEST

static bool stored_is_wrong(const struct picture *picture)
{
    return picture->component_count == 1 && picture->components[0].stored_hash_wrong;
}

static bool stored_is_gone(const struct picture *picture)
{
    return picture->component_count == 1 && !picture->components[0].stored_hash_wrong &&
           find_hashes(picture, 2)->resource_version == NULL;
}

START_TEST(stored_hashes)
{
    struct cluster *cluster = cluster_start(KUBE_READ_WRITE);
    struct situation_options options = living;
    options.decode_all = true;
    struct situation *situation = cluster_watch(cluster, &options);
    const struct picture *picture = situation_picture(situation);
    ck_assert_uint_eq(picture->hashes_count, 2);
    ck_assert_str_eq(find_hashes(picture, 1)->rows[0].image, "registry.example/web:1.0.0");
    ck_assert_ptr_null(find_hashes(picture, 2)->resource_version);
    cluster_create(
        cluster, CONFIGMAPS,
        "{\"metadata\":{\"name\":\"shop-component-hashes-r2\"},\"data\":{\"web-hash\":\"00\",\"web-config\":\"x\"}}");
    cluster_create(cluster, CONFIGMAPS,
                   "{\"metadata\":{\"name\":\"shop-component-hashes-r9\"},\"data\":{\"web-hash\":\"11\"}}");
    cluster_await(cluster, situation, stored_is_wrong, "the wrong hash is seen");
    picture = situation_picture(situation);
    ck_assert(find_hashes(picture, 2)->rows[0].wrong);
    ck_assert_str_eq(find_hashes(picture, 2)->rows[0].stored_image, "x");
    cluster_delete(cluster, CONFIGMAPS "/shop-component-hashes-r2");
    cluster_await(cluster, situation, stored_is_gone, "its end is seen");
    ck_assert_str_eq(find_hashes(situation_picture(situation), 9)->rows[0].hash, "");
    situation_free(situation);
    cluster_stop(cluster);
}
END_TEST

START_TEST(read_only_suspects)
{
    struct cluster *cluster = cluster_start(KUBE_READ_ONLY);
    cluster_patch(cluster, DEPLOYMENT, "kubectl-edit", "{\"spec\":{\"replicas\":5}}");
    struct situation *situation = cluster_watch(cluster, &once);
    const struct picture_component *web = &situation_picture(situation)->components[0];
    ck_assert_int_eq(web->drift, DRIFT_UNKNOWN);
    ck_assert_uint_eq(web->drift_field_count, 1);
    ck_assert_ptr_nonnull(strstr(web->drift_reason, "suspected: spec.replicas"));
    ck_assert_ptr_nonnull(strstr(web->drift_reason, "read-only"));
    ck_assert_int_eq(situation_picture(situation)->drifted, DRIFT_UNKNOWN);
    situation_free(situation);
    cluster_stop(cluster);
}
END_TEST

START_TEST(objects_beside_the_components_drift_too)
{
    struct cluster *cluster = cluster_start(KUBE_READ_WRITE);
    cluster_patch(cluster, SETTINGS, "kubectl-patch", "{\"data\":{\"level\":\"info\"}}");
    struct situation *situation = cluster_watch(cluster, &once);
    const struct picture *picture = situation_picture(situation);
    const struct picture_object *settings = find_object(picture, "ConfigMap");
    ck_assert_int_eq(settings->drift, DRIFT_YES);
    ck_assert_int_eq(settings->match, MATCH_TARGET);
    ck_assert_ptr_nonnull(strstr(settings->drift_reason, "still as in revision 1"));
    ck_assert(picture->half_applied);
    ck_assert_int_eq(picture->drifted, DRIFT_YES);
    situation_free(situation);

    cluster_delete(cluster, SETTINGS);
    situation = cluster_watch(cluster, &once);
    settings = find_object(situation_picture(situation), "ConfigMap");
    ck_assert_int_eq(settings->match, MATCH_MISSING);
    ck_assert_int_eq(settings->drift, DRIFT_YES);
    situation_free(situation);
    cluster_stop(cluster);
}
END_TEST

START_TEST(what_does_not_exist)
{
    struct cluster *cluster = cluster_start(KUBE_READ_WRITE);
    struct situation_options options = once;
    struct error error = {0};
    options.release = "nothing";
    struct situation *situation = cluster_watch(cluster, &options);
    ck_assert(!situation_check(situation, &error));
    ck_assert_int_eq(error.code, ERROR_NOT_FOUND);
    ck_assert_int_eq(situation_picture(situation)->components_part.state, PART_UNKNOWN);
    error_release(&error);
    situation_free(situation);

    options = once;
    options.to = 7;
    situation = cluster_watch(cluster, &options);
    ck_assert(!situation_check(situation, &error));
    ck_assert_int_eq(error.code, ERROR_NOT_FOUND);
    ck_assert_ptr_nonnull(strstr(error.hint, "1, 2"));
    error_release(&error);
    situation_free(situation);
    cluster_stop(cluster);
}
END_TEST

START_TEST(a_revision_with_itself_is_nothing_to_roll_back)
{
    struct cluster *cluster = cluster_start(KUBE_READ_WRITE);
    struct situation_options options = once;
    options.to = 2;
    struct situation *situation = cluster_watch(cluster, &options);
    ck_assert(picture_nothing_to_roll_back(situation_picture(situation)));
    ck_assert_int_eq(find_object(situation_picture(situation), "Deployment")->match, MATCH_BOTH);
    situation_free(situation);
    cluster_stop(cluster);
}
END_TEST

struct diff_result {
    struct loop *loop;
    bool done;
    struct object_diffs *diffs;
    int from, to;
    enum error_code code;
};

static void diffed(struct object_diffs *diffs, int from, int to, const struct error *error, void *context)
{
    struct diff_result *result = context;
    *result = (struct diff_result){result->loop, true, diffs, from, to, error != NULL ? error->code : ERROR_NONE};
    loop_stop(result->loop);
}

static struct diff_result run_diff(struct cluster *cluster, struct situation *situation, int from, int to, bool live)
{
    struct diff_result result = {.loop = cluster_loop(cluster)};
    situation_diff_start(situation, from, to, live, diffed, &result);
    loop_run_until(result.loop, &result.done, 60000);
    ck_assert(result.done);
    return result;
}

START_TEST(diffs)
{
    struct cluster *cluster = cluster_start(KUBE_READ_WRITE);
    cluster_patch(cluster, DEPLOYMENT, "kubectl-edit", "{\"spec\":{\"replicas\":5}}");
    struct situation *situation = cluster_watch(cluster, &once);
    struct diff_result result = run_diff(cluster, situation, 0, 0, false);
    ck_assert_int_eq(result.code, ERROR_NONE);
    ck_assert_int_eq(result.from, 2);
    ck_assert_int_eq(result.to, 1);
    ck_assert_uint_eq(result.diffs->count, 3);
    object_diffs_free(result.diffs);
    result = run_diff(cluster, situation, 0, 0, true);
    ck_assert_uint_eq(result.diffs->count, 1);
    CLEANUP_FREE char *text = object_diffs_unified(result.diffs, "revision 2", "live", 0);
    ck_assert_ptr_nonnull(strstr(text, "-  replicas: 2\n+  replicas: 5\n"));
    object_diffs_free(result.diffs);
    result = run_diff(cluster, situation, 9, 0, false);
    ck_assert_int_eq(result.code, ERROR_NOT_FOUND);
    ck_assert_ptr_null(result.diffs);
    situation_diff_cancel(situation_diff_start(situation, 0, 0, true, diffed, &result));
    situation_diff_start(situation, 0, 0, true, diffed, &result); /* goes with the situation */
    situation_free(situation);
    cluster_stop(cluster);
}
END_TEST

START_TEST(wants_come_and_go)
{
    struct cluster *cluster = cluster_start(KUBE_READ_WRITE);
    struct situation_options options = living;
    options.wants = SITUATION_HISTORY;
    struct situation *situation = cluster_watch(cluster, &options);
    ck_assert_int_eq(situation_picture(situation)->events_part.state, PART_UNUSED);
    ck_assert_ptr_null(situation_picture(situation)->changes);
    situation_want(situation, SITUATION_EVERYTHING);
    cluster_await(cluster, situation, has_not_drifted, "components");
    situation_want(situation, SITUATION_HISTORY);
    ck_assert_ptr_null(situation_picture(situation)->changes);
    ck_assert_uint_eq(situation_picture(situation)->component_count, 0);
    ck_assert_int_eq(situation_picture(situation)->live_revision, 2);
    situation_want(situation, SITUATION_EVERYTHING);
    situation_free(situation); /* in the midst of it */
    cluster_stop(cluster);
}
END_TEST

START_TEST(freed_at_any_time)
{
    struct cluster *cluster = cluster_start(KUBE_READ_WRITE);
    struct situation_options options = living;
    options.release = "shop";
    options.namespace = "shop";
    bool never = false;
    for (int limit = 0; limit < 40; limit += 3) {
        struct situation *situation = situation_new(cluster_client(cluster), &options);
        loop_run_until(cluster_loop(cluster), &never, limit);
        situation_free(situation);
    }
    cluster_stop(cluster);
}
END_TEST

Suite *suite_live(void)
{
    Suite *suite = suite_create("live");
    TCase *tests = tcase_create("live");
    tcase_set_timeout(tests, 180);
    tcase_add_test(tests, everything_at_once);
    tcase_add_test(tests, versions_and_what_the_target_orphans);
    tcase_add_test(tests, documents);
    tcase_add_test(tests, a_scale_shows_and_goes);
    tcase_add_test(tests, a_storm_of_changes_settles);
    tcase_add_test(tests, stored_hashes);
    tcase_add_test(tests, read_only_suspects);
    tcase_add_test(tests, objects_beside_the_components_drift_too);
    tcase_add_test(tests, what_does_not_exist);
    tcase_add_test(tests, a_revision_with_itself_is_nothing_to_roll_back);
    tcase_add_test(tests, diffs);
    tcase_add_test(tests, wants_come_and_go);
    tcase_add_test(tests, freed_at_any_time);
    suite_add_tcase(suite, tests);
    return suite;
}
