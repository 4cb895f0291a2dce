/*
 * One console run: owns the loop, the client, the playbooks and the situation; what screens and commands both call.
 *
 * A session starts at once and never blocks: it resolves the kubeconfig, finds the release (asking when several fit), then watches. Screens observe it
 * and read its state; commands run it until it is complete.
 */
#pragma once

#include "base/error.h"
#include "net/loop.h"
#include "situation/situation.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the command line and the environment say. Borrowed for the session's life. NULL: not given. */
struct session_options {
    const char *kubeconfig;
    const char *context;
    const char *namespace; /* --namespace, else HELM_NAMESPACE, else NULL: the context's (all for finding a release) */
    const char *release;
    const char *playbook;  /* name or file; NULL: by match */
    const char *helm_driver; /* HELM_DRIVER */
    const char *log;         /* --log FILE */
    bool read_only;
    bool read_only_dry_run;
    bool drill;
    const char *demo;      /* the scenario when the cluster is the embedded one, for the screen's mark */
    bool once;             /* commands: ask once, then complete */
    unsigned wants;        /* enum situation_want */
    bool decode_all;
    int from, to;
    bool no_release;       /* only connect (for `releases`) */
};

enum session_phase {
    SESSION_CONNECTING, /* looking for the release */
    SESSION_PICKING,    /* several fit, or none was named: session_choose() goes on */
    SESSION_WATCHING,   /* the situation is there */
    SESSION_FAILED,     /* see session_error(); a living screen shows it and retries what can be retried */
};

struct session;

/* Fails only for what cannot be mended by waiting: a broken kubeconfig or playbook, an unknown context, a wrong option. `loop` is borrowed. */
bool session_open(struct loop *loop, const struct session_options *options, struct session **ret_session, struct error *error);
void session_close(struct session *session);

/* Told whenever anything that can be read here changed, coalesced; on the loop. One observer; NULL: none. */
void session_observe(struct session *session, void (*on_change)(void *context), void *context);

enum session_phase session_phase(const struct session *session);
const struct error *session_error(const struct session *session); /* why FAILED, or why the picker's list is missing; NULL: no error */

/* Everything asked for is known (once), or failed for good. */
bool session_complete(const struct session *session);

/* Who and where, for headers and confirmations. Never NULL; "" when not known. */
struct session_identity {
    const char *context, *cluster, *server, *user; /* user: as the server names us when known, else the kubeconfig's */
    const char *namespace, *release, *playbook;    /* playbook "" when none matches */
    bool read_only, drill;
    const char *demo; /* "" when real */
};
struct session_identity session_identity(const struct session *session);

/* The releases to pick from (SESSION_PICKING), best matches of a playbook first. */
struct session_release {
    const char *name, *namespace, *status;
    int revision;
    int64_t updated_ms;
    const char *playbook; /* the one that matches, or "" */
};
size_t session_release_count(const struct session *session);
struct session_release session_release_at(const struct session *session, size_t index);
void session_choose(struct session *session, size_t index);
void session_repick(struct session *session); /* back to the picker */

struct situation *session_situation(struct session *session); /* NULL before SESSION_WATCHING */
const struct picture *session_picture(struct session *session); /* NULL before SESSION_WATCHING */

/* Warnings that the API server sent (deprecated versions …), newest first, each once. */
size_t session_warning_count(const struct session *session);
const char *session_warning_at(const struct session *session, size_t index);

uint64_t session_received(const struct session *session); /* bytes read from the server */
struct kube_client *session_client(struct session *session); /* for commands of this floor; screens have no use for it */
const struct clock *session_clock(const struct session *session);
