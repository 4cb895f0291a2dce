#include "helm/values.h"

static void overlay(json_t *user, const json_t *defaults);

/* One default that the user's values have a say about, below the top. */
static void overlay_member(json_t *user, const char *key, const json_t *preset)
{
    json_t *chosen = json_object_get(user, key);
    if (chosen == NULL)
        json_object_set_new(user, key, json_deep_copy(preset));
    else if (json_is_null(chosen) && !json_is_null(preset))
        json_object_del(user, key);
    else if (json_is_object(chosen) && json_is_object(preset))
        overlay(chosen, preset);
}

/* Helm's coalesceTablesFullKey: `user` wins; a null removes a default that is not null itself. */
static void overlay(json_t *user, const json_t *defaults)
{
    const char *key = NULL;
    json_t *preset = NULL;
    json_object_foreach((json_t *)defaults, key, preset) overlay_member(user, key, preset);
}

json_t *helm_values_effective(const json_t *chart_values, const json_t *config)
{
    json_t *values = json_is_object(config) ? json_deep_copy(config) : json_object();
    const char *key = NULL;
    json_t *preset = NULL;
    /* Helm's coalesceValues: at the top a null removes its key even where the default is null. */
    json_object_foreach((json_t *)chart_values, key, preset)
    {
        if (json_is_null(json_object_get(values, key)))
            json_object_del(values, key);
        else
            overlay_member(values, key, preset);
    }
    return values;
}
