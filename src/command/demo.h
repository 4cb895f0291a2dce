/* --demo: the embedded cluster as a child process (`rollback-console simulate`), which ends when this program does, however that happens: its
 * standard input closes. */
#pragma once

#include "base/error.h"
#include "net/loop.h"
#include <stdbool.h>

struct demo;

/* Runs the loop until the cluster is ready. `scenario` NULL: the default one. */
bool demo_start(struct loop *loop, const char *scenario, struct demo **ret_demo, struct error *error);
const char *demo_kubeconfig(const struct demo *demo); /* a path that is readable while the demo lives; nothing is left on disk */
const char *demo_scenario(const struct demo *demo);   /* its name, for the screen's mark */
void demo_stop(struct demo *demo);                    /* NULL is accepted */
