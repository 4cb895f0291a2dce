/* Kubernetes quantities ("500m", "1Gi", 0.5, "1e3"), for comparing what a manifest asks for with the form that the
 * server keeps. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* Both are quantities (texts or numbers) of the same value. False when one of them is none. The grammar is that of
 * apimachinery's resource.Quantity: a signed decimal number with n, u, m, k, M … E, Ki … Ei or a decimal exponent. */
bool quantity_equal(const json_t *a, const json_t *b);
