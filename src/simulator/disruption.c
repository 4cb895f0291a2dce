#include "simulator/disruption.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/selector.h"
#include <stdlib.h>

/* "50%" of `of`, rounded up, or the number itself. */
static json_int_t resolve(const json_t *value, json_int_t of)
{
    const char *text = json_string_value(value);
    return text != NULL ? (strtoll(text, NULL, 10) * of + 99) / 100 : tree_integer(value, 0);
}

int64_t disruption_reconcile(struct work *work, const json_t *budget)
{
    const struct resource *resource = work_resource(work, "", "pods");
    const struct store *store = registry_store(work->registry);
    json_int_t expected = 0, healthy = 0;
    for (size_t i = 0; i < store_count(store, resource); i++) {
        const json_t *pod = store_at(store, resource, i);
        if (!text_equal(work_namespace(pod), work_namespace(budget)) ||
            !selector_matches(tree_get(budget, "spec", "selector"), tree_get(pod, "metadata", "labels")))
            continue;
        expected++;
        healthy += work_ready(pod);
    }
    const json_t *least = tree_get(budget, "spec", "minAvailable"), *most = tree_get(budget, "spec", "maxUnavailable");
    json_int_t desired = least != NULL ? resolve(least, expected) : expected - resolve(most, expected);
    json_int_t allowed = healthy > desired ? healthy - desired : 0;
    json_t *conditions = json_array();
    work_add_condition(work, conditions, budget, "DisruptionAllowed", allowed > 0 ? "True" : "False",
                       allowed > 0 ? "SufficientPods" : "InsufficientPods", "", false);
    json_object_set(json_array_get(conditions, 0), "observedGeneration", tree_get(budget, "metadata", "generation"));
    json_t *status =
        json_pack("{s:O, s:I, s:I, s:I, s:I, s:o}", "observedGeneration", tree_get(budget, "metadata", "generation"),
                  "disruptionsAllowed", allowed, "currentHealthy", healthy, "desiredHealthy", desired, "expectedPods",
                  expected, "conditions", conditions);
    work_set_status(work, "kube-controller-manager", "policy", "poddisruptionbudgets", budget, status);
    return WORK_NEVER;
}
