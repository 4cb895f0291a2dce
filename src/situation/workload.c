#include "situation/workload.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <string.h>

bool workload_is(const char *api_version, const char *kind)
{
    if (text_starts(api_version, "apps/"))
        return text_equal(kind, "Deployment") || text_equal(kind, "StatefulSet") || text_equal(kind, "DaemonSet");
    return text_starts(api_version, "batch/") && text_equal(kind, "CronJob");
}

const json_t *workload_template(const char *kind, const json_t *object)
{
    if (text_equal(kind, "CronJob"))
        return tree_get(object, "spec", "jobTemplate", "spec", "template");
    return tree_get(object, "spec", "template");
}

const char *workload_template_path(const char *kind)
{
    return text_equal(kind, "CronJob") ? "spec.jobTemplate.spec.template" : "spec.template";
}

char *workload_title(const char *kind, const char *name)
{
    CLEANUP_FREE char *raw = memory_format("%s %s", kind, name);
    return text_clean(raw, false, 0);
}
