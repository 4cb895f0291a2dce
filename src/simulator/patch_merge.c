/* RFC 7386. */
#include "simulator/patch.h"

/* The value that `patch` becomes where there was nothing: its nulls mean nothing then. */
static json_t *without_nulls(const json_t *patch)
{
    if (!json_is_object(patch))
        return json_deep_copy(patch);
    json_t *copy = json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)patch, key, value)
    {
        if (!json_is_null(value))
            json_object_set_new(copy, key, without_nulls(value));
    }
    return copy;
}

static void merge(json_t *object, const json_t *patch)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)patch, key, value)
    {
        json_t *old = json_object_get(object, key);
        if (json_is_null(value))
            json_object_del(object, key);
        else if (json_is_object(value) && json_is_object(old))
            merge(old, value);
        else
            json_object_set_new(object, key, without_nulls(value));
    }
}

bool patch_merge(const json_t *object, const json_t *patch, json_t **ret_object, struct refusal *refusal)
{
    if (!json_is_object(patch))
        return refusal_bad_request(
            refusal, "error decoding patch: json: cannot unmarshal %s into Go value of type map[string]interface {}",
            json_is_array(patch)    ? "array"
            : json_is_string(patch) ? "string"
                                    : "number");
    json_t *result = json_deep_copy(object);
    merge(result, patch);
    *ret_object = result;
    return true;
}
