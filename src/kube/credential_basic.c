/* User name and password. API servers stopped taking them in 1.19; proxies in front of one still do. */
#include "base/base64.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/credential_spec.h"
#include <string.h>

bool kube_basic_read(const struct kube_fields *user, struct kube_credential_spec *spec, struct error *error)
{
    return kube_fields_text(user, "username", &spec->username, error) &&
           kube_fields_text(user, "password", &spec->password, error);
}

char *kube_basic_authorization(const char *username, const char *password)
{
    struct text pair = {0};
    text_append(&pair, username);
    text_append_char(&pair, ':');
    text_append(&pair, password);
    CLEANUP_FREE char *encoded = base64_encode(text_peek(&pair), pair.size);
    explicit_bzero(pair.bytes, pair.size);
    text_release(&pair);
    return memory_format("Basic %s", encoded);
}
