#include "simulator/rbac.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/registry.h"
#include <string.h>

#define RBAC_GROUP "rbac.authorization.k8s.io"

static bool lists(const json_t *array, const char *word)
{
    for (size_t i = 0; i < json_array_size(array); i++)
        if (text_equal(json_string_value(json_array_get(array, i)), word))
            return true;
    return false;
}

static bool covers_resource(const json_t *resources, const char *resource)
{
    if (lists(resources, "*") || lists(resources, resource))
        return true;
    const char *slash = strchr(resource, '/');
    CLEANUP_FREE char *any = slash != NULL ? memory_format("*%s", slash) : NULL;
    return any != NULL && lists(resources, any);
}

static bool covers(const json_t *rule, const struct rbac_question *question)
{
    const json_t *verbs = json_object_get(rule, "verbs");
    const json_t *groups = json_object_get(rule, "apiGroups");
    const json_t *names = json_object_get(rule, "resourceNames");
    return (lists(verbs, "*") || lists(verbs, question->verb)) &&
           (lists(groups, "*") || lists(groups, question->group)) &&
           covers_resource(json_object_get(rule, "resources"), question->resource) &&
           (json_array_size(names) == 0 || (question->name != NULL && lists(names, question->name)));
}

/* "system:serviceaccount:ns:name" is how a service account is called as a user. */
static bool is_subject(const json_t *subject, const char *user, const json_t *groups)
{
    const char *kind = tree_text(subject, "kind");
    const char *name = tree_text(subject, "name");
    if (text_equal(kind, "User"))
        return text_equal(name, user);
    if (text_equal(kind, "Group"))
        return name != NULL && lists(groups, name);
    if (!text_equal(kind, "ServiceAccount") || name == NULL || tree_text(subject, "namespace") == NULL)
        return false;
    CLEANUP_FREE char *account = memory_format("system:serviceaccount:%s:%s", tree_text(subject, "namespace"), name);
    return text_equal(account, user);
}

static bool binds(const json_t *binding, const char *user, const json_t *groups)
{
    const json_t *subjects = json_object_get(binding, "subjects");
    for (size_t i = 0; i < json_array_size(subjects); i++)
        if (is_subject(json_array_get(subjects, i), user, groups))
            return true;
    return false;
}

static const json_t *rules_of(const struct registry *registry, const json_t *binding)
{
    const char *kind = tree_text(binding, "roleRef", "kind");
    const char *name = tree_text(binding, "roleRef", "name");
    if (kind == NULL || name == NULL)
        return NULL;
    bool cluster = strcmp(kind, "ClusterRole") == 0;
    const struct resource *roles =
        resources_find(registry_resources(registry), RBAC_GROUP, cluster ? "clusterroles" : "roles");
    const json_t *role =
        store_get(registry_store(registry), roles, cluster ? NULL : tree_text(binding, "metadata", "namespace"), name);
    return json_object_get(role, "rules");
}

typedef bool (*rule_visitor)(void *context, json_t *rule);

/* Every rule that holds for the user, until visit() returns true. */
static bool visit_bindings(const struct registry *registry, const char *plural, const char *user, const json_t *groups,
                           const char *namespace, rule_visitor visit, void *context)
{
    const struct resource *bindings = resources_find(registry_resources(registry), RBAC_GROUP, plural);
    for (size_t i = 0; i < store_count(registry_store(registry), bindings); i++) {
        const json_t *binding = store_at(registry_store(registry), bindings, i);
        if (bindings->namespaced && !text_equal(namespace, tree_text(binding, "metadata", "namespace")))
            continue;
        if (!binds(binding, user, groups))
            continue;
        const json_t *rules = rules_of(registry, binding);
        for (size_t k = 0; k < json_array_size(rules); k++)
            if (visit(context, json_array_get(rules, k)))
                return true;
    }
    return false;
}

static bool visit_rules(const struct registry *registry, const char *user, const json_t *groups, const char *namespace,
                        rule_visitor visit, void *context)
{
    return visit_bindings(registry, "clusterrolebindings", user, groups, NULL, visit, context) ||
           (namespace != NULL && visit_bindings(registry, "rolebindings", user, groups, namespace, visit, context));
}

static bool is_about_oneself(const struct rbac_question *question)
{
    return text_equal(question->verb, "create") && (text_equal(question->resource, "selfsubjectaccessreviews") ||
                                                    text_equal(question->resource, "selfsubjectrulesreviews") ||
                                                    text_equal(question->resource, "selfsubjectreviews"));
}

static bool visit_question(void *context, json_t *rule)
{
    return covers(rule, context);
}

bool rbac_allows(const struct registry *registry, const struct rbac_question *question)
{
    if (lists(question->groups, "system:masters") || question->group == NULL || is_about_oneself(question))
        return true;
    return visit_rules(registry, question->user, question->groups, question->namespace, visit_question,
                       (void *)question);
}

static bool collect_rule(void *context, json_t *rule)
{
    json_array_append(context, rule);
    return false;
}

json_t *rbac_rules(const struct registry *registry, const char *user, const json_t *groups, const char *namespace)
{
    json_t *rules = json_array();
    if (lists(groups, "system:masters"))
        json_array_append_new(rules,
                              json_pack("{s:[s], s:[s], s:[s]}", "verbs", "*", "apiGroups", "*", "resources", "*"));
    json_array_append_new(rules,
                          json_pack("{s:[s], s:[s], s:[s, s]}", "verbs", "create", "apiGroups", "authorization.k8s.io",
                                    "resources", "selfsubjectaccessreviews", "selfsubjectrulesreviews"));
    json_array_append_new(rules, json_pack("{s:[s], s:[s], s:[s]}", "verbs", "create", "apiGroups",
                                           "authentication.k8s.io", "resources", "selfsubjectreviews"));
    visit_rules(registry, user, groups, namespace, collect_rule, rules);
    return rules;
}
