#include "kube/certificate.h"
#include "base/i18n.h"
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

static BIO *open_text(const char *pem)
{
    size_t size = strlen(pem);
    return size == 0 || size > INT32_MAX ? NULL : BIO_new_mem_buf(pem, (int)size);
}

/* Without this OpenSSL would ask for a password on the terminal. The sign that it was wanted is left in *context. */
static int refuse_password(char *buffer, int size, int writing, void *context)
{
    (void)buffer, (void)size, (void)writing;
    *(bool *)context = true;
    return -1;
}

static X509 *read_first(const char *pem)
{
    BIO *bio = open_text(pem);
    X509 *certificate = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, refuse_password, &(bool){false});
    BIO_free(bio);
    ERR_clear_error();
    return certificate;
}

bool kube_certificate_check(const char *pem, struct error *error)
{
    X509 *certificate = read_first(pem);
    if (certificate != NULL) {
        X509_free(certificate);
        return true;
    }
    /* Text that is no PEM at all is the usual mistake, so it is told apart from a damaged certificate. */
    if (strstr(pem, "-----BEGIN CERTIFICATE-----") != NULL)
        return error_set(error, ERROR_INVALID, _("its certificate is damaged or cut short"));
    if (strstr(pem, "-----BEGIN ") != NULL)
        return error_set(error, ERROR_INVALID, _("it is PEM, but holds no certificate"));
    return error_set(error, ERROR_INVALID, _("it is not a certificate in PEM form (-----BEGIN CERTIFICATE-----)"));
}

static EVP_PKEY *read_key(const char *pem, bool *ret_locked)
{
    BIO *bio = open_text(pem);
    EVP_PKEY *key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, refuse_password, ret_locked);
    BIO_free(bio);
    ERR_clear_error();
    return key;
}

bool kube_certificate_check_key(const char *cert_pem, const char *key_pem, struct error *error)
{
    X509 *certificate = read_first(cert_pem);
    bool locked = false;
    EVP_PKEY *key = read_key(key_pem, &locked);
    bool fits = certificate != NULL && key != NULL && X509_check_private_key(certificate, key) == 1;
    ERR_clear_error();
    if (key == NULL && locked) {
        error_set(error, ERROR_INVALID, _("it is locked with a password"));
        error_hint(error,
                   _("Write the key without a password ('openssl pkey -in KEY -out OPEN-KEY') and name that file."));
    } else if (key == NULL) {
        error_set(error, ERROR_INVALID, _("it is not a private key in PEM form, or it is damaged"));
    } else if (!fits) {
        error_set(error, ERROR_INVALID, _("it does not belong to the client certificate"));
    }
    EVP_PKEY_free(key);
    X509_free(certificate);
    return fits;
}

bool kube_certificate_expiry(const char *cert_pem, int64_t *ret_wall_ms)
{
    X509 *certificate = read_first(cert_pem);
    if (certificate == NULL)
        return false;
    struct tm when = {0};
    bool known = ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &when) == 1;
    X509_free(certificate);
    if (known)
        *ret_wall_ms = (int64_t)timegm(&when) * 1000;
    return known;
}
