#include "session/document.h"
#include "base/tree.h"
#include "unit/session/place.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_document(void);

static struct place *place;
static struct session *session;
static json_t *document;

static void setup(void)
{
    place = place_open();
    session = place_session(place, &(struct session_options){.wants = SITUATION_EVERYTHING, .once = true, .drill = true, .read_only = true});
    place_complete(place, session);
    ck_assert_ptr_null(session_error(session));
    document = document_status(session);
}

static void teardown(void)
{
    json_decref(document);
    session_close(session);
    place_close(place);
}

/* What scripts rely on: each key is there, whatever is known. */
START_TEST(every_key_is_there)
{
    static const struct {
        const char *key;
        json_type type;
    } keys[] = {
        {"cluster", JSON_OBJECT},   {"release", JSON_OBJECT}, {"components", JSON_ARRAY}, {"apiVersions", JSON_OBJECT}, {"workloads", JSON_ARRAY},
        {"databases", JSON_ARRAY},  {"triggers", JSON_ARRAY}, {"symptoms", JSON_ARRAY},   {"verdict", JSON_NULL},       {"incident", JSON_NULL},
        {"ages", JSON_OBJECT},      {"events", JSON_ARRAY},   {"warnings", JSON_ARRAY},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const json_t *value = json_object_get(document, keys[i].key);
        ck_assert_msg(value != NULL, "%s is missing", keys[i].key);
        ck_assert_msg(json_typeof(value) == keys[i].type, "%s is of type %d", keys[i].key, json_typeof(value));
    }
    ck_assert_uint_eq(json_object_size(document), sizeof keys / sizeof *keys);
}
END_TEST

START_TEST(it_says_where_and_what)
{
    ck_assert_str_eq(tree_text(document, "cluster", "context"), "simulator");
    ck_assert(json_is_true(tree_get(document, "cluster", "readOnly")));
    ck_assert(json_is_true(tree_get(document, "cluster", "drill")));
    ck_assert_str_eq(tree_text(document, "release", "release"), "shop");
    ck_assert_str_eq(tree_text(document, "release", "namespace"), "shop");
    ck_assert_str_eq(tree_text(document, "release", "playbook"), "shop");
    ck_assert_uint_eq(json_array_size(tree_get(document, "release", "revisions")), 3);
    ck_assert_uint_eq(json_array_size(json_object_get(document, "components")), 2);
    ck_assert_uint_eq(json_array_size(json_object_get(document, "workloads")), 2);
}
END_TEST

START_TEST(it_has_no_secret)
{
    char *text = json_dumps(document, 0);
    ck_assert_ptr_nonnull(text);
    ck_assert_ptr_null(strstr(text, "token"));
    ck_assert_ptr_null(strstr(text, "certificate-authority-data"));
    free(text);
}
END_TEST

Suite *suite_document(void)
{
    Suite *suite = suite_create("document");
    TCase *tests = tcase_create("document");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, every_key_is_there);
    tcase_add_test(tests, it_says_where_and_what);
    tcase_add_test(tests, it_has_no_secret);
    suite_add_tcase(suite, tests);
    return suite;
}
