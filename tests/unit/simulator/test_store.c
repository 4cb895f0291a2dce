#include "base/tree.h"
#include "simulator/store.h"
#include <check.h>
#include <string.h>

Suite *suite_store(void);

static struct resources *resources;
static const struct resource *configmaps;
static struct store *store;

static void setup(void)
{
    resources = resources_new();
    configmaps = resources_find(resources, "", "configmaps");
    store = store_new(8);
}

static void teardown(void)
{
    store_free(store);
    resources_free(resources);
}

static json_t *put(const char *namespace, const char *name, const char *value)
{
    return store_put(store, configmaps,
                     json_pack("{s:{s:s, s:s, s:s+}, s:{s:s}}", "metadata", "namespace", namespace, "name", name, "uid",
                               namespace, name, "data", "value", value));
}

static bool append_name(void *context, json_t *object)
{
    char *list = context;
    strcat(list, tree_text(object, "metadata", "name"));
    strcat(list, tree_text(object, "data", "value"));
    return true;
}

static const char *names_at(uint64_t version)
{
    static char list[64];
    list[0] = '\0';
    return store_visit_at(store, configmaps, version, append_name, list) ? list : NULL;
}

START_TEST(versions_count_every_change)
{
    uint64_t start = store_version(store);
    json_t *first = put("shop", "a", "1");
    char expected[24];
    snprintf(expected, sizeof expected, "%llu", (unsigned long long)start + 1);
    ck_assert_str_eq(tree_text(first, "metadata", "resourceVersion"), expected);
    put("shop", "a", "2");
    store_remove(store, configmaps, "shop", "a");
    ck_assert_uint_eq(store_version(store), start + 3);
    ck_assert_ptr_null(store_get(store, configmaps, "shop", "a"));
    store_remove(store, configmaps, "shop", "a");
    ck_assert_uint_eq(store_version(store), start + 3);
}
END_TEST

START_TEST(events_tell_before_and_after)
{
    uint64_t start = store_version(store);
    put("shop", "a", "1");
    put("shop", "a", "2");
    store_remove(store, configmaps, "shop", "a");
    const struct store_event *event = store_next_event(store, start);
    ck_assert_int_eq(event->change, STORE_ADDED);
    ck_assert_ptr_null(event->before);
    event = store_next_event(store, event->version);
    ck_assert_int_eq(event->change, STORE_MODIFIED);
    ck_assert_str_eq(tree_text(event->before, "data", "value"), "1");
    ck_assert_str_eq(tree_text(event->object, "data", "value"), "2");
    event = store_next_event(store, event->version);
    ck_assert_int_eq(event->change, STORE_DELETED);
    ck_assert_str_ne(tree_text(event->object, "metadata", "resourceVersion"),
                     tree_text(event->before, "metadata", "resourceVersion"));
    ck_assert_ptr_null(store_next_event(store, event->version));
}
END_TEST

START_TEST(order_is_namespace_then_name)
{
    put("shop", "b", "1");
    put("shop", "a", "1");
    put("dev", "z", "1");
    ck_assert_uint_eq(store_count(store, configmaps), 3);
    ck_assert_str_eq(names_at(store_version(store)), "z1a1b1");
}
END_TEST

START_TEST(the_past_can_be_read)
{
    put("shop", "a", "1");
    put("shop", "b", "1");
    uint64_t then = store_version(store);
    put("shop", "a", "2");
    put("shop", "a", "3");
    put("shop", "c", "1");
    store_remove(store, configmaps, "shop", "b");
    ck_assert_str_eq(names_at(then), "a1b1");
    ck_assert_str_eq(names_at(then + 1), "a2b1");
    ck_assert_str_eq(names_at(store_version(store)), "a3c1");
    ck_assert_ptr_null(names_at(store_version(store) + 1));
}
END_TEST

START_TEST(history_is_bounded)
{
    uint64_t start = store_version(store);
    for (int i = 0; i < 20; i++)
        put("shop", "a", "x");
    ck_assert_uint_eq(store_oldest(store), store_version(store) - 8);
    ck_assert_ptr_null(names_at(start));
    ck_assert_str_eq(names_at(store_oldest(store)), "ax");
    store_compact(store, store_version(store));
    ck_assert_ptr_null(names_at(store_version(store) - 1));
    ck_assert_str_eq(names_at(store_version(store)), "ax");
}
END_TEST

START_TEST(uids_lead_to_objects)
{
    put("shop", "a", "1");
    const struct resource *found = NULL;
    ck_assert_ptr_eq(store_get_uid(store, "shopa", &found), store_get(store, configmaps, "shop", "a"));
    ck_assert_ptr_eq(found, configmaps);
    store_remove(store, configmaps, "shop", "a");
    ck_assert_ptr_null(store_get_uid(store, "shopa", NULL));
}
END_TEST

static void count_change(void *context, const struct store_event *event)
{
    (void)event;
    ++*(int *)context;
}

START_TEST(listeners_hear_each_change_once)
{
    int a = 0;
    int b = 0;
    store_subscribe(store, count_change, &a);
    store_subscribe(store, count_change, &b);
    put("shop", "a", "1");
    store_unsubscribe(store, count_change, &a);
    put("shop", "a", "2");
    ck_assert_int_eq(a, 1);
    ck_assert_int_eq(b, 2);
}
END_TEST

START_TEST(resources_prefer_versions_as_kubernetes_does)
{
    json_t *crd =
        json_loads("{\"spec\": {\"group\": \"x.io\", \"scope\": \"Namespaced\", \"names\": {\"plural\": \"as\","
                   "\"kind\": \"A\"}, \"versions\": [{\"name\": \"v1beta2\", \"served\": true},"
                   "{\"name\": \"v1\", \"served\": true}, {\"name\": \"v10\", \"served\": false},"
                   "{\"name\": \"v2\", \"served\": true}, {\"name\": \"foo\", \"served\": true,"
                   "\"storage\": true}]}}",
                   0, NULL);
    const struct resource *resource = resources_define(resources, crd);
    ck_assert_str_eq(resource_preferred(resource), "v2");
    ck_assert_str_eq(resource_storage(resource), "foo");
    ck_assert_str_eq(resource->list_kind, "AList");
    ck_assert_ptr_eq(resources_find_manifest(resources, "x.io/v1", "A"), resource);
    ck_assert_ptr_null(resources_find_manifest(resources, "x.io/v10", "A"));
    resources_undefine(resources, crd);
    ck_assert_ptr_null(resources_find(resources, "x.io", "as"));
    ck_assert_ptr_eq(resources_define(resources, crd), resource);
    json_decref(crd);
}
END_TEST

Suite *suite_store(void)
{
    Suite *suite = suite_create("store");
    TCase *tests = tcase_create("store");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, versions_count_every_change);
    tcase_add_test(tests, events_tell_before_and_after);
    tcase_add_test(tests, order_is_namespace_then_name);
    tcase_add_test(tests, the_past_can_be_read);
    tcase_add_test(tests, history_is_bounded);
    tcase_add_test(tests, uids_lead_to_objects);
    tcase_add_test(tests, listeners_hear_each_change_once);
    tcase_add_test(tests, resources_prefer_versions_as_kubernetes_does);
    suite_add_tcase(suite, tests);
    return suite;
}
