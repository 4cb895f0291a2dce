#include "helm/driver.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 53 };

static const char PREFIX[] = "sh.helm.release.v1.";

bool helm_driver_parse(const char *text, enum helm_driver *ret_driver, struct error *error)
{
    if (text == NULL || text[0] == '\0' || text_equal(text, "secret") || text_equal(text, "secrets")) {
        *ret_driver = HELM_SECRETS;
        return true;
    }
    if (text_equal(text, "configmap") || text_equal(text, "configmaps")) {
        *ret_driver = HELM_CONFIGMAPS;
        return true;
    }
    CLEANUP_FREE char *clean = text_clean(text, false, 40);
    error_set(error, ERROR_USAGE,
              _("HELM_DRIVER is '%s', but only 'secret' and 'configmap' keep releases in the cluster"), clean);
    return error_hint(error, _("unset HELM_DRIVER, or set it to where this cluster's releases are kept"));
}

static bool is_letter_or_digit(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
}

/* Labels of letters, digits and dashes with dots between; a dash never at a label's edge. */
static bool is_dns_name(const char *name)
{
    char before = '.';
    for (const char *at = name; *at != '\0'; before = *at++)
        if (!is_letter_or_digit(*at) && (before == '.' || !(*at == '-' || (*at == '.' && before != '-'))))
            return false;
    return before != '.' && before != '-';
}

bool helm_driver_check_name(const char *release, struct error *error)
{
    if (strlen(release) <= LONGEST_NAME && is_dns_name(release))
        return true;
    CLEANUP_FREE char *clean = text_clean(release, false, 60);
    error_set(error, ERROR_USAGE, _("no release can be named '%s'"), clean);
    return error_hint(error, _("a release's name has at most %d lower-case letters, digits, '-' and '.'"),
                      LONGEST_NAME);
}

const struct kube_resource *helm_driver_resource(enum helm_driver driver)
{
    return kube_resource_find("v1", driver == HELM_SECRETS ? "Secret" : "ConfigMap");
}

char *helm_driver_record_name(const char *release, int revision)
{
    return memory_format("%s%s.v%d", PREFIX, release, revision);
}

/* RELEASE and N of "sh.helm.release.v1.RELEASE.vN"; false when the name is not of that form. */
static bool split_name(const char *name, char **ret_release, int *ret_revision)
{
    if (name == NULL || !text_starts(name, PREFIX))
        return false;
    const char *release = name + strlen(PREFIX);
    const char *dot = strrchr(release, '.');
    if (dot == NULL || dot == release || dot[1] != 'v' || dot[2] < '1' || dot[2] > '9')
        return false;
    size_t digits = strspn(dot + 2, "0123456789");
    if (digits > 9 || dot[2 + digits] != '\0')
        return false;
    *ret_release = memory_text_part(release, (size_t)(dot - release));
    *ret_revision = atoi(dot + 2);
    return true;
}

/* Unix seconds, as Helm writes times into labels. */
static int64_t read_seconds(const char *text)
{
    size_t digits = text == NULL ? 0 : strspn(text, "0123456789");
    if (digits == 0 || digits > 12 || text[digits] != '\0')
        return CLOCK_UNKNOWN;
    return strtoll(text, NULL, 10) * 1000;
}

/* createdAt is dropped when the record is written again, and the object's own time of creation stays; after a restore
 * from a backup only the labels remember. */
static int64_t read_created(const json_t *object)
{
    int64_t created = read_seconds(tree_text(object, "metadata", "labels", "createdAt"));
    if (created != CLOCK_UNKNOWN || clock_parse(tree_text(object, "metadata", "creationTimestamp"), &created))
        return created;
    return read_seconds(tree_text(object, "metadata", "labels", "modifiedAt"));
}

void *record_label_make(const json_t *object, const void *context)
{
    (void)context;
    char *release = NULL;
    int revision = 0;
    if (!split_name(tree_text(object, "metadata", "name"), &release, &revision))
        return NULL;
    const char *named = tree_text(object, "metadata", "labels", "name");
    if (!text_equal(named, release)) {
        free(release);
        return NULL;
    }
    const char *status = tree_text(object, "metadata", "labels", "status");
    struct record_label *label = memory_new(sizeof *label);
    label->release = release;
    label->revision = revision;
    label->status = memory_text(status == NULL ? "" : status);
    label->created_ms = read_created(object);
    return label;
}

void record_label_free(void *item)
{
    struct record_label *label = item;
    if (label == NULL)
        return;
    free(label->release);
    free(label->status);
    free(label);
}
