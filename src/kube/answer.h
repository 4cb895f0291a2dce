/* The bodies of the server's answers. What cannot be read is the fault of the server, or of what answers in its place (a proxy, a login page):
 * ERROR_UNREACHABLE with a hint, never ERROR_INVALID, which would blame the kubeconfig. For workers, too. */
#pragma once

#include "base/error.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

bool kube_answer_parse(const char *bytes, size_t size, json_t **ret_tree, struct error *error);

/* Makes `error`, which says why a body could not be read, the server's own. Returns false. */
bool kube_answer_blame(struct error *error);
