#include "base/text.h"
#include "base/utf8.h"
#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_text(void);

static void expect_clean(const char *text, bool keep_lines, size_t limit, const char *expected)
{
    char *cleaned = text_clean(text, keep_lines, limit);
    ck_assert_str_eq(cleaned, expected);
    ck_assert(utf8_valid(cleaned, strlen(cleaned), NULL));
    free(cleaned);
}

START_TEST(grows_and_is_stolen)
{
    struct text text = {0};
    ck_assert_str_eq(text_peek(&text), "");
    for (int i = 0; i < 1000; i++)
        text_append_format(&text, "%d,", i);
    text_append(&text, NULL);
    text_append_char(&text, '!');
    ck_assert_uint_eq(text.size, strlen(text_peek(&text)));
    ck_assert(text_starts(text_peek(&text), "0,1,2,"));
    ck_assert(text_ends(text_peek(&text), "998,999,!"));
    char *bytes = text_steal(&text);
    ck_assert_ptr_null(text.bytes);
    ck_assert_uint_eq(text.size, 0);
    free(bytes);
}
END_TEST

START_TEST(stolen_when_empty_is_never_null)
{
    struct text text = {0};
    char *bytes = text_steal(&text);
    ck_assert_str_eq(bytes, "");
    free(bytes);
}
END_TEST

START_TEST(cleared_keeps_its_room)
{
    struct text text = {0};
    text_append_bytes(&text, "a\0b", 3);
    ck_assert_uint_eq(text.size, 3);
    size_t room = text.room;
    text_clear(&text);
    ck_assert_str_eq(text_peek(&text), "");
    ck_assert_uint_eq(text.room, room);
    text_release(&text);
    ck_assert_ptr_null(text.bytes);
}
END_TEST

START_TEST(compared)
{
    ck_assert(text_equal(NULL, NULL));
    ck_assert(!text_equal(NULL, ""));
    ck_assert(text_equal("a", "a"));
    ck_assert(!text_starts("ab", "abc"));
    ck_assert(text_starts("ab", ""));
    ck_assert(!text_ends("c", "bc"));
    ck_assert(text_ends("abc", "bc"));
}
END_TEST

START_TEST(matched_by_patterns)
{
    ck_assert(text_matches("", ""));
    ck_assert(text_matches("", "***"));
    ck_assert(!text_matches("", "?"));
    ck_assert(text_matches("documentdb-operator", "documentdb*"));
    ck_assert(text_matches("documentdb-operator", "*operator"));
    ck_assert(text_matches("documentdb-operator", "*-*o?*r"));
    ck_assert(!text_matches("documentdb-operator", "operator*"));
    ck_assert(!text_matches("abc", "ab"));
    ck_assert(text_matches("aé!", "a?!"));
    ck_assert(text_matches("a*b", "a*b"));
    ck_assert(!text_matches("[a]", "[a-z]"));
}
END_TEST

START_TEST(a_hostile_pattern_ends)
{
    char text[4001];
    char pattern[2001];
    memset(text, 'a', 4000);
    text[4000] = '\0';
    for (size_t i = 0; i < 2000; i += 2) {
        pattern[i] = '*';
        pattern[i + 1] = 'a';
    }
    pattern[1999] = 'b';
    pattern[2000] = '\0';
    ck_assert(!text_matches(text, pattern));
}
END_TEST

START_TEST(cleaned_of_control_characters)
{
    expect_clean("plain ünïcödé 漢字 🙂", false, 0, "plain ünïcödé 漢字 🙂");
    expect_clean("\x1b[31mred\x7f\a", false, 0, "\\x1b[31mred\\x7f\\x07");
    expect_clean("a\nb\tc\rd", false, 0, "a\\nb\\tc\\rd");
    expect_clean("a\nb\tc\rd", true, 0, "a\nb\tc\\rd");
    expect_clean("\xc2\x9b"
                 "31m",
                 false, 0, "\\x9b31m"); /* C1's one-character escape */
    expect_clean("name\u202etxt.exe", false, 0, "name\\u202etxt.exe");
    expect_clean("\u2066x\u2069\u200b\ufeff", false, 0, "\\u2066x\\u2069\\u200b\\ufeff");
    expect_clean("tag\U000e0041", false, 0, "tag\\U000e0041");
    expect_clean(NULL, false, 0, "");
}
END_TEST

START_TEST(cleaned_of_wrong_bytes)
{
    expect_clean("\xff\xfe", false, 0, "\\xff\\xfe");
    expect_clean("a\xc3", false, 0, "a\\xc3");
    expect_clean("\xc0\xaf", false, 0, "\\xc0\\xaf");                   /* overlong '/' */
    expect_clean("\xed\xa0\x80", false, 0, "\\xed\\xa0\\x80");          /* a surrogate */
    expect_clean("\xf4\x90\x80\x80", false, 0, "\\xf4\\x90\\x80\\x80"); /* above U+10FFFF */
    expect_clean("\x80"
                 "a",
                 false, 0, "\\x80a");
}
END_TEST

