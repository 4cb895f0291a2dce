/* Client certificates with their keys, from data or from files. */
#include "base/file.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "kube/certificate.h"
#include "kube/credential_spec.h"
#include <stdlib.h>
#include <string.h>

#define PEM_LIMIT ((size_t)1 << 20)

/* The part from its …-data field, else from the file of the other field; all NULL when neither is set. */
static bool read_part(const struct kube_fields *user, const char *data_key, const char *file_key, char **ret_pem,
                      char **ret_file, struct error *error)
{
    CLEANUP_FREE char *pem = NULL;
    CLEANUP_FREE char *path = NULL;
    if (!kube_fields_data(user, data_key, &pem, error) || !kube_fields_path(user, file_key, &path, error))
        return false;
    if (pem == NULL && path != NULL) {
        if (!kube_fields_file(user, file_key, path, PEM_LIMIT, &pem, error))
            return false;
        *ret_file = STEAL(path);
    }
    *ret_pem = STEAL(pem);
    return true;
}

/* Tells what is wrong with a part, at the field that it came from. */
static bool wrong_part(const struct kube_fields *user, const char *key, const char *file, struct error *reason,
                       struct error *error)
{
    kube_fields_error(user, key, error, "%s%s%s: %s.", key, file != NULL ? " " : "", file != NULL ? file : "",
                      reason->message);
    if (reason->hint != NULL)
        error_hint(error, "%s", reason->hint);
    error_release(reason);
    return false;
}

bool kube_certificate_read(const struct kube_fields *user, struct kube_credential_spec *spec, struct error *error)
{
    CLEANUP_FREE char *cert_file = NULL;
    CLEANUP_FREE char *key_file = NULL;
    CLEANUP_FREE char *cert = NULL;
    CLEANUP_FREE char *key = NULL;
    if (!read_part(user, "client-certificate-data", "client-certificate", &cert, &cert_file, error))
        return false;
    if (cert == NULL)
        return true; /* a key alone is not looked at, as in client-go */
    if (!read_part(user, "client-key-data", "client-key", &key, &key_file, error))
        return false;
    const char *cert_field = cert_file != NULL ? "client-certificate" : "client-certificate-data";
    if (key == NULL) {
        kube_fields_error(user, cert_field, error, _("User '%s' has a client certificate, but no key."), spec->user);
        return error_hint(error, _("Add client-key (a file) or client-key-data (base64)."));
    }
    struct error reason = {0};
    if (!kube_certificate_check(cert, &reason))
        return wrong_part(user, cert_field, cert_file, &reason, error);
    if (!kube_certificate_check_key(cert, key, &reason))
        return wrong_part(user, key_file != NULL ? "client-key" : "client-key-data", key_file, &reason, error);
    if (cert_file != NULL && key_file != NULL) {
        spec->cert_file = STEAL(cert_file);
        spec->key_file = STEAL(key_file);
    }
    spec->cert_pem = STEAL(cert);
    spec->key_pem = STEAL(key);
    return true;
}

bool kube_certificate_read_files(const char *cert_file, const char *key_file, char **ret_cert_pem, char **ret_key_pem,
                                 struct error *error)
{
    CLEANUP_FREE char *cert = NULL;
    CLEANUP_FREE char *key = NULL;
    size_t size = 0;
    if (!file_read(cert_file, PEM_LIMIT, &cert, &size, error) || !file_read(key_file, PEM_LIMIT, &key, &size, error))
        return false;
    if (!kube_certificate_check(cert, error))
        return error_prefix(error, "%s", cert_file);
    if (!kube_certificate_check_key(cert, key, error))
        return error_prefix(error, "%s", key_file);
    *ret_cert_pem = STEAL(cert);
    *ret_key_pem = STEAL(key);
    return true;
}
