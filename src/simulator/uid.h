/* What the server makes up: uids and the ends of generated names. */
#pragma once

#include <jansson.h>

json_t *uid_new(void); /* a random UUID, version 4; the caller's */

/* "web-" becomes "web-x7k2p": five letters and digits that make no words (apimachinery names.SimpleNameGenerator). */
json_t *uid_generate_name(const char *prefix);
