/* Versions as image tags tell them. */
#pragma once

#include <stdbool.h>

/* "v1.3.1", "1.25.0-debian-12", "16.3": up to three numbers, an optional v before, anything after '-', '+' or '_'. */
struct version {
    int numbers[3];
    int count; /* how many were given */
};

/* Reads all of `text`; false for "latest", digests, commit hashes and the like. */
bool version_parse(const char *text, struct version *ret_version);

enum version_step { VERSION_SAME, VERSION_PATCH, VERSION_MINOR, VERSION_MAJOR };

/* The size of the step between two versions, whatever its direction. */
enum version_step version_step(const struct version *a, const struct version *b);
int version_compare(const struct version *a, const struct version *b);

/* "16.3-v1.3.0" of PostgreSQL 16.3 with extension v1.3.0: *ret_extension begins after the dash. Borrowed; NULL when
 * there is no such part. */
const char *version_extension(const char *tag);
