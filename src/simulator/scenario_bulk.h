/*
 * Load for measurements: many releases with their histories and pods (`bulk` in a scenario file). Each release lives
 * through its start with one pod; the other pods are then copies of that one.
 */
#pragma once

#include "simulator/scenario_data.h"

struct registry;

/* The releases that `bulk` asks for, as a scenario file would have them, and their template added to `templates`; NULL
 * without `bulk`. The caller's. ERROR_INVALID when it asks for too much. */
bool scenario_bulk_releases(const struct scenario *scenario, json_t *templates, json_t **ret_releases,
                            struct error *error);

/* Copy the pods. */
void scenario_bulk_multiply(const struct scenario *scenario, struct registry *registry);
