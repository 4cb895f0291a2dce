#include "situation/place.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <stdlib.h>

/* "[name=manager]"; the default protocol is not told, as nobody writes it. */
static void append_selector(char **path, const struct place *place)
{
    struct text text = {0};
    text_append(&text, *path);
    for (size_t i = 0; i < LENGTH_OF(place->keys->keys) && place->keys->keys[i] != NULL; i++) {
        char buffer[32];
        const char *key = place->keys->keys[i];
        const char *value = merge_keys_text(place->element, key, buffer, sizeof buffer);
        if (i > 0 && text_equal(key, "protocol") && text_equal(value, "TCP"))
            continue;
        text_append_format(&text, "%s%s=%s", i == 0 ? "[" : ",", key, value != NULL ? value : "");
    }
    text_append_char(&text, ']');
    free(*path);
    *path = text_steal(&text);
}

static void append_step(char **path, const struct place *place)
{
    if (place->up != NULL)
        append_step(path, place->up);
    if (place->key != NULL)
        tree_path_append_key(path, place->key);
    else if (place->keys != NULL)
        append_selector(path, place);
    else
        tree_path_append_index(path, place->index);
}

char *place_text(const struct place *place)
{
    CLEANUP_FREE char *path = memory_text("");
    if (place != NULL)
        append_step(&path, place);
    return text_clean(path, false, 0);
}

const char *place_parent(const struct place *place)
{
    while (place != NULL && place->key == NULL)
        place = place->up;
    return place != NULL ? place->key : "";
}
