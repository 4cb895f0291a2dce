#include "unit/kube/tls_server.h"
#include "base/memory.h"
#include <check.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct tls_server {
    struct MHD_Daemon *daemon;
    int (*decide)(size_t number, const char *authorization);
    atomic_size_t requests;
};

static char *take_bio(BIO *bio)
{
    char *bytes = NULL;
    long size = BIO_get_mem_data(bio, &bytes);
    char *text = memory_text_part(bytes, (size_t)size);
    BIO_free(bio);
    return text;
}

static void add_extension(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    ck_assert_ptr_nonnull(extension);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

static void sign(X509 *certificate, EVP_PKEY *own_key, const struct identity *issuer)
{
    if (issuer == NULL) {
        X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
        ck_assert_int_gt(X509_sign(certificate, own_key, EVP_sha256()), 0);
        return;
    }
    BIO *cert_bio = BIO_new_mem_buf(issuer->cert_pem, -1);
    BIO *key_bio = BIO_new_mem_buf(issuer->key_pem, -1);
    X509 *authority = PEM_read_bio_X509(cert_bio, NULL, NULL, NULL);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(key_bio, NULL, NULL, NULL);
    X509_set_issuer_name(certificate, X509_get_subject_name(authority));
    ck_assert_int_gt(X509_sign(certificate, key, EVP_sha256()), 0);
    EVP_PKEY_free(key);
    X509_free(authority);
    BIO_free(key_bio);
    BIO_free(cert_bio);
}

struct identity identity_new(const char *common_name, const char *san, int days, const struct identity *issuer)
{
    static long serial = 1;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    ck_assert(key != NULL && certificate != NULL);
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -2L * 24 * 3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), (long)days * 24 * 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               (const unsigned char *)common_name, -1, -1, 0);
    if (san != NULL)
        add_extension(certificate, NID_subject_alt_name, san);
    else
        add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
    sign(certificate, key, issuer);
    BIO *cert_bio = BIO_new(BIO_s_mem());
    BIO *key_bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(cert_bio, certificate);
    PEM_write_bio_PrivateKey(key_bio, key, NULL, NULL, 0, NULL, NULL);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return (struct identity){.cert_pem = take_bio(cert_bio), .key_pem = take_bio(key_bio)};
}

void identity_release(struct identity *identity)
{
    free(identity->cert_pem);
    free(identity->key_pem);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *body, size_t *body_size, void **state)
{
    (void)url;
    (void)method;
    (void)version;
    (void)body;
    struct tls_server *server = context;
    if (*state == NULL) {
        *state = server; /* the head has come; the answer waits for the body */
        return MHD_YES;
    }
    if (*body_size > 0) {
        *body_size = 0;
        return MHD_YES;
    }
    const char *authorization = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
    int status = server->decide(atomic_fetch_add(&server->requests, 1), authorization != NULL ? authorization : "");
    struct MHD_Response *response = MHD_create_response_from_buffer(2, "{}", MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)status, response);
    MHD_destroy_response(response);
    return result;
}

static void say_nothing(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments;
}

struct tls_server *tls_server_new(const struct identity *identity,
                                  int (*decide)(size_t number, const char *authorization))
{
    struct tls_server *server = memory_new(sizeof *server);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    server->decide = decide;
    server->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_TLS | MHD_USE_ERROR_LOG, 0, NULL, NULL,
                                      on_request, server, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
                                      MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_HTTPS_MEM_CERT,
                                      identity->cert_pem, MHD_OPTION_HTTPS_MEM_KEY, identity->key_pem, MHD_OPTION_END);
    ck_assert_ptr_nonnull(server->daemon);
    return server;
}

void tls_server_free(struct tls_server *server)
{
    MHD_stop_daemon(server->daemon);
    free(server);
}

char *tls_server_url(const struct tls_server *server)
{
    return memory_format("https://127.0.0.1:%d", MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
}

size_t tls_server_requests(struct tls_server *server)
{
    return atomic_load(&server->requests);
}
