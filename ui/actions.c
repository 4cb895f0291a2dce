/* The table of actions, from the one declaration in the header. */
#include "ui/actions.h"
#include "base/memory.h"
#include "base/text.h"

static const struct action_info infos[] = {
#define X(constant, action_name, action_scope_, action_keys, action_word, action_help)                                 \
    [ACTION_##constant] = {.name = (action_name),                                                                      \
                           .scope = (action_scope_),                                                                   \
                           .keys = (action_keys),                                                                      \
                           .word = (action_word),                                                                      \
                           .help = (action_help)},
    ACTIONS(X)
#undef X
};

const struct action_info *action_info(enum action action)
{
    return &infos[action];
}

const char *action_scope_title(enum action_scope scope)
{
    switch (scope) {
    case SCOPE_LIST:
        return _("In lists");
    case SCOPE_TEXT:
        return _("In a diff and in the help");
    case SCOPE_PROMPT:
        return _("While typing a line");
    case SCOPE_DIALOG:
        return _("When asked");
    case SCOPE_EVERYWHERE:
    case SCOPE_COUNT:
        break;
    }
    return _("Everywhere");
}

enum action action_find(const char *name, bool allow_beginning)
{
    enum action found = ACTION_NONE;
    bool several = false;
    for (int i = 0; i < ACTION_COUNT; i++) {
        enum action_scope scope = infos[i].scope;
        if (scope == SCOPE_PROMPT || scope == SCOPE_DIALOG)
            continue;
        if (text_equal(infos[i].name, name))
            return (enum action)i;
        if (allow_beginning && name[0] != '\0' && text_starts(infos[i].name, name)) {
            several = found != ACTION_NONE;
            found = (enum action)i;
        }
    }
    return several ? ACTION_NONE : found;
}
