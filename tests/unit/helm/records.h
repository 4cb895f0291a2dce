/* Records for tests: those that real Helm wrote (tests/data/helm), and made-up ones. */
#pragma once

#include "helm/record.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

char *records_read(const char *name, size_t *ret_size); /* a file of tests/data/helm; owned by the caller */
json_t *records_read_tree(const char *name);
struct helm_record *records_decode(const char *name, enum helm_depth depth); /* fails the test when it cannot be decoded */

/* As a Secret's data.release has it: base64(base64(gzip(json))), without the outer or the gzip layer as told. */
char *records_pack(const char *json, bool outer, bool gzip);

/* Decodes made-up JSON; true, or false with the error's message in *ret_message (owned by the caller). */
bool records_try(const char *json, struct helm_record **ret_record, char **ret_message);
