#include "records.h"
#include "base/base64.h"
#include "base/file.h"
#include "base/gzip.h"
#include "base/memory.h"
#include "base/tree.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

char *records_read(const char *name, size_t *ret_size)
{
    const char *folder = getenv("srcdir");
    CLEANUP_FREE char *path = memory_format("%s/tests/data/helm/%s", folder == NULL ? "." : folder, name);
    char *bytes = NULL;
    struct error error = {0};
    ck_assert_msg(file_read(path, 1 << 20, &bytes, ret_size, &error), "%s", error.message);
    return bytes;
}

json_t *records_read_tree(const char *name)
{
    size_t size = 0;
    CLEANUP_FREE char *bytes = records_read(name, &size);
    json_t *tree = NULL;
    ck_assert(tree_parse(bytes, size, &tree, NULL));
    return tree;
}

struct helm_record *records_decode(const char *name, enum helm_depth depth)
{
    size_t size = 0;
    CLEANUP_FREE char *bytes = records_read(name, &size);
    struct helm_record *record = NULL;
    struct error error = {0};
    ck_assert_msg(helm_record_decode(bytes, size, true, depth, &record, &error), "%s: %s", name, error.message);
    return record;
}

char *records_pack(const char *json, bool outer, bool gzip)
{
    char *packed = NULL;
    size_t size = strlen(json);
    if (gzip)
        gzip_pack(json, size, &packed, &size);
    else
        packed = memory_text(json);
    char *inner = base64_encode(packed, size);
    free(packed);
    if (!outer)
        return inner;
    char *text = base64_encode(inner, strlen(inner));
    free(inner);
    return text;
}

bool records_try(const char *json, struct helm_record **ret_record, char **ret_message)
{
    CLEANUP_FREE char *data = records_pack(json, true, true);
    struct error error = {0};
    if (helm_record_decode(data, strlen(data), true, HELM_WHOLE, ret_record, &error))
        return true;
    ck_assert_int_eq(error.code, ERROR_INVALID);
    *ret_message = memory_text(error.message);
    error_release(&error);
    return false;
}
