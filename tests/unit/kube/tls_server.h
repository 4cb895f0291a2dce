/* An HTTPS server inside a test, on a thread of its own, with certificates made for the occasion. */
#pragma once

#include <stddef.h>

/* A key and its certificate, PEM. */
struct identity {
    char *cert_pem;
    char *key_pem;
};

/* Valid from a day ago until `days` from now (may be negative: expired). `san` is as OpenSSL writes it ("IP:127.0.0.1", "DNS:x") or NULL for
 * an authority; `issuer` NULL: signs itself. */
struct identity identity_new(const char *common_name, const char *san, int days, const struct identity *issuer);
void identity_release(struct identity *identity);

struct tls_server;

/* Answers `{}` with the status that `decide` says, which is called on the server's thread: `authorization` is the header or "". */
struct tls_server *tls_server_new(const struct identity *identity, int (*decide)(size_t number, const char *authorization));
void tls_server_free(struct tls_server *server);
char *tls_server_url(const struct tls_server *server); /* https://127.0.0.1:PORT, owned by the caller */
size_t tls_server_requests(struct tls_server *server);
