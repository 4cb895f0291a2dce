/* Pods that are watched, by namespace and label selector; those who look at the same pods share one watch. */
#pragma once

#include "kube/client.h"
#include "kube/reflector.h"

struct pod_pool;

struct pod_pool *pod_pool_new(struct kube_client *client, bool once, void (*on_change)(void *context), void *context);
void pod_pool_free(struct pod_pool *pool); /* NULL is accepted; after all who use it */

/* A reflector whose items are `struct pod`; `namespace` NULL: all. Give it back with pod_pool_put(). */
struct kube_reflector *pod_pool_get(struct pod_pool *pool, const char *namespace, const char *selector);
void pod_pool_put(struct pod_pool *pool, struct kube_reflector *pods); /* NULL is accepted */
