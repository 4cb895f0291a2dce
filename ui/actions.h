/*
 * Everything a key can do, declared once: name, where it holds, default keys, the footer's word and the help's
 * sentence. Dispatch, footer, help screen, command line and manual are all made from this table.
 */
#pragma once

#include "base/i18n.h"
#include <stdbool.h>
#include <stddef.h>

/* Where a key means this action. A key may mean another thing in another scope, but only one in each. */
enum action_scope {
    SCOPE_EVERYWHERE,
    SCOPE_LIST,   /* tables */
    SCOPE_TEXT,   /* diff and help */
    SCOPE_PROMPT, /* while a line is typed */
    SCOPE_DIALOG,
    SCOPE_COUNT,
};

/* X(constant, name, scope, default keys, footer word, help). Names are what the keys file and ':' know; keep them. */
#define ACTIONS(X)                                                                                                     \
    X(OVERVIEW, "overview", SCOPE_EVERYWHERE, "1", N_("overview"), N_("Everything about the release on one screen"))   \
    X(COMPONENTS, "components", SCOPE_EVERYWHERE, "2", N_("components"),                                               \
      N_("Each component: what differs from the target, field by field, and how it runs"))                             \
    X(API, "api", SCOPE_EVERYWHERE, "3", N_("api"), N_("The objects of each API version, and who wrote them"))         \
    X(HISTORY, "history", SCOPE_EVERYWHERE, "4", N_("history"), N_("The revisions of the release and their facts"))    \
    X(WORKLOADS, "workloads", SCOPE_EVERYWHERE, "w", N_("workloads"), N_("Every workload of the live revision"))       \
    X(DATABASES, "databases", SCOPE_EVERYWHERE, "b", N_("databases"), N_("The database clusters"))                     \
    X(EVENTS, "events", SCOPE_EVERYWHERE, "e", N_("events"), N_("What Kubernetes reports about these objects"))        \
    X(CONCERNS, "concerns", SCOPE_EVERYWHERE, "!", N_("all concerns"),                                                 \
      N_("Everything that needs a look, the most urgent on top"))                                                      \
    X(DIFF, "diff", SCOPE_EVERYWHERE, "D", N_("diff"), N_("What a rollback to the target would change, line by line")) \
    X(DRIFT, "drift", SCOPE_EVERYWHERE, "L", N_("drift"),                                                              \
      N_("What lives in the cluster and is not what the live revision says"))                                          \
    X(UP, "up", SCOPE_EVERYWHERE, "k Up", N_("up"), N_("One line up"))                                                 \
    X(DOWN, "down", SCOPE_EVERYWHERE, "j Down", N_("down"), N_("One line down"))                                       \
    X(LEFT, "left", SCOPE_EVERYWHERE, "h Left", N_("left"), N_("To the left: of a long line, or the pane before"))     \
    X(RIGHT, "right", SCOPE_EVERYWHERE, "l Right", N_("right"), N_("To the right: of a long line, or the next pane"))  \
    X(PAGE_UP, "page-up", SCOPE_EVERYWHERE, "PageUp Ctrl-B", N_("page up"), N_("One page up"))                         \
    X(PAGE_DOWN, "page-down", SCOPE_EVERYWHERE, "PageDown Ctrl-F", N_("page down"), N_("One page down"))               \
    X(FIRST, "first", SCOPE_EVERYWHERE, "g Home", N_("first"), N_("To the first line"))                                \
    X(LAST, "last", SCOPE_EVERYWHERE, "G End", N_("last"), N_("To the last line"))                                     \
    X(NEXT_PANE, "next-pane", SCOPE_EVERYWHERE, "Tab", N_("next pane"), N_("To the next pane"))                        \
    X(PREVIOUS_PANE, "previous-pane", SCOPE_EVERYWHERE, "Shift-Tab", N_("previous pane"), N_("To the pane before"))    \
    X(OPEN, "open", SCOPE_EVERYWHERE, "Enter", N_("open"), N_("Open what the pointer is on"))                          \
    X(FILTER, "filter", SCOPE_EVERYWHERE, "/", N_("filter"),                                                           \
      N_("Show only lines with these words ('!word': without it); in a text: search"))                                 \
    X(BASE, "base", SCOPE_LIST, "m", N_("mark base"),                                                                  \
      N_("History: compare from this revision instead of the live one"))                                               \
    X(FOLD, "fold", SCOPE_TEXT, "Space z", N_("fold"), N_("Show or fold the unchanged lines here"))                    \
    X(FOLD_ALL, "fold-all", SCOPE_TEXT, "Z", N_("fold all"), N_("Show or fold all unchanged lines"))                   \
    X(NEXT_CHANGE, "next-change", SCOPE_TEXT, "]", N_("next change"), N_("To the next change"))                        \
    X(PREVIOUS_CHANGE, "previous-change", SCOPE_TEXT, "[", N_("previous change"), N_("To the change before"))          \
    X(NEXT_OBJECT, "next-object", SCOPE_TEXT, "}", N_("next object"), N_("To the next object or chapter"))             \
    X(PREVIOUS_OBJECT, "previous-object", SCOPE_TEXT, "{", N_("previous object"),                                      \
      N_("To the object or chapter before"))                                                                           \
    X(NEXT_MATCH, "next-match", SCOPE_TEXT, "n", N_("next match"), N_("To the next place found"))                      \
    X(PREVIOUS_MATCH, "previous-match", SCOPE_TEXT, "N", N_("previous match"), N_("To the place found before"))        \
    X(COMMAND, "command", SCOPE_EVERYWHERE, ":", N_("command"), N_("Type an action's name; Tab completes it"))         \
    X(RELEASES, "releases", SCOPE_EVERYWHERE, "R", N_("releases"), N_("Choose another release"))                       \
    X(REDRAW, "redraw", SCOPE_EVERYWHERE, "Ctrl-L", N_("redraw"), N_("Draw the whole screen again"))                   \
    X(SUSPEND, "suspend", SCOPE_EVERYWHERE, "Ctrl-Z", N_("suspend"),                                                   \
      N_("Back to the shell; 'fg' brings the console back"))                                                           \
    X(HELP, "help", SCOPE_EVERYWHERE, "?", N_("help"), N_("The keys"))                                                 \
    X(BACK, "back", SCOPE_EVERYWHERE, "Escape", N_("back"), N_("Clear the filter, else leave this view"))              \
    X(QUIT, "quit", SCOPE_EVERYWHERE, "q", N_("quit"),                                                                 \
      N_("Leave this view; on the first one, ask to leave the console"))                                               \
    X(EXIT, "exit", SCOPE_EVERYWHERE, "Ctrl-C", N_("exit"), N_("Leave the console at once"))                           \
    X(ACCEPT, "accept", SCOPE_PROMPT, "Enter", N_("accept"), N_("Take the line as it is"))                             \
    X(CANCEL, "cancel", SCOPE_PROMPT, "Escape Ctrl-C", N_("cancel"), N_("Forget the line"))                            \
    X(COMPLETE, "complete", SCOPE_PROMPT, "Tab", N_("complete"), N_("Complete the name"))                              \
    X(ERASE, "erase", SCOPE_PROMPT, "Backspace", N_("erase"), N_("Erase the last character"))                          \
    X(ERASE_WORD, "erase-word", SCOPE_PROMPT, "Ctrl-W", N_("erase word"), N_("Erase the last word"))                   \
    X(ERASE_LINE, "erase-line", SCOPE_PROMPT, "Ctrl-U", N_("erase line"), N_("Erase the line"))                        \
    X(CONFIRM, "confirm", SCOPE_DIALOG, "y", N_("yes"), N_("Yes, do it"))                                              \
    X(DECLINE, "decline", SCOPE_DIALOG, "n Escape", N_("no"), N_("No, go on as before"))

enum action {
#define X(constant, name, scope, keys, word, help) ACTION_##constant,
    ACTIONS(X)
#undef X
        ACTION_COUNT,
    ACTION_NONE = -1,
};

struct action_info {
    const char *name;
    enum action_scope scope;
    const char *keys; /* default keys, apart by spaces */
    const char *word; /* for the footer; translate with _() */
    const char *help; /* one line; translate with _() */
};

const struct action_info *action_info(enum action action);
const char *action_scope_title(enum action_scope scope); /* translated */

/* By name, or by a beginning that only one action has; ACTION_NONE otherwise. */
enum action action_find(const char *name, bool allow_beginning);
