/* All releases of a cluster or namespace, from the labels of their newest records (metadata only: `owner=helm,status!=superseded`). */
#pragma once

#include "base/error.h"
#include "helm/driver.h"
#include "kube/client.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct helm_release {
    char *name;
    char *namespace;
    int revision;
    char *status;
    int64_t updated_ms; /* when the revision was made */
    char *chart;       /* only with `long_form`: "name-version", else NULL */
    char *chart_name;
    char *app_version;
    char *error;       /* why the record could not be decoded, else NULL */
};

struct helm_releases {
    struct helm_release *rows; /* by namespace, then name */
    size_t count;
};
void helm_releases_free(struct helm_releases *releases);

struct helm_releases_load;

/* `namespace` NULL: all; when that is forbidden the error's hint names -n. `long_form` decodes the newest records (bounded number at once). `done` owns
 * *releases; on failure it is NULL. It is never called before helm_releases_start() has returned. */
struct helm_releases_load *helm_releases_start(struct kube_client *client, enum helm_driver driver, const char *namespace, bool long_form,
                                               void (*done)(struct helm_releases *releases, const struct error *error, void *context),
                                               void *context);
void helm_releases_cancel(struct helm_releases_load *load); /* NULL is accepted; not after done */
