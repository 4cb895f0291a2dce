/* Where nodes stand in their file, collected while yaml.c reads. */
#pragma once

#include "base/yaml.h"

struct yaml_place {
    int line; /* from 1 */
    int column;
    int key_line; /* of its key; of itself in a list */
    int key_column;
    bool copied; /* an alias or merge: what is below it stands here too */
};

struct yaml_positions *yaml_positions_new(void);
void yaml_positions_put(struct yaml_positions *positions, const char *pointer, struct yaml_place place);
