/* 'May I?': SelfSubjectAccessReview (authorization.k8s.io/v1) for one verb and resource, and who the server thinks we are
 * (SelfSubjectReview, authentication.k8s.io/v1). */
#pragma once

#include "kube/client.h"
#include "kube/resource.h"
#include <stdbool.h>

struct kube_question;

/* Both call back once, unless cancelled. `error` is NULL when the server answered; `reason` is the server's, may be "". */
struct kube_question *kube_access_check(struct kube_client *client, const char *verb, const struct kube_resource *resource,
                                        const char *namespace, const char *name,
                                        void (*done)(bool allowed, const char *reason, const struct error *error, void *context),
                                        void *context);
struct kube_question *kube_access_whoami(struct kube_client *client,
                                         void (*done)(const char *user, const struct error *error, void *context), void *context);
void kube_question_cancel(struct kube_question *question); /* NULL is accepted; not after done */
