#include "simulator/selector.h"
#include "base/text.h"
#include "base/tree.h"

static bool has_all(const json_t *wanted, const json_t *labels)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)wanted, key, value)
    {
        if (!tree_equal(json_object_get(labels, key), value))
            return false;
    }
    return true;
}

static bool holds(const json_t *requirement, const json_t *labels)
{
    const char *key = tree_text(requirement, "key"), *operation = tree_text(requirement, "operator");
    const json_t *label = key != NULL ? json_object_get(labels, key) : NULL;
    bool found = false;
    size_t index;
    const json_t *value;
    json_array_foreach(json_object_get(requirement, "values"), index, value)
    {
        found = found || (label != NULL && tree_equal(label, value));
    }
    if (text_equal(operation, "In"))
        return found;
    if (text_equal(operation, "NotIn"))
        return !found;
    if (text_equal(operation, "Exists"))
        return label != NULL;
    return text_equal(operation, "DoesNotExist") && label == NULL;
}

bool selector_matches(const json_t *selector, const json_t *labels)
{
    size_t index;
    const json_t *requirement;
    json_array_foreach(json_object_get(selector, "matchExpressions"), index, requirement)
    {
        if (!holds(requirement, labels))
            return false;
    }
    return has_all(json_object_get(selector, "matchLabels"), labels);
}

bool selector_matches_map(const json_t *map, const json_t *labels)
{
    return json_object_size(map) > 0 && has_all(map, labels);
}
