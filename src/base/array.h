/* A growing array of pointers, with an optional function that frees an element. */
#pragma once

#include <stddef.h>

typedef void (*array_free_item)(void *item);

/* Start with `struct array array = {.free_item = …};`. */
struct array {
    void **items;
    size_t count;
    size_t room;
    array_free_item free_item; /* NULL: the items are borrowed */
};

void array_append(struct array *array, void *item);
void array_insert(struct array *array, size_t index, void *item);
void array_remove(struct array *array, size_t index); /* frees the item */
void *array_take(struct array *array, size_t index);  /* removes without freeing */
void array_sort(struct array *array, int (*compare)(const void *a, const void *b)); /* gets the items, not pointers to them; stable */
void array_clear(struct array *array);
void array_release(struct array *array);
