/* The playbooks that are installed: $ROLLBACK_CONSOLE_PLAYBOOKS (a search path, ':' between folders), then the user's
 * ($XDG_CONFIG_HOME/rollback-console/playbooks), then the shipped ones. The first of a name wins, broken or not: what a person put in front
 * is not passed over in silence. */
#pragma once

#include "base/error.h"
#include "playbook/playbook.h"
#include <stddef.h>

struct playbook_library;

struct playbook_library_entry {
    const char *name;                /* of the playbook; of the file, without its ending, when broken */
    const char *path;
    const char *title;               /* "" when broken */
    const struct playbook *playbook; /* NULL when broken */
    const char *error;               /* the first mistake when broken, else NULL */
};

struct playbook_library *playbook_library_load(void); /* broken files are entries with an error; never fails */
void playbook_library_free(struct playbook_library *library);
size_t playbook_library_count(const struct playbook_library *library);
const struct playbook_library_entry *playbook_library_at(const struct playbook_library *library, size_t index); /* folder by folder, by file name */

/* By name, or a path when it has a slash or ends in .yaml/.yml. ERROR_NOT_FOUND with the nearest names; ERROR_INVALID when broken. The playbook
 * stays owned by the library. */
bool playbook_library_find(struct playbook_library *library, const char *name_or_path, const struct playbook **ret_playbook, struct error *error);

/* The playbook for a release; NULL: none matches (the console then works from the manifest alone). The more exact match wins: more of labels,
 * chart, chart version, release and namespace, then longer patterns, then the order of the library. */
const struct playbook *playbook_library_match(const struct playbook_library *library, const struct playbook_release *release);
