/* A cluster that has release records and nothing else, for tests: lists (in pages), streamed lists with watches, single GETs. */
#pragma once

#include "kube/client.h"
#include "net/loop.h"
#include "unit/net/server.h"
#include <stdbool.h>
#include <stddef.h>

/* One stored record. */
struct stored {
    char *namespace;
    char *release;
    int revision;
    char *status;
    char *data;      /* data.release, or NULL: the key is missing */
    size_t version;  /* resourceVersion */
    size_t gets;     /* how often it was asked for */
    int refused;     /* HTTP status instead of an answer; 0: answered */
};

struct cluster {
    struct loop *loop;
    struct server *server;
    struct kube_config *config;
    struct kube_client *client;
    struct stored records[64];
    size_t count;
    size_t version;
    size_t lists;
    size_t gets;
    size_t page;              /* records a page; 0: all */
    int list_refused;         /* HTTP status instead of a list (200: something that is none); 0: answered */
    bool configmaps;          /* where the records are */
    struct exchange *watch;   /* the open watch */
};

void cluster_init(struct cluster *cluster);
void cluster_release(struct cluster *cluster);

/* Stores a record or replaces it, and tells the watch. `data` is data.release as it is stored. Returns its place. */
struct stored *cluster_put(struct cluster *cluster, const char *namespace, const char *release, int revision, const char *status,
                           const char *data);
/* A made-up record with that description and one ConfigMap whose data is `content`. */
struct stored *cluster_put_record(struct cluster *cluster, const char *namespace, const char *release, int revision, const char *status,
                                  const char *description, const char *content);
void cluster_remove(struct cluster *cluster, const char *release, int revision);
struct stored *cluster_find(struct cluster *cluster, const char *release, int revision);
