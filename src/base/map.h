/* A map from text to pointer. Keys are copied. Iteration is in the order of the keys' bytes, so that what is shown is stable. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct map;

struct map *map_new(void (*free_value)(void *value)); /* NULL: values are borrowed */
void map_free(struct map *map);
size_t map_count(const struct map *map);
void *map_get(const struct map *map, const char *key); /* NULL when absent */
void map_put(struct map *map, const char *key, void *value); /* an old value is freed */
bool map_remove(struct map *map, const char *key);           /* frees the value; false when absent */
void map_clear(struct map *map);

/* The entry at `index` in key order, 0 ≤ index < map_count(). *ret_key stays owned by the map; NULL is accepted. */
void *map_at(const struct map *map, size_t index, const char **ret_key);
