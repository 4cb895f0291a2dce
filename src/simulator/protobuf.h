/*
 * Bodies in Kubernetes' protobuf encoding, which typed Go clients send for built-in kinds: Helm its release records,
 * and the options of deletes. Only the messages of these kinds are known (table in protobuf.c); answers are always
 * JSON.
 */
#pragma once

#include "base/error.h"
#include <jansson.h>
#include <stddef.h>

#define PROTOBUF_CONTENT_TYPE "application/vnd.kubernetes.protobuf"

/* The envelope ("k8s\0" and a runtime.Unknown) with the object in it, as JSON with apiVersion and kind. The caller's.
 * ERROR_INVALID when it is damaged, ERROR_NOT_FOUND when the kind is not one of those known here. */
bool protobuf_decode(const char *bytes, size_t size, json_t **ret_object, struct error *error);
