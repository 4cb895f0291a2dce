#include "base/array.h"
#include "base/memory.h"
#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void array_append(struct array *array, void *item)
{
    array_insert(array, array->count, item);
}

void array_insert(struct array *array, size_t index, void *item)
{
    assert(index <= array->count);
    if (array->count == array->room) {
        size_t room = array->room == 0 ? 8 : array->room * 2;
        array->items = memory_resize(array->items, room, sizeof *array->items);
        array->room = room;
    }
    memmove(array->items + index + 1, array->items + index, (array->count - index) * sizeof *array->items);
    array->items[index] = item;
    array->count++;
}

void array_remove(struct array *array, size_t index)
{
    void *item = array_take(array, index);
    if (array->free_item != NULL)
        array->free_item(item);
}

void *array_take(struct array *array, size_t index)
{
    assert(index < array->count);
    void *item = array->items[index];
    array->count--;
    memmove(array->items + index, array->items + index + 1, (array->count - index) * sizeof *array->items);
    return item;
}

/* Merges the sorted halves of `items` through `spare`. */
static void merge(void **items, size_t middle, size_t count, void **spare, int (*compare)(const void *, const void *))
{
    memcpy(spare, items, middle * sizeof *items);
    size_t left = 0;
    size_t right = middle;
    for (size_t out = 0; left < middle; out++) {
        bool take_right = right < count && compare(items[right], spare[left]) < 0;
        items[out] = take_right ? items[right++] : spare[left++];
    }
}

static void sort(void **items, size_t count, void **spare, int (*compare)(const void *, const void *))
{
    if (count < 2)
        return;
    size_t middle = count / 2;
    sort(items, middle, spare, compare);
    sort(items + middle, count - middle, spare, compare);
    if (compare(items[middle], items[middle - 1]) < 0)
        merge(items, middle, count, spare, compare);
}

void array_sort(struct array *array, int (*compare)(const void *a, const void *b))
{
    if (array->count < 2)
        return;
    void **spare = memory_new_array(array->count / 2 + 1, sizeof *spare);
    sort(array->items, array->count, spare, compare);
    free(spare);
}

void array_clear(struct array *array)
{
    if (array->free_item != NULL)
        for (size_t i = 0; i < array->count; i++)
            array->free_item(array->items[i]);
    array->count = 0;
}

void array_release(struct array *array)
{
    array_clear(array);
    free(array->items);
    array->items = NULL;
    array->room = 0;
}
