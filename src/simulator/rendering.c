#include "simulator/rendering.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/kind.h"
#include "simulator/request.h"
#include "simulator/table.h"

bool rendering_init(struct rendering *rendering, enum media media, const struct resource *resource, const char *version,
                 const struct request *request, bool list, int64_t now_ms, struct refusal *refusal)
{
    const char *include = request_query(request, "includeObject");
    if (media == (list ? MEDIA_METADATA : MEDIA_METADATA_LIST))
        return refusal_set(refusal, 406, "NotAcceptable", "you requested %s, but the requested object is %s list (%s)",
                           list ? "PartialObjectMetadata" : "PartialObjectMetadataList", list ? "a" : "not a",
                           resource->kind);
    if (include != NULL && !text_equal(include, "None") && !text_equal(include, "Metadata") &&
        !text_equal(include, "Object") && include[0] != '\0')
        return refusal_bad_request(refusal, "unrecognized includeObject value: \"%s\"", include);
    *rendering = (struct rendering){.media = media,
                              .resource = resource,
                              .version = version,
                              .include = include != NULL && include[0] != '\0' ? include : "Metadata",
                              .now_ms = now_ms};
    return true;
}

json_t *rendering_shown(const struct rendering *rendering, json_t *object)
{
    if (rendering->resource->crd == NULL)
        return json_incref(object);
    struct write_kind kind = resource_write_kind(rendering->resource, rendering->version);
    return kind_convert(&kind, object, rendering->version);
}

static json_t *metadata_of(json_t *object)
{
    return json_pack("{s:s, s:s, s:O}", "kind", "PartialObjectMetadata", "apiVersion", "meta.k8s.io/v1", "metadata",
                     json_object_get(object, "metadata"));
}

static json_t *row_of(const struct rendering *rendering, json_t *object)
{
    json_t *shown = rendering_shown(rendering, object);
    json_t *cells = table_cells(rendering->resource, rendering->version, shown, rendering->now_ms);
    json_t *kept = text_equal(rendering->include, "None")     ? json_null()
                   : text_equal(rendering->include, "Object") ? json_incref(shown)
                                                           : metadata_of(shown);
    json_decref(shown);
    return json_pack("{s:o, s:o}", "cells", cells, "object", kept);
}

static json_t *table_of(const struct rendering *rendering, json_t *metadata)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:[]}", "kind", "Table", "apiVersion", "meta.k8s.io/v1", "metadata",
                     metadata, "columnDefinitions", table_columns(rendering->resource, rendering->version), "rows");
}

json_t *rendering_object(const struct rendering *rendering, json_t *object)
{
    if (rendering->media == MEDIA_METADATA || rendering->media == MEDIA_METADATA_LIST)
        return metadata_of(object);
    if (rendering->media != MEDIA_TABLE)
        return rendering_shown(rendering, object);
    json_t *version = tree_get(object, "metadata", "resourceVersion");
    json_t *metadata = json_object();
    if (version != NULL)
        json_object_set(metadata, "resourceVersion", version);
    json_t *table = table_of(rendering, metadata);
    json_array_append_new(json_object_get(table, "rows"), row_of(rendering, object));
    return table;
}

json_t *rendering_list(const struct rendering *rendering, json_t *metadata)
{
    if (rendering->media == MEDIA_TABLE)
        return table_of(rendering, metadata);
    bool partial = rendering->media == MEDIA_METADATA_LIST;
    CLEANUP_FREE char *api_version = resource_api_version(rendering->resource, rendering->version);
    return json_pack("{s:s, s:s, s:o, s:[]}", "kind",
                     partial ? "PartialObjectMetadataList" : rendering->resource->list_kind, "apiVersion",
                     partial ? "meta.k8s.io/v1" : api_version, "metadata", metadata, "items");
}

/* The items of a built-in list go without apiVersion and kind: its type says them. */
static json_t *item_of(const struct rendering *rendering, json_t *object)
{
    if (rendering->media == MEDIA_METADATA_LIST)
        return metadata_of(object);
    if (rendering->resource->crd != NULL)
        return rendering_shown(rendering, object);
    json_t *item = json_copy(object);
    json_object_del(item, "apiVersion");
    json_object_del(item, "kind");
    return item;
}

void rendering_add(const struct rendering *rendering, json_t *list, json_t *object)
{
    if (rendering->media == MEDIA_TABLE)
        json_array_append_new(json_object_get(list, "rows"), row_of(rendering, object));
    else
        json_array_append_new(json_object_get(list, "items"), item_of(rendering, object));
}
