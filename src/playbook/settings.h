/* The settings that a playbook and the environment may give. Used by settings.c and section_settings.c. */
#pragma once

#include "playbook/check.h"
#include <stddef.h>

struct setting {
    struct check_field field;
    const char *variable; /* of the environment, or NULL */
};

/* All of them; static. */
const struct setting *settings_all(size_t *ret_count);
