/* SHA-256, as 64 lower-case hex digits. */
#pragma once

#include <jansson.h>
#include <stddef.h>

#define DIGEST_SIZE 65 /* with the terminating NUL */

void digest_bytes(const void *bytes, size_t size, char ret_hex[DIGEST_SIZE]);
void digest_text(const char *text, char ret_hex[DIGEST_SIZE]);
void digest_tree(const json_t *tree, char ret_hex[DIGEST_SIZE]); /* of the canonical bytes, see tree.h */
