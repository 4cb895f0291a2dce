/* Whole files within bounds, and the folders the program uses (XDG base directories). */
#pragma once

#include "base/error.h"
#include <stddef.h>

/* Reads at most `limit` bytes; a larger file, a folder or an unreadable one is ERROR_INVALID, a missing one ERROR_NOT_FOUND (all name the
 * path). Pipes are read to their end. *ret_bytes is owned by the caller and NUL-terminated beyond *ret_size. */
bool file_read(const char *path, size_t limit, char **ret_bytes, size_t *ret_size, struct error *error);

char *file_resolve(const char *base_file, const char *path); /* relative paths stand beside base_file; "~/" is the home folder */
char *file_home(void);                                       /* $HOME, else the user database; owned by the caller */
char *file_state_folder(void);                               /* $XDG_STATE_HOME/rollback-console, else ~/.local/state/rollback-console */
char *file_config_folder(void);                              /* $XDG_CONFIG_HOME/rollback-console, else ~/.config/rollback-console */
char *file_data(const char *name); /* a shipped file: $ROLLBACK_CONSOLE_DATA/name, else beside the program in a build tree, else pkgdatadir */
