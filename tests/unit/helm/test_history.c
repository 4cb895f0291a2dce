#include "base/memory.h"
#include "base/text.h"
#include "cluster.h"
#include "helm/history.h"
#include "helm/manifest.h"
#include "records.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_history(void);

enum { LIMIT_MS = 20000 };

/* A history in a test, and what it told. */
struct watching {
    struct cluster cluster;
    struct helm_history *history;
    bool complete;
    bool (*until)(const struct watching *watching); /* what is waited for */
    bool reached;
    size_t records; /* told by on_record */
    size_t changes;
};

static void changed(void *context)
{
    struct watching *watching = context;
    watching->changes++;
    if (watching->history == NULL)
        return;
    watching->complete = helm_history_complete(watching->history);
    watching->reached = watching->until == NULL ? watching->complete : watching->until(watching);
}

static void recorded(const struct helm_record *record, void *context)
{
    struct watching *watching = context;
    ck_assert_ptr_nonnull(record->manifest);
    watching->records++;
}

static void start(struct watching *watching, struct helm_history_options options)
{
    options.name = options.name == NULL ? "shop" : options.name;
    options.namespace = "ns";
    options.on_change = changed;
    options.context = watching;
    watching->history = helm_history_new(watching->cluster.client, &options);
}

static void wait_for(struct watching *watching, bool (*until)(const struct watching *watching))
{
    watching->until = until;
    watching->reached = until == NULL ? helm_history_complete(watching->history) : until(watching);
    ck_assert(loop_run_until(watching->cluster.loop, &watching->reached, LIMIT_MS));
}

static void stop(struct watching *watching)
{
    helm_history_free(watching->history);
    cluster_release(&watching->cluster);
}

static void put(struct watching *watching, int revision, const char *status, const char *description)
{
    CLEANUP_FREE char *content = memory_format("c%d", revision);
    cluster_put_record(&watching->cluster, "ns", "shop", revision, status, description, content);
}

/* Five revisions, the third failed. */
static void put_five(struct watching *watching)
{
    put(watching, 1, "superseded", "Install complete");
    put(watching, 2, "superseded", "Upgrade complete");
    put(watching, 3, "failed", "Upgrade \"shop\" failed: no");
    put(watching, 4, "superseded", "Upgrade complete");
    put(watching, 5, "deployed", "Upgrade complete");
}

static int live_of(const struct watching *watching)
{
    const struct helm_revision *row = helm_history_live(watching->history);
    return row == NULL ? 0 : row->revision;
}

static int target_of(const struct watching *watching)
{
    const struct helm_revision *row = helm_history_target(watching->history);
    return row == NULL ? 0 : row->revision;
}

static bool has_body(const struct watching *watching, int revision)
{
    const struct helm_revision *row = helm_history_find(watching->history, revision);
    return row != NULL && row->record != NULL && row->record->manifest != NULL;
}

static size_t gets_of(struct watching *watching, int revision)
{
    return cluster_find(&watching->cluster, "shop", revision)->gets;
}

START_TEST(only_what_the_answer_rests_on_is_read)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    put_five(&watching);
    start(&watching, (struct helm_history_options){.once = true});
    wait_for(&watching, NULL);
    ck_assert_uint_eq(helm_history_count(watching.history), 5);
    ck_assert_int_eq(live_of(&watching), 5);
    ck_assert_int_eq(target_of(&watching), 4);
    ck_assert(has_body(&watching, 5) && has_body(&watching, 4));
    ck_assert_uint_eq(watching.cluster.lists, 1);
    ck_assert_uint_eq(watching.cluster.gets, 2);
    ck_assert_int_eq((int)helm_history_freshness(watching.history), KUBE_LIVE);
    ck_assert_ptr_null(helm_history_reason(watching.history));
    for (size_t i = 0; i < 5; i++)
        ck_assert_int_eq(helm_history_at(watching.history, i)->revision, (int)i + 1);
    ck_assert_ptr_null(helm_history_find(watching.history, 6));
    ck_assert_str_eq(helm_history_target_reason(watching.history),
                     "Revision 4 is the newest before 5 with proof that it was deployed.");
    stop(&watching);
}
END_TEST

START_TEST(times_come_from_records_and_else_from_labels)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    put_five(&watching);
    start(&watching, (struct helm_history_options){.once = true});
    wait_for(&watching, NULL);
    char time[32];
    clock_format(helm_history_find(watching.history, 5)->updated_ms, time, sizeof time);
    ck_assert_str_eq(time, "2026-11-21T10:00:00Z");
    clock_format(helm_history_find(watching.history, 2)->updated_ms, time, sizeof time);
    ck_assert_str_eq(time, "2026-11-20T10:00:02Z");
    stop(&watching);
}
END_TEST

