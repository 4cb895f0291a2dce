/* Digests, base64 and gzip: what a release record is wrapped in. */
#include "base/base64.h"
#include "base/digest.h"
#include "base/gzip.h"
#include "base/memory.h"
#include "base/tree.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_packing(void);

START_TEST(digests_known_from_the_standard)
{
    char hex[DIGEST_SIZE];
    digest_text("", hex);
    ck_assert_str_eq(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    digest_text("abc", hex);
    ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    digest_bytes("\0", 1, hex);
    ck_assert_str_eq(hex, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}
END_TEST

START_TEST(digests_of_trees_ignore_order)
{
    char first[DIGEST_SIZE];
    char second[DIGEST_SIZE];
    char text[DIGEST_SIZE];
    json_t *a = json_pack("{s:i, s:[f, n]}", "b", 1, "a", 2.0);
    json_t *b = json_pack("{s:[i, n], s:f}", "a", 2, "b", 1.0);
    digest_tree(a, first);
    digest_tree(b, second);
    ck_assert_str_eq(first, second);
    digest_text("{\"a\":[2,null],\"b\":1}", text);
    ck_assert_str_eq(first, text);
    json_decref(a);
    json_decref(b);
}
END_TEST

static void expect_base64(const void *bytes, size_t size, const char *text)
{
    char *encoded = base64_encode(bytes, size);
    char *decoded = NULL;
    size_t decoded_size = 0;
    ck_assert_str_eq(encoded, text);
    ck_assert(base64_decode(encoded, strlen(encoded), &decoded, &decoded_size, NULL));
    ck_assert_uint_eq(decoded_size, size);
    ck_assert_mem_eq(decoded, bytes, size);
    ck_assert_int_eq(decoded[size], '\0');
    free(encoded);
    free(decoded);
}

START_TEST(base64_as_in_rfc_4648)
{
    expect_base64("", 0, "");
    expect_base64("f", 1, "Zg==");
    expect_base64("fo", 2, "Zm8=");
    expect_base64("foo", 3, "Zm9v");
    expect_base64("foob", 4, "Zm9vYg==");
    expect_base64("fooba", 5, "Zm9vYmE=");
    expect_base64("foobar", 6, "Zm9vYmFy");
    expect_base64("\xfb\xff\x00\xbe", 4, "+/8Avg==");
}
END_TEST

START_TEST(base64_skips_line_breaks)
{
    char *decoded = NULL;
    size_t size = 0;
    const char *text = "\r\nZm9v\r\nY\nm\nF\ny\nZg=\n=\n";
    ck_assert(base64_decode(text, strlen(text), &decoded, &size, NULL));
    ck_assert_str_eq(decoded, "foobarf");
    free(decoded);
}
END_TEST

START_TEST(base64_refuses)
{
    static const struct {
        const char *text;
        const char *message;
    } wrong[] = {
        {"Zg", "the base64 text is cut off at offset 2"},
        {"Zg=", "the base64 text is cut off at offset 3"},
        {"Z", "the base64 text is cut off at offset 1"},
        {"Zm9vZ===", "the base64 text has a wrong character at offset 5"},
        {"=", "the base64 text has a wrong character at offset 0"},
        {"Zg==Zg==", "the base64 text has a wrong character at offset 4"},
        {"Zg===", "the base64 text has a wrong character at offset 4"},
        {"Zm9v====", "the base64 text has a wrong character at offset 4"},
        {"Zm 9v", "the base64 text has a wrong character at offset 2"},
        {"Zm9-", "the base64 text has a wrong character at offset 3"},
        {"Zm9\xff", "the base64 text has a wrong character at offset 3"},
    };
    for (size_t i = 0; i < LENGTH_OF(wrong); i++) {
        char *decoded = NULL;
        size_t size = 0;
        struct error error = {0};
        ck_assert_msg(!base64_decode(wrong[i].text, strlen(wrong[i].text), &decoded, &size, &error), "%s",
                      wrong[i].text);
        ck_assert_str_eq(error.message, wrong[i].message);
        ck_assert_ptr_null(decoded);
        error_release(&error);
    }
}
END_TEST

static void pack_zeros(size_t size, char **ret_packed, size_t *ret_packed_size)
{
    char *zeros = memory_new(size);
    gzip_pack(zeros, size, ret_packed, ret_packed_size);
    free(zeros);
}

static void expect_unpack_error(const char *bytes, size_t size, size_t limit, const char *part)
{
    char *unpacked = NULL;
    size_t unpacked_size = 0;
    struct error error = {0};
    ck_assert(!gzip_unpack(bytes, size, limit, &unpacked, &unpacked_size, &error));
    ck_assert_int_eq(error.code, ERROR_INVALID);
    ck_assert_msg(strstr(error.message, part) != NULL, "%s", error.message);
    ck_assert_ptr_null(unpacked);
    error_release(&error);
}

START_TEST(gzip_goes_round)
{
    static const size_t sizes[] = {0, 1, 100, 65536, 3000000};
    for (size_t i = 0; i < LENGTH_OF(sizes); i++) {
        char *bytes = memory_new(sizes[i] + 1);
        unsigned random = 5;
        for (size_t j = 0; j < sizes[i]; j++) {
            random = random * 1103515245u + 12345u;
            bytes[j] = (char)(random >> 20);
        }
        char *packed = NULL;
        char *unpacked = NULL;
        size_t packed_size = 0;
        size_t unpacked_size = 0;
        gzip_pack(bytes, sizes[i], &packed, &packed_size);
        ck_assert(gzip_is(packed, packed_size));
        ck_assert(gzip_unpack(packed, packed_size, sizes[i], &unpacked, &unpacked_size, NULL));
        ck_assert_uint_eq(unpacked_size, sizes[i]);
        ck_assert_mem_eq(unpacked, bytes, sizes[i] + 1);
        if (sizes[i] > 0)
            expect_unpack_error(packed, packed_size, sizes[i] - 1, "larger than");
        free(bytes);
        free(packed);
        free(unpacked);
    }
}
END_TEST

START_TEST(gzip_bomb_is_stopped)
{
    char *packed = NULL;
    size_t packed_size = 0;
    pack_zeros((size_t)64 << 20, &packed, &packed_size);
    ck_assert_uint_lt(packed_size, (size_t)100 << 10);
    expect_unpack_error(packed, packed_size, (size_t)1 << 20, "larger than 1048576 bytes when unpacked");
    /* A trailer that lies about the size makes no difference. */
    memset(packed + packed_size - 4, 0, 4);
    expect_unpack_error(packed, packed_size, (size_t)1 << 20, "larger than");
    free(packed);
}
END_TEST

START_TEST(gzip_damage_is_told)
{
    char *packed = NULL;
    size_t packed_size = 0;
    pack_zeros(100000, &packed, &packed_size);
    for (size_t cut = 0; cut < packed_size; cut++)
        expect_unpack_error(packed, cut, 1 << 20, "cut off");
    packed[packed_size - 5] ^= 1; /* the checksum */
    expect_unpack_error(packed, packed_size, 1 << 20, "damaged");
    free(packed);
    expect_unpack_error("not gzip at all", 15, 100, "damaged");
    ck_assert(!gzip_is("\x1f\x8b", 2));
    ck_assert(!gzip_is("{\"a\":1}", 7));
}
END_TEST

START_TEST(gzip_members_follow_each_other)
{
    char *packed = NULL;
    char *unpacked = NULL;
    size_t packed_size = 0;
    size_t size = 0;
    gzip_pack("ab", 2, &packed, &packed_size);
    char *twice = memory_new(2 * packed_size + 3);
    memcpy(twice, packed, packed_size);
    memcpy(twice + packed_size, packed, packed_size);
    memcpy(twice + 2 * packed_size, "xyz", 3);
    ck_assert(gzip_unpack(twice, 2 * packed_size, 100, &unpacked, &size, NULL));
    ck_assert_str_eq(unpacked, "abab");
    expect_unpack_error(twice, 2 * packed_size + 3, 100, "damaged");
    free(unpacked);
    free(packed);
    free(twice);
}
END_TEST

Suite *suite_packing(void)
{
    Suite *suite = suite_create("packing");
    TCase *tests = tcase_create("packing");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, digests_known_from_the_standard);
    tcase_add_test(tests, digests_of_trees_ignore_order);
    tcase_add_test(tests, base64_as_in_rfc_4648);
    tcase_add_test(tests, base64_skips_line_breaks);
    tcase_add_test(tests, base64_refuses);
    tcase_add_test(tests, gzip_goes_round);
    tcase_add_test(tests, gzip_bomb_is_stopped);
    tcase_add_test(tests, gzip_damage_is_told);
    tcase_add_test(tests, gzip_members_follow_each_other);
    suite_add_tcase(suite, tests);
    return suite;
}
