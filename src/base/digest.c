#include "base/digest.h"
#include "base/tree.h"
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

void digest_bytes(const void *bytes, size_t size, char ret_hex[DIGEST_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned int hash_size = 0;
    /* Fails only without memory or without OpenSSL's default provider: nothing this program does could then be trusted.
     */
    if (EVP_Digest(bytes, size, hash, &hash_size, EVP_sha256(), NULL) != 1 || hash_size != (DIGEST_SIZE - 1) / 2)
        abort();
    for (size_t i = 0; i < hash_size; i++) {
        ret_hex[2 * i] = digits[hash[i] >> 4];
        ret_hex[2 * i + 1] = digits[hash[i] & 0x0f];
    }
    ret_hex[DIGEST_SIZE - 1] = '\0';
}

void digest_text(const char *text, char ret_hex[DIGEST_SIZE])
{
    digest_bytes(text, strlen(text), ret_hex);
}

void digest_tree(const json_t *tree, char ret_hex[DIGEST_SIZE])
{
    char *canonical = tree_canonical(tree);
    digest_text(canonical, ret_hex);
    free(canonical);
}
