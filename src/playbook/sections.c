#include "playbook/sections.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/yaml.h"
#include <string.h>

/* In the order in which they are read: texts of later ones may use what earlier ones define. */
static const struct section SECTIONS[] = {
    {.name = "format", .shape = CHECK_INTEGER, .required = true, .read = section_format_read},
    {.name = "name", .shape = CHECK_TEXT, .required = true, .read = section_name_read},
    {.name = "title", .shape = CHECK_TEXT, .required = true, .read = section_title_read},
    {.name = "parameters", .shape = CHECK_OBJECT, .read = section_parameters_read},
    {.name = "contexts", .shape = CHECK_OBJECT, .read = section_contexts_read},
    {.name = "match", .shape = CHECK_OBJECT, .required = true, .read = section_match_read},
    {.name = "settings", .shape = CHECK_OBJECT, .read = section_settings_read},
    {.name = "components", .shape = CHECK_OBJECT, .required = true, .read = section_components_read},
    {.name = "api", .shape = CHECK_LIST, .read = section_api_read},
    {.name = "databases", .shape = CHECK_OBJECT, .read = section_databases_read},
    {.name = "facts", .shape = CHECK_OBJECT},
    {.name = "triggers", .shape = CHECK_OBJECT},
    {.name = "symptoms", .shape = CHECK_OBJECT_OR_LIST},
    {.name = "matrix", .shape = CHECK_LIST},
    {.name = "runbooks", .shape = CHECK_OBJECT},
    {.name = "checklist", .shape = CHECK_OBJECT_OR_LIST},
    {.name = "validation", .shape = CHECK_OBJECT},
    {.name = "success", .shape = CHECK_OBJECT},
    {.name = "communication", .shape = CHECK_LIST},
    {.name = "escalation", .shape = CHECK_LIST},
    {.name = "follow_ups", .shape = CHECK_LIST},
    {.name = "drills", .shape = CHECK_LIST},
    {.name = "roles", .shape = CHECK_OBJECT},
    {.name = "contacts", .shape = CHECK_OBJECT},
    {.name = "report", .shape = CHECK_OBJECT},
};

static const struct section *find(const char *name)
{
    for (size_t i = 0; i < LENGTH_OF(SECTIONS); i++)
        if (strcmp(SECTIONS[i].name, name) == 0)
            return &SECTIONS[i];
    return NULL;
}

static void report_unknown(struct check *check, const char *key)
{
    const char *names[LENGTH_OF(SECTIONS)];
    for (size_t i = 0; i < LENGTH_OF(SECTIONS); i++)
        names[i] = SECTIONS[i].name;
    CLEANUP_FREE char *pointer = yaml_pointer("", key);
    CLEANUP_FREE char *shown = text_clean(key, false, 80);
    CLEANUP_FREE char *nearest = text_nearest(key, names, LENGTH_OF(names));
    if (nearest != NULL)
        check_mistake(check, pointer, true, _("a playbook has no section '%s'; did you mean %s?"), shown, nearest);
    else
        check_mistake(check, pointer, true, _("a playbook has no section '%s'"), shown);
}

void sections_read(struct check *check, struct playbook *playbook)
{
    if (!check_shape(check, "", playbook->tree, CHECK_OBJECT))
        return;
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(playbook->tree, key, value) if (find(key) == NULL) report_unknown(check, key);
    for (size_t i = 0; i < LENGTH_OF(SECTIONS); i++) {
        const struct section *section = &SECTIONS[i];
        CLEANUP_FREE char *pointer = yaml_pointer("", section->name);
        value = json_object_get(playbook->tree, section->name);
        if (value == NULL && section->required)
            check_mistake(check, "", false, _("the section '%s' is missing"), section->name);
        else if (value != NULL && check_shape(check, pointer, value, section->shape) && section->read != NULL)
            section->read(check, value, playbook);
    }
}
