#include "situation/image.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <string.h>

/* A member as text; a tag that YAML reads as a number is a text all the same. */
static char *member_text(const json_t *values, const char *key)
{
    const json_t *value = json_object_get(values, key);
    if (json_is_string(value))
        return memory_text(json_string_value(value));
    return json_is_number(value) ? tree_canonical(value) : memory_text("");
}

char *image_from_values(const json_t *values)
{
    static const char *const names[] = {"repository", "image", "name"};
    if (json_is_string(values))
        return memory_text(json_string_value(values));
    struct text text = {0};
    for (size_t i = 0; i < LENGTH_OF(names) && text.size == 0; i++) {
        CLEANUP_FREE char *name = member_text(values, names[i]);
        CLEANUP_FREE char *registry = member_text(values, "registry");
        if (*name != '\0' && *registry != '\0')
            text_append_format(&text, "%s/", registry);
        text_append(&text, name);
    }
    CLEANUP_FREE char *tag = member_text(values, "tag");
    CLEANUP_FREE char *digest = member_text(values, "digest");
    if (text.size > 0 && *tag != '\0')
        text_append_format(&text, ":%s", tag);
    if (text.size > 0 && *digest != '\0')
        text_append_format(&text, "@%s", digest);
    return text_steal(&text);
}

char *image_tag(const char *image)
{
    size_t size = strcspn(image, "@");
    const char *colon = memrchr(image, ':', size);
    /* "localhost:5000/x" has a port and no tag. */
    if (colon == NULL || memchr(colon, '/', size - (size_t)(colon - image)) != NULL)
        return memory_text("");
    return memory_text_part(colon + 1, size - (size_t)(colon - image) - 1);
}

const char *image_digest(const char *image_id)
{
    const char *at = strrchr(image_id, '@');
    const char *digest = at != NULL ? at + 1 : image_id;
    return text_starts(digest, "sha256:") ? digest : "";
}
