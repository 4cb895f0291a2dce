#include "kube/authority.h"
#include "base/memory.h"
#include "base/text.h"
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX  3
#define NAME_LIMIT 200

/* Nobody is asked for the password of a text that claims to be locked. */
static int refuse_password(char *buffer, int size, int writing, void *context)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

/* RFC 2253, cleaned; owned by the caller. */
static char *subject_of(const X509 *certificate)
{
    BIO *bio = BIO_new(BIO_s_mem());
    if (bio == NULL)
        abort();
    char *bytes = NULL;
    X509_NAME_print_ex(bio, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
    long size = BIO_get_mem_data(bio, &bytes);
    CLEANUP_FREE char *name = memory_text_part(size > 0 ? bytes : "", size > 0 ? (size_t)size : 0);
    BIO_free(bio);
    return text_clean(name, false, NAME_LIMIT);
}

char *kube_authority_names(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    if (bio == NULL)
        abort();
    struct text names = {0};
    X509 *certificate;
    for (int i = 0; i <= NAMES_MAX && (certificate = PEM_read_bio_X509(bio, NULL, refuse_password, NULL)) != NULL;
         i++) {
        CLEANUP_FREE char *name = subject_of(certificate);
        if (i == NAMES_MAX)
            text_append(&names, ", …");
        else
            text_append_format(&names, "%s%s", i > 0 ? ", " : "", name);
        X509_free(certificate);
    }
    BIO_free(bio);
    ERR_clear_error(); /* the end of the text is an error to OpenSSL */
    return names.size > 0 ? text_steal(&names) : NULL;
}
