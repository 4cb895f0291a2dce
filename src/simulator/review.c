/* Reviews: what may I do, what may another do, who am I. They are answered and not stored. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/api_call.h"
#include "simulator/body.h"
#include "simulator/rbac.h"
#include <string.h>

/* "deployments/scale", or what an empty or absent part means. */
static char *resource_text(const json_t *attributes)
{
    const char *resource = tree_text(attributes, "resource");
    const char *subresource = tree_text(attributes, "subresource");
    if (subresource == NULL || subresource[0] == '\0')
        return memory_text(resource != NULL ? resource : "");
    return memory_format("%s/%s", resource != NULL ? resource : "", subresource);
}

static bool is_empty(const char *text)
{
    return text == NULL || text[0] == '\0';
}

static bool decide(const struct api_call *call, const json_t *spec, const char *user, const json_t *groups)
{
    const json_t *attributes = json_object_get(spec, "resourceAttributes");
    CLEANUP_FREE char *resource = resource_text(attributes);
    const char *namespace = tree_text(attributes, "namespace");
    const char *name = tree_text(attributes, "name");
    const char *group = tree_text(attributes, "group");
    struct rbac_question question = {
        .user = user,
        .groups = groups,
        .verb = tree_text(attributes, "verb"),
        .group = attributes == NULL ? NULL
                 : group != NULL    ? group
                                    : "",
        .resource = resource,
        .namespace = is_empty(namespace) ? NULL : namespace,
        .name = is_empty(name) ? NULL : name,
    };
    return rbac_allows(call->api->registry, &question);
}

static bool refuse_spec(const struct api_call *call, const char *why, struct refusal *refusal)
{
    json_t *causes = json_array();
    refusal_add_cause(causes, "FieldValueInvalid", "spec.resourceAttributes", "Invalid value: null: %s", why);
    refusal_invalid(refusal, call->resource->group, "", "", causes);
    json_object_del(refusal->details, "kind"); /* the real server does not name it */
    json_decref(causes);
    return false;
}

static bool answer_access(const struct api_call *call, json_t *review, bool self, struct refusal *refusal)
{
    const json_t *spec = json_object_get(review, "spec");
    bool about_resource = json_is_object(json_object_get(spec, "resourceAttributes"));
    bool about_path = json_is_object(json_object_get(spec, "nonResourceAttributes"));
    if (about_resource == about_path)
        return refuse_spec(call, "exactly one of nonResourceAttributes or resourceAttributes must be specified",
                           refusal);
    const char *user = self ? call->request->user : tree_text(spec, "user");
    const json_t *groups = self ? call->request->groups : json_object_get(spec, "groups");
    if (user == NULL && json_array_size(groups) == 0)
        return refuse_spec(call, "at least one of user or group must be specified", refusal);
    bool allowed = decide(call, spec, user != NULL ? user : "", groups);
    json_object_set_new(review, "status", json_pack("{s:b}", "allowed", allowed));
    return true;
}

static void answer_rules(const struct api_call *call, json_t *review)
{
    const char *namespace = tree_text(review, "spec", "namespace");
    json_t *rules = rbac_rules(call->api->registry, call->request->user, call->request->groups, namespace);
    json_object_set_new(review, "spec", json_object());
    json_object_set_new(review, "status",
                        json_pack("{s:o, s:[{s:[s], s:[s, s, s, s, s, s, s]}], s:b}", "resourceRules", rules,
                                  "nonResourceRules", "verbs", "get", "nonResourceURLs", "/api", "/api/*", "/apis",
                                  "/apis/*", "/healthz", "/version", "/openapi/*", "incomplete", 0));
}

static void answer_self(const struct api_call *call, json_t *review)
{
    char time[32];
    int64_t now = api_wall_ms(call);
    clock_format(now - now % 1000, time, sizeof time);
    json_object_set_new(review, "metadata", json_pack("{s:s}", "creationTimestamp", time));
    json_object_set_new(
        review, "status",
        json_pack("{s:{s:s, s:O}}", "userInfo", "username", call->request->user, "groups", call->request->groups));
}

static bool answer_review(const struct api_call *call, json_t *review, struct refusal *refusal)
{
    const char *kind = call->resource->kind;
    if (strcmp(kind, "SelfSubjectRulesReview") == 0)
        answer_rules(call, review);
    else if (strcmp(kind, "SelfSubjectReview") == 0)
        answer_self(call, review);
    else
        return answer_access(call, review, strcmp(kind, "SelfSubjectAccessReview") == 0, refusal);
    return true;
}

bool review_create(const struct api_call *call, struct refusal *refusal)
{
    struct error error = {0};
    json_t *review = NULL;
    if (!text_equal(call->verb, "create") || call->route.name != NULL)
        return api_refuse_method(refusal);
    if (!body_read(call->request, false, &review, &error) || !json_is_object(review)) {
        refusal_bad_request(refusal, "the object provided is unrecognized (must be of type %s): %s",
                            call->resource->kind, error.message != NULL ? error.message : "not an object");
        error_release(&error);
        json_decref(review);
        return false;
    }
    CLEANUP_FREE char *api_version = resource_api_version(call->resource, call->route.version);
    json_object_set_new(review, "kind", json_string(call->resource->kind));
    json_object_set_new(review, "apiVersion", json_string(api_version));
    if (!json_is_object(json_object_get(review, "metadata")))
        json_object_set_new(review, "metadata", json_object());
    bool good = answer_review(call, review, refusal);
    if (good)
        response_json(call->response, 201, review);
    json_decref(review);
    return good;
}
