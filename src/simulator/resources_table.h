/* The rows behind resources.h: what the real server serves and this one does, too. Only resources.c reads them. */
#pragma once

#include <stddef.h>

enum {
    RESOURCE_NAMESPACED = 1,
    RESOURCE_STATUS = 2,
    RESOURCE_SCALE = 4,
    RESOURCE_VIRTUAL = 8,
    RESOURCE_PUT_CREATES = 16,     /* tried on the real server */
    RESOURCE_RETURNS_DELETED = 32, /* pkg/registry: ReturnDeletedObject */
    RESOURCE_CONDITIONAL = 64,     /* not AllowUnconditionalUpdate; tried on the real server */
};

struct resource_row {
    const char *group;
    const char *version;
    const char *plural;
    const char *singular;
    const char *kind;
    const char *const *short_names;
    const char *const *categories;
    const char *const *subresources; /* beyond status and scale */
    int flags;
};

extern const struct resource_row resource_rows[];
extern const size_t resource_row_count;
