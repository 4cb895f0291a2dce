/* PersistentVolumeClaims: bound as soon as they are made, and let go when no pod uses them any more. */
#pragma once

#include "simulator/work.h"

int64_t claim_reconcile(struct work *work, const json_t *claim);