START_TEST(cleaned_up_to_a_limit)
{
    expect_clean("abcdef", false, 3, "abc…");
    expect_clean("abc", false, 3, "abc");
    expect_clean("abcé", false, 4, "abc…"); /* the limit falls into the character */
    expect_clean("abc\xff\xff", false, 4, "abc\\xff…");
}
END_TEST

START_TEST(measured_in_columns)
{
    ck_assert_ptr_nonnull(setlocale(LC_ALL, "C.UTF-8"));
    ck_assert_int_eq(text_width("abc"), 3);
    ck_assert_int_eq(text_width("漢字"), 4);
    ck_assert_int_eq(text_width("e\u0301"), 1);
    ck_assert_int_eq(text_width("\x01\xff"), 2);
}
END_TEST

START_TEST(fitted_into_columns)
{
    int width = -1;
    ck_assert_ptr_nonnull(setlocale(LC_ALL, "C.UTF-8"));
    ck_assert_uint_eq(text_fit("漢字x", 3, &width), 3);
    ck_assert_int_eq(width, 2);
    ck_assert_uint_eq(text_fit("e\u0301x", 1, &width), 3);
    ck_assert_int_eq(width, 1);
    ck_assert_uint_eq(text_fit("abc", 0, NULL), 0);
    ck_assert_uint_eq(text_fit("abc", 10, &width), 3);
    ck_assert_int_eq(width, 3);
}
END_TEST

static void expect_nearest(const char *wanted, const char *expected)
{
    static const char *const names[] = {"components", "contexts", "databases", "match",
                                        "parameters", "settings", "api"};
    char *nearest = text_nearest(wanted, names, sizeof names / sizeof names[0]);
    if (expected == NULL)
        ck_assert_ptr_null(nearest);
    else
        ck_assert_pstr_eq(nearest, expected);
    free(nearest);
}

START_TEST(nearest_names)
{
    expect_nearest("componets", "'components'");
    expect_nearest("Contexts", "'contexts'");
    expect_nearest("aip", "'api'");
    expect_nearest("data", "'databases'");
    expect_nearest("parametersx", "'parameters'");
    expect_nearest("zzz", NULL);
    expect_nearest("", NULL);
}
END_TEST

START_TEST(nearest_names_are_bounded_and_clean)
{
    char long_name[5000];
    memset(long_name, 'a', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    const char *names[] = {"release-a", "release-b", "release-c", "release-d", long_name, "relea\x1bse"};
    char *nearest = text_nearest("release-x", names, 5);
    ck_assert_str_eq(nearest, "'release-a', 'release-b' or 'release-c'");
    free(nearest);
    ck_assert_ptr_null(text_nearest(long_name, names, 5));
    nearest = text_nearest("release", names + 5, 1);
    ck_assert_str_eq(nearest, "'relea\\x1bse'");
    free(nearest);
}
END_TEST

START_TEST(every_character_goes_round)
{
    for (uint32_t code = 0; code <= 0x110000; code++) {
        char bytes[UTF8_MAX];
        uint32_t back = 0;
        size_t size = utf8_encode(code, bytes);
        bool legal = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
        ck_assert_uint_eq(size > 0, legal);
        if (size == 0)
            continue;
        if (utf8_decode(bytes, size, &back) != size || back != code || utf8_decode(bytes, size - 1, &back) != 0)
            ck_abort_msg("U+%04X does not come back", (unsigned)code);
    }
    size_t offset = 0;
    ck_assert(!utf8_valid("ab\xc3(", 4, &offset));
    ck_assert_uint_eq(offset, 2);
}
END_TEST

Suite *suite_text(void)
{
    Suite *suite = suite_create("text");
    TCase *tests = tcase_create("text");
    tcase_add_test(tests, grows_and_is_stolen);
    tcase_add_test(tests, stolen_when_empty_is_never_null);
    tcase_add_test(tests, cleared_keeps_its_room);
    tcase_add_test(tests, compared);
    tcase_add_test(tests, matched_by_patterns);
    tcase_add_test(tests, a_hostile_pattern_ends);
    tcase_add_test(tests, cleaned_of_control_characters);
    tcase_add_test(tests, cleaned_of_wrong_bytes);
    tcase_add_test(tests, cleaned_up_to_a_limit);
    tcase_add_test(tests, measured_in_columns);
    tcase_add_test(tests, fitted_into_columns);
    tcase_add_test(tests, nearest_names);
    tcase_add_test(tests, nearest_names_are_bounded_and_clean);
    tcase_add_test(tests, every_character_goes_round);
    suite_add_tcase(suite, tests);
    return suite;
}
