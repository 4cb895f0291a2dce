/* What a reflector's freshness means for a part of the picture. */
#pragma once

#include "kube/reflector.h"
#include "situation/part.h"

/* *part is initialised already (or empty) and gets replaced. */
void watched_part(const struct kube_reflector *reflector, struct part *part);

/* The same for a history or anything else with these three. `reason` may be NULL. */
void watched_part_of(enum kube_freshness freshness, const struct error *reason, int64_t heard_ms, struct part *part);
