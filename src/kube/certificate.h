/* Certificates and keys in PEM form, checked with OpenSSL before they reach a TLS handshake, where every fault looks
 * the same. */
#pragma once

#include "base/error.h"
#include <stdbool.h>
#include <stdint.h>

/* At least one certificate that can be read, as Go's AppendCertsFromPEM wants it. Messages go behind the name of what
 * was read: "it is not a certificate in PEM form". */
bool kube_certificate_check(const char *pem, struct error *error);

/* The key that belongs to the (first) certificate; keys locked with a password are refused, as client-go does: nobody
 * is asked. */
bool kube_certificate_check_key(const char *cert_pem, const char *key_pem, struct error *error);

/* When the first certificate expires, in wall milliseconds. False when it cannot be read. */
bool kube_certificate_expiry(const char *cert_pem, int64_t *ret_wall_ms);
