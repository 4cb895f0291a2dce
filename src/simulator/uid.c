#include "simulator/uid.h"
#include "base/memory.h"
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define SUFFIX_LENGTH 5
#define PREFIX_LIMIT  58 /* so that prefix and suffix fit a label */

static void fill_random(void *bytes, size_t size)
{
    if (getrandom(bytes, size, 0) != (ssize_t)size)
        abort();
}

json_t *uid_new(void)
{
    unsigned char b[16];
    fill_random(b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    CLEANUP_FREE char *text =
        memory_format("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3],
                      b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
    return json_string(text);
}

json_t *uid_generate_name(const char *prefix)
{
    static const char letters[] = "bcdfghjklmnpqrstvwxz2456789";
    unsigned char random[SUFFIX_LENGTH];
    char suffix[SUFFIX_LENGTH + 1] = "";
    fill_random(random, sizeof random);
    for (size_t i = 0; i < SUFFIX_LENGTH; i++)
        suffix[i] = letters[random[i] % (sizeof letters - 1)];
    CLEANUP_FREE char *start = memory_text_part(prefix, PREFIX_LIMIT);
    CLEANUP_FREE char *name = memory_format("%s%s", start, suffix);
    return json_string(name);
}
