/* The situation as JSON, in the shapes that scripts rely on. Each returns a new tree, owned by the caller; `now_ms` is
 * boot time. */
#pragma once

#include "situation/situation.h"
#include <jansson.h>

json_t *situation_json_history(const struct picture *picture, const char *release, const char *namespace);
json_t *situation_json_hashes(const struct picture *picture, const char *release, const char *namespace);
json_t *situation_json_components(const struct picture *picture);
json_t *
situation_json_apis(const struct picture *picture); /* one object when there is one API, else {"resources": […]} */
json_t *situation_json_workloads(const struct picture *picture);
json_t *situation_json_databases(const struct picture *picture);
json_t *situation_json_events(const struct picture *picture);
json_t *situation_json_ages(const struct picture *picture, int64_t now_ms);
