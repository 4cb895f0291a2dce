/* UTF-8, one character at a time, as RFC 3629 allows it: no surrogates, no overlong forms, nothing above U+10FFFF. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_MAX 4 /* bytes of the longest character */

/* The bytes of the first character of `bytes`, its code in *ret_code; 0 when they are not valid UTF-8 or `size` is 0. */
size_t utf8_decode(const char *bytes, size_t size, uint32_t *ret_code);

/* Writes the character and returns how many bytes it took; 0 for a code that has no UTF-8 form. */
size_t utf8_encode(uint32_t code, char ret_bytes[UTF8_MAX]);

/* Whether all of it is valid; if not, *ret_offset (may be NULL) gets the place of the first wrong byte. */
bool utf8_valid(const char *bytes, size_t size, size_t *ret_offset);
