#include "simulator/cursor.h"
#include "base/base64.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <stdlib.h>
#include <string.h>

char *cursor_make(int64_t version, const char *last_key)
{
    /* The real server starts behind the last key by appending a NUL to it. */
    CLEANUP_FREE char *start = memory_format("/%s", last_key);
    json_t *start_text = json_stringn_nocheck(start, strlen(start) + 1);
    json_t *tree = json_pack("{s:s, s:I, s:o}", "v", "meta.k8s.io/v1", "rv", (json_int_t)version, "start", start_text);
    CLEANUP_FREE char *text = json_dumps(tree, JSON_COMPACT);
    json_decref(tree);
    char *token = base64_encode(text, strlen(text));
    for (char *at = token; *at != '\0'; at++)
        *at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
    token[strcspn(token, "=")] = '\0';
    return token;
}

static bool refuse(struct refusal *refusal, const char *why)
{
    return refusal_bad_request(refusal, "invalid continue token: continue key is not valid: %s", why);
}

static char *to_standard(const char *token)
{
    size_t length = strlen(token);
    char *text = memory_new(length + 4);
    for (size_t i = 0; i < length; i++)
        text[i] = token[i] == '-' ? '+' : token[i] == '_' ? '/' : token[i];
    for (size_t i = length; i % 4 != 0; i++)
        text[i] = '=';
    return text;
}

bool cursor_read(const char *token, int64_t *ret_version, char **ret_last_key, struct refusal *refusal)
{
    CLEANUP_FREE char *standard = to_standard(token);
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    if (!base64_decode(standard, strlen(standard), &bytes, &size, NULL))
        return refuse(refusal, "not base64");
    json_t *tree = json_loadb(bytes, size, JSON_ALLOW_NUL, NULL);
    json_t *start = json_object_get(tree, "start");
    const char *key = json_string_value(start);
    size_t key_size = json_string_length(start);
    int64_t version = tree_integer(json_object_get(tree, "rv"), 0);
    bool good = key != NULL && key[0] == '/' && key_size > 1 && key[key_size - 1] == '\0' &&
                strlen(key) == key_size - 1 && (version > 0 || version == CURSOR_ANY_VERSION) &&
                text_equal(tree_text(tree, "v"), "meta.k8s.io/v1");
    if (good) {
        *ret_version = version;
        *ret_last_key = memory_text(key + 1);
    }
    json_decref(tree);
    return good || refuse(refusal, "unexpected content");
}
