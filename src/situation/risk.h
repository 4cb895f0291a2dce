/* How risky a component's change is, from its two versions and what the playbook says of it. A tag that is no version
 * is 'unknown', never low. */
#pragma once

#include "situation/change_set.h"

/* Fills risk and risk_reason (a sentence without a full stop) from the rest of the struct. */
void risk_assess(struct component_change *change);

/* The one that matters more: high, then unknown, medium, low. */
enum risk risk_worse(enum risk a, enum risk b);
