/* A client of a scripted server inside a test, with a clock that the test moves. Plain HTTP: no credentials. */
#pragma once

#include "base/clock.h"
#include "kube/client.h"
#include "unit/net/server.h"

#define RIG_LIMIT_MS 20000 /* generous: a test waits for conditions, not for time */

struct rig {
    struct clock_manual clock;
    struct loop *loop;
    struct server *server;
    struct kube_config *config;
    struct kube_client *client;
};

/* `options` may be NULL: read and write. Chance gives 0, so that delays are known: the lower half of a backoff. */
void rig_open(struct rig *rig, server_handler handler, void *context, const struct kube_client_options *options);
void rig_close(struct rig *rig);
void rig_wait(struct rig *rig, const bool *what); /* fails the test when it does not come true */
void rig_settle(struct rig *rig);                 /* lets everything happen that can without the clock moving */
void rig_pass(struct rig *rig, int64_t ms);       /* moves the clock, then settles */
struct kube_config *rig_config(const char *server, const char *cluster,
                               const char *user); /* further YAML lines of the two entries, or "" */
