#include "playbook/upgrades.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/yaml.h"
#include <string.h>

static const char *const RISKS[] = {"low", "medium", "high", NULL};
static const char *const METHODS[] = {"configuration", "rolling", "blue-green", "restore", NULL};

/* From the smallest step to the largest. */
static const char *const CHANGES[] = {"same", "patch", "minor", "major"};

static const struct check_field UPGRADE[] = {
    {.name = "name", .shape = CHECK_TEXT},
    {.name = "risk", .shape = CHECK_TEXT, .words = RISKS, .required = true},
    {.name = "method", .shape = CHECK_TEXT, .words = METHODS},
    {.name = "effect", .shape = CHECK_TEXT},
};

static const struct check_field CHANGE_FIELDS[] = {
    {.name = "same", .shape = CHECK_OBJECT},
    {.name = "patch", .shape = CHECK_OBJECT},
    {.name = "minor", .shape = CHECK_OBJECT},
    {.name = "major", .shape = CHECK_OBJECT},
};

static const struct check_field PLAIN_PARTS[] = {{.name = "version", .shape = CHECK_OBJECT}};
static const struct check_field POSTGRES_PARTS[] = {
    {.name = "postgres", .shape = CHECK_OBJECT},
    {.name = "extension", .shape = CHECK_OBJECT},
};

static void read_change(struct check *check, const char *pointer, const char *part, const char *change, json_t *object,
                        struct playbook_component *component)
{
    if (!check_object(check, pointer, object, UPGRADE, LENGTH_OF(UPGRADE)))
        return;
    const char *name = json_string_value(json_object_get(object, "name"));
    component->upgrades[component->upgrade_count++] = (struct playbook_upgrade){
        .part = part,
        .change = change,
        .name = name != NULL ? name : change,
        .risk = json_string_value(json_object_get(object, "risk")),
        .method = json_string_value(json_object_get(object, "method")),
        .effect = json_string_value(json_object_get(object, "effect")),
    };
}

static void read_part(struct check *check, const char *parent, const char *part, json_t *object,
                      struct playbook_component *component)
{
    CLEANUP_FREE char *pointer = yaml_pointer(parent, part);
    if (object == NULL || !check_object(check, pointer, object, CHANGE_FIELDS, LENGTH_OF(CHANGE_FIELDS)))
        return;
    for (size_t i = 0; i < LENGTH_OF(CHANGES); i++) {
        CLEANUP_FREE char *place = yaml_pointer(pointer, CHANGES[i]);
        json_t *change = json_object_get(object, CHANGES[i]);
        if (change != NULL)
            read_change(check, place, part, CHANGES[i], change, component);
    }
}

void upgrades_read(struct check *check, const char *parent, json_t *object, struct playbook_component *component)
{
    bool is_postgres = text_equal(component->version_scheme, "postgres-extension");
    const struct check_field *parts = is_postgres ? POSTGRES_PARTS : PLAIN_PARTS;
    size_t count = is_postgres ? LENGTH_OF(POSTGRES_PARTS) : LENGTH_OF(PLAIN_PARTS);
    CLEANUP_FREE char *pointer = yaml_pointer(parent, "upgrades");
    if (object == NULL || !check_object(check, pointer, object, parts, count))
        return;
    component->upgrades = memory_new_array(count * LENGTH_OF(CHANGES), sizeof *component->upgrades);
    for (size_t i = 0; i < count; i++)
        read_part(check, pointer, parts[i].name, json_object_get(object, parts[i].name), component);
}

static size_t rank(const char *change)
{
    size_t i = 0;
    while (i < LENGTH_OF(CHANGES) && strcmp(CHANGES[i], change) != 0)
        i++;
    return i;
}

const struct playbook_upgrade *playbook_upgrade_find(const struct playbook_component *component, const char *part,
                                                     const char *change)
{
    size_t wanted = rank(change);
    if (wanted == LENGTH_OF(CHANGES))
        return NULL;
    /* The classes of a part stand in the order of their steps. */
    for (size_t i = 0; i < component->upgrade_count; i++)
        if (strcmp(component->upgrades[i].part, part) == 0 && rank(component->upgrades[i].change) >= wanted)
            return &component->upgrades[i];
    return NULL;
}
