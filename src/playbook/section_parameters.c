/* parameters: what differs from installation to installation; texts refer to them as {name}. contexts: further
 * kubeconfig contexts. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/yaml.h"
#include "playbook/sections.h"
#include <string.h>

static const struct check_field PARAMETER[] = {
    {.name = "title", .shape = CHECK_TEXT},
    {.name = "default", .shape = CHECK_TEXT},
    {.name = "example", .shape = CHECK_TEXT},
    {.name = "optional", .shape = CHECK_BOOLEAN},
};

static const struct check_field CONTEXT[] = {
    {.name = "title", .shape = CHECK_TEXT},
    {.name = "optional", .shape = CHECK_BOOLEAN},
};

/* A default that refers to a parameter would have to be filled in, and might go round in circles. */
static bool refers_to_parameters(const json_t *parameter)
{
    const char *text = json_string_value(json_object_get(parameter, "default"));
    const char *brace = text == NULL ? NULL : strchr(text, '{');
    return brace != NULL && strchr(brace, '}') != NULL;
}

static void check_parameter(struct check *check, const char *pointer, json_t *parameter)
{
    if (json_is_object(parameter) && refers_to_parameters(parameter)) {
        CLEANUP_FREE char *place = yaml_pointer(pointer, "default");
        check_mistake(check, place, false, _("a parameter's default cannot refer to parameters"));
        return;
    }
    check_object(check, pointer, parameter, PARAMETER, LENGTH_OF(PARAMETER));
}

void section_parameters_read(struct check *check, json_t *value, struct playbook *playbook)
{
    (void)playbook;
    const char *name = NULL;
    json_t *parameter = NULL;
    json_object_foreach(value, name, parameter)
    {
        CLEANUP_FREE char *pointer = yaml_pointer("/parameters", name);
        if (strchr(name, '-') != NULL)
            check_mistake(check, pointer, true, _("a parameter's name has no '-'; use '_'"));
        else if (check_name(check, pointer, name))
            check_parameter(check, pointer, parameter);
    }
}

void section_contexts_read(struct check *check, json_t *value, struct playbook *playbook)
{
    (void)playbook;
    const char *name = NULL;
    json_t *context = NULL;
    json_object_foreach(value, name, context)
    {
        CLEANUP_FREE char *pointer = yaml_pointer("/contexts", name);
        if (check_name(check, pointer, name))
            check_object(check, pointer, context, CONTEXT, LENGTH_OF(CONTEXT));
    }
}
