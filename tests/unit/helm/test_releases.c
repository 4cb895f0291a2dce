#include "base/memory.h"
#include "base/text.h"
#include "cluster.h"
#include "helm/releases.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_releases(void);

enum { LIMIT_MS = 20000 };

struct loading {
    struct cluster cluster;
    struct helm_releases_load *load;
    struct helm_releases *releases;
    struct error error;
    bool done;
};

static void done(struct helm_releases *releases, const struct error *error, void *context)
{
    struct loading *loading = context;
    ck_assert(!loading->done);
    loading->done = true;
    loading->load = NULL;
    loading->releases = releases;
    if (error != NULL)
        error_copy(&loading->error, error);
}

static void load(struct loading *loading, const char *namespace, bool long_form)
{
    loading->load = helm_releases_start(loading->cluster.client, HELM_SECRETS, namespace, long_form, done, loading);
    ck_assert(!loading->done);
    ck_assert(loop_run_until(loading->cluster.loop, &loading->done, LIMIT_MS));
}

static void stop(struct loading *loading)
{
    helm_releases_free(loading->releases);
    error_release(&loading->error);
    cluster_release(&loading->cluster);
}

static void put_some(struct loading *loading)
{
    struct cluster *cluster = &loading->cluster;
    cluster_put_record(cluster, "two", "shop", 1, "superseded", "Install complete", "x");
    cluster_put_record(cluster, "two", "shop", 9, "deployed", "Upgrade complete", "x");
    cluster_put_record(cluster, "two", "shop", 10, "failed", "Upgrade \"shop\" failed: no", "x");
    cluster_put_record(cluster, "two", "shop.v2", 3, "deployed", "Install complete", "x");
    cluster_put_record(cluster, "two", "front", 2, "pending-upgrade", "Preparing upgrade", "x");
    cluster_put_record(cluster, "one", "zoo", 4, "uninstalled", "Uninstallation complete", "x");
}

static char *summary(const struct helm_releases *releases)
{
    struct text text = {0};
    for (size_t i = 0; i < releases->count; i++) {
        const struct helm_release *row = &releases->rows[i];
        text_append_format(&text, "%s%s/%s %d %s", i == 0 ? "" : ", ", row->namespace, row->name, row->revision,
                           row->status);
    }
    return text_steal(&text);
}

#define ALL "one/zoo 4 uninstalled, two/front 2 pending-upgrade, two/shop 10 failed, two/shop.v2 3 deployed"

START_TEST(the_newest_of_each_over_any_pages)
{
    struct loading loading = {0};
    cluster_init(&loading.cluster);
    put_some(&loading);
    loading.cluster.page = (size_t)_i;
    load(&loading, NULL, false);
    ck_assert_ptr_nonnull(loading.releases);
    CLEANUP_FREE char *found = summary(loading.releases);
    ck_assert_str_eq(found, ALL);
    ck_assert_uint_eq(loading.cluster.gets, 0);
    ck_assert_ptr_null(loading.releases->rows[0].chart);
    stop(&loading);
}
END_TEST

START_TEST(one_namespace)
{
    struct loading loading = {0};
    cluster_init(&loading.cluster);
    put_some(&loading);
    load(&loading, "one", false);
    CLEANUP_FREE char *found = summary(loading.releases);
    ck_assert_str_eq(found, "one/zoo 4 uninstalled");
    stop(&loading);
}
END_TEST

START_TEST(an_empty_cluster)
{
    struct loading loading = {0};
    cluster_init(&loading.cluster);
    load(&loading, NULL, _i == 1);
    ck_assert_ptr_nonnull(loading.releases);
    ck_assert_uint_eq(loading.releases->count, 0);
    stop(&loading);
}
END_TEST

START_TEST(the_long_form_reads_the_newest_records)
{
    struct loading loading = {0};
    cluster_init(&loading.cluster);
    put_some(&loading);
    for (int i = 0; i < 12; i++) {
        CLEANUP_FREE char *name = memory_format("many%02d", i);
        cluster_put_record(&loading.cluster, "three", name, 1, "deployed", "Install complete", "x");
    }
    cluster_put(&loading.cluster, "two", "front", 2, "pending-upgrade", "%%%");
    load(&loading, NULL, true);
    ck_assert_uint_eq(loading.releases->count, 16);
    ck_assert_uint_eq(loading.cluster.gets, 16);
    for (size_t i = 0; i < loading.releases->count; i++) {
        const struct helm_release *row = &loading.releases->rows[i];
        if (text_equal(row->name, "front")) {
            ck_assert_ptr_null(row->chart);
            ck_assert_ptr_nonnull(strstr(row->error, "damaged"));
            continue;
        }
        ck_assert_ptr_null(row->error);
        ck_assert_str_eq(row->chart, "chart-1.0.0");
        ck_assert_str_eq(row->chart_name, "chart");
        ck_assert_str_eq(row->app_version, "1.0");
    }
    stop(&loading);
}
END_TEST

START_TEST(forbidden_says_what_to_do)
{
    struct loading loading = {0};
    cluster_init(&loading.cluster);
    loading.cluster.list_refused = 403;
    load(&loading, _i == 0 ? NULL : "one", false);
    ck_assert_ptr_null(loading.releases);
    ck_assert_int_eq(loading.error.code, ERROR_FORBIDDEN);
    bool names_option = loading.error.hint != NULL && strstr(loading.error.hint, "-n") != NULL;
    ck_assert(_i == 1 || names_option);
    stop(&loading);
}
END_TEST

START_TEST(an_answer_that_is_no_list)
{
    struct loading loading = {0};
    cluster_init(&loading.cluster);
    loading.cluster.list_refused = 200;
    load(&loading, NULL, false);
    ck_assert_ptr_null(loading.releases);
    ck_assert_int_eq(loading.error.code, ERROR_UNREACHABLE);
    stop(&loading);
}
END_TEST

START_TEST(cancelled_at_any_time)
{
    struct loading loading = {0};
    cluster_init(&loading.cluster);
    put_some(&loading);
    loading.cluster.page = 2;
    loading.load = helm_releases_start(loading.cluster.client, HELM_SECRETS, NULL, true, done, &loading);
    for (int step = 0; step < _i && !loading.done; step++)
        uv_run(loop_uv(loading.cluster.loop), UV_RUN_NOWAIT);
    bool was_done = loading.done;
    helm_releases_cancel(loading.load);
    bool never = false;
    loop_run_until(loading.cluster.loop, &never, 20);
    ck_assert(loading.done == was_done);
    stop(&loading);
}
END_TEST

Suite *suite_releases(void)
{
    Suite *suite = suite_create("releases");
    TCase *tests = tcase_create("releases");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, the_newest_of_each_over_any_pages, 0, 7);
    tcase_add_test(tests, one_namespace);
    tcase_add_loop_test(tests, an_empty_cluster, 0, 2);
    tcase_add_test(tests, the_long_form_reads_the_newest_records);
    tcase_add_loop_test(tests, forbidden_says_what_to_do, 0, 2);
    tcase_add_test(tests, an_answer_that_is_no_list);
    tcase_add_loop_test(tests, cancelled_at_any_time, 0, 24);
    suite_add_tcase(suite, tests);
    return suite;
}
