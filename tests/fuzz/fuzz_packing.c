/* What a release record is wrapped in: garbage is refused, bounded, and what was packed comes back. */
#include "base/base64.h"
#include "base/gzip.h"
#include "base/tree.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define UNPACKED_LIMIT 100000

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_garbage(const char *bytes, size_t size)
{
    char *out = NULL;
    size_t out_size = 0;
    json_t *tree = NULL;
    if (base64_decode(bytes, size, &out, &out_size, NULL) && out_size > size)
        abort();
    free(out);
    out = NULL;
    if (gzip_unpack(bytes, size, UNPACKED_LIMIT, &out, &out_size, NULL) && out_size > UNPACKED_LIMIT)
        abort();
    free(out);
    if (tree_parse(bytes, size, &tree, NULL) && !tree_equal(tree, tree))
        abort();
    json_decref(tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *packed = NULL;
    char *unpacked = NULL;
    char *decoded = NULL;
    size_t packed_size = 0;
    size_t unpacked_size = 0;
    size_t decoded_size = 0;
    check_garbage((const char *)bytes, size);
    gzip_pack(bytes, size, &packed, &packed_size);
    char *encoded = base64_encode(packed, packed_size);
    if (!base64_decode(encoded, strlen(encoded), &decoded, &decoded_size, NULL) ||
        !gzip_unpack(decoded, decoded_size, size, &unpacked, &unpacked_size, NULL) || unpacked_size != size ||
        memcmp(unpacked, bytes, size) != 0)
        abort();
    free(packed);
    free(encoded);
    free(decoded);
    free(unpacked);
    return 0;
}
