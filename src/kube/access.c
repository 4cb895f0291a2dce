#include "kube/access.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/tree.h"
#include "kube/answer.h"
#include <stdlib.h>

/* One of the two callbacks is set. */
struct kube_question {
    struct kube_call *call;
    void (*checked)(bool allowed, const char *reason, const struct error *error, void *context);
    void (*named)(const char *user, const struct error *error, void *context);
    void *context;
};

static bool read_answer(const struct kube_answer *answer, json_t **ret_tree, struct error *error)
{
    if (answer->error != NULL) {
        error_copy(error, answer->error);
        return false;
    }
    return kube_answer_parse(answer->body, answer->size, ret_tree, error);
}

static void tell_access(struct kube_question *question, const json_t *tree, const struct error *error)
{
    const char *reason = tree_text(tree, "status", "reason");
    question->checked(json_is_true(tree_get(tree, "status", "allowed")), reason != NULL ? reason : "", error,
                      question->context);
}

static void tell_name(struct kube_question *question, const json_t *tree, struct error *error)
{
    const char *user = tree_text(tree, "status", "userInfo", "username");
    if (user == NULL && error->code == ERROR_NONE)
        error_set(error, ERROR_UNREACHABLE, _("The server did not say who it takes this user for."));
    question->named(user, user == NULL ? error : NULL, question->context);
}

static void answered(const struct kube_answer *answer, void *context)
{
    struct kube_question *question = context;
    struct error error = {0};
    json_t *tree = NULL;
    bool ok = read_answer(answer, &tree, &error);
    if (question->checked != NULL)
        tell_access(question, tree, ok ? NULL : &error);
    else
        tell_name(question, tree, &error);
    json_decref(tree);
    error_release(&error);
    free(question);
}

/* A review that could not be made (a name that is not UTF-8) is sent without a body, and the server says that it is
 * none. */
static struct kube_question *ask(struct kube_client *client, const char *path, json_t *review,
                                 const struct kube_question *listener)
{
    struct kube_question *question = memory_copy(listener, sizeof *listener);
    CLEANUP_FREE char *body = review != NULL ? json_dumps(review, JSON_COMPACT) : NULL;
    json_decref(review);
    const struct kube_request request = {
        .method = "POST", .path = path, .body = body, .on_done = answered, .context = question};
    question->call = kube_client_start(client, &request);
    return question;
}

struct kube_question *kube_access_check(struct kube_client *client, const char *verb,
                                        const struct kube_resource *resource, const char *namespace, const char *name,
                                        void (*done)(bool allowed, const char *reason, const struct error *error,
                                                     void *context),
                                        void *context)
{
    json_t *review =
        json_pack("{s:s, s:s, s:{s:{s:s, s:s, s:s, s:s, s:s*, s:s*}}}", "apiVersion", "authorization.k8s.io/v1", "kind",
                  "SelfSubjectAccessReview", "spec", "resourceAttributes", "verb", verb, "group", resource->group,
                  "version", resource->version, "resource", resource->plural, "namespace", namespace, "name", name);
    const struct kube_question listener = {.checked = done, .context = context};
    return ask(client, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review, &listener);
}

struct kube_question *kube_access_whoami(struct kube_client *client,
                                         void (*done)(const char *user, const struct error *error, void *context),
                                         void *context)
{
    json_t *review = json_pack("{s:s, s:s}", "apiVersion", "authentication.k8s.io/v1", "kind", "SelfSubjectReview");
    const struct kube_question listener = {.named = done, .context = context};
    return ask(client, "/apis/authentication.k8s.io/v1/selfsubjectreviews", review, &listener);
}

void kube_question_cancel(struct kube_question *question)
{
    if (question == NULL)
        return;
    kube_call_cancel(question->call);
    free(question);
}
