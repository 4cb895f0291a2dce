/* Helm's records and manifests: the input once as a record's JSON, once as a manifest's text. */
#include "base/base64.h"
#include "base/memory.h"
#include "base/text.h"
#include "helm/manifest.h"
#include "helm/record.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_manifest(const struct helm_manifest *manifest)
{
    for (size_t i = 0; i < manifest->count; i++) {
        const struct helm_object *object = &manifest->objects[i];
        if ((object->error == NULL) != (object->tree != NULL) || object->kind == NULL || object->name == NULL)
            abort();
        if (object->error == NULL &&
            helm_manifest_find(manifest, object->kind, object->namespace, object->name) == NULL)
            abort();
    }
}

static struct helm_record *decode(const char *data, enum helm_depth depth)
{
    struct helm_record *record = NULL;
    struct error error = {0};
    if (!helm_record_decode(data, strlen(data), false, depth, &record, &error) &&
        (error.code != ERROR_INVALID || record != NULL))
        abort();
    error_release(&error);
    return record;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP_FREE char *data = base64_encode(bytes, size);
    struct helm_record *whole = decode(data, HELM_WHOLE);
    struct helm_record *head = decode(data, HELM_HEAD);
    if (whole != NULL) {
        if (head == NULL || !text_equal(head->content_hash, whole->content_hash) || head->manifest != NULL ||
            whole->values == NULL)
            abort();
        check_manifest(whole->manifest);
    }
    helm_record_free(whole);
    helm_record_free(head);
    struct helm_manifest *manifest = NULL;
    if (helm_manifest_parse((const char *)bytes, size, "ns", &manifest, NULL))
        check_manifest(manifest);
    helm_manifest_free(manifest);
    return 0;
}
