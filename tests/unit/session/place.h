/* Where sessions are tried: a simulated cluster with three releases (tests/data/session/shops.yaml), a kubeconfig for it, and somebody else who
 * writes to it. */
#pragma once

#include "net/loop.h"
#include "session/session.h"
#include <jansson.h>
#include <stdbool.h>

struct place;

struct place *place_open(void);
void place_close(struct place *place); /* after the sessions */
struct loop *place_loop(const struct place *place);
const char *place_kubeconfig(const struct place *place);
const char *place_file(struct place *place, const char *name, const char *content); /* in the place's folder; valid until the next call */

/* A session of this place; the test fails when it cannot be opened. `options` may leave the kubeconfig out. */
struct session *place_session(struct place *place, const struct session_options *options);

/* Runs until `is_so`, as long as a slow machine may need; fails the test otherwise, naming `what`. */
void place_await(struct place *place, struct session *session, bool (*is_so)(struct session *session), const char *what);
void place_complete(struct place *place, struct session *session);

/* Somebody else: `body` NULL: none. The answer as a tree for the caller; the test fails when the status is another. */
json_t *place_request(struct place *place, const char *method, const char *path, const char *body, int status);

/* Sets what every suite of this room needs of the environment: the tests' playbooks and nobody's configuration. */
void place_environment(void);
