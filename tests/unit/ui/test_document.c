#include "base/memory.h"
#include "base/text.h"
#include "ui/widgets/document.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_document(void);

/* All lines of a wrapped text, apart by '|'. */
static char *wrapped(const char *text, int columns)
{
    struct text lines = {0};
    do {
        size_t skip = 0;
        size_t size = document_wrap(text, columns, &skip);
        if (text[0] != '\0')
            ck_assert_msg(size + skip > 0, "no progress");
        text_append_bytes(&lines, text, size);
        text += size + skip;
        if (*text != '\0')
            text_append_char(&lines, '|');
    } while (*text != '\0');
    return text_steal(&lines);
}

static void check_wrap(const char *text, int columns, const char *expected)
{
    CLEANUP_FREE char *lines = wrapped(text, columns);
    ck_assert_str_eq(lines, expected);
}

START_TEST(lines_break_between_words)
{
    check_wrap("one two three", 7, "one two|three");
    check_wrap("one two three", 8, "one two|three");
    check_wrap("one   two", 4, "one|two");
    check_wrap("", 10, "");
}
END_TEST

START_TEST(a_word_longer_than_the_line_is_cut)
{
    check_wrap("abcdefghij", 4, "abcd|efgh|ij");
    check_wrap("a bcdefghij", 4, "a|bcde|fghi|j");
}
END_TEST

START_TEST(wide_characters_count_two)
{
    check_wrap("資料庫", 4, "資料|庫");
    check_wrap("資料庫", 1, "資|料|庫"); /* wider than the line: better cut than never end */
}
END_TEST

START_TEST(fields_are_indented_under_themselves)
{
    struct document document;
    document_init(&document, 30);
    document_field(&document, "label", 0, "%s", "some words that need two lines");
    document_field(&document, "empty", 0, "%s", "");
    ck_assert_uint_eq(document.lines.count, 3);
    ck_assert_str_eq(document_line(&document, 0)->label, " label          ");
    ck_assert_str_eq(document_line(&document, 0)->text, "some words");
    ck_assert_str_eq(document_line(&document, 1)->label, "                ");
    document_release(&document);
}
END_TEST

START_TEST(hostile_text_is_cleaned_before_it_is_wrapped)
{
    struct document document;
    document_init(&document, 60);
    document_text(&document, 0, "%s", "a\x1b[2Jb\nc");
    ck_assert_uint_eq(document.lines.count, 1);
    ck_assert_str_eq(document_line(&document, 0)->text, " a\\x1b[2Jb\\nc");
    document_release(&document);
}
END_TEST

Suite *suite_document(void)
{
    Suite *suite = suite_create("document");
    TCase *tests = tcase_create("document");
    tcase_add_test(tests, lines_break_between_words);
    tcase_add_test(tests, a_word_longer_than_the_line_is_cut);
    tcase_add_test(tests, wide_characters_count_two);
    tcase_add_test(tests, fields_are_indented_under_themselves);
    tcase_add_test(tests, hostile_text_is_cleaned_before_it_is_wrapped);
    suite_add_tcase(suite, tests);
    return suite;
}
