/* Bearer tokens: given, read from a file, and what a JSON Web Token tells about its own end. */
#include "base/base64.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "kube/credential_spec.h"
#include <stdlib.h>
#include <string.h>

#define TOKEN_LIMIT ((size_t)1 << 20)

bool kube_token_clean(const char *text, char **ret_token, struct error *error)
{
    static const char white[] = " \t\r\n";
    text += strspn(text, white);
    size_t size = strlen(text);
    while (size > 0 && strchr(white, text[size - 1]) != NULL)
        size--;
    if (size == 0)
        return error_set(error, ERROR_INVALID, _("the token is empty"));
    for (size_t i = 0; i < size; i++) {
        /* A line break would end the header, and what follows would be read as another one. */
        if ((unsigned char)text[i] <= ' ' || (unsigned char)text[i] >= 0x7f)
            return error_set(error, ERROR_INVALID, _("the token contains white space or characters that no token has"));
    }
    *ret_token = memory_text_part(text, size);
    return true;
}

bool kube_token_read_file(const char *path, char **ret_token, struct error *error)
{
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    if (!file_read(path, TOKEN_LIMIT, &bytes, &size, error))
        return false;
    if (strlen(bytes) == size && kube_token_clean(bytes, ret_token, error))
        return true;
    CLEANUP_FREE char *shown = text_clean(path, false, 0);
    if (strlen(bytes) != size)
        return error_set(error, ERROR_INVALID, _("%s is not a text file"), shown);
    return error_prefix(error, "%s", shown);
}

bool kube_token_read(const struct kube_fields *user, struct kube_credential_spec *spec, struct error *error)
{
    CLEANUP_FREE char *given = NULL;
    if (!kube_fields_text(user, "token", &given, error) ||
        !kube_fields_path(user, "tokenFile", &spec->token_file, error))
        return false;
    struct error reason = {0};
    bool read = false;
    if (spec->token_file != NULL)
        read = kube_token_read_file(spec->token_file, &spec->token, &reason);
    if (given != NULL && !read) {
        error_release(&reason);
        read = kube_token_clean(given, &spec->token, &reason);
    }
    if (given == NULL && spec->token_file == NULL)
        return true;
    if (!read)
        kube_fields_error(user, given != NULL ? "token" : "tokenFile", error, _("User '%s': %s."), spec->user,
                          reason.message);
    error_release(&reason);
    return read;
}

char *kube_token_authorization(const char *token)
{
    return memory_format("Bearer %s", token);
}

/* The middle part of a JSON Web Token is base64url without padding. */
static char *standard_base64(const char *part, size_t size)
{
    struct text text = {0};
    for (size_t i = 0; i < size; i++)
        text_append_char(&text, part[i] == '-' ? '+' : part[i] == '_' ? '/' : part[i]);
    while (text.size % 4 != 0)
        text_append_char(&text, '=');
    return text_steal(&text);
}

bool kube_token_expiry(const char *token, int64_t *ret_wall_ms)
{
    const char *claims = strchr(token, '.');
    const char *end = claims == NULL ? NULL : strchr(claims + 1, '.');
    if (end == NULL)
        return false;
    CLEANUP_FREE char *encoded = standard_base64(claims + 1, (size_t)(end - claims - 1));
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    json_t *tree = NULL;
    if (!base64_decode(encoded, strlen(encoded), &bytes, &size, NULL) || !tree_parse(bytes, size, &tree, NULL))
        return false;
    int64_t seconds = tree_integer(tree_get(tree, "exp"), -1);
    json_decref(tree);
    if (seconds < 0 || seconds > INT64_MAX / 1000)
        return false;
    *ret_wall_ms = seconds * 1000;
    return true;
}
