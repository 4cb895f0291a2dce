#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "fixture.h"
#include "situation/stored_hashes.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_stored_hashes(void);

START_TEST(names)
{
    int revision = 0;
    CLEANUP_FREE char *name = stored_hashes_name("documentdb-component-hashes", 12);
    ck_assert_str_eq(name, "documentdb-component-hashes-r12");
    ck_assert(stored_hashes_revision("documentdb-component-hashes", name, &revision));
    ck_assert_int_eq(revision, 12);
    static const char *const others[] = {"documentdb-component-hashes",
                                         "documentdb-component-hashes-r",
                                         "documentdb-component-hashes-r0",
                                         "documentdb-component-hashes-r1x",
                                         "documentdb-component-hashes-r99999999999",
                                         "x-r1"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ck_assert_msg(!stored_hashes_revision("documentdb-component-hashes", others[i], &revision), "%s", others[i]);
}
END_TEST

static const struct picture_hash *row_of(const struct picture_hashes *hashes, const char *component)
{
    for (size_t i = 0; i < hashes->count; i++)
        if (text_equal(hashes->rows[i].component, component))
            return &hashes->rows[i];
    ck_abort_msg("no row %s", component);
    return NULL;
}

START_TEST(written_and_read_again)
{
    struct playbook *playbook = fixture_playbook();
    struct helm_record *record = fixture_revision(5);
    struct record_hash *rows;
    size_t count;
    struct picture_hashes hashes, again;
    record_hashes_make(playbook, record, &rows, &count);
    ck_assert_uint_eq(count, 5);
    stored_hashes_picture(5, "documentdb-component-hashes", NULL, rows, count, &hashes);
    ck_assert_ptr_null(hashes.resource_version);
    json_t *map = stored_hashes_config_map("documentdb-system", &hashes);
    ck_assert_str_eq(tree_text(map, "metadata", "name"), "documentdb-component-hashes-r5");
    ck_assert_str_eq(tree_text(map, "data", "operator-config"), "ghcr.io/microsoft/documentdb-operator:v1.3.1");
    ck_assert_uint_eq(json_object_size(tree_get(map, "data")), 10);

    struct stored_hashes *stored = stored_hashes_make(map);
    stored_hashes_picture(5, "documentdb-component-hashes", stored, rows, count, &again);
    for (size_t i = 0; i < again.count; i++) {
        ck_assert(!again.rows[i].wrong);
        ck_assert_str_eq(again.rows[i].stored_hash, again.rows[i].hash);
    }
    stored_hashes_free(stored);
    stored_hashes_release(&hashes);
    stored_hashes_release(&again);
    record_hashes_free(rows, count);
    json_decref(map);
    helm_record_free(record);
    playbook_free(playbook);
}
END_TEST

START_TEST(a_wrong_hash_is_marked)
{
    json_t *map = fixture_parse("{'metadata':{'uid':'u','resourceVersion':'7'},'data':{'a-hash':'00','a-config':'x:1','"
                                "gone-hash':'11','-hash':'z','note':'n','b-hash':3}}");
    struct stored_hashes *stored = stored_hashes_make(map);
    struct record_hash rows[] = {{.component = (char *)"a", .image = (char *)"x:2", .hash = "ff"},
                                 {.component = (char *)"b", .image = (char *)"y", .hash = "ee"}};
    struct picture_hashes hashes;
    stored_hashes_picture(3, "p", stored, rows, 2, &hashes);
    ck_assert_uint_eq(hashes.count, 3);
    ck_assert_str_eq(hashes.resource_version, "7");
    ck_assert(row_of(&hashes, "a")->wrong);
    ck_assert_str_eq(row_of(&hashes, "a")->stored_image, "x:1");
    ck_assert(!row_of(&hashes, "b")->wrong);
    ck_assert_ptr_null(row_of(&hashes, "b")->stored_hash);
    ck_assert(!row_of(&hashes, "gone")->wrong);
    ck_assert_str_eq(row_of(&hashes, "gone")->hash, "");
    stored_hashes_release(&hashes);
    stored_hashes_free(stored);
    json_decref(map);
}
END_TEST

Suite *suite_stored_hashes(void)
{
    Suite *suite = suite_create("stored_hashes");
    TCase *tests = tcase_create("stored_hashes");
    tcase_add_test(tests, names);
    tcase_add_test(tests, written_and_read_again);
    tcase_add_test(tests, a_wrong_hash_is_marked);
    suite_add_tcase(suite, tests);
    return suite;
}
