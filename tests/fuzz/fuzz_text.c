/* Texts from outside: cleaned ones are UTF-8 without controls, and whatever stands before a password, it is taken out.
 */
#include "base/memory.h"
#include "base/redact.h"
#include "base/text.h"
#include "base/utf8.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SECRET "s3cr3t-canary"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP_FREE char *text = memory_text_part((const char *)bytes, size);
    CLEANUP_FREE char *cleaned = text_clean(text, false, size / 2);
    if (!utf8_valid(cleaned, strlen(cleaned), NULL))
        abort();
    for (const char *at = cleaned; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            abort();
    if (text_fit(cleaned, text_width(cleaned), NULL) != strlen(cleaned))
        abort();
    CLEANUP_FREE char *with_secret = memory_format("%s\npassword: " SECRET "\n", text);
    CLEANUP_FREE char *redacted = redact_text(with_secret);
    if (strstr(redacted, SECRET) != NULL)
        abort();
    return 0;
}
