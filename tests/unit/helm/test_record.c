#include "base/base64.h"
#include "base/clock.h"
#include "base/gzip.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "helm/manifest.h"
#include "helm/record.h"
#include "records.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_record(void);

START_TEST(a_real_record)
{
    struct helm_record *record = records_decode("documentdb-operator.v5", HELM_WHOLE);
    ck_assert_str_eq(record->name, "documentdb-operator");
    ck_assert_str_eq(record->namespace, "documentdb-system");
    ck_assert_int_eq(record->revision, 5);
    ck_assert_str_eq(record->status, "deployed");
    ck_assert_str_eq(record->description, "Upgrade complete");
    ck_assert_str_eq(record->chart, "documentdb-operator-1.3.0");
    ck_assert_str_eq(record->chart_name, "documentdb-operator");
    ck_assert_str_eq(record->chart_version, "1.3.0");
    ck_assert_str_eq(record->app_version, "1.3.0");
    ck_assert_str_eq(record->apply_method, "");
    ck_assert_int_eq(record->rollback_to, 0);
    char updated[32];
    clock_format(record->updated_ms, updated, sizeof updated);
    ck_assert_str_eq(updated, "2026-11-21T02:06:46.535Z");
    ck_assert_str_eq(tree_text(record->values, "image", "operator", "tag"), "v1.3.1");
    ck_assert_str_eq(tree_text(record->values, "image", "operator", "repository"),
                     "ghcr.io/microsoft/documentdb-operator");
    const struct helm_object *deployment =
        helm_manifest_find(record->manifest, "deployments", "documentdb-system", "documentdb-operator");
    ck_assert_ptr_nonnull(deployment);
    ck_assert_str_eq(deployment->source, "documentdb-operator/templates/operators.yaml");
    helm_record_free(record);
}
END_TEST

START_TEST(a_failed_record_and_one_of_helm_4)
{
    struct helm_record *record = records_decode("documentdb-operator.v3", HELM_HEAD);
    ck_assert_str_eq(record->status, "failed");
    ck_assert(text_starts(record->description, "Upgrade \"documentdb-operator\" failed: "));
    helm_record_free(record);
    record = records_decode("shop.helm4", HELM_HEAD);
    ck_assert_str_eq(record->apply_method, "ssa");
    ck_assert_str_eq(record->app_version, "7.4");
    helm_record_free(record);
}
END_TEST

START_TEST(a_head_has_no_body)
{
    struct helm_record *whole = records_decode("documentdb-operator.v4", HELM_WHOLE);
    struct helm_record *head = records_decode("documentdb-operator.v4", HELM_HEAD);
    struct helm_record *copy = helm_record_copy_head(whole);
    ck_assert_ptr_null(head->values);
    ck_assert_ptr_null(head->manifest);
    ck_assert_ptr_null(copy->values);
    ck_assert_ptr_null(copy->manifest);
    ck_assert_str_eq(head->content_hash, whole->content_hash);
    ck_assert_str_eq(copy->content_hash, whole->content_hash);
    ck_assert_str_eq(head->chart, whole->chart);
    helm_record_free(whole);
    ck_assert_str_eq(copy->chart, head->chart);
    ck_assert_str_eq(copy->description, head->description);
    helm_record_free(copy);
    helm_record_free(head);
}
END_TEST

START_TEST(held_records_live_on)
{
    struct helm_record *record = records_decode("documentdb-operator.v2", HELM_WHOLE);
    const struct helm_record *held = helm_record_hold(record);
    helm_record_free(record);
    ck_assert_str_eq(held->name, "documentdb-operator");
    helm_record_free(held);
    helm_record_free(NULL);
}
END_TEST

/* Each decodes; absent texts are "". */
START_TEST(what_a_record_may_lack)
{
    static const char *const sparse[] = {
        "{}",
        "{\"name\":\"x\",\"version\":3}",
        "{\"info\":null,\"chart\":null,\"config\":null,\"manifest\":null,\"version\":null,\"name\":null}",
        "{\"info\":{},\"chart\":{\"metadata\":null,\"values\":null}}",
        "{\"info\":{\"last_deployed\":\"\",\"deleted\":\"\"},\"chart\":{\"metadata\":{\"name\":\"c\"}}}",
        "{\"info\":{\"last_deployed\":\"yesterday\",\"notes\":{\"odd\":1}},\"hooks\":7}",
    };
    for (size_t i = 0; i < LENGTH_OF(sparse); i++) {
        struct helm_record *record = NULL;
        char *message = NULL;
        ck_assert_msg(records_try(sparse[i], &record, &message), "%s: %s", sparse[i], message);
        ck_assert_ptr_nonnull(record->status);
        ck_assert_ptr_nonnull(record->chart);
        ck_assert_ptr_nonnull(record->namespace);
        ck_assert(record->updated_ms == CLOCK_UNKNOWN);
        ck_assert_ptr_nonnull(record->values);
        ck_assert_ptr_nonnull(record->manifest);
        ck_assert_uint_eq(record->manifest->count, 0);
        helm_record_free(record);
    }
}
END_TEST

