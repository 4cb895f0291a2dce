/* A JSON tree as YAML with sorted keys, in block style, so that equal trees give equal lines. */
#pragma once

#include <jansson.h>

/* Texts with several lines are written as literal blocks; texts that a reader of YAML 1.1 would take for something else
 * are quoted. Ends in a newline. Owned by the caller. */
char *yaml_write(const json_t *tree);
