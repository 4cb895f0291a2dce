#include "base/yaml_positions.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/text.h"
#include <stdlib.h>
#include <string.h>

struct yaml_positions {
    struct map *places; /* by JSON pointer: struct yaml_place */
};

struct yaml_positions *yaml_positions_new(void)
{
    struct yaml_positions *positions = memory_new(sizeof *positions);
    positions->places = map_new(free);
    return positions;
}

void yaml_positions_free(struct yaml_positions *positions)
{
    if (positions == NULL)
        return;
    map_free(positions->places);
    free(positions);
}

void yaml_positions_put(struct yaml_positions *positions, const char *pointer, struct yaml_place place)
{
    map_put(positions->places, pointer, memory_copy(&place, sizeof place));
}

/* The place of a node; below an alias or a merge only the alias itself has one. */
static const struct yaml_place *find(const struct yaml_positions *positions, const char *pointer)
{
    const struct yaml_place *place = map_get(positions->places, pointer);
    if (place != NULL)
        return place;
    CLEANUP_FREE char *above = memory_text(pointer);
    for (char *slash = strrchr(above, '/'); slash != NULL; slash = strrchr(above, '/')) {
        *slash = '\0';
        place = map_get(positions->places, above);
        if (place != NULL)
            return place->copied ? place : NULL;
    }
    return NULL;
}

bool yaml_position(const struct yaml_positions *positions, const char *pointer, bool key, int *ret_line,
                   int *ret_column)
{
    const struct yaml_place *place = find(positions, pointer);
    if (place == NULL)
        return false;
    *ret_line = key ? place->key_line : place->line;
    *ret_column = key ? place->key_column : place->column;
    return true;
}

char *yaml_pointer(const char *parent, const char *key)
{
    struct text pointer = {0};
    text_append(&pointer, parent);
    text_append_char(&pointer, '/');
    for (; *key != '\0'; key++) {
        if (*key == '~')
            text_append(&pointer, "~0");
        else if (*key == '/')
            text_append(&pointer, "~1");
        else
            text_append_char(&pointer, *key);
    }
    return text_steal(&pointer);
}

char *yaml_pointer_index(const char *parent, size_t index)
{
    return memory_format("%s/%zu", parent, index);
}
