/* Bindings: names of keys, the keys file, and what is written from the table of actions. */
#include "ui/keys.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_PER_ACTION 6
#define KEYS_FILE_LIMIT (64u << 10)

struct keys {
    uint32_t bound[ACTION_COUNT][KEYS_PER_ACTION]; /* 0: none */
};

static const struct {
    const char *name;
    uint32_t key;
} special_names[] = {
    {"Enter", KEYS_ENTER},
    {"Tab", KEYS_TAB},
    {"Escape", KEYS_ESCAPE},
    {"Space", ' '},
    {"Up", KEYS_UP},
    {"Down", KEYS_DOWN},
    {"Left", KEYS_LEFT},
    {"Right", KEYS_RIGHT},
    {"PageUp", KEYS_PAGE_UP},
    {"PageDown", KEYS_PAGE_DOWN},
    {"Home", KEYS_HOME},
    {"End", KEYS_END},
    {"Shift-Tab", KEYS_SHIFT_TAB},
    {"Backspace", KEYS_BACKSPACE},
    {"Delete", KEYS_DELETE},
    {"Insert", KEYS_INSERT},
};

bool keys_parse_name(const char *name, uint32_t *ret_key)
{
    for (size_t i = 0; i < LENGTH_OF(special_names); i++)
        if (text_equal(special_names[i].name, name)) {
            *ret_key = special_names[i].key;
            return true;
        }
    size_t size = strlen(name);
    if (size == 6 && text_starts(name, "Ctrl-") && name[5] >= 'A' && name[5] <= 'Z') {
        *ret_key = (uint32_t)(name[5] - 'A' + 1);
        return true;
    }
    if (name[0] == 'F' && size >= 2 && size <= 3 && name[1] >= '1' && name[1] <= '9') {
        char *end = NULL;
        unsigned long number = strtoul(name + 1, &end, 10);
        if (*end == '\0' && number <= 12) {
            *ret_key = KEYS_F1 + (uint32_t)number - 1;
            return true;
        }
    }
    uint32_t code = 0;
    if (size > 0 && utf8_decode(name, size, &code) == size && code > 0x20 && code != 0x7f) {
        *ret_key = code;
        return true;
    }
    return false;
}

void keys_format_name(uint32_t key, char buffer[KEYS_NAME_SIZE])
{
    for (size_t i = 0; i < LENGTH_OF(special_names); i++)
        if (special_names[i].key == key) {
            snprintf(buffer, KEYS_NAME_SIZE, "%s", special_names[i].name);
            return;
        }
    if (key >= KEYS_F1 && key <= KEYS_F12) {
        snprintf(buffer, KEYS_NAME_SIZE, "F%u", (unsigned)(key - KEYS_F1 + 1));
    } else if (key >= 1 && key <= 26) {
        snprintf(buffer, KEYS_NAME_SIZE, "Ctrl-%c", (int)('A' + key - 1));
    } else {
        char bytes[UTF8_MAX] = {0};
        size_t size = utf8_encode(key, bytes);
        memcpy(buffer, bytes, size);
        buffer[size] = '\0';
    }
}

/* Keys of lists and texts must not collide with those that hold everywhere. */
static bool scopes_meet(enum action_scope a, enum action_scope b)
{
    if (a == b)
        return true;
    if (a != SCOPE_EVERYWHERE && b != SCOPE_EVERYWHERE)
        return false;
    enum action_scope other = a == SCOPE_EVERYWHERE ? b : a;
    return other == SCOPE_LIST || other == SCOPE_TEXT;
}

static void unbind(struct keys *keys, enum action action, uint32_t key)
{
    uint32_t *bound = keys->bound[action];
    for (size_t i = 0; i < KEYS_PER_ACTION; i++)
        if (bound[i] == key) {
            memmove(bound + i, bound + i + 1, (KEYS_PER_ACTION - i - 1) * sizeof *bound);
            bound[KEYS_PER_ACTION - 1] = 0;
            return;
        }
}

