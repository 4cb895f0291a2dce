/* A component's upgrade classes. Used by section_components.c. */
#pragma once

#include "playbook/check.h"
#include "playbook/playbook.h"

/* `object` is the component's `upgrades` (NULL: none); its version scheme is known already. */
void upgrades_read(struct check *check, const char *parent, json_t *object, struct playbook_component *component);
