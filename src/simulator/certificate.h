/* The simulator's own TLS certificate: made at start, known to nobody but the readers of its kubeconfig. */
#pragma once

#include "base/error.h"

/* Embedded; start with {0}. */
struct certificate {
    char *certificate; /* PEM; clients take it as their CA, too */
    char *key;         /* PEM; secret */
};

/* A new EC P-256 key with a self-signed certificate for 127.0.0.1 and localhost, valid from an hour ago for a year. */
bool certificate_make(struct certificate *certificate, struct error *error);
/* Is this (base64 of PEM, as a CertificateSigningRequest carries it) a certificate request? NULL is none. */
bool certificate_is_request(const char *encoded);

void certificate_release(struct certificate *certificate);
