/*
 * The embedded cluster: a Kubernetes API server small enough to ship, with controllers just real enough and scenarios
 * from data files. It listens on 127.0.0.1 only, over TLS with a certificate made at start, and wants a bearer token.
 *
 * One thread runs it all: simulator_run() is a loop over the server's sockets, the controllers' timers and the stop
 * signal. Nothing of the cluster is shared with other threads.
 */
#pragma once

#include "base/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clock;
struct simulator;

struct simulator_options {
    const char *scenario;      /* path of a scenario file; NULL: an empty cluster */
    uint16_t port;             /* 0: one that is free */
    const struct clock *clock; /* NULL: the system's. Read by the thread in simulator_run() only */
    bool until_stdin_closes;   /* simulator_run() ends when standard input does: for a child process */
    int64_t bookmark_ms;       /* how often watches get a bookmark; 0: every 60 s */
    size_t history;            /* changes that watches and continue tokens can go back to; 0: 10,000 */
    const char *token;         /* the bearer token; NULL: a random one */
};

/* Load the scenario and listen. ERROR_NOT_FOUND, ERROR_INVALID: the scenario; ERROR_UNREACHABLE: the port cannot be
 * had; ERROR_INTERNAL: TLS. Requests are answered only while simulator_run() runs. */
bool simulator_start(const struct simulator_options *options, struct simulator **ret_simulator, struct error *error);

uint16_t simulator_port(const struct simulator *simulator);

/* A kubeconfig with one context "simulator": server, CA data and token inline. YAML, owned by the caller. It holds a
 * secret: write it to a file of mode 0600 only. */
char *simulator_kubeconfig(const struct simulator *simulator);

/* Serve until simulator_stop() or the end of standard input. False: the loop itself failed. */
bool simulator_run(struct simulator *simulator, struct error *error);

/* Make simulator_run() return. From any thread, and from a signal handler; also before simulator_run(). */
void simulator_stop(struct simulator *simulator);

void simulator_free(struct simulator *simulator); /* not while simulator_run() runs; NULL is accepted */
