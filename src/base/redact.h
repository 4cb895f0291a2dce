/* Takes secrets out of text before it reaches journal, log, screen or export. Better a word too many than a password. */
#pragma once

#include <jansson.h>

#define REDACTED "‹redacted›"

/* A copy, owned by the caller, in which REDACTED stands for: private keys, JSON web tokens, bearer and basic credentials, user and password
 * in URLs, and the values of what is named …password, …token, …secret, …key (access, api, private, secret) or alike, as `name=value`,
 * `name: value`, `"name": "value"`, `--name value`. */
char *redact_text(const char *text);

/* Mask data and stringData of a Secret, also in lists and within last-applied-configuration: values become "‹redacted, 12 bytes, 1f0c9a2e›".
 * The mark is keyed anew in each process: within one, equal values have equal marks, so that a change is seen without the value being
 * told. Other kinds are left alone. Changes the tree in place. */
void redact_object(json_t *object);
