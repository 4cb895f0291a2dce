/* YAML in both flavours: what is read must survive the way through canonical JSON, and every node must have a place. */
#include "base/memory.h"
#include "base/tree.h"
#include "base/yaml.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_places(const struct yaml_positions *positions, const json_t *tree, const char *pointer)
{
    int line = 0;
    int column = 0;
    const char *key = NULL;
    json_t *value = NULL;
    if (!yaml_position(positions, pointer, false, &line, &column) || line < 1 || column < 1)
        abort();
    json_object_foreach((json_t *)tree, key, value)
    {
        CLEANUP_FREE char *below = yaml_pointer(pointer, key);
        check_places(positions, value, below);
    }
    for (size_t i = 0; i < json_array_size(tree); i++) {
        CLEANUP_FREE char *below = yaml_pointer_index(pointer, i);
        check_places(positions, json_array_get(tree, i), below);
    }
}

static void check_round_trip(const json_t *tree)
{
    CLEANUP_FREE char *canonical = tree_canonical(tree);
    json_t *again = NULL;
    if (!tree_parse(canonical, strlen(canonical), &again, NULL) || !tree_equal(tree, again))
        abort();
    json_decref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    for (int flavour = YAML_KUBERNETES; flavour <= YAML_STRICT; flavour++) {
        json_t *tree = NULL;
        struct yaml_positions *positions = NULL;
        struct error error = {0};
        if (yaml_parse((enum yaml_flavour)flavour, "x", (const char *)bytes, size, &tree, &positions, &error)) {
            check_round_trip(tree);
            check_places(positions, tree, "");
        } else if (error.code != ERROR_INVALID || error.message == NULL) {
            abort();
        }
        error_release(&error);
        yaml_positions_free(positions);
        json_decref(tree);
    }
    return 0;
}
