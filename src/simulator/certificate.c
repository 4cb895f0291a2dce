#include "simulator/certificate.h"
#include "base/base64.h"
#include "base/i18n.h"
#include "base/memory.h"
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#define VALID_S     (365L * 24 * 3600)
#define BACKDATED_S 3600L

static bool add_extension(X509 *x509, int kind, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, x509, x509, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    bool good = extension != NULL && X509_add_ext(x509, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return good;
}

static bool set_serial(X509 *x509)
{
    uint64_t serial = 0;
    return RAND_bytes((unsigned char *)&serial, sizeof serial) == 1 &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial >> 1) == 1;
}

static bool fill(X509 *x509, EVP_PKEY *key)
{
    X509_NAME *name = X509_get_subject_name(x509);
    return X509_set_version(x509, X509_VERSION_3) == 1 && set_serial(x509) &&
           X509_gmtime_adj(X509_getm_notBefore(x509), -BACKDATED_S) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(x509), VALID_S) != NULL &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"rollback-console simulator", -1,
                                      -1, 0) == 1 &&
           X509_set_issuer_name(x509, name) == 1 && X509_set_pubkey(x509, key) == 1 &&
           add_extension(x509, NID_basic_constraints, "critical,CA:TRUE") &&
           add_extension(x509, NID_key_usage, "critical,digitalSignature,keyCertSign") &&
           add_extension(x509, NID_ext_key_usage, "serverAuth") &&
           add_extension(x509, NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost") &&
           X509_sign(x509, key, EVP_sha256()) > 0;
}

static char *text_of(BIO *bio)
{
    char *bytes = NULL;
    long size = BIO_get_mem_data(bio, &bytes);
    return size > 0 ? memory_text_part(bytes, (size_t)size) : NULL;
}

static bool write_out(X509 *x509, EVP_PKEY *key, struct certificate *certificate)
{
    BIO *certificate_bio = BIO_new(BIO_s_mem());
    BIO *key_bio = BIO_new(BIO_s_secmem());
    bool good = certificate_bio != NULL && key_bio != NULL && PEM_write_bio_X509(certificate_bio, x509) == 1 &&
                PEM_write_bio_PKCS8PrivateKey(key_bio, key, NULL, NULL, 0, NULL, NULL) == 1;
    if (good)
        *certificate = (struct certificate){.certificate = text_of(certificate_bio), .key = text_of(key_bio)};
    BIO_free(certificate_bio);
    BIO_free(key_bio);
    return good && certificate->certificate != NULL && certificate->key != NULL;
}

bool certificate_make(struct certificate *certificate, struct error *error)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x509 = X509_new();
    bool good = key != NULL && x509 != NULL && fill(x509, key) && write_out(x509, key, certificate);
    X509_free(x509);
    EVP_PKEY_free(key);
    return good || error_set(error, ERROR_INTERNAL, _("The simulated cluster cannot make its TLS certificate."));
}

bool certificate_is_request(const char *encoded)
{
    CLEANUP_FREE char *pem = NULL;
    size_t size = 0;
    if (encoded == NULL || !base64_decode(encoded, strlen(encoded), &pem, &size, NULL) || size > INT_MAX)
        return false;
    BIO *bio = BIO_new_mem_buf(pem, (int)size);
    X509_REQ *request = bio != NULL ? PEM_read_bio_X509_REQ(bio, NULL, NULL, NULL) : NULL;
    bool good = request != NULL;
    X509_REQ_free(request);
    BIO_free(bio);
    ERR_clear_error();
    return good;
}

void certificate_release(struct certificate *certificate)
{
    if (certificate->key != NULL)
        OPENSSL_cleanse(certificate->key, strlen(certificate->key));
    free(certificate->certificate);
    free(certificate->key);
    *certificate = (struct certificate){0};
}