START_TEST(rollbacks_are_recognised)
{
    static const struct {
        const char *info;
        int to;
    } infos[] = {
        {"{\"description\":\"Rollback to 4\"}", 4},
        {"{\"description\":\"bad day\",\"rollback_revision\":7}", 7},
        {"{\"description\":\"Rollback to 4\",\"rollback_revision\":2}", 2},
        {"{\"description\":\"Rollback \\\"x\\\" failed: no\"}", 0},
        {"{\"description\":\"Rollback \\\"x\\\" failed: no\",\"rollback_revision\":3.0}", 3},
    };
    for (size_t i = 0; i < LENGTH_OF(infos); i++) {
        CLEANUP_FREE char *json = memory_format("{\"info\":%s}", infos[i].info);
        struct helm_record *record = NULL;
        char *message = NULL;
        ck_assert_msg(records_try(json, &record, &message), "%s", message);
        ck_assert_int_eq(record->rollback_to, infos[i].to);
        helm_record_free(record);
    }
}
END_TEST

START_TEST(a_rollback_has_the_hash_of_its_target)
{
    struct helm_record *first = NULL;
    struct helm_record *second = NULL;
    struct helm_record *other = NULL;
    char *message = NULL;
    ck_assert(
        records_try("{\"version\":4,\"config\":{\"a\":1},\"manifest\":\"x: 1\",\"info\":{\"status\":\"superseded\"}}",
                    &first, &message));
    ck_assert(records_try("{\"version\":6,\"config\":{\"a\":1},\"manifest\":\"x: 1\",\"info\":{\"status\":\"failed\"}}",
                          &second, &message));
    ck_assert(records_try("{\"version\":5,\"config\":{\"a\":2},\"manifest\":\"x: 1\"}", &other, &message));
    ck_assert_str_eq(first->content_hash, second->content_hash);
    ck_assert_str_ne(first->content_hash, other->content_hash);
    helm_record_free(first);
    helm_record_free(second);
    helm_record_free(other);
}
END_TEST

/* A field of a wrong type: Helm could not read such a record either. The message names the field. */
static const struct {
    const char *json;
    const char *named;
} wrong[] = {
    {"{\"name\":1}", "name"},
    {"{\"namespace\":{}}", "namespace"},
    {"{\"version\":\"5\"}", "version"},
    {"{\"version\":-1}", "version"},
    {"{\"version\":1.5}", "version"},
    {"{\"version\":99999999999}", "version"},
    {"{\"apply_method\":true}", "apply_method"},
    {"{\"info\":[]}", "info"},
    {"{\"info\":\"text\"}", "info"},
    {"{\"info\":{\"status\":1}}", "info.status"},
    {"{\"info\":{\"description\":[]}}", "info.description"},
    {"{\"info\":{\"rollback_revision\":\"4\"}}", "info.rollback_revision"},
    {"{\"chart\":[]}", "chart"},
    {"{\"chart\":\"x\"}", "chart"},
    {"{\"chart\":{\"metadata\":[]}}", "chart.metadata"},
    {"{\"chart\":{\"metadata\":{\"name\":1}}}", "chart.metadata.name"},
    {"{\"chart\":{\"metadata\":{\"version\":1.3}}}", "chart.metadata.version"},
    {"{\"chart\":{\"metadata\":{\"appVersion\":{}}}}", "chart.metadata.appVersion"},
    {"{\"chart\":{\"values\":[1]}}", "chart.values"},
    {"{\"config\":\"x\"}", "config"},
    {"{\"manifest\":{}}", "manifest"},
    {"{\"manifest\":7}", "manifest"},
    {"[]", "JSON"},
    {"", "JSON"},
    {"not JSON at all", "JSON"},
    {"{\"name\":\"x\"} {\"name\":\"y\"}", "JSON"},
    {"{\"name\":\"x\",\"info\":{\"status\":", "JSON"},
    {"{\"config\":{\"a\":tru}}", "config"},
    {"{\"info\":{\"a\":[}}}", "info"},
};

START_TEST(wrong_types_are_named)
{
    struct helm_record *record = NULL;
    CLEANUP_FREE char *message = NULL;
    ck_assert_msg(!records_try(wrong[_i].json, &record, &message), "%s", wrong[_i].json);
    ck_assert_ptr_null(record);
    ck_assert_msg(strstr(message, wrong[_i].named) != NULL, "%s: %s", wrong[_i].json, message);
}
END_TEST

