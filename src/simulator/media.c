#include "simulator/media.h"
#include "base/memory.h"
#include "base/text.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The value of a parameter in "type/sub;as=Table;v=v1", the caller's; NULL when absent. */
static char *parameter(const char *range, const char *name)
{
    size_t name_length = strlen(name);
    for (const char *at = strchr(range, ';'); at != NULL; at = strchr(at, ';')) {
        at++;
        at += strspn(at, " \t");
        if (strncasecmp(at, name, name_length) != 0 || at[name_length] != '=')
            continue;
        const char *value = at + name_length + 1;
        return memory_text_part(value, strcspn(value, "; \t"));
    }
    return NULL;
}

static bool is_type(const char *range, const char *type)
{
    size_t length = strcspn(range, "; \t");
    return length == strlen(type) && strncasecmp(range, type, length) == 0;
}

static enum media match(const char *range)
{
    if (!is_type(range, "application/json") && !is_type(range, "*/*") && !is_type(range, "application/*") &&
        !is_type(range, "application/yaml"))
        return MEDIA_NONE;
    CLEANUP_FREE char *as = parameter(range, "as");
    CLEANUP_FREE char *version = parameter(range, "v");
    if (as == NULL)
        return MEDIA_JSON;
    if (text_equal(as, "Table"))
        return text_equal(version, "v1") ? MEDIA_TABLE : MEDIA_NONE;
    if (text_equal(as, "PartialObjectMetadata"))
        return text_equal(version, "v1") ? MEDIA_METADATA : MEDIA_NONE;
    if (text_equal(as, "PartialObjectMetadataList"))
        return text_equal(version, "v1") ? MEDIA_METADATA_LIST : MEDIA_NONE;
    if (text_equal(as, "APIGroupDiscoveryList"))
        return text_equal(version, "v2")        ? MEDIA_DISCOVERY
               : text_equal(version, "v2beta1") ? MEDIA_DISCOVERY_BETA
                                                : MEDIA_NONE;
    return MEDIA_NONE;
}

enum media media_accepted(const char *accept)
{
    if (accept == NULL || accept[0] == '\0')
        return MEDIA_JSON;
    while (*accept != '\0') {
        accept += strspn(accept, " \t,");
        size_t length = strcspn(accept, ",");
        CLEANUP_FREE char *range = memory_text_part(accept, length);
        enum media media = range[0] != '\0' ? match(range) : MEDIA_NONE;
        if (media != MEDIA_NONE)
            return media;
        accept += length;
    }
    return MEDIA_NONE;
}
