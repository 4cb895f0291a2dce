/*
 * What a record's description tells. Helm writes these words itself (pkg/action/{install,upgrade,rollback,uninstall}.go of Helm 3 and 4, and Tiller's,
 * which migrated records still carry); they are not translated.
 */
#pragma once

#include <stdbool.h>

enum description_kind {
    DESCRIPTION_OTHER,      /* "Install complete", "Upgrade complete", "Rollback to 4", a person's own words */
    DESCRIPTION_UPGRADE_FAILED,  /* 'Upgrade "x" failed: …': something may have been applied */
    DESCRIPTION_RELEASE_FAILED,  /* 'Release "x" failed: …': the same, of an installation, or of a rollback that waited in vain */
    DESCRIPTION_ROLLBACK_FAILED, /* 'Rollback "x" failed: …': while applying */
    DESCRIPTION_NOT_APPLIED,     /* an upgrade or installation that failed in a hook, before anything was applied */
    DESCRIPTION_UNFINISHED, /* "Preparing upgrade", "Initial install underway": overwritten when it ends, well or not */
    DESCRIPTION_ENDED,      /* uninstalled or replaced: what it was before is not told any more */
};

enum description_kind description_read(const char *description);
int description_rollback_target(const char *description); /* "Rollback to N"; 0 for all others */
