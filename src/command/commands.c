#include "command/command.h"
#include "base/text.h"

extern const struct command command_status, command_releases, command_history, command_hashes, command_diff, command_api_versions,
    command_playbook, command_simulate;

const struct command *const commands[] = {
    &command_status, &command_releases,     &command_history,  &command_hashes,
    &command_diff,   &command_api_versions, &command_playbook, &command_simulate,
    NULL,
};

const struct command *command_find(const char *name)
{
    for (const struct command *const *each = commands; *each != NULL; each++)
        if (text_equal((*each)->name, name))
            return *each;
    return NULL;
}
