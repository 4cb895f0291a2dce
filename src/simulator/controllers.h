/*
 * Controllers just real enough: workloads roll out over time, pods get a node and become ready, Jobs run, CloudNativePG
 * clusters restart their pods, an Argo CD Application reacts; and the scenario's own timed changes. They run on the
 * simulator's one thread.
 */
#pragma once

#include <stdint.h>

struct controllers;
struct registry;
struct scenario;

/* All borrowed for the controllers' life; `scenario` may be NULL. */
struct controllers *controllers_new(struct registry *registry, struct scenario *scenario);
void controllers_free(struct controllers *controllers);

/* Do what is due at boot time `now_ms`; returns the boot time at which to come back, INT64_MAX when only a change gives
 * work. The loop calls it at that time, and soon after every change of the store. */
int64_t controllers_run(struct controllers *controllers, int64_t now_ms);
