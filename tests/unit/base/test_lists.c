#include "base/array.h"
#include "base/map.h"
#include "base/memory.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_lists(void);

/* Sorts by the first letter only, so that stability shows. */
static int compare_first_letter(const void *a, const void *b)
{
    return *(const char *)a - *(const char *)b;
}

START_TEST(array_keeps_order)
{
    struct array array = {.free_item = free};
    for (int i = 0; i < 100; i++)
        array_append(&array, memory_format("%d", i));
    array_insert(&array, 0, memory_text("first"));
    array_remove(&array, 1);
    char *taken = array_take(&array, 1);
    ck_assert_str_eq(taken, "1");
    free(taken);
    ck_assert_uint_eq(array.count, 99);
    ck_assert_str_eq(array.items[0], "first");
    ck_assert_str_eq(array.items[1], "2");
    ck_assert_str_eq(array.items[98], "99");
    array_clear(&array);
    ck_assert_uint_eq(array.count, 0);
    array_release(&array);
    ck_assert_ptr_null(array.items);
}
END_TEST

START_TEST(array_sorts_stably)
{
    struct array array = {.free_item = free};
    unsigned random = 1;
    for (int i = 0; i < 1000; i++) {
        random = random * 1103515245u + 12345u;
        array_append(&array, memory_format("%c%04d", 'a' + (int)(random >> 16) % 7, i));
    }
    array_sort(&array, compare_first_letter);
    for (size_t i = 1; i < array.count; i++)
        ck_assert_int_lt(strcmp(array.items[i - 1], array.items[i]), 0);
    array_release(&array);
    array_sort(&array, compare_first_letter);
}
END_TEST

START_TEST(map_is_ordered_by_bytes)
{
    struct map *map = map_new(NULL);
    const char *keys[] = {"b", "a", "Z", "é", "", "aa"};
    const char *order[] = {"", "Z", "a", "aa", "b", "é"};
    for (size_t i = 0; i < LENGTH_OF(keys); i++)
        map_put(map, keys[i], (void *)keys[i]);
    ck_assert_uint_eq(map_count(map), LENGTH_OF(keys));
    for (size_t i = 0; i < LENGTH_OF(order); i++) {
        const char *key = NULL;
        ck_assert_str_eq(map_at(map, i, &key), order[i]);
        ck_assert_str_eq(key, order[i]);
    }
    ck_assert_ptr_null(map_get(map, "c"));
    map_free(map);
    map_free(NULL);
}
END_TEST

static int freed;

static void count_free(void *value)
{
    freed++;
    free(value);
}

START_TEST(map_frees_what_it_replaces)
{
    struct map *map = map_new(count_free);
    freed = 0;
    map_put(map, "a", memory_text("1"));
    map_put(map, "a", memory_text("2"));
    ck_assert_int_eq(freed, 1);
    map_put(map, "a", map_get(map, "a"));
    ck_assert_int_eq(freed, 1);
    ck_assert(map_remove(map, "a"));
    ck_assert(!map_remove(map, "a"));
    ck_assert_int_eq(freed, 2);
    map_put(map, "b", memory_text("3"));
    map_clear(map);
    ck_assert_int_eq(freed, 3);
    ck_assert_uint_eq(map_count(map), 0);
    map_free(map);
}
END_TEST

/* Ascending keys are what a list answer brings, and what an unbalanced tree turns into a chain. */
START_TEST(map_stays_right_through_many_changes)
{
    enum { COUNT = 20000 };
    struct map *map = map_new(NULL);
    bool *present = memory_new_array(COUNT, sizeof *present);
    char key[16];
    for (int i = 0; i < COUNT; i++) {
        snprintf(key, sizeof key, "%06d", i);
        map_put(map, key, &present[i]);
        present[i] = true;
    }
    unsigned random = 7;
    for (int round = 0; round < COUNT; round++) {
        random = random * 1103515245u + 12345u;
        int i = (int)((random >> 8) % COUNT);
        snprintf(key, sizeof key, "%06d", i);
        ck_assert_uint_eq(map_remove(map, key), present[i]);
        present[i] = !present[i];
        if (present[i])
            map_put(map, key, &present[i]);
    }
    size_t index = 0;
    for (int i = 0; i < COUNT; i++) {
        snprintf(key, sizeof key, "%06d", i);
        ck_assert_ptr_eq(map_get(map, key), present[i] ? &present[i] : NULL);
        if (present[i])
            ck_assert_ptr_eq(map_at(map, index++, NULL), &present[i]);
    }
    ck_assert_uint_eq(index, map_count(map));
    free(present);
    map_free(map);
}
END_TEST

Suite *suite_lists(void)
{
    Suite *suite = suite_create("lists");
    TCase *tests = tcase_create("lists");
    tcase_add_test(tests, array_keeps_order);
    tcase_add_test(tests, array_sorts_stably);
    tcase_add_test(tests, map_is_ordered_by_bytes);
    tcase_add_test(tests, map_frees_what_it_replaces);
    tcase_add_test(tests, map_stays_right_through_many_changes);
    suite_add_tcase(suite, tests);
    return suite;
}
