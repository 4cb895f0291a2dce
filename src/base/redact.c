#include "base/redact.h"
#include "base/base64.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"
#define RANDOM_SIZE  16 /* what AT_RANDOM points to */

/* 32 bits of an HMAC under the random bytes that the kernel gives each process: guessing a password from it needs those
 * bytes. */
static unsigned mark_of(const void *bytes, size_t size)
{
    const void *key = (const void *)getauxval(AT_RANDOM); /* NOLINT: an address handed over as a number */
    unsigned char hash[EVP_MAX_MD_SIZE] = {0};
    if (key == NULL || HMAC(EVP_sha256(), key, RANDOM_SIZE, bytes, size, hash, NULL) == NULL)
        return 0;
    return (unsigned)hash[0] << 24 | (unsigned)hash[1] << 16 | (unsigned)hash[2] << 8 | hash[3];
}

static json_t *masked(const void *bytes, size_t size)
{
    CLEANUP_FREE char *text = memory_format(ngettext("‹redacted, %zu byte, %08x›", "‹redacted, %zu bytes, %08x›", size),
                                            size, mark_of(bytes, size));
    return json_string(text);
}

static json_t *mask_value(const json_t *value, bool is_base64)
{
    if (!json_is_string(value))
        return json_string(REDACTED);
    const char *text = json_string_value(value);
    size_t size = json_string_length(value);
    CLEANUP_FREE char *bytes = NULL;
    size_t bytes_size = 0;
    if (is_base64 && base64_decode(text, size, &bytes, &bytes_size, NULL))
        return masked(bytes, bytes_size);
    return masked(text, size);
}

static void mask_values(json_t *values, bool is_base64)
{
    const char *key = NULL;
    void *next = NULL;
    json_t *value = NULL;
    json_object_foreach_safe(values, next, key, value) json_object_set_new(values, key, mask_value(value, is_base64));
}

/* kubectl's copy of the whole object as JSON. A copy within the copy is nobody's honest work and goes altogether. */
static void mask_last_applied(json_t *annotations, bool within)
{
    json_t *copy = json_object_get(annotations, LAST_APPLIED);
    json_t *tree = NULL;
    if (copy == NULL)
        return;
    if (within || !json_is_string(copy) ||
        !tree_parse(json_string_value(copy), json_string_length(copy), &tree, NULL) || !json_is_object(tree)) {
        json_decref(tree);
        json_object_set_new(annotations, LAST_APPLIED, json_string(REDACTED));
        return;
    }
    mask_values(json_object_get(tree, "data"), true);
    mask_values(json_object_get(tree, "stringData"), false);
    mask_last_applied(tree_get(tree, "metadata", "annotations"), true);
    CLEANUP_FREE char *text = tree_canonical(tree);
    json_object_set_new(annotations, LAST_APPLIED, json_string(text));
    json_decref(tree);
}

static void mask_secret(json_t *secret)
{
    mask_values(json_object_get(secret, "data"), true);
    mask_values(json_object_get(secret, "stringData"), false);
    mask_last_applied(tree_get(secret, "metadata", "annotations"), false);
}

void redact_object(json_t *object)
{
    const char *kind = tree_text(object, "kind");
    if (text_equal(kind, "Secret"))
        mask_secret(object);
    if (!text_equal(kind, "SecretList") && !text_equal(kind, "List"))
        return;
    size_t index = 0;
    json_t *item = NULL;
    json_array_foreach(json_object_get(object, "items"), index, item)
    {
        /* The items of a typed list do not name their kind. */
        if (text_equal(kind, "SecretList") || text_equal(tree_text(item, "kind"), "Secret"))
            mask_secret(item);
    }
}
