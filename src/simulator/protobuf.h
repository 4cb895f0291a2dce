/*
 * Kubernetes' protobuf bodies (application/vnd.kubernetes.protobuf), as clients written in Go send built-in kinds: read
 * into the JSON that they stand for. Answers are always JSON; those clients take that, too.
 */
#pragma once

#include "base/error.h"
#include <jansson.h>
#include <stddef.h>

#define PROTOBUF_CONTENT_TYPE "application/vnd.kubernetes.protobuf"

/* The envelope ("k8s\0" and a runtime.Unknown) with the object in it, as JSON with apiVersion and kind; the caller's.
 * ERROR_INVALID when it is damaged or too deep, ERROR_NOT_FOUND when the kind is not one of those known here. */
bool protobuf_decode(const char *bytes, size_t size, json_t **ret_object, struct error *error);