START_TEST(every_record_when_all_are_asked_for)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    put_five(&watching);
    for (int revision = 6; revision <= 12; revision++)
        put(&watching, revision, "failed", "Upgrade \"shop\" failed: no");
    start(&watching, (struct helm_history_options){.once = true, .decode_all = true, .on_record = recorded});
    wait_for(&watching, NULL);
    ck_assert_uint_eq(watching.cluster.gets, 12);
    ck_assert_uint_eq(watching.records, 12);
    for (int revision = 1; revision <= 12; revision++) {
        ck_assert_ptr_nonnull(helm_history_find(watching.history, revision)->record);
        ck_assert(has_body(&watching, revision) == (revision == 12 || revision == 5));
    }
    ck_assert_int_eq(live_of(&watching), 12);
    ck_assert_int_eq(target_of(&watching), 5);
    stop(&watching);
}
END_TEST

static bool all_are_read(const struct watching *watching)
{
    for (size_t i = 0; i < helm_history_count(watching->history); i++)
        if (helm_history_at(watching->history, i)->record == NULL)
            return false;
    return true;
}

START_TEST(facts_that_are_asked_for_later_hold_nothing_up)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    put_five(&watching);
    start(&watching, (struct helm_history_options){0});
    wait_for(&watching, NULL);
    ck_assert_uint_eq(watching.cluster.gets, 2);
    helm_history_want_all(watching.history);
    helm_history_want_all(watching.history);
    ck_assert(helm_history_complete(watching.history));
    ck_assert_int_eq(target_of(&watching), 4);
    wait_for(&watching, all_are_read);
    ck_assert_uint_eq(watching.cluster.gets, 5);
    ck_assert(has_body(&watching, 4) && !has_body(&watching, 1)); /* facts, not bodies */
    stop(&watching);
}
END_TEST

START_TEST(a_damaged_record_leaves_the_others_alone)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    put_five(&watching);
    cluster_put(&watching.cluster, "ns", "shop", 4, "superseded", "%%%");
    start(&watching, (struct helm_history_options){.once = true, .decode_all = true});
    wait_for(&watching, NULL);
    const struct helm_revision *row = helm_history_find(watching.history, 4);
    ck_assert_ptr_null(row->record);
    ck_assert_msg(strstr(row->error, "revision 4 is damaged") != NULL, "%s", row->error);
    ck_assert_int_eq((int)row->once_deployed, HELM_PROOF_UNPROVEN);
    ck_assert_int_eq(target_of(&watching), 2);
    ck_assert(has_body(&watching, 2));
    ck_assert_uint_eq(gets_of(&watching, 4), 1);
    stop(&watching);
}
END_TEST

START_TEST(a_record_without_data_or_of_another_revision_is_damaged)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    put_five(&watching);
    cluster_put(&watching.cluster, "ns", "shop", 4, "superseded", NULL);
    CLEANUP_FREE char *other = memory_text(cluster_find(&watching.cluster, "shop", 1)->data);
    cluster_put(&watching.cluster, "ns", "shop", 2, "superseded", other);
    start(&watching, (struct helm_history_options){.once = true});
    wait_for(&watching, NULL);
    ck_assert_ptr_nonnull(strstr(helm_history_find(watching.history, 4)->error, "data.release"));
    ck_assert_ptr_nonnull(strstr(helm_history_find(watching.history, 2)->error, "revision 1"));
    ck_assert_int_eq(target_of(&watching), 1);
    stop(&watching);
}
END_TEST

START_TEST(a_record_that_may_not_be_read_says_so)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    put_five(&watching);
    cluster_find(&watching.cluster, "shop", 5)->refused = 403;
    cluster_find(&watching.cluster, "shop", 4)->refused = 404; /* pruned meanwhile */
    start(&watching, (struct helm_history_options){.once = true});
    wait_for(&watching, NULL);
    ck_assert_int_eq(live_of(&watching), 5);
    ck_assert_ptr_nonnull(helm_history_find(watching.history, 5)->error);
    ck_assert_ptr_nonnull(helm_history_find(watching.history, 4)->error);
    ck_assert_int_eq(target_of(&watching), 2);
    stop(&watching);
}
END_TEST

START_TEST(a_name_that_is_anothers_prefix)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    put(&watching, 1, "deployed", "Install complete");
    cluster_put_record(&watching.cluster, "ns", "shop.v1", 2, "deployed", "Install complete", "x");
    cluster_put_record(&watching.cluster, "ns", "shop-front", 3, "deployed", "Install complete", "x");
    cluster_put_record(&watching.cluster, "other", "shop", 4, "deployed", "Install complete", "x");
    start(&watching, (struct helm_history_options){.once = true});
    wait_for(&watching, NULL);
    ck_assert_uint_eq(helm_history_count(watching.history), 1);
    ck_assert_int_eq(live_of(&watching), 1);
    ck_assert_int_eq(target_of(&watching), 0);
    stop(&watching);
}
END_TEST

