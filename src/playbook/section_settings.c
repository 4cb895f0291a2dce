/* settings: how change detection works for this system. */
#include "base/memory.h"
#include "playbook/sections.h"
#include "playbook/settings.h"
#include <stdlib.h>

void section_settings_read(struct check *check, json_t *value, struct playbook *playbook)
{
    size_t count = 0;
    const struct setting *settings = settings_all(&count);
    struct check_field *fields = memory_new_array(count, sizeof *fields);
    for (size_t i = 0; i < count; i++)
        fields[i] = settings[i].field;
    if (check_object(check, "/settings", value, fields, count)) {
        json_decref(playbook->settings);
        playbook->settings = json_incref(value);
    }
    free(fields);
}
