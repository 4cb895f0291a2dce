/* api: the custom resources whose API versions count. databases: the database clusters that the system runs. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/yaml.h"
#include "playbook/sections.h"
#include <string.h>

#define CRD_EXPECTED  N_("a custom resource's full name (plural.group)")
#define PATH_EXPECTED N_("a dotted path like status.phase")

static bool is_ready_label(const char *text)
{
    return check_is_label(text) && strstr(text, "{version}") != NULL;
}

static const struct check_field API[] = {
    {.name = "crd", .shape = CHECK_TEXT, .required = true, .form = check_is_crd, .expected = CRD_EXPECTED},
    {.name = "declared", .shape = CHECK_TEXT, .form = check_is_dotted_path, .expected = PATH_EXPECTED},
    {.name = "ready_label",
     .shape = CHECK_TEXT,
     .form = is_ready_label,
     .expected = N_("a label's name with {version} in it"),
     .placeholder = "version"},
    {.name = "supported", .shape = CHECK_TEXT, .form = check_is_dotted_path, .expected = PATH_EXPECTED},
    {.name = "compatible", .shape = CHECK_TEXT, .form = check_is_dotted_path, .expected = PATH_EXPECTED},
    {.name = "operator_version", .shape = CHECK_TEXT, .form = check_is_dotted_path, .expected = PATH_EXPECTED},
    {.name = "deprecated_event", .shape = CHECK_TEXT},
};

static const struct check_field DATABASES[] = {
    {.name = "crd", .shape = CHECK_TEXT, .required = true, .form = check_is_crd, .expected = CRD_EXPECTED},
    {.name = "label", .shape = CHECK_TEXT, .form = check_is_label, .expected = N_("a label's name")},
};

void section_api_read(struct check *check, json_t *value, struct playbook *playbook)
{
    playbook->apis = memory_new_array(json_array_size(value), sizeof *playbook->apis);
    size_t index = 0;
    json_t *object = NULL;
    json_array_foreach(value, index, object)
    {
        CLEANUP_FREE char *pointer = yaml_pointer_index("/api", index);
        if (!check_object(check, pointer, object, API, LENGTH_OF(API)))
            continue;
        playbook->apis[playbook->api_count++] = (struct playbook_api){
            .crd = json_string_value(json_object_get(object, "crd")),
            .declared = json_string_value(json_object_get(object, "declared")),
            .ready_label = json_string_value(json_object_get(object, "ready_label")),
            .supported_path = json_string_value(json_object_get(object, "supported")),
            .compatible_path = json_string_value(json_object_get(object, "compatible")),
            .operator_version_path = json_string_value(json_object_get(object, "operator_version")),
            .deprecated_event = json_string_value(json_object_get(object, "deprecated_event")),
        };
    }
}

void section_databases_read(struct check *check, json_t *value, struct playbook *playbook)
{
    if (!check_object(check, "/databases", value, DATABASES, LENGTH_OF(DATABASES)))
        return;
    playbook->databases.crd = json_string_value(json_object_get(value, "crd"));
    playbook->databases.label = json_string_value(json_object_get(value, "label"));
}
