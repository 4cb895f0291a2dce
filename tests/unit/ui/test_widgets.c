#include "base/memory.h"
#include "ui/widgets/bar.h"
#include "ui/widgets/filter.h"
#include "ui/widgets/prompt.h"
#include "ui/widgets/scroll.h"
#include <check.h>
#include <math.h>

Suite *suite_widgets(void);

static void check_bar(double share, int columns, const char *expected)
{
    struct text text = {0};
    bar_append(&text, share, columns);
    ck_assert_str_eq(text_peek(&text), expected);
    text_release(&text);
}

START_TEST(bars_are_exact_to_an_eighth)
{
    check_bar(0, 4, "");
    check_bar(1, 4, "████");
    check_bar(0.5, 4, "██");
    check_bar(0.375, 4, "█▌");
    check_bar(0.0001, 4, "▏");    /* something is never nothing */
    check_bar(0.9999, 4, "███▉"); /* and not all is never all */
    check_bar(7, 2, "██");
    check_bar(-1, 4, "");
    check_bar(nan(""), 4, "");
    check_bar(1, 0, "");
}
END_TEST

START_TEST(scrolling_moves_as_little_as_possible)
{
    ck_assert_uint_eq(scroll_follow(0, 5, 10, 100), 0);
    ck_assert_uint_eq(scroll_follow(0, 10, 10, 100), 1);
    ck_assert_uint_eq(scroll_follow(20, 19, 10, 100), 19);
    ck_assert_uint_eq(scroll_follow(95, 99, 10, 100), 90); /* no empty rows at the end */
    ck_assert_uint_eq(scroll_follow(50, 3, 10, 5), 0);
    ck_assert_uint_eq(scroll_follow(3, 3, 0, 5), 0);
    ck_assert_uint_eq(scroll_follow(0, 500, 10, 100), 90);
}
END_TEST

START_TEST(moving_stays_inside)
{
    size_t position = 0;
    ck_assert(scroll_move(ACTION_UP, &position, 10, 3));
    ck_assert_uint_eq(position, 0);
    scroll_move(ACTION_PAGE_DOWN, &position, 10, 3);
    ck_assert_uint_eq(position, 2);
    scroll_move(ACTION_DOWN, &position, 10, 3);
    ck_assert_uint_eq(position, 2);
    scroll_move(ACTION_PAGE_UP, &position, 2, 3);
    ck_assert_uint_eq(position, 1);
    scroll_move(ACTION_LAST, &position, 10, 0);
    ck_assert_uint_eq(position, 0);
    ck_assert(!scroll_move(ACTION_OPEN, &position, 10, 3));
}
END_TEST

START_TEST(places_are_told_only_when_there_is_more)
{
    struct text note = {0};
    scroll_note(0, 10, 10, &note);
    ck_assert_str_eq(text_peek(&note), "");
    scroll_note(5, 10, 12, &note);
    ck_assert_str_eq(text_peek(&note), "6–12 of 12");
    text_release(&note);
}
END_TEST

START_TEST(filters_want_all_words)
{
    ck_assert(filter_accepts("", "anything"));
    ck_assert(filter_accepts("V1 shop", "shop/orders v1 Ready"));
    ck_assert(!filter_accepts("v1 shop", "finance/audit v1"));
    ck_assert(!filter_accepts("!ready", "shop Ready"));
    ck_assert(filter_accepts("v1 !ready", "shop v1 Pending"));
    ck_assert(filter_accepts("  v1   ", "v1"));
    ck_assert(filter_accepts("!", "a lone mark asks for nothing"));
    ck_assert(!filter_accepts("x", ""));
    ck_assert_ptr_null(filter_find("abc", ""));
    ck_assert_str_eq(filter_find("abcABC", "Ca"), "cABC");
}
END_TEST

START_TEST(a_line_is_typed_and_erased)
{
    struct prompt prompt = {0};
    const uint32_t typed[] = {'a', ' ', 0xe9, 0x8cc7};
    for (size_t i = 0; i < LENGTH_OF(typed); i++)
        ck_assert(prompt_type(&prompt, typed[i]));
    ck_assert_str_eq(text_peek(&prompt.line), "a é資");
    ck_assert(!prompt_type(&prompt, 0x1b));
    ck_assert(!prompt_type(&prompt, 0x110000)); /* an arrow */
    prompt_act(&prompt, ACTION_ERASE);
    ck_assert_str_eq(text_peek(&prompt.line), "a é");
    prompt_act(&prompt, ACTION_ERASE_WORD);
    ck_assert_str_eq(text_peek(&prompt.line), "a ");
    prompt_act(&prompt, ACTION_ERASE_LINE);
    ck_assert_str_eq(text_peek(&prompt.line), "");
    ck_assert(prompt_act(&prompt, ACTION_ERASE));
    for (int i = 0; i < 10000; i++)
        prompt_type(&prompt, 'x');
    ck_assert_uint_lt(prompt.line.size, 1000); /* a paste does not grow for ever */
    prompt_release(&prompt);
}
END_TEST

Suite *suite_widgets(void)
{
    Suite *suite = suite_create("widgets");
    TCase *tests = tcase_create("widgets");
    tcase_add_test(tests, bars_are_exact_to_an_eighth);
    tcase_add_test(tests, scrolling_moves_as_little_as_possible);
    tcase_add_test(tests, moving_stays_inside);
    tcase_add_test(tests, places_are_told_only_when_there_is_more);
    tcase_add_test(tests, filters_want_all_words);
    tcase_add_test(tests, a_line_is_typed_and_erased);
    suite_add_tcase(suite, tests);
    return suite;
}
