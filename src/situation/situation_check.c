#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "situation/state.h"
#include <stdlib.h>

/* "1, 2, 4": the revisions that there are. Owned by the caller. */
static char *list_revisions(const struct helm_history *history)
{
    struct text text = {0};
    for (size_t i = 0; i < helm_history_count(history); i++)
        text_append_format(&text, "%s%d", i > 0 ? ", " : "", helm_history_at(history, i)->revision);
    return text_steal(&text);
}

static bool no_release(const struct situation *situation, struct error *error)
{
    const struct error *reason = helm_history_reason(situation->history);
    if (reason != NULL && reason->code != ERROR_NONE) {
        if (error != NULL)
            error_copy(error, reason);
        return false;
    }
    error_set(error, ERROR_NOT_FOUND, _("there is no release '%s' in namespace '%s'"), situation->release,
              situation->namespace);
    return error_hint(error, _("'rollback-console releases -A' lists all releases"));
}

static bool check_revision(const struct situation *situation, int revision, struct error *error)
{
    const struct helm_revision *row = helm_history_find(situation->history, revision);
    if (row == NULL) {
        CLEANUP_FREE char *known = list_revisions(situation->history);
        error_set(error, ERROR_NOT_FOUND, _("release '%s' has no revision %d"), situation->release, revision);
        return error_hint(error, _("its revisions are %s"), known);
    }
    if (row->failure == NULL)
        return true;
    error_copy(error, row->failure);
    return error_prefix(error, _("release '%s'"), situation->release);
}

bool situation_check(const struct situation *situation, struct error *error)
{
    if (!helm_history_complete(situation->history))
        return true;
    if (helm_history_count(situation->history) == 0)
        return no_release(situation, error);
    return (situation->options.from == 0 || check_revision(situation, situation->options.from, error)) &&
           (situation->options.to == 0 || check_revision(situation, situation->options.to, error));
}

void situation_why_empty(const struct situation *situation, struct error *ret_error)
{
    const struct helm_revision *live = helm_history_live(situation->history);
    if (!helm_history_complete(situation->history) || !situation_check(situation, ret_error))
        return;
    if (live == NULL)
        error_set(ret_error, ERROR_NOT_FOUND,
                  _("no revision of '%s' lives: it is uninstalled, or nothing of it was ever applied"),
                  situation->release);
    else if (live->error != NULL)
        check_revision(situation, live->revision, ret_error);
}
