#include "ui/marks.h"
#include <check.h>
#include <stdio.h>

Suite *suite_marks(void);

START_TEST(what_is_seen_first_is_not_marked)
{
    struct marks *marks = marks_new();
    ck_assert(!marks_changed(marks, 1, "a", 1000));
    ck_assert(!marks_changed(marks, 1, "a", 2000));
    marks_free(marks);
}
END_TEST

START_TEST(a_change_is_marked_for_three_seconds)
{
    struct marks *marks = marks_new();
    marks_changed(marks, 1, "a", 1000);
    marks_changed(marks, 2, "x", 1000);
    ck_assert(marks_changed(marks, 1, "b", 2000));
    ck_assert(!marks_changed(marks, 2, "x", 2000));
    ck_assert(marks_changed(marks, 1, "b", 4999));
    ck_assert(!marks_changed(marks, 1, "b", 5000));
    marks_free(marks);
}
END_TEST

START_TEST(many_places_do_not_grow_without_bound)
{
    struct marks *marks = marks_new();
    char text[16];
    for (uint64_t place = 0; place < 100000; place++) {
        snprintf(text, sizeof text, "%d", (int)place);
        ck_assert(!marks_changed(marks, marks_hash(MARKS_SEED, text), text, 1000));
    }
    ck_assert(!marks_changed(marks, 5, "a", 1000));
    ck_assert(marks_changed(marks, 5, "b", 1000));
    marks_free(marks);
}
END_TEST

START_TEST(places_are_told_apart)
{
    ck_assert_uint_ne(marks_hash(marks_hash(MARKS_SEED, "ab"), "c"), marks_hash(marks_hash(MARKS_SEED, "a"), "bc"));
    struct marks *marks = marks_new();
    marks_changed(marks, 0, "a", 1000); /* zero is a place like any other */
    ck_assert(marks_changed(marks, 0, "b", 1000));
    marks_free(marks);
}
END_TEST

Suite *suite_marks(void)
{
    Suite *suite = suite_create("marks");
    TCase *tests = tcase_create("marks");
    tcase_add_test(tests, what_is_seen_first_is_not_marked);
    tcase_add_test(tests, a_change_is_marked_for_three_seconds);
    tcase_add_test(tests, many_places_do_not_grow_without_bound);
    tcase_add_test(tests, places_are_told_apart);
    suite_add_tcase(suite, tests);
    return suite;
}
