/* Bodies in protobuf, as Go's client encodes them; whole, cut and spoilt. */
#include "base/base64.h"
#include "base/memory.h"
#include "base/tree.h"
#include "simulator/protobuf.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static const char secret[] = "azhzAAoMCgJ2MRIGU2VjcmV0EtUBCqkBChdzaC5oZWxtLnJlbGVhc2UudjEueC52NhIAGgJucyIAKgAyADgDQggIs"
                             "JKE2AYQAFoJCgVlbXB0eRIAWg0K"
                             "BW93bmVyEgRoZWxtWhIKBnN0YXR1cxIIZGVwbG95ZWRqEQoDUG9kGgFwIgF1KgJ2MTABcgNhL2KKAS8KBEhlbG0SB"
                             "lVwZGF0ZRoCdjEyCEZpZWxkc1Yx"
                             "Og8KDXsiZjpkYXRhIjp7fX1CABIRCgdyZWxlYXNlEgZINHNJAP8aEmhlbG0uc2gvcmVsZWFzZS52MSgBGgAiAA==";
static const char delete_options[] =
    "azhzAAofCg5tZXRhLms4cy5pby92MRINRGVsZXRlT3B0aW9ucxIaCAUSBQoDYWJjIgpGb3JlZ3JvdW5kKgNBbGwaACIA";
static const char pod[] =
    "azhzAAoJCgJ2MRIDUG9kEkUKEAoAEgAaACIAKgAyADgAQgASHBoAMgBCAEoAUgBYAGAAaACCAQCKAQCaAQDCAQAaEwoAGgAi"
    "ACoAMgBKAFoAcgCIAQAaACIA";

static void decode_text(const char *text, char **ret_bytes, size_t *ret_size)
{
    ck_assert(base64_decode(text, strlen(text), ret_bytes, ret_size, NULL));
}

static void check(const char *text, const char *expected)
{
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    json_t *object = NULL, *wanted = json_loads(expected, 0, NULL);
    struct error error = {0};
    decode_text(text, &bytes, &size);
    ck_assert_msg(protobuf_decode(bytes, size, &object, &error), "%s", error.message);
    CLEANUP_FREE char *shown = json_dumps(object, JSON_SORT_KEYS);
    ck_assert_ptr_nonnull(wanted);
    ck_assert_msg(tree_equal(object, wanted), "%s", shown);
    json_decref(object);
    json_decref(wanted);
}

START_TEST(test_secret)
{
    check(secret, "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"sh.helm.release.v1.x.v6\","
                  "\"namespace\":\"ns\","
                  "\"generation\":3,\"creationTimestamp\":\"2026-11-21T03:00:00Z\",\"labels\":{\"owner\":\"helm\","
                  "\"status\":\"deployed\","
                  "\"empty\":\"\"},\"finalizers\":[\"a/"
                  "b\"],\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"p\","
                  "\"uid\":\"u\",\"controller\":true}],\"managedFields\":[{\"manager\":\"Helm\",\"operation\":"
                  "\"Update\",\"apiVersion\":"
                  "\"v1\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:data\":{}}}]},\"data\":{\"release\":\"SDRzSQD/"
                  "\"},\"type\":"
                  "\"helm.sh/release.v1\",\"immutable\":true}");
}
END_TEST

START_TEST(test_delete_options)
{
    check(delete_options,
          "{\"apiVersion\":\"meta.k8s.io/v1\",\"kind\":\"DeleteOptions\",\"gracePeriodSeconds\":5,\"preconditions\":{"
          "\"uid\":\"abc\"},\"propagationPolicy\":\"Foreground\",\"dryRun\":[\"All\"]}");
}
END_TEST

START_TEST(test_pod)
{
    check(pod, "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{},\"spec\":{},\"status\":{}}");
}
END_TEST

START_TEST(test_unknown_kind)
{
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    json_t *object = NULL;
    struct error error = {0};
    decode_text(pod, &bytes, &size);
    char *kind = memmem(bytes, size, "Pod", 3);
    ck_assert_ptr_nonnull(kind);
    kind[2] = 'x';
    ck_assert(!protobuf_decode(bytes, size, &object, &error));
    ck_assert_int_eq(error.code, ERROR_NOT_FOUND);
    error_release(&error);
}
END_TEST

/* Cut at every place, and with every byte spoilt: refused or read, never worse. */
START_TEST(test_damage)
{
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    decode_text(secret, &bytes, &size);
    for (size_t cut = 0; cut < size; cut++) {
        CLEANUP_FREE char *part = memory_copy(bytes, cut > 0 ? cut : 1);
        json_t *object = NULL;
        if (protobuf_decode(part, cut, &object, NULL))
            json_decref(object);
    }
    for (size_t at = 0; at < size; at++) {
        for (int change = 1; change < 256; change += 37) {
            CLEANUP_FREE char *spoilt = memory_copy(bytes, size);
            json_t *object = NULL;
            spoilt[at] = (char)(spoilt[at] ^ change);
            if (protobuf_decode(spoilt, size, &object, NULL))
                json_decref(object);
        }
    }
}
END_TEST

Suite *suite_protobuf(void);

Suite *suite_protobuf(void)
{
    Suite *suite = suite_create("protobuf");
    TCase *tests = tcase_create("protobuf");
    tcase_add_test(tests, test_secret);
    tcase_add_test(tests, test_delete_options);
    tcase_add_test(tests, test_pod);
    tcase_add_test(tests, test_unknown_kind);
    tcase_add_test(tests, test_damage);
    suite_add_tcase(suite, tests);
    return suite;
}
