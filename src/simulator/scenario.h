/*
 * Scenarios: data files (YAML) that say what a simulated cluster holds at the start, what happens in it over time, and
 * what those parts answer that no controller works out: logs, services behind the proxy, usage, admission refusals.
 */
#pragma once

#include "base/error.h"
#include "simulator/registry.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scenario;

/* Errors name file, line and column. */
bool scenario_load(const char *path, struct scenario **ret_scenario, struct error *error);
void scenario_free(struct scenario *scenario);

/* Put the objects of the start into the cluster; the scenario's time begins at boot time `now_ms`. */
bool scenario_install(struct scenario *scenario, struct registry *registry, int64_t now_ms, struct error *error);

/* For registry_set_admission(); the context is the scenario. */
bool scenario_admit(void *scenario, const struct registry_call *call, const char *operation, const json_t *object,
                    struct refusal *refusal);

/* Times that these take are wall times. */

/* The log of a container up to now (`object` is the pod; container NULL: its first). The caller's; "" when silent.
 * Each line begins with its time in RFC 3339 and a space. */
char *scenario_log(const struct scenario *scenario, const json_t *pod, const char *container, int64_t now_ms);

/* What a service (or pod) answers behind the API server's proxy. */
struct scenario_answer {
    int status;         /* 0: nothing is said about it; the proxy answers 503 */
    char *content_type; /* owned */
    char *body;         /* owned */
    size_t size;
};
void scenario_proxy(const struct scenario *scenario, const char *namespace, const char *service, const char *port,
                    const char *method, const char *path, int64_t now_ms, struct scenario_answer *ret_answer);
void scenario_answer_release(struct scenario_answer *answer);

/* What a container of a pod uses: milli-CPU and bytes. */
void scenario_usage(const struct scenario *scenario, const json_t *pod, const char *container, int64_t now_ms,
                    int64_t *ret_millicores, int64_t *ret_bytes);

/* The server's own faults at a moment. */
struct scenario_trouble {
    int64_t delay_ms;    /* before each answer */
    bool frozen;         /* nothing is read and nothing is answered */
    bool unavailable;    /* everything is answered with 503 */
    bool tear_watches;   /* streams end when this begins */
    bool forget_history; /* watches and continue tokens from before this begins get 410 */
    int64_t next_ms;     /* wall time at which this may change; INT64_MAX: never */
};
void scenario_trouble(const struct scenario *scenario, int64_t now_ms, struct scenario_trouble *ret_trouble);
