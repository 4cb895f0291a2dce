/*
 * What the API server makes of an object of a built-in kind on the way in, beyond what a client wrote: defaults
 * (kubernetes pkg/apis/…/v1/defaults.go), and what decoding into Go structs drops.
 */
#pragma once

#include <jansson.h>

#define DEFAULTS_TEMPLATE_GENERATION "deprecated.daemonset.template.generation"

/* Drop nulls, empty lists and the empty maps that Go's encoder leaves out; stringData of a Secret goes into data. */
void defaults_normalise(json_t *object, const char *kind);

/* Fill in the defaults that kubectl, Helm and the console see. Changes the object in place. */
void defaults_apply(json_t *object, const char *kind);

/* What admission and the strategies of the kinds add to a new object; it belongs to no field manager. */
void defaults_admit(json_t *object, const char *kind);

/* An object of this kind with nothing in it, as Go encodes it: what managedFields of a create are compared with. Owned.
 */
json_t *defaults_zero(const char *kind);
