#include "playbook/settings.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "playbook/playbook.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct setting SETTINGS[] = {
    {{.name = "change_detection", .shape = CHECK_BOOLEAN}, "ENABLE_CHANGE_DETECTION"},
    {{.name = "force_full", .shape = CHECK_BOOLEAN}, "FORCE_FULL_ROLLBACK"},
    {{.name = "hash_retention", .shape = CHECK_INTEGER, .lowest = 1, .highest = 1000}, "HASH_RETENTION_COUNT"},
    {{.name = "hash_configmap",
      .shape = CHECK_TEXT,
      .form = check_is_dns_name,
      .expected = N_("what ConfigMaps' names begin with")},
     NULL},
};

const struct setting *settings_all(size_t *ret_count)
{
    *ret_count = LENGTH_OF(SETTINGS);
    return SETTINGS;
}

static const struct setting *find(const char *name)
{
    for (size_t i = 0; i < LENGTH_OF(SETTINGS); i++)
        if (strcmp(SETTINGS[i].field.name, name) == 0)
            return &SETTINGS[i];
    return NULL;
}

/* The text of a setting's variable; NULL when it has none, or an empty one. */
static const char *variable_text(const struct setting *setting)
{
    const char *text = setting == NULL || setting->variable == NULL ? NULL : getenv(setting->variable);
    return text == NULL || *text == '\0' ? NULL : text;
}

static bool parse_boolean(const char *text, bool *ret_value)
{
    static const char *const words[][2] = {{"false", "true"}, {"no", "yes"}, {"off", "on"}, {"0", "1"}};
    for (size_t i = 0; i < LENGTH_OF(words); i++) {
        for (size_t value = 0; value < 2; value++) {
            if (strcasecmp(text, words[i][value]) == 0) {
                *ret_value = value == 1;
                return true;
            }
        }
    }
    return false;
}

static bool parse_integer(const struct setting *setting, const char *text, long *ret_value)
{
    char *end = NULL;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno != 0 || *end != '\0' || end == text || value < setting->field.lowest || value > setting->field.highest)
        return false;
    *ret_value = value;
    return true;
}

static const json_t *written(const struct playbook *playbook, const char *name)
{
    return playbook == NULL ? NULL : json_object_get(playbook->settings, name);
}

bool playbook_setting_bool(const struct playbook *playbook, const char *name, bool otherwise)
{
    const char *text = variable_text(find(name));
    const json_t *value = written(playbook, name);
    bool parsed = false;
    if (text != NULL && parse_boolean(text, &parsed))
        return parsed;
    return json_is_boolean(value) ? json_is_true(value) : otherwise;
}

long playbook_setting_integer(const struct playbook *playbook, const char *name, long otherwise)
{
    const struct setting *setting = find(name);
    const char *text = variable_text(setting);
    const json_t *value = written(playbook, name);
    long parsed = 0;
    if (text != NULL && parse_integer(setting, text, &parsed))
        return parsed;
    return json_is_integer(value) ? (long)json_integer_value(value) : otherwise;
}

const char *playbook_setting_text(const struct playbook *playbook, const char *name, const char *otherwise)
{
    const char *text = variable_text(find(name));
    if (text == NULL)
        text = json_string_value(written(playbook, name));
    return text != NULL ? text : otherwise;
}

static bool check_variable(const struct setting *setting, const char *text, struct error *error)
{
    bool boolean = false;
    long integer = 0;
    CLEANUP_FREE char *shown = text_clean(text, false, 80);
    if (setting->field.shape == CHECK_BOOLEAN && !parse_boolean(text, &boolean))
        return error_set(error, ERROR_USAGE, _("the environment variable %s is '%s'; true or false is expected"),
                         setting->variable, shown);
    if (setting->field.shape == CHECK_INTEGER && !parse_integer(setting, text, &integer))
        return error_set(error, ERROR_USAGE,
                         _("the environment variable %s is '%s'; a number from %lld to %lld is expected"),
                         setting->variable, shown, (long long)setting->field.lowest, (long long)setting->field.highest);
    return true;
}

bool playbook_settings_check_environment(struct error *error)
{
    for (size_t i = 0; i < LENGTH_OF(SETTINGS); i++) {
        const char *text = variable_text(&SETTINGS[i]);
        if (text != NULL && !check_variable(&SETTINGS[i], text, error))
            return false;
    }
    return true;
}