/* Adds a key; taken away from every other action that would be meant too. */
static bool bind(struct keys *keys, enum action action, uint32_t key)
{
    for (int other = 0; other < ACTION_COUNT; other++)
        if (other != (int)action && scopes_meet(action_info((enum action)other)->scope, action_info(action)->scope))
            unbind(keys, (enum action)other, key);
    unbind(keys, action, key);
    for (size_t i = 0; i < KEYS_PER_ACTION; i++)
        if (keys->bound[action][i] == 0) {
            keys->bound[action][i] = key;
            return true;
        }
    return false;
}

struct keys *keys_new(void)
{
    struct keys *keys = memory_new(sizeof *keys);
    for (int action = 0; action < ACTION_COUNT; action++) {
        CLEANUP_FREE char *names = memory_text(action_info((enum action)action)->keys);
        char *rest = NULL;
        for (char *name = strtok_r(names, " ", &rest); name != NULL; name = strtok_r(NULL, " ", &rest)) {
            uint32_t key = 0;
            if (keys_parse_name(name, &key))
                bind(keys, (enum action)action, key);
        }
    }
    return keys;
}

void keys_free(struct keys *keys)
{
    free(keys);
}

static enum action find_action(const char *name)
{
    for (int action = 0; action < ACTION_COUNT; action++)
        if (text_equal(action_info((enum action)action)->name, name))
            return (enum action)action;
    return ACTION_NONE;
}

static bool refuse_action(const char *name, struct error *error)
{
    const char *names[ACTION_COUNT];
    for (int action = 0; action < ACTION_COUNT; action++)
        names[action] = action_info((enum action)action)->name;
    CLEANUP_FREE char *shown = text_clean(name, false, 60);
    CLEANUP_FREE char *nearest = text_nearest(name, names, ACTION_COUNT);
    error_set(error, ERROR_INVALID, _("there is no action '%s'"), shown);
    return nearest != NULL ? error_hint(error, _("Did you mean %s?"), nearest)
                           : error_hint(error, _("The help screen ('?') and the manual name all actions."));
}

/* One line "action key key …"; `given` remembers which actions the file has already named for each key. */
static bool parse_line(struct keys *keys, char *line, struct error *error)
{
    char *rest = NULL;
    char *name = strtok_r(line, " \t\r", &rest);
    if (name == NULL || name[0] == '#')
        return true;
    enum action action = find_action(name);
    if (action == ACTION_NONE)
        return refuse_action(name, error);
    memset(keys->bound[action], 0, sizeof keys->bound[action]);
    bool any = false;
    for (char *key_name = strtok_r(NULL, " \t\r", &rest); key_name != NULL; key_name = strtok_r(NULL, " \t\r", &rest)) {
        uint32_t key = 0;
        any = true;
        if (text_equal(key_name, "none"))
            continue;
        if (!keys_parse_name(key_name, &key)) {
            CLEANUP_FREE char *shown = text_clean(key_name, false, 60);
            error_set(error, ERROR_INVALID, _("'%s' is not a key"), shown);
            return error_hint(error,
                              _("A key is one character, or a name such as Enter, Space, PageUp, Ctrl-F or F5."));
        }
        if (!bind(keys, action, key))
            return error_set(error, ERROR_INVALID, _("more than %d keys for one action"), KEYS_PER_ACTION);
    }
    if (!any) {
        error_set(error, ERROR_INVALID, _("no key stands behind the action '%s'"), name);
        return error_hint(error, _("Write 'none' to take all its keys away."));
    }
    return true;
}

bool keys_parse(struct keys *keys, const char *source, const char *bytes, struct error *error)
{
    CLEANUP_FREE char *copy = memory_text(bytes);
    int number = 0;
    for (char *line = copy; line != NULL;) {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end++ = '\0';
        number++;
        if (!parse_line(keys, line, error))
            return error_prefix(error, "%s:%d", source, number);
        line = end;
    }
    /* A person must always be able to leave. */
    if (keys->bound[ACTION_QUIT][0] == 0 && keys->bound[ACTION_EXIT][0] == 0) {
        error_set(error, ERROR_INVALID, _("%s: neither 'quit' nor 'exit' has a key"), source);
        return error_hint(error, _("Give one of them a key, so that the console can be left."));
    }
    return true;
}

