/* Playbooks: right, or with at least one mistake that has a place. */
#include "playbook/playbook.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct playbook *playbook = NULL;
    struct playbook_mistakes mistakes = {0};
    struct error error = {0};
    bool right = playbook_parse("x", (const char *)bytes, size, &playbook, &mistakes, &error);
    if (right != (mistakes.count == 0) || right != (playbook != NULL))
        abort();
    for (size_t i = 0; i < mistakes.count; i++)
        if (strncmp(mistakes.texts[i], "x:", 2) != 0)
            abort();
    if (right)
        playbook_match(playbook, &(struct playbook_release){.name = "x", .chart = "x"});
    playbook_free(playbook);
    playbook_mistakes_release(&mistakes);
    error_release(&error);
    return 0;
}
