#include "session/hash_store.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "unit/session/place.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_hash_store(void);

#define CONFIGMAPS "/api/v1/namespaces/shop/configmaps"

static struct place *place;
static struct session *session;
static struct hash_store_result result;
static struct error error;

static void setup(void)
{
    place = place_open();
}

static void teardown(void)
{
    session_close(session);
    error_release(&error);
    place_close(place);
}

static void gather(bool read_only)
{
    session_close(session);
    session = place_session(place, &(struct session_options){.wants = SITUATION_HISTORY | SITUATION_COMPONENTS | SITUATION_STORED_HASHES,
                                                             .once = true,
                                                             .decode_all = true,
                                                             .read_only = read_only});
    place_complete(place, session);
    ck_assert_ptr_null(session_error(session));
    result = (struct hash_store_result){0};
}

static char *path_of(int revision)
{
    return memory_format(CONFIGMAPS "/shop-hashes-r%d", revision);
}

static json_t *get(int revision, int status)
{
    CLEANUP_FREE char *path = path_of(revision);
    return place_request(place, "GET", path, NULL, status);
}

static void put_foreign(int revision)
{
    CLEANUP_FREE char *body = memory_format("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"shop-hashes-r%d\"},"
                                            "\"data\":{\"web-hash\":\"wrong\",\"web-config\":\"registry.example/web:wrong\"}}",
                                            revision);
    json_decref(place_request(place, "POST", CONFIGMAPS, body, 201));
}

/* Which revisions have a ConfigMap, as "1 2 10". */
static char *stored(void)
{
    struct text names = {0};
    for (int revision = 1; revision <= 12; revision++) {
        CLEANUP_FREE char *wanted = memory_format("shop-hashes-r%d", revision);
        json_t *list = place_request(place, "GET", CONFIGMAPS, NULL, 200);
        size_t i;
        const json_t *item;
        json_array_foreach(tree_get(list, "items"), i, item)
        {
            if (text_equal(tree_text(item, "metadata", "name"), wanted))
                text_append_format(&names, "%s%d", names.size > 0 ? " " : "", revision);
        }
        json_decref(list);
    }
    return text_steal(&names);
}

static void stored_are(const char *expected)
{
    CLEANUP_FREE char *names = stored();
    ck_assert_str_eq(names, expected);
}

static bool write_all(void)
{
    return hash_store_write(session, place_loop(place), 0, &result, &error);
}

static bool prune(int keep)
{
    return hash_store_prune(session, place_loop(place), keep, &result, &error);
}

START_TEST(every_revision_gets_its_own)
{
    gather(false);
    ck_assert(write_all());
    ck_assert_int_eq(result.written, 3);
    ck_assert_int_eq(result.unchanged, 0);
    json_t *second = get(2, 200);
    const json_t *data = tree_get(second, "data");
    ck_assert_uint_eq(json_object_size(data), 4);
    ck_assert_str_eq(tree_text(second, "data", "web-config"), "registry.example/web:1.1.0");
    ck_assert_uint_eq(strlen(tree_text(second, "data", "web-hash")), 64);
    json_t *fields = json_object_get(json_object_get(second, "metadata"), "managedFields");
    ck_assert_str_eq(tree_text(json_array_get(fields, 0), "manager"), "rollback-console");
    json_decref(second);
}
END_TEST

START_TEST(right_ones_are_left_and_wrong_ones_replaced)
{
    gather(false);
    ck_assert(write_all());
    json_t *before = get(3, 200);
    CLEANUP_FREE char *path = path_of(2);
    json_decref(place_request(place, "DELETE", path, NULL, 200));
    put_foreign(2);
    gather(false);
    ck_assert(write_all());
    ck_assert_int_eq(result.written, 1);
    ck_assert_int_eq(result.unchanged, 2);
    json_t *mended = get(2, 200), *after = get(3, 200);
    ck_assert_str_eq(tree_text(mended, "data", "web-config"), "registry.example/web:1.1.0");
    ck_assert_str_eq(tree_text(after, "metadata", "resourceVersion"), tree_text(before, "metadata", "resourceVersion"));
    json_decref(before);
    json_decref(mended);
    json_decref(after);
}
END_TEST

