#include "helm/description.h"
#include "base/memory.h"
#include "base/text.h"
#include <stdlib.h>
#include <string.h>

/* Behind 'Verb "name" failed'; NULL when the text does not begin so. */
static const char *skip_failure(const char *description, const char *verb)
{
    if (!text_starts(description, verb))
        return NULL;
    const char *name = description + strlen(verb);
    if (!text_starts(name, " \""))
        return NULL;
    const char *quote = strchr(name + 2, '"');
    static const char FAILED[] = "\" failed";
    return quote != NULL && text_starts(quote, FAILED) ? quote + strlen(FAILED) : NULL;
}

enum description_kind description_read(const char *description)
{
    static const char *const UNFINISHED[] = {"Preparing upgrade", "Initial install underway"};
    static const char *const ENDED[] = {"Uninstallation complete", "Deletion in progress", "Deletion complete",
                                        "superseded by new release"};
    const char *rest = skip_failure(description, "Upgrade");
    if (rest != NULL)
        return text_starts(rest, ": pre-upgrade hooks failed") ? DESCRIPTION_NOT_APPLIED : DESCRIPTION_UPGRADE_FAILED;
    rest = skip_failure(description, "Release");
    if (rest != NULL)
        return text_starts(rest, ": failed pre-install") ? DESCRIPTION_NOT_APPLIED : DESCRIPTION_RELEASE_FAILED;
    if (skip_failure(description, "Rollback") != NULL)
        return DESCRIPTION_ROLLBACK_FAILED;
    for (size_t i = 0; i < LENGTH_OF(UNFINISHED); i++)
        if (text_equal(description, UNFINISHED[i]))
            return DESCRIPTION_UNFINISHED;
    for (size_t i = 0; i < LENGTH_OF(ENDED); i++)
        if (text_starts(description, ENDED[i]))
            return DESCRIPTION_ENDED;
    return DESCRIPTION_OTHER;
}

int description_rollback_target(const char *description)
{
    static const char WORDS[] = "Rollback to ";
    if (!text_starts(description, WORDS))
        return 0;
    const char *digits = description + strlen(WORDS);
    size_t size = strspn(digits, "0123456789");
    if (size == 0 || size > 9 || digits[size] != '\0')
        return 0;
    return atoi(digits);
}
