/* Base64 as RFC 4648 has it (standard alphabet, padding, line breaks skipped on reading). */
#pragma once

#include "base/error.h"
#include <stddef.h>

/* *ret_bytes is owned by the caller and NUL-terminated beyond *ret_size. Fails with ERROR_INVALID, naming the offset. */
bool base64_decode(const char *text, size_t text_size, char **ret_bytes, size_t *ret_size, struct error *error);
char *base64_encode(const void *bytes, size_t size); /* owned by the caller; aborts on overflow */
