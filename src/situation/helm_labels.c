#include "situation/helm_labels.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"

static const char *const keys[] = {"helm.sh/chart", "chart", "heritage"};

bool helm_labels_is(const char *key)
{
    for (size_t i = 0; i < LENGTH_OF(keys); i++)
        if (text_equal(keys[i], key))
            return true;
    return false;
}

static void take(json_t *object, const char *field, json_t *taken)
{
    json_t *from = tree_get(object, "metadata", field);
    for (size_t i = 0; i < LENGTH_OF(keys); i++) {
        json_t *value = json_object_get(from, keys[i]);
        if (value == NULL)
            continue;
        if (json_object_get(taken, field) == NULL)
            json_object_set_new(taken, field, json_object());
        json_object_set(json_object_get(taken, field), keys[i], value);
        json_object_del(from, keys[i]);
    }
}

json_t *helm_labels_take(json_t *object)
{
    json_t *taken = json_object();
    take(object, "labels", taken);
    take(object, "annotations", taken);
    return taken;
}
