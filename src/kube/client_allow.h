/* What may leave the console at all. Private to client.c; the part about access is kube_client_allows(). */
#pragma once

#include "kube/client.h"

/* The whole request, its body included. ERROR_REFUSED for what this console's access does not allow; ERROR_INTERNAL for what no console
 * may send: a path that would lead to another server, or a DELETE that names no object and so would delete a whole collection. */
bool client_allow_request(enum kube_access access, const struct kube_request *request, struct error *error);
