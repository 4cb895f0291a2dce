/* What the containers of a pod do in a scenario: whether the image can be pulled, when they are ready, when they end.
 */
#pragma once

#include <jansson.h>
#include <stdint.h>

struct scenario;

#define BEHAVIOUR_NEVER (-1)

/* Texts belong to the scenario. */
struct behaviour {
    const char *pull_error; /* what the registry says; NULL: the image can be pulled */
    const char *unready;    /* what the readiness probe says until the container is ready */
    const char *reason;     /* of an end: "Error", "OOMKilled", "Completed" */
    int64_t start_ms;       /* from the node's assignment until the container runs */
    int64_t ready_ms;       /* from then until it is ready, or BEHAVIOUR_NEVER */
    int64_t runs_ms;        /* from the start until it ends, or BEHAVIOUR_NEVER */
    int exit_code;
};

/* The first rule of the scenario that fits decides; `scenario` may be NULL. Containers of Jobs end well after a while.
 */
void behaviour_find(const struct scenario *scenario, const json_t *pod, const char *container,
                    struct behaviour *ret_behaviour);
