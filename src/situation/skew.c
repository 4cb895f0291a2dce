#include "situation/skew.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "situation/image.h"
#include "situation/versions.h"

static const char *bare(const char *version)
{
    return *version == 'v' ? version + 1 : version;
}

/* *ret_tag and *ret_expected are set with true only; owned by the caller. */
static bool is_skewed(const struct component_change *change, const char *release_version, char **ret_tag,
                      char **ret_expected)
{
    const struct playbook_component *playbook = change->identity.playbook;
    if (playbook == NULL || !playbook->unified_version || !change->from.present)
        return false;
    CLEANUP_FREE char *tag = image_tag(change->from.image);
    CLEANUP_FREE char *expected = NULL;
    const char *compared = tag;
    if (text_equal(playbook->version_scheme, "chart")) {
        expected = change->to.present ? image_tag(change->to.image) : NULL;
    } else {
        expected = memory_text(release_version);
        if (text_equal(playbook->version_scheme, "postgres-extension") && version_extension(tag) != NULL)
            compared = version_extension(tag);
    }
    if (expected == NULL || *expected == '\0' || text_equal(bare(compared), bare(expected)))
        return false;
    *ret_tag = text_clean(tag, false, 100);
    *ret_expected = text_clean(expected, false, 100);
    return true;
}

char *skew_describe(const struct change_set *changes, const char *release_version, bool *ret_skewed)
{
    struct text text = {0};
    for (size_t i = 0; i < changes->component_count; i++) {
        CLEANUP_FREE char *tag = NULL;
        CLEANUP_FREE char *expected = NULL;
        ret_skewed[i] = is_skewed(&changes->components[i], release_version, &tag, &expected);
        if (!ret_skewed[i])
            continue;
        const char *name = changes->components[i].identity.name;
        const char *separator = text.size > 0 ? ", " : "";
        if (*tag == '\0')
            text_append_format(&text, _("%s%s has no tag, not %s"), separator, name, expected);
        else
            text_append_format(&text, _("%s%s is %s, not %s"), separator, name, tag, expected);
    }
    return text_steal(&text);
}
