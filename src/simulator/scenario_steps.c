#include "simulator/scenario_steps.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/manifest.h"
#include "simulator/scenario_data.h"
#include "simulator/work.h"
#include <stdlib.h>
#include <string.h>

static char *refusal_text(struct refusal *refusal)
{
    char *text = memory_text(refusal->message != NULL ? refusal->message : "");
    refusal_release(refusal);
    return text;
}

/* kubectl apply, create or replace: `by` is the field manager, "kubectl" means kubectl apply. */
static bool apply(const json_t *data, struct work *work, char **ret_why)
{
    const char *by = tree_text(data, "by");
    size_t index;
    const json_t *object;
    json_array_foreach(json_object_get(data, "apply"), index, object)
    {
        struct manifest_write write = {.object = object,
                                       .manager =
                                           by == NULL || text_equal(by, "kubectl") ? "kubectl-client-side-apply" : by,
                                       .remember = by == NULL || text_equal(by, "kubectl")};
        if (!manifest_put(work->registry, &write, ret_why))
            return false;
    }
    return true;
}

static bool find(struct work *work, const json_t *reference, struct registry_call *call, char **ret_why)
{
    const char *api_version = tree_text(reference, "apiVersion"), *kind = tree_text(reference, "kind");
    call->namespace = tree_text(reference, "namespace");
    call->name = tree_text(reference, "name");
    if (registry_resolve(work->registry, api_version, kind, call))
        return true;
    *ret_why = memory_format("no matches for kind \"%s\" in version \"%s\"", kind, api_version);
    return false;
}

static bool patch(const json_t *data, struct work *work, char **ret_why)
{
    static const struct {
        const char *name;
        enum patch_type type;
    } types[] = {{"merge", PATCH_MERGE}, {"strategic", PATCH_STRATEGIC}, {"json", PATCH_JSON}, {"apply", PATCH_APPLY}};
    struct registry_call call = {
        .manager = tree_text(data, "by"), .subresource = tree_text(data, "subresource"), .force = true};
    struct refusal refusal = {0};
    enum patch_type type = PATCH_MERGE;
    if (!find(work, json_object_get(data, "patch"), &call, ret_why))
        return false;
    for (size_t i = 0; i < LENGTH_OF(types); i++)
        if (text_equal(types[i].name, tree_text(data, "type")))
            type = types[i].type;
    if (registry_patch(work->registry, &call, type, json_object_get(data, "with"), NULL, NULL, &refusal))
        return true;
    *ret_why = refusal_text(&refusal);
    return false;
}

static bool remove_object(const json_t *data, struct work *work, char **ret_why)
{
    struct registry_call call = {0};
    struct registry_delete options = {.grace_s = -1};
    struct refusal refusal = {0};
    if (!find(work, json_object_get(data, "delete"), &call, ret_why))
        return false;
    if (registry_delete(work->registry, &call, &options, NULL, NULL, &refusal))
        return true;
    *ret_why = refusal_text(&refusal);
    return false;
}

static bool event(const json_t *data, struct work *work, char **ret_why)
{
    const json_t *content = json_object_get(data, "event");
    struct registry_call call = {0};
    struct refusal refusal = {0};
    json_t *about = NULL;
    if (!find(work, json_object_get(content, "about"), &call, ret_why))
        return false;
    if (!registry_get(work->registry, &call, &about, &refusal)) {
        *ret_why = refusal_text(&refusal);
        return false;
    }
    work_event(work, about, tree_text(content, "type"), tree_text(content, "reason"), tree_text(content, "component"),
               "%s", tree_text(content, "message"));
    json_decref(about);
    return true;
}

static bool perform(const struct step *step, struct work *work, char **ret_why)
{
    switch (step->kind) {
    case STEP_REVISION:
        return scenario_upgrade(step->release, step->revision, work, ret_why);
    case STEP_APPLY:
        return apply(step->data, work, ret_why);
    case STEP_PATCH:
        return patch(step->data, work, ret_why);
    case STEP_DELETE:
        return remove_object(step->data, work, ret_why);
    case STEP_EVENT:
        return event(step->data, work, ret_why);
    }
    return true;
}

int64_t scenario_run_steps(struct scenario *scenario, struct work *work)
{
    while (scenario->next_step < scenario->steps.count) {
        const struct step *step = scenario->steps.items[scenario->next_step];
        CLEANUP_FREE char *why = NULL;
        if (scenario->origin + step->at_ms > work->now)
            return scenario->origin + step->at_ms;
        scenario->next_step++;
        if (!perform(step, work, &why) && scenario->step_failure == NULL)
            scenario->step_failure = STEAL(why);
    }
    return WORK_NEVER;
}

bool scenario_steps_good(const struct scenario *scenario, struct error *error)
{
    if (scenario->step_failure == NULL)
        return true;
    return error_set(error, ERROR_INVALID, _("%s: the simulated cluster refused a step of the scenario: %s"),
                     scenario_path(scenario), scenario->step_failure);
}
