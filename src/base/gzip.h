/* Gzip in memory, bounded: what is small on the wire may be huge inside. */
#pragma once

#include "base/error.h"
#include <stddef.h>

bool gzip_is(const void *bytes, size_t size); /* begins with 1f 8b 08 */

/* Fails with ERROR_INVALID when damaged, cut short, or larger than `limit` bytes unpacked (and then stops reading at once). */
bool gzip_unpack(const void *bytes, size_t size, size_t limit, char **ret_bytes, size_t *ret_size, struct error *error);
void gzip_pack(const void *bytes, size_t size, char **ret_bytes, size_t *ret_size);