START_TEST(what_somebody_else_changed_meanwhile_is_not_overwritten)
{
    put_foreign(2);
    gather(false);
    CLEANUP_FREE char *path = path_of(2);
    json_decref(place_request(place, "PUT", path,
                              "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"shop-hashes-r2\"},\"data\":{\"a\":\"theirs\"}}", 200));
    ck_assert(!write_all());
    ck_assert_int_eq(error.code, ERROR_REFUSED);
    ck_assert_msg(strstr(error.message, "shop-hashes-r2") != NULL, "%s", error.message);
    ck_assert_int_eq(result.written, 1); /* the first revision's; nothing after the failure */
    stored_are("1 2");
    json_t *theirs = get(2, 200);
    ck_assert_str_eq(tree_text(theirs, "data", "a"), "theirs");
    json_decref(theirs);
}
END_TEST

START_TEST(a_new_one_does_not_replace_what_appeared_meanwhile)
{
    gather(false);
    put_foreign(1);
    ck_assert(!write_all());
    ck_assert_ptr_nonnull(strstr(error.message, "shop-hashes-r1"));
    stored_are("1");
}
END_TEST

START_TEST(a_read_only_console_writes_nothing)
{
    put_foreign(9);
    put_foreign(10);
    gather(true);
    ck_assert(!write_all());
    ck_assert_int_eq(error.code, ERROR_REFUSED);
    ck_assert(!prune(1));
    ck_assert_int_eq(error.code, ERROR_REFUSED);
    ck_assert_int_eq(result.written + result.deleted, 0);
    stored_are("9 10");
}
END_TEST

START_TEST(the_newest_stay_by_number)
{
    put_foreign(9);
    put_foreign(10);
    put_foreign(2);
    put_foreign(11);
    gather(false);
    ck_assert(prune(2));
    ck_assert_int_eq(result.deleted, 2);
    stored_are("10 11");
    gather(false);
    ck_assert(prune(2));
    ck_assert_int_eq(result.deleted, 0);
}
END_TEST

START_TEST(only_what_was_read_is_deleted)
{
    put_foreign(1);
    put_foreign(2);
    put_foreign(3);
    gather(false);
    CLEANUP_FREE char *path = path_of(1);
    json_decref(place_request(place, "DELETE", path, NULL, 200));
    put_foreign(1); /* the same name, another object */
    ck_assert(!prune(1));
    ck_assert_int_eq(error.code, ERROR_REFUSED);
    ck_assert_msg(strstr(error.message, "shop-hashes-r1") != NULL, "%s", error.message);
    ck_assert_int_eq(result.deleted, 0); /* the oldest comes first */
    stored_are("1 2 3");
}
END_TEST

START_TEST(what_is_gone_already_is_no_failure)
{
    put_foreign(1);
    put_foreign(2);
    gather(false);
    CLEANUP_FREE char *path = path_of(1);
    json_decref(place_request(place, "DELETE", path, NULL, 200));
    ck_assert(prune(1));
    ck_assert_int_eq(result.deleted, 0);
    stored_are("2");
}
END_TEST

START_TEST(storing_and_pruning_at_once_leaves_the_newest)
{
    put_foreign(1);
    gather(false);
    ck_assert(hash_store_write(session, place_loop(place), 2, &result, &error));
    ck_assert(prune(2));
    ck_assert_int_eq(result.written, 2);
    ck_assert_int_eq(result.deleted, 1);
    stored_are("2 3");
}
END_TEST

Suite *suite_hash_store(void)
{
    Suite *suite = suite_create("hash_store");
    TCase *tests = tcase_create("hash_store");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, every_revision_gets_its_own);
    tcase_add_test(tests, right_ones_are_left_and_wrong_ones_replaced);
    tcase_add_test(tests, what_somebody_else_changed_meanwhile_is_not_overwritten);
    tcase_add_test(tests, a_new_one_does_not_replace_what_appeared_meanwhile);
    tcase_add_test(tests, a_read_only_console_writes_nothing);
    tcase_add_test(tests, the_newest_stay_by_number);
    tcase_add_test(tests, only_what_was_read_is_deleted);
    tcase_add_test(tests, what_is_gone_already_is_no_failure);
    tcase_add_test(tests, storing_and_pruning_at_once_leaves_the_newest);
    suite_add_tcase(suite, tests);
    return suite;
}
