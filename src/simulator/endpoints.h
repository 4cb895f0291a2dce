/* Endpoints and EndpointSlices of Services: the addresses of the pods that they select. */
#pragma once

#include "simulator/work.h"

int64_t endpoints_reconcile(struct work *work, const json_t *service);
