/* Takes secrets out of text before it reaches journal, log, screen or export: bearer tokens, basic credentials, private keys, passwords in
 * URLs and in arguments (password=…, --token …), Secret data. */
#pragma once

#include <jansson.h>

char *redact_text(const char *text); /* owned by the caller; what was taken out reads "‹redacted›" */

/* Mask data and stringData of a Secret (values become "‹redacted, 12 bytes›", with a keyed mark so that a change is seen without the
 * value being told), also within last-applied-configuration. Other kinds are left alone. Changes the tree in place. */
void redact_object(json_t *object);
