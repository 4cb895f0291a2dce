/* What went wrong with a request, in a person's words. */
#pragma once

#include "base/error.h"
#include "kube/kubeconfig.h"
#include "net/http.h"

/* No answer came: by the network, TLS, time. `wall_ms` is now, for certificates. */
void client_error_network(const struct kube_config *config, const struct http_answer *answer, int64_t wall_ms, struct error *error);

/* An answer that is not 2xx: the server's own Status when the body is one. *ret_reason is its reason word or "", owned by the caller. */
void client_error_status(const struct kube_config *config, const char *method, const char *path, const struct http_answer *answer,
                         char **ret_reason, struct error *error);

/* The texts of an answer's `Warning:` headers (RFC 7234, code 299), cleaned, one call each. */
void client_warnings(const struct http_answer *answer, void (*tell)(const char *text, void *context), void *context);
