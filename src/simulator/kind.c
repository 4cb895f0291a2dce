#include "simulator/kind.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/schema.h"

char *kind_api_version(const struct write_kind *kind, const char *version)
{
    return kind->group[0] != '\0' ? memory_format("%s/%s", kind->group, version) : memory_text(version);
}

const json_t *kind_version(const struct write_kind *kind, const char *version)
{
    const json_t *versions = tree_get(kind->crd, "spec", "versions");
    for (size_t i = 0; i < json_array_size(versions); i++)
        if (text_equal(tree_text(json_array_get(versions, i), "name"), version))
            return json_array_get(versions, i);
    return NULL;
}

const json_t *kind_schema(const struct write_kind *kind, const char *version)
{
    return tree_get(kind_version(kind, version), "schema", "openAPIV3Schema");
}

bool kind_knows(const struct write_kind *kind, const char *version)
{
    return kind->crd == NULL || kind_version(kind, version) != NULL;
}

struct shape kind_shape(const struct write_kind *kind, const char *version)
{
    return kind->crd == NULL ? shape_builtin(kind->kind) : shape_custom(kind_schema(kind, version));
}

json_t *kind_convert(const struct write_kind *kind, const json_t *object, const char *version)
{
    json_t *copy = json_deep_copy(object);
    CLEANUP_FREE char *api_version = kind_api_version(kind, version);
    json_object_set_new(copy, "apiVersion", json_string(api_version));
    const json_t *schema = kind_schema(kind, version);
    if (schema != NULL) {
        schema_prune(schema, copy, NULL);
        schema_default(schema, copy);
    }
    return copy;
}