bool keys_load(struct keys *keys, const char *path, struct error *error)
{
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    if (!file_read(path, KEYS_FILE_LIMIT, &bytes, &size, error))
        return false;
    return keys_parse(keys, path, bytes, error);
}

enum action keys_action(const struct keys *keys, enum action_scope scope, uint32_t key)
{
    if (key == 0)
        return ACTION_NONE;
    for (int action = 0; action < ACTION_COUNT; action++) {
        enum action_scope held = action_info((enum action)action)->scope;
        bool holds = held == scope || (held == SCOPE_EVERYWHERE && scopes_meet(held, scope));
        for (size_t i = 0; holds && i < KEYS_PER_ACTION; i++)
            if (keys->bound[action][i] == key)
                return (enum action)action;
    }
    return ACTION_NONE;
}

void keys_append(const struct keys *keys, enum action action, const char *separator, struct text *text)
{
    for (size_t i = 0; i < KEYS_PER_ACTION && keys->bound[action][i] != 0; i++) {
        char name[KEYS_NAME_SIZE];
        keys_format_name(keys->bound[action][i], name);
        if (i > 0)
            text_append(text, separator);
        text_append(text, name);
    }
}

void keys_append_first(const struct keys *keys, enum action action, struct text *text)
{
    if (keys->bound[action][0] == 0)
        return;
    char name[KEYS_NAME_SIZE];
    keys_format_name(keys->bound[action][0], name);
    text_append(text, name);
}

char *keys_default_file(void)
{
    struct text file = {0};
    text_append(&file, "# The keys of rollback-console. Copy the lines to change into a keys file of your own:\n"
                       "# the action, then its keys, apart by spaces; \"none\" takes all of them away. A key is one\n"
                       "# character, or Enter, Tab, Shift-Tab, Escape, Space, Backspace, Delete, Insert, Up, Down,\n"
                       "# Left, Right, Home, End, PageUp, PageDown, Ctrl-A to Ctrl-Z, F1 to F12.\n");
    for (int scope = 0; scope < SCOPE_COUNT; scope++) {
        static const char *const titles[] = {"Everywhere", "In lists", "In a diff and in the help",
                                             "While typing a line", "When asked"};
        text_append_format(&file, "\n# %s\n", titles[scope]);
        for (int action = 0; action < ACTION_COUNT; action++) {
            const struct action_info *info = action_info((enum action)action);
            if (info->scope == (enum action_scope)scope)
                text_append_format(&file, "%-16s %s\n", info->name, info->keys);
        }
    }
    return text_steal(&file);
}

/* Roff takes a backslash and a leading dot or quote for its own. */
static void append_roff(struct text *text, const char *plain)
{
    if (plain[0] == '.' || plain[0] == '\'')
        text_append(text, "\\&");
    for (; *plain != '\0'; plain++)
        if (*plain == '\\')
            text_append(text, "\\e");
        else
            text_append_char(text, *plain);
}

char *keys_manual(void)
{
    struct text roff = {0};
    for (int scope = 0; scope < SCOPE_COUNT; scope++) {
        text_append(&roff, ".SS ");
        append_roff(&roff, action_scope_title((enum action_scope)scope));
        text_append(&roff, "\n");
        for (int action = 0; action < ACTION_COUNT; action++) {
            const struct action_info *info = action_info((enum action)action);
            if (info->scope != (enum action_scope)scope)
                continue;
            text_append(&roff, ".TP\n\\fB");
            append_roff(&roff, info->keys);
            text_append_format(&roff, "\\fR (%s)\n", info->name);
            append_roff(&roff, _(info->help));
            text_append(&roff, ".\n");
        }
    }
    return text_steal(&roff);
}