static bool decode(const char *data, bool api_base64, struct error *error)
{
    struct helm_record *record = NULL;
    bool done = helm_record_decode(data, strlen(data), api_base64, HELM_WHOLE, &record, error);
    helm_record_free(record);
    return done;
}

START_TEST(every_layer_may_be_there_or_not)
{
    static const char json[] = "{\"name\":\"x\",\"version\":1,\"manifest\":\"\"}";
    CLEANUP_FREE char *secret = records_pack(json, true, true);
    CLEANUP_FREE char *configmap = records_pack(json, false, true);
    CLEANUP_FREE char *uncompressed = records_pack(json, true, false);
    ck_assert(decode(secret, true, NULL));
    ck_assert(decode(configmap, false, NULL));
    ck_assert(decode(uncompressed, true, NULL));
    ck_assert(!decode(secret, false, NULL));
    ck_assert(!decode(configmap, true, NULL));
}
END_TEST

static void assert_damaged(const char *data, const char *layer)
{
    struct error error = {0};
    ck_assert(!decode(data, true, &error));
    ck_assert_int_eq(error.code, ERROR_INVALID);
    ck_assert_msg(strstr(error.message, layer) != NULL, "%s", error.message);
    error_release(&error);
}

/* Cuts `size` bytes of a layer and packs what is left up to the Secret's text. */
static char *repack(const char *bytes, size_t size, bool is_gzip)
{
    CLEANUP_FREE char *inner = is_gzip ? base64_encode(bytes, size) : memory_text_part(bytes, size);
    return base64_encode(inner, strlen(inner));
}

START_TEST(each_layer_cut)
{
    size_t size = 0;
    CLEANUP_FREE char *record = records_read("documentdb-operator.v5", &size);
    CLEANUP_FREE char *inner = NULL;
    CLEANUP_FREE char *packed = NULL;
    size_t inner_size = 0;
    size_t packed_size = 0;
    ck_assert(base64_decode(record, size, &inner, &inner_size, NULL));
    ck_assert(base64_decode(inner, inner_size, &packed, &packed_size, NULL));

    CLEANUP_FREE char *outer_cut = memory_text_part(record, size / 2 | 1);
    assert_damaged(outer_cut, "the Secret's own encoding");
    assert_damaged("%%%%", "the Secret's own encoding");
    CLEANUP_FREE char *inner_cut = repack(inner, inner_size / 2 | 1, false);
    assert_damaged(inner_cut, "Helm's encoding");
    CLEANUP_FREE char *packed_cut = repack(packed, packed_size / 2, true);
    assert_damaged(packed_cut, "Helm's compression");
    packed[packed_size / 2] = (char)(packed[packed_size / 2] ^ 0x55);
    CLEANUP_FREE char *packed_damaged = repack(packed, packed_size, true);
    assert_damaged(packed_damaged, "Helm's compression");
    assert_damaged("", "JSON");
}
END_TEST

START_TEST(every_cut_of_a_real_record_is_refused)
{
    size_t size = 0;
    CLEANUP_FREE char *record = records_read("shop.helm3", &size);
    for (size_t cut = 0; cut < size; cut += 7) {
        CLEANUP_FREE char *part = memory_copy(record, cut + 1);
        struct helm_record *decoded = NULL;
        ck_assert_msg(!helm_record_decode(part, cut, true, HELM_WHOLE, &decoded, NULL), "after %zu bytes", cut);
    }
}
END_TEST

START_TEST(every_cut_of_its_json_is_refused)
{
    static const char json[] =
        "{\"name\":\"x\",\"info\":{\"status\":\"deployed\",\"description\":\"Rollback to "
        "4\"},\"chart\":{\"metadata\":{\"name\":"
        "\"c\"},\"values\":{\"a\":1}},\"config\":{\"b\":[1,2]},\"manifest\":\"a: 1\",\"version\":2}";
    for (size_t cut = 0; cut < sizeof json - 1; cut++) {
        CLEANUP_FREE char *part = memory_text_part(json, cut);
        struct helm_record *record = NULL;
        char *message = NULL;
        ck_assert_msg(!records_try(part, &record, &message), "%s", part);
        free(message);
    }
}
END_TEST

START_TEST(a_bomb_is_refused)
{
    size_t size = (size_t)HELM_RECORD_UNPACKED_LIMIT + 1;
    CLEANUP_FREE char *zeros = memory_new(size);
    CLEANUP_FREE char *packed = NULL;
    size_t packed_size = 0;
    gzip_pack(zeros, size, &packed, &packed_size);
    CLEANUP_FREE char *data = repack(packed, packed_size, true);
    ck_assert_uint_lt(strlen(data), HELM_RECORD_PACKED_LIMIT);
    assert_damaged(data, "larger than");
}
END_TEST

