/* components: the parts of the system, in the order in which people see them. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/yaml.h"
#include "playbook/sections.h"
#include "playbook/upgrades.h"
#include <string.h>

static const char *const RISKS[] = {"low", "medium", "high", "variable", NULL};
static const char *const SCHEMES[] = {"plain", "postgres-extension", "chart", NULL};
static const char *const RESTARTS[] = {"clusters", NULL};

static const struct check_field COMPONENT[] = {
    {.name = "title", .shape = CHECK_TEXT},
    {.name = "stateful", .shape = CHECK_BOOLEAN, .required = true},
    {.name = "optional", .shape = CHECK_BOOLEAN},
    {.name = "restarts", .shape = CHECK_TEXT, .words = RESTARTS},
    {.name = "workload", .shape = CHECK_TEXT},
    {.name = "namespace", .shape = CHECK_TEXT, .form = check_is_dns_name, .expected = N_("a namespace's name")},
    {.name = "values",
     .shape = CHECK_TEXT,
     .form = check_is_dotted_path,
     .expected = N_("a dotted path like image.gateway")},
    {.name = "container", .shape = CHECK_TEXT, .form = check_is_dns_name, .expected = N_("a container's name")},
    {.name = "pods", .shape = CHECK_TEXT, .form = check_is_selector, .expected = N_("a label selector")},
    {.name = "state", .shape = CHECK_TEXT},
    {.name = "impact", .shape = CHECK_TEXT, .words = RISKS},
    {.name = "risk", .shape = CHECK_TEXT, .words = RISKS},
    {.name = "mitigation", .shape = CHECK_TEXT},
    {.name = "version", .shape = CHECK_OBJECT},
    {.name = "upgrades", .shape = CHECK_OBJECT},
};

static const struct check_field VERSION[] = {
    {.name = "scheme", .shape = CHECK_TEXT, .words = SCHEMES},
    {.name = "unified", .shape = CHECK_BOOLEAN},
};

/* "deployment/documentdb-operator": the kind as Kubernetes writes it, and the name. */
static void read_workload(struct check *check, const char *parent, const char *text,
                          struct playbook_component *component)
{
    static const struct {
        const char *prefix;
        const char *kind;
    } kinds[] = {
        {"deployment/", "Deployment"},
        {"statefulset/", "StatefulSet"},
        {"daemonset/", "DaemonSet"},
        {"cronjob/", "CronJob"},
    };
    if (text == NULL)
        return;
    for (size_t i = 0; i < LENGTH_OF(kinds); i++) {
        const char *name = text + strlen(kinds[i].prefix);
        if (text_starts(text, kinds[i].prefix) && check_is_dns_name(name)) {
            component->kind = kinds[i].kind;
            component->workload = name;
            return;
        }
    }
    CLEANUP_FREE char *pointer = yaml_pointer(parent, "workload");
    CLEANUP_FREE char *shown = text_clean(text, false, 80);
    check_mistake(check, pointer, false,
                  _("deployment/NAME, statefulset/NAME, daemonset/NAME or cronjob/NAME is expected, not '%s'"), shown);
}

static void read_version(struct check *check, const char *parent, json_t *version, struct playbook_component *component)
{
    CLEANUP_FREE char *pointer = yaml_pointer(parent, "version");
    if (version == NULL || !check_object(check, pointer, version, VERSION, LENGTH_OF(VERSION)))
        return;
    component->version_scheme = json_string_value(json_object_get(version, "scheme"));
    component->unified_version = json_is_true(json_object_get(version, "unified"));
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void read_component(struct check *check, const char *pointer, json_t *object,
                           struct playbook_component *component)
{
    bool has_image = json_object_get(object, "workload") != NULL || json_object_get(object, "values") != NULL;
    if (!check_object(check, pointer, object, COMPONENT, LENGTH_OF(COMPONENT)))
        return;
    if (!has_image)
        check_mistake(check, pointer, true,
                      _("a component has a workload, values, or both: its fingerprint is made of them"));
    component->title = text_of(object, "title") != NULL ? text_of(object, "title") : component->name;
    component->stateful = json_is_true(json_object_get(object, "stateful"));
    component->optional = json_is_true(json_object_get(object, "optional"));
    component->restarts_clusters = text_of(object, "restarts") != NULL;
    component->namespace = text_of(object, "namespace");
    component->values = text_of(object, "values");
    component->container = text_of(object, "container");
    component->pods = text_of(object, "pods");
    component->state = text_of(object, "state");
    component->risk_impact = text_of(object, "impact");
    component->risk = text_of(object, "risk");
    component->mitigation = text_of(object, "mitigation");
    read_workload(check, pointer, text_of(object, "workload"), component);
    read_version(check, pointer, json_object_get(object, "version"), component);
    upgrades_read(check, pointer, json_object_get(object, "upgrades"), component);
}

void section_components_read(struct check *check, json_t *value, struct playbook *playbook)
{
    if (json_object_size(value) == 0)
        check_mistake(check, "/components", false, _("a system has at least one component"));
    playbook->components = memory_new_array(json_object_size(value), sizeof *playbook->components);
    const char *name = NULL;
    json_t *object = NULL;
    json_object_foreach(value, name, object)
    {
        CLEANUP_FREE char *pointer = yaml_pointer("/components", name);
        struct playbook_component *component = &playbook->components[playbook->component_count++];
        component->name = name;
        if (check_name(check, pointer, name))
            read_component(check, pointer, object, component);
    }
}
