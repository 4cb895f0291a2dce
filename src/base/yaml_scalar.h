/* What a YAML scalar means. Used by yaml.c alone. */
#pragma once

#include "base/yaml.h"
#include <stdint.h>

enum yaml_kind {
    YAML_KIND_NULL,
    YAML_KIND_BOOLEAN,
    YAML_KIND_INTEGER,
    YAML_KIND_NATURAL, /* above INT64_MAX, up to 64 bits; `real` holds it as near as a real can */
    YAML_KIND_REAL,
    YAML_KIND_TEXT,
};

struct yaml_scalar {
    enum yaml_kind kind;
    bool boolean;
    int64_t integer;
    double real;
    const char *bytes; /* the text; points into what was read, or to `decoded` */
    size_t size;
    char *decoded; /* of !!binary, owned */
};

/* Reads a scalar; `tag` may be NULL, `plain` is false for quoted and block scalars. `bytes` must live as long as the result. On failure
 * *ret_problem is a sentence (static, translated). */
bool yaml_scalar_read(enum yaml_flavour flavour, const char *tag, bool plain, const char *bytes, size_t size,
                      struct yaml_scalar *ret_scalar, const char **ret_problem);
void yaml_scalar_release(struct yaml_scalar *scalar);

/* As JSON; NULL for what JSON cannot say (infinity, not a number). */
json_t *yaml_scalar_value(const struct yaml_scalar *scalar);

/* As an object's key, owned by the caller; NULL for what cannot be one: null, integers above INT64_MAX, text with a NUL in it. */
char *yaml_scalar_key(const struct yaml_scalar *scalar);
