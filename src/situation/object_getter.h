/* GETs of a manifest's objects as they live, a bounded number at once. */
#pragma once

#include "helm/manifest.h"
#include "kube/client.h"
#include <stdbool.h>

struct object_getter;

/* Valid during the call; the body may be taken with kube_answer_take_body(answer). */
struct object_got {
    const char *path;                 /* of the object; "" when its kind is not known */
    const struct kube_answer *answer; /* NULL: no request could be made */
    const struct error *error;        /* NULL: it lives */
    bool missing;                     /* the error is that it does not exist */
};

struct object_getter *object_getter_new(struct kube_client *client);
void object_getter_free(struct object_getter *getter); /* cancels; nothing is called back any more. NULL is accepted */

/* Calls back once, on the loop, never before returning. `object` is borrowed until then. The callback may ask again,
 * and must not free the getter. */
void object_getter_get(struct object_getter *getter, const struct helm_object *object,
                       void (*done)(const struct object_got *got, void *context), void *context);
