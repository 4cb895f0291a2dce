/* Reads one release record from the cluster and decodes it on a worker. */
#pragma once

#include "base/error.h"
#include "helm/driver.h"
#include "helm/record.h"
#include "kube/client.h"

struct helm_fetch;

/* Which record, and how much of it. Borrowed during helm_fetch_start() only. */
struct helm_fetch_request {
    enum helm_driver driver;
    const char *namespace;
    const char *release;
    int revision;
    enum helm_depth depth;
    /* Once, unless cancelled, never before helm_fetch_start() has returned: either a record, which the callee owns from then on, or an error, valid
     * during the call; ERROR_INVALID: the record is damaged. */
    void (*done)(struct helm_record *record, const struct error *error, void *context);
    void *context;
};

struct helm_fetch *helm_fetch_start(struct kube_client *client, const struct helm_fetch_request *request);
void helm_fetch_cancel(struct helm_fetch *fetch); /* NULL is accepted; not after done */
