/* The dashboard: the screen on the terminal, on one event loop with the session that it shows. */
#pragma once

#include "base/error.h"
#include <stdbool.h>

struct loop;
struct session;

enum console_color { CONSOLE_COLOR_AUTO, CONSOLE_COLOR_ALWAYS, CONSOLE_COLOR_NEVER };

/* Start with zeros; texts are borrowed for the call. */
struct console_options {
    enum console_color color; /* AUTO: as the terminal can, unless NO_COLOR is set */
    const char *keys;         /* a keys file; NULL: $XDG_CONFIG_HOME/rollback-console/keys if there is one */
};

bool console_parse_color(const char *word, enum console_color *ret_color,
                         struct error *error); /* auto, always, never */

/*
 * Runs until the person leaves, and gives the terminal back whole in every case, crashes included. setlocale() is the
 * caller's. Takes the session's observer. `loop` runs in here and is stopped, not freed. Errors: ERROR_USAGE without a
 * terminal that can place text; ERROR_INVALID for a keys file (file:line); ERROR_CANCELLED when a signal ended it.
 */
bool console_run(struct session *session, struct loop *loop, const struct console_options *options,
                 struct error *error);

/* The keys, for documentation: a keys file with the defaults (as data/keys is shipped), and the manual page's chapter.
 * Owned by the caller. */
char *console_keys_file(void);
char *console_keys_manual(void);
