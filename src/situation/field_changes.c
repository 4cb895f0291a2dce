#include "situation/field_changes.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <stdlib.h>
#include <string.h>

/* What a field is about: by the first key that is not mere structure of a pod template. */
static enum field_sort sort_of_key(const char *key)
{
    static const struct {
        const char *key;
        enum field_sort sort;
    } sorts[] = {
        {"image", FIELD_IMAGE},       {"repository", FIELD_IMAGE},
        {"tag", FIELD_IMAGE},         {"registry", FIELD_IMAGE},
        {"digest", FIELD_IMAGE},      {"env", FIELD_ENV},
        {"envFrom", FIELD_ENV},       {"args", FIELD_ARGUMENTS},
        {"command", FIELD_ARGUMENTS}, {"resources", FIELD_RESOURCES},
        {"volumes", FIELD_VOLUMES},   {"volumeMounts", FIELD_VOLUMES},
        {"labels", FIELD_LABELS},     {"annotations", FIELD_ANNOTATIONS},
    };
    for (size_t i = 0; i < LENGTH_OF(sorts); i++)
        if (strcmp(sorts[i].key, key) == 0)
            return sorts[i].sort;
    return FIELD_OTHER;
}

static enum field_sort sort_of(const struct place *place)
{
    enum field_sort sort = FIELD_OTHER;
    for (; place != NULL; place = place->up) {
        enum field_sort here = place->key != NULL ? sort_of_key(place->key) : FIELD_OTHER;
        if (here != FIELD_OTHER)
            sort = here;
    }
    return sort;
}

static char *value_text(const json_t *value, bool masked)
{
    if (value == NULL)
        return NULL;
    CLEANUP_FREE char *canonical = json_is_string(value) ? NULL : tree_canonical(value);
    const char *text = canonical != NULL ? canonical : json_string_value(value);
    if (masked)
        return memory_format(_("‹redacted, %zu bytes›"), strlen(text));
    return text_clean(text, false, FIELD_VALUE_LIMIT);
}

/* "spec.template.spec.containers[name=x].image" is read as "containers[name=x].image". */
static char *short_path(const struct place *place)
{
    static const char *const prefixes[] = {"spec.", "spec.template.spec.", "spec.jobTemplate.spec.template.spec."};
    CLEANUP_FREE char *path = place_text(place);
    for (size_t i = 0; i < LENGTH_OF(prefixes); i++) {
        const char *rest = text_starts(path, prefixes[i]) ? path + strlen(prefixes[i]) : "";
        if (text_starts(rest, "containers") || text_starts(rest, "initContainers"))
            return memory_text(rest);
    }
    return STEAL(path);
}

static void add(struct field_changes *changes, const struct place *place, const json_t *from, const json_t *to)
{
    changes->counts[sort_of(place)]++;
    if (changes->count == FIELD_CHANGES_LIMIT)
        return;
    changes->items = memory_resize(changes->items, changes->count + 1, sizeof *changes->items);
    changes->items[changes->count++] = (struct field_change){
        .path = short_path(place),
        .from = value_text(from, changes->masked),
        .to = value_text(to, changes->masked),
    };
}

/* The value of an element that has only its name and a value ("env"), so that it can be told without braces. */
static const json_t *lone_value(const struct place *place, const json_t *element)
{
    if (place == NULL || place->keys == NULL || json_object_size(element) != 2 ||
        strcmp(place->keys->keys[0], "name") != 0)
        return NULL;
    const json_t *value = json_object_get(element, "value");
    return json_is_object(value) || json_is_array(value) ? NULL : value;
}

void field_changes_note(const struct place *place, const json_t *from, const json_t *to, void *context)
{
    struct field_changes *changes = context;
    const json_t *before = lone_value(place, from), *after = lone_value(place, to);
    if ((before != NULL) != (after != NULL)) {
        struct place step = {.up = place, .key = "value"};
        add(changes, &step, before, after);
    } else {
        add(changes, place, from, to);
    }
}

static void append_part(struct text *text, size_t count, const char *noun)
{
    if (count > 0)
        text_append_format(text, "%s%zu %s", text->size > 0 ? ", " : "", count, noun);
}

char *field_changes_summary(const struct field_changes *changes)
{
    const size_t *counts = changes->counts;
    struct text text = {0};
    if (counts[FIELD_IMAGE] > 0)
        text_append(&text, _("image"));
    append_part(&text, counts[FIELD_ENV], _("env"));
    append_part(&text, counts[FIELD_ARGUMENTS], ngettext("argument", "arguments", counts[FIELD_ARGUMENTS]));
    append_part(&text, counts[FIELD_RESOURCES], ngettext("resource", "resources", counts[FIELD_RESOURCES]));
    append_part(&text, counts[FIELD_VOLUMES], ngettext("volume", "volumes", counts[FIELD_VOLUMES]));
    append_part(&text, counts[FIELD_ANNOTATIONS], ngettext("annotation", "annotations", counts[FIELD_ANNOTATIONS]));
    append_part(&text, counts[FIELD_LABELS], ngettext("label", "labels", counts[FIELD_LABELS]));
    append_part(&text, counts[FIELD_OTHER], ngettext("field", "fields", counts[FIELD_OTHER]));
    return text_steal(&text);
}

void field_changes_free_items(struct field_change *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(items[i].path);
        free(items[i].from);
        free(items[i].to);
    }
    free(items);
}