START_TEST(no_such_release)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    put_five(&watching);
    start(&watching, (struct helm_history_options){.once = true, .name = "shopp"});
    ck_assert(!helm_history_complete(watching.history));
    ck_assert_str_eq(helm_history_target_reason(watching.history), "");
    wait_for(&watching, NULL);
    ck_assert_uint_eq(helm_history_count(watching.history), 0);
    ck_assert_ptr_null(helm_history_reason(watching.history));
    ck_assert_ptr_null(helm_history_live(watching.history));
    stop(&watching);
}
END_TEST

START_TEST(a_forbidden_list_is_complete_with_its_reason)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    watching.cluster.list_refused = 403;
    start(&watching, (struct helm_history_options){.once = true});
    wait_for(&watching, NULL);
    ck_assert_uint_eq(helm_history_count(watching.history), 0);
    ck_assert_ptr_nonnull(helm_history_reason(watching.history));
    ck_assert_int_eq(helm_history_reason(watching.history)->code, ERROR_FORBIDDEN);
    ck_assert_int_eq((int)helm_history_freshness(watching.history), KUBE_UNKNOWN);
    ck_assert_str_eq(helm_history_target_reason(watching.history), "");
    stop(&watching);
}
END_TEST

START_TEST(records_in_config_maps)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    watching.cluster.configmaps = true;
    put_five(&watching);
    start(&watching, (struct helm_history_options){.once = true, .driver = HELM_CONFIGMAPS});
    wait_for(&watching, NULL);
    ck_assert_int_eq(target_of(&watching), 4);
    ck_assert_ptr_null(helm_history_find(watching.history, 4)->error);
    stop(&watching);
}
END_TEST

START_TEST(real_records)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    static const char *const statuses[] = {"superseded", "failed", "superseded", "deployed"};
    for (int revision = 2; revision <= 5; revision++) {
        CLEANUP_FREE char *file = memory_format("documentdb-operator.v%d", revision);
        size_t size = 0;
        CLEANUP_FREE char *data = records_read(file, &size);
        cluster_put(&watching.cluster, "ns", "documentdb-operator", revision, statuses[revision - 2], data);
    }
    start(&watching, (struct helm_history_options){.once = true, .decode_all = true, .name = "documentdb-operator"});
    wait_for(&watching, NULL);
    ck_assert_int_eq(live_of(&watching), 5);
    ck_assert_int_eq(target_of(&watching), 4);
    ck_assert_uint_eq(helm_history_live(watching.history)->record->manifest->count, 13);
    ck_assert_int_eq((int)helm_history_find(watching.history, 3)->once_deployed, HELM_PROOF_NO);
    stop(&watching);
}
END_TEST

static bool six_failed(const struct watching *watching)
{
    return helm_history_complete(watching->history) && live_of(watching) == 6 && target_of(watching) == 5 &&
           has_body(watching, 6) && text_equal(helm_history_find(watching->history, 6)->status, "failed");
}

START_TEST(a_failed_upgrade_is_seen_as_it_happens)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    put_five(&watching);
    start(&watching, (struct helm_history_options){0});
    wait_for(&watching, NULL);
    ck_assert_int_eq(target_of(&watching), 4);
    put(&watching, 6, "pending-upgrade", "Preparing upgrade");
    put(&watching, 6, "failed", "Upgrade \"shop\" failed: no");
    wait_for(&watching, six_failed);
    ck_assert_str_eq(helm_history_find(watching.history, 6)->record->description, "Upgrade \"shop\" failed: no");
    ck_assert_uint_eq(gets_of(&watching, 5), 1); /* once per version */
    ck_assert_uint_eq(gets_of(&watching, 4), 1);
    ck_assert(has_body(&watching, 5));
    ck_assert(!has_body(&watching, 4));
    stop(&watching);
}
END_TEST

static bool superseded_and_pruned(const struct watching *watching)
{
    return helm_history_complete(watching->history) && live_of(watching) == 6 && target_of(watching) == 5 &&
           helm_history_find(watching->history, 1) == NULL && helm_history_count(watching->history) == 5;
}

START_TEST(a_good_upgrade_prunes_the_oldest)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    put_five(&watching);
    start(&watching, (struct helm_history_options){.decode_all = true});
    wait_for(&watching, NULL);
    cluster_remove(&watching.cluster, "shop", 1);
    put(&watching, 5, "superseded", "Upgrade complete");
    put(&watching, 6, "deployed", "Upgrade complete");
    wait_for(&watching, superseded_and_pruned);
    ck_assert_uint_eq(gets_of(&watching, 5), 2); /* written again, read again */
    ck_assert_uint_eq(gets_of(&watching, 4), 1);
    stop(&watching);
}
END_TEST