START_TEST(a_record_larger_than_any_secret_is_refused)
{
    CLEANUP_FREE char *data = memory_new((size_t)HELM_RECORD_PACKED_LIMIT + 2);
    memset(data, 'A', (size_t)HELM_RECORD_PACKED_LIMIT + 1);
    assert_damaged(data, "1 MiB");
}
END_TEST

/* Nested in a part that is passed over, and in one that is read. */
START_TEST(deep_nesting_is_refused)
{
    static const char *const forms[] = {"{\"hooks\":%s}", "{\"config\":{\"a\":%s}}",
                                        "{\"chart\":{\"values\":{\"a\":%s}}}", "{\"manifest\":\"a: %s\"}"};
    struct text nested = {0};
    for (int i = 0; i < 10000; i++)
        text_append_char(&nested, '[');
    for (int i = 0; i < 10000; i++)
        text_append_char(&nested, ']');
    struct helm_record *record = NULL;
    char *message = NULL;
    for (size_t i = 0; i < 3; i++) {
        struct text json = {0};
        const char *place = strstr(forms[i], "%s");
        text_append_bytes(&json, forms[i], (size_t)(place - forms[i]));
        text_append(&json, text_peek(&nested));
        text_append(&json, place + 2);
        ck_assert(!records_try(text_peek(&json), &record, &message));
        free(message);
        text_release(&json);
    }
    /* In the manifest it is one broken document. */
    struct text json = {0};
    text_append(&json, "{\"manifest\":\"a: ");
    text_append(&json, text_peek(&nested));
    text_append(&json, "\\n---\\napiVersion: v1\\nkind: Secret\\nmetadata: {name: x}\\n\"}");
    ck_assert_msg(records_try(text_peek(&json), &record, &message), "%s", message);
    ck_assert_uint_eq(record->manifest->count, 2);
    ck_assert_ptr_nonnull(record->manifest->objects[0].error);
    ck_assert_str_eq(record->manifest->objects[1].name, "x");
    helm_record_free(record);
    text_release(&json);
    text_release(&nested);
}
END_TEST

/* A record that fills a Secret: incompressible files beside a manifest of ordinary size. */
START_TEST(a_record_of_one_mebibyte)
{
    struct text json = {0};
    text_append(&json, "{\"name\":\"big\",\"version\":1,\"chart\":{\"files\":[{\"data\":\"");
    unsigned state = 1;
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < 1000000; i++) {
        state = state * 1103515245u + 12345u;
        text_append_char(&json, digits[state >> 26]);
    }
    text_append(&json, "\"}],\"metadata\":{\"name\":\"big\",\"version\":\"1.0.0\"}},\"manifest\":\"");
    for (int i = 0; i < 500; i++)
        text_append_format(&json, "---\\napiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: c%d}\\n", i);
    text_append(&json, "\"}");
    CLEANUP_FREE char *data = records_pack(text_peek(&json), false, true);
    ck_assert_uint_gt(strlen(data), 1000000);
    struct helm_record *record = NULL;
    ck_assert(helm_record_decode(data, strlen(data), false, HELM_WHOLE, &record, NULL));
    ck_assert_str_eq(record->chart, "big-1.0.0");
    ck_assert_uint_eq(record->manifest->count, 500);
    helm_record_free(record);
    text_release(&json);
}
END_TEST

Suite *suite_record(void)
{
    Suite *suite = suite_create("record");
    TCase *tests = tcase_create("record");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_real_record);
    tcase_add_test(tests, a_failed_record_and_one_of_helm_4);
    tcase_add_test(tests, a_head_has_no_body);
    tcase_add_test(tests, held_records_live_on);
    tcase_add_test(tests, what_a_record_may_lack);
    tcase_add_test(tests, rollbacks_are_recognised);
    tcase_add_test(tests, a_rollback_has_the_hash_of_its_target);
    tcase_add_loop_test(tests, wrong_types_are_named, 0, (int)LENGTH_OF(wrong));
    tcase_add_test(tests, every_layer_may_be_there_or_not);
    tcase_add_test(tests, each_layer_cut);
    tcase_add_test(tests, every_cut_of_a_real_record_is_refused);
    tcase_add_test(tests, every_cut_of_its_json_is_refused);
    tcase_add_test(tests, a_bomb_is_refused);
    tcase_add_test(tests, a_record_larger_than_any_secret_is_refused);
    tcase_add_test(tests, deep_nesting_is_refused);
    tcase_add_test(tests, a_record_of_one_mebibyte);
    suite_add_tcase(suite, tests);
    return suite;
}
