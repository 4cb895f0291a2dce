/* Which ConfigMaps and Secrets a pod template reads: a component that reads one which differs has changed, too. */
#pragma once

#include "helm/manifest.h"
#include <jansson.h>
#include <stdbool.h>

/* What a pod template reads: envFrom, env valueFrom, volumes and projected volumes of all containers. imagePullSecrets
 * are not read by what runs. Calls `found` for each; `key` is the one key that is read, NULL for the whole. */
void reads_each(const json_t *template,
                void (*found)(const char *kind, const char *name, const char *key, void *context), void *context);

/* What the template reads in `from` or `to` differs between the two manifests: "ConfigMap a, Secret b", or NULL when
 * nothing does. Labels and annotations do not count. Owned by the caller. Either template may be NULL. */
char *reads_changed(const char *namespace, const json_t *from_template, const json_t *to_template,
                    const struct helm_manifest *from, const struct helm_manifest *to);
