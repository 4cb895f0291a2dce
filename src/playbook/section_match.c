/*
 * match: how the console recognises the releases that a playbook is for. Chart, chart version and labels tell which
 * system a release is; its name and namespace only where that system usually is.
 */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/yaml.h"
#include "playbook/sections.h"

static const struct check_field MATCH[] = {
    {.name = "chart", .shape = CHECK_TEXT},    {.name = "chart_version", .shape = CHECK_TEXT},
    {.name = "release", .shape = CHECK_TEXT},  {.name = "namespace", .shape = CHECK_TEXT},
    {.name = "labels", .shape = CHECK_OBJECT},
};

static json_t *read_labels(struct check *check, json_t *labels)
{
    const char *name = NULL;
    void *next = NULL;
    json_t *pattern = NULL;
    json_object_foreach_safe(labels, next, name, pattern)
    {
        CLEANUP_FREE char *pointer = yaml_pointer("/match/labels", name);
        if (!check_is_label(name))
            check_mistake(check, pointer, true, _("a label's name is expected here"));
        if (!check_shape(check, pointer, pattern, CHECK_TEXT))
            continue;
        CLEANUP_FREE char *filled = check_fill(check, pointer, json_string_value(pattern), NULL);
        if (filled != NULL)
            json_object_set_new(labels, name, json_string(filled));
    }
    return labels;
}

void section_match_read(struct check *check, json_t *value, struct playbook *playbook)
{
    if (json_object_size(value) == 0)
        check_mistake(check, "/match", false,
                      _("one of chart, chart_version, release, namespace and labels is expected here"));
    if (!check_object(check, "/match", value, MATCH, LENGTH_OF(MATCH)))
        return;
    playbook->match_chart = json_string_value(json_object_get(value, "chart"));
    playbook->match_chart_version = json_string_value(json_object_get(value, "chart_version"));
    playbook->match_release = json_string_value(json_object_get(value, "release"));
    playbook->match_namespace = json_string_value(json_object_get(value, "namespace"));
    playbook->match_labels = read_labels(check, json_object_get(value, "labels"));
}

/* What one comparison adds: 0 for "does not match". Literal characters make a pattern more exact than its stars do. */
static unsigned weigh(const char *pattern, const char *text)
{
    unsigned literal = 0;
    if (!text_matches(text, pattern))
        return 0;
    for (; *pattern != '\0'; pattern++)
        literal += *pattern != '*' && *pattern != '?';
    return 1000 + (literal < 999 ? literal : 999);
}

/* Adds to *total; false when the pattern is there, the text is known, and they do not match. */
static bool compare(const char *pattern, const char *text, unsigned *total)
{
    if (pattern == NULL || text == NULL)
        return true;
    unsigned weight = weigh(pattern, text);
    *total += weight;
    return weight > 0;
}

static bool compare_labels(const json_t *patterns, const json_t *labels, unsigned *total)
{
    const char *name = NULL;
    json_t *pattern = NULL;
    if (labels == NULL)
        return true;
    json_object_foreach((json_t *)patterns, name, pattern)
    {
        const char *text = json_string_value(json_object_get(labels, name));
        if (text == NULL || !compare(json_string_value(pattern), text, total))
            return false;
    }
    return true;
}

unsigned playbook_match(const struct playbook *playbook, const struct playbook_release *release)
{
    unsigned is = 0;    /* what says which system this is */
    unsigned usual = 0; /* what says that it is where it usually is */
    if (!compare(playbook->match_chart, release->chart, &is) ||
        !compare(playbook->match_chart_version, release->chart_version, &is) ||
        !compare_labels(playbook->match_labels, release->labels, &is))
        return 0;
    unsigned name = 0;
    compare(playbook->match_release, release->name, &name);
    compare(playbook->match_namespace, release->namespace, &usual);
    return is > 0 || name > 0 ? is + name + usual : 0;
}

bool playbook_may_match_release(const struct playbook *playbook, const char *name)
{
    return playbook->match_release == NULL || text_matches(name, playbook->match_release);
}
