/* An empty list in a namespace may mean that the namespace does not exist: the API server answers 200 either way. */
#pragma once

#include "base/error.h"
#include "kube/client.h"

struct missing_namespace;

/* Asks whether `namespace` exists. Calls back once with an error that names it and the nearest names when it does not, else with NULL (also when this
 * user may not ask). */
struct missing_namespace *missing_namespace_start(struct kube_client *client, const char *namespace,
                                                  void (*done)(const struct error *missing, void *context), void *context);
void missing_namespace_cancel(struct missing_namespace *check); /* NULL is accepted; not after done */
