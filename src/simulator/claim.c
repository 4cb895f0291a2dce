#include "simulator/claim.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"

#define RETRY_MS 5000

static bool uses(const json_t *pod, const char *claim)
{
    size_t index;
    const json_t *volume;
    json_array_foreach(tree_get(pod, "spec", "volumes"), index, volume)
    {
        if (text_equal(tree_text(volume, "persistentVolumeClaim", "claimName"), claim))
            return true;
    }
    return false;
}

static bool in_use(const struct work *work, const json_t *claim)
{
    const struct resource *resource = work_resource(work, "", "pods");
    const struct store *store = registry_store(work->registry);
    for (size_t i = 0; i < store_count(store, resource); i++) {
        const json_t *pod = store_at(store, resource, i);
        if (text_equal(work_namespace(pod), work_namespace(claim)) && uses(pod, work_name(claim)))
            return true;
    }
    return false;
}

static void bind(struct work *work, const json_t *claim)
{
    const json_t *asked = tree_get(claim, "spec", "resources", "requests", "storage");
    json_t *status = json_pack("{s:s, s:O*}", "phase", "Bound", "accessModes", tree_get(claim, "spec", "accessModes"));
    if (asked != NULL)
        json_object_set_new(status, "capacity", json_pack("{s:O}", "storage", asked));
    work_set_status(work, "kube-controller-manager", "", "persistentvolumeclaims", claim, status);
}

int64_t claim_reconcile(struct work *work, const json_t *claim)
{
    if (!work_being_deleted(claim)) {
        if (!text_equal(tree_text(claim, "status", "phase"), "Bound"))
            bind(work, claim);
        return WORK_NEVER;
    }
    if (json_array_size(tree_get(claim, "metadata", "finalizers")) == 0)
        return WORK_NEVER;
    if (in_use(work, claim))
        return work->now + RETRY_MS;
    json_t *patch = json_pack("{s:{s:n}}", "metadata", "finalizers");
    work_patch(work, "kube-controller-manager", "", "persistentvolumeclaims", claim, patch);
    json_decref(patch);
    return WORK_NEVER;
}
