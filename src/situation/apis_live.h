/* Custom resources whose API versions count: each CustomResourceDefinition watched by its name, its objects in one
 * served version. */
#pragma once

#include "helm/record.h"
#include "kube/client.h"
#include "kube/reflector.h"
#include "playbook/playbook.h"
#include "situation/situation.h"
#include <stdbool.h>
#include <stddef.h>

struct apis_live;

/* With a playbook those that it names; `record` (the live revision's; may be NULL then) gives the CRDs of the manifest
 * otherwise. */
struct apis_live *apis_live_new(struct kube_client *client, const struct playbook *playbook,
                                const struct helm_record *record, bool once, void (*on_change)(void *context),
                                void *context);
void apis_live_free(struct apis_live *apis); /* NULL is accepted */
bool apis_live_complete(const struct apis_live *apis);
size_t apis_live_count(const struct apis_live *apis);

/* `target` may be NULL: nothing is orphaned then. *ret_api is released with api_usage_release(). */
void apis_live_read(const struct apis_live *apis, size_t index, const struct helm_record *target,
                    struct picture_api *ret_api);

/* The objects' reflector, for who wants their names; NULL until the CRD is known. *ret_kind is borrowed. */
const struct kube_reflector *apis_live_objects(const struct apis_live *apis, size_t index, const char **ret_kind);