static bool gone(const struct watching *watching)
{
    return helm_history_complete(watching->history) && helm_history_count(watching->history) == 0;
}

START_TEST(an_uninstallation_empties_the_history)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    put_five(&watching);
    start(&watching, (struct helm_history_options){0});
    wait_for(&watching, NULL);
    for (int revision = 1; revision <= 5; revision++)
        cluster_remove(&watching.cluster, "shop", revision);
    wait_for(&watching, gone);
    ck_assert_ptr_null(helm_history_live(watching.history));
    stop(&watching);
}
END_TEST

static bool first_is_whole(const struct watching *watching)
{
    return helm_history_complete(watching->history) && has_body(watching, 1);
}

START_TEST(wanted_records_are_kept_until_released)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    put_five(&watching);
    start(&watching, (struct helm_history_options){.once = true});
    helm_history_want(watching.history, 2);  /* before the list is there */
    helm_history_want(watching.history, 99); /* never comes */
    wait_for(&watching, NULL);
    ck_assert(has_body(&watching, 2));
    helm_history_want(watching.history, 1);
    helm_history_want(watching.history, 1);
    ck_assert(!helm_history_complete(watching.history));
    wait_for(&watching, first_is_whole);
    ck_assert_int_eq(target_of(&watching), 4);
    helm_history_release(watching.history, 1);
    helm_history_release(watching.history, 4);
    ck_assert(!has_body(&watching, 1));
    ck_assert_ptr_nonnull(helm_history_find(watching.history, 1)->record);
    ck_assert(has_body(&watching, 4));
    ck_assert_int_eq(target_of(&watching), 4);
    helm_history_want(watching.history, 1); /* asked for again: only its head was kept */
    wait_for(&watching, first_is_whole);
    ck_assert_uint_eq(gets_of(&watching, 1), 2);
    stop(&watching);
}
END_TEST

START_TEST(a_held_record_outlives_its_body)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    put_five(&watching);
    start(&watching, (struct helm_history_options){.once = true});
    helm_history_want(watching.history, 1);
    wait_for(&watching, first_is_whole);
    const struct helm_record *held = helm_record_hold(helm_history_find(watching.history, 1)->record);
    helm_history_release(watching.history, 1);
    ck_assert(!has_body(&watching, 1));
    ck_assert_uint_eq(held->manifest->count, 1);
    stop(&watching);
    ck_assert_str_eq(held->manifest->objects[0].name, "shop");
    helm_record_free(held);
}
END_TEST

/* Freed at every stage of its loading, it never calls back; the sanitizer sees what would be left. */
START_TEST(freed_at_any_time)
{
    struct watching watching = {0};
    cluster_init(&watching.cluster);
    put_five(&watching);
    start(&watching, (struct helm_history_options){.decode_all = true, .once = _i % 2 == 0});
    for (int step = 0; step < _i; step++)
        uv_run(loop_uv(watching.cluster.loop), UV_RUN_NOWAIT);
    helm_history_free(watching.history);
    watching.history = NULL;
    size_t changes = watching.changes;
    bool never = false;
    loop_run_until(watching.cluster.loop, &never, 20);
    ck_assert_uint_eq(watching.changes, changes);
    stop(&watching);
}
END_TEST

Suite *suite_history(void)
{
    Suite *suite = suite_create("history");
    TCase *tests = tcase_create("history");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, only_what_the_answer_rests_on_is_read);
    tcase_add_test(tests, times_come_from_records_and_else_from_labels);
    tcase_add_test(tests, every_record_when_all_are_asked_for);
    tcase_add_test(tests, facts_that_are_asked_for_later_hold_nothing_up);
    tcase_add_test(tests, a_damaged_record_leaves_the_others_alone);
    tcase_add_test(tests, a_record_without_data_or_of_another_revision_is_damaged);
    tcase_add_test(tests, a_record_that_may_not_be_read_says_so);
    tcase_add_test(tests, a_name_that_is_anothers_prefix);
    tcase_add_test(tests, no_such_release);
    tcase_add_test(tests, a_forbidden_list_is_complete_with_its_reason);
    tcase_add_test(tests, records_in_config_maps);
    tcase_add_test(tests, real_records);
    tcase_add_test(tests, a_failed_upgrade_is_seen_as_it_happens);
    tcase_add_test(tests, a_good_upgrade_prunes_the_oldest);
    tcase_add_test(tests, an_uninstallation_empties_the_history);
    tcase_add_test(tests, wanted_records_are_kept_until_released);
    tcase_add_test(tests, a_held_record_outlives_its_body);
    tcase_add_loop_test(tests, freed_at_any_time, 0, 24);
    suite_add_tcase(suite, tests);
    return suite;
}
