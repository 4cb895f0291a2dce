/*
 * Continue tokens: where a list that was limited goes on, and as of which resourceVersion. Opaque to clients; the
 * content is that of the real server (base64url of JSON), which clients have been seen to print.
 */
#pragma once

#include "simulator/refusal.h"
#include <stdbool.h>
#include <stdint.h>

#define CURSOR_ANY_VERSION (-1) /* of a token that goes on in whatever is newest */

char *cursor_make(int64_t version, const char *last_key); /* goes on behind this key; the caller's */
bool cursor_read(const char *token, int64_t *ret_version, char **ret_last_key, struct refusal *refusal);
