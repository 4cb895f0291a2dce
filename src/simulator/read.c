/* GET of one object and of lists. */
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/api_call.h"
#include "simulator/cursor.h"
#include "simulator/list_options.h"
#include "simulator/rendering.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool check_version(const struct api_call *call, struct refusal *refusal)
{
    const char *text = request_query(call->request, "resourceVersion");
    uint64_t version = 0;
    uint64_t now = store_version(api_store(call));
    if (text == NULL || text[0] == '\0')
        return true;
    if (!list_options_read_version(text, &version))
        return list_options_refuse_version(text, refusal);
    return version <= now || list_options_refuse_future(version, now, refusal);
}

bool read_get(const struct api_call *call, struct refusal *refusal)
{
    struct rendering rendering;
    struct registry_call get = api_registry_call(call);
    json_t *object = NULL;
    if (!rendering_init(&rendering, call->media, call->resource, call->route.version, call->request, false,
                        api_wall_ms(call), refusal) ||
        !check_version(call, refusal) || !registry_get(call->api->registry, &get, &object, refusal))
        return false;
    json_t *shown =
        text_equal(call->route.subresource, "scale") ? json_incref(object) : rendering_object(&rendering, object);
    response_json(call->response, 200, shown);
    json_decref(shown);
    json_decref(object);
    return true;
}

/* A list as it is gathered. */
struct gathering {
    const struct rendering *rendering;
    const struct list_options *options;
    const char *namespace;
    const char *after; /* key behind which to begin, or NULL */
    json_t *list;
    char *last_key; /* of the last object that was taken */
    int64_t count;
    int64_t remaining;
    struct refusal *refusal; /* of an object that cannot be shown: then the list cannot, either */
};

static char *key_of(const struct resource *resource, const json_t *object)
{
    const char *name = tree_text(object, "metadata", "name");
    return resource->namespaced ? memory_format("%s/%s", tree_text(object, "metadata", "namespace"), name)
                                : memory_text(name);
}

/* The real server lists from its cache, which cannot be filled then. */
static bool refuse_unreadable(const struct gathering *gathering)
{
    const struct rendering *rendering = gathering->rendering;
    CLEANUP_FREE char *why = memory_text(gathering->refusal->message);
    CLEANUP_FREE char *api_version = resource_api_version(rendering->resource, rendering->version);
    refusal_set(gathering->refusal, 429, "TooManyRequests",
                "storage is (re)initializing: failed to list %s, Kind=%s: %s", api_version, rendering->resource->kind,
                why);
    gathering->refusal->details = json_pack("{s:i}", "retryAfterSeconds", 1);
    return false;
}

static bool gather(void *context, json_t *object)
{
    struct gathering *gathering = context;
    if (gathering->namespace != NULL && !text_equal(gathering->namespace, tree_text(object, "metadata", "namespace")))
        return true;
    CLEANUP_FREE char *key = key_of(gathering->rendering->resource, object);
    if (gathering->after != NULL && strcmp(key, gathering->after) <= 0)
        return true;
    if (!filter_matches(gathering->options->filter, object))
        return true;
    if (gathering->options->limit > 0 && gathering->count == gathering->options->limit) {
        gathering->remaining++;
        return true;
    }
    if (!registry_readable(gathering->rendering->resource, object, gathering->refusal))
        return refuse_unreadable(gathering);
    rendering_add(gathering->rendering, gathering->list, object);
    free(gathering->last_key);
    gathering->last_key = STEAL(key);
    gathering->count++;
    return true;
}

/* 410, with a token that goes on in the newest state for those who can live with that. */
static bool refuse_old_cursor(const struct api_call *call, const char *after)
{
    struct refusal refusal = {0};
    refusal_set(&refusal, 410, "Expired",
                "The provided continue parameter is too old to display a consistent list result. You can start a new "
                "list without the continue parameter, or use the continue token in this response to retrieve the "
                "remainder of the results. Continuing with the provided token results in an inconsistent list - "
                "objects that were created, modified, or deleted between the time the first chunk was returned and now "
                "may show up in the list.");
    CLEANUP_FREE char *token = cursor_make(CURSOR_ANY_VERSION, after);
    json_t *status = refusal_status(&refusal);
    json_object_set_new(json_object_get(status, "metadata"), "continue", json_string(token));
    response_json(call->response, 410, status);
    json_decref(status);
    refusal_release(&refusal);
    return true;
}

/* The state that the list shows: *ret_version. */
static bool choose_version(const struct api_call *call, const struct list_options *options, uint64_t *ret_version,
                           char **ret_after, struct refusal *refusal)
{
    uint64_t now = store_version(api_store(call));
    int64_t from = CURSOR_ANY_VERSION;
    if (options->cursor != NULL) {
        if (!cursor_read(options->cursor, &from, ret_after, refusal))
            return false;
        *ret_version = from == CURSOR_ANY_VERSION ? now : (uint64_t)from;
        return true;
    }
    if (options->version > now)
        return list_options_refuse_future(options->version, now, refusal);
    bool exact = options->match == LIST_MATCH_EXACT ||
                 (options->match == LIST_MATCH_UNSET && options->limit > 0 && options->version > 0);
    *ret_version = exact ? options->version : now;
    return true;
}

static json_t *list_metadata(const struct gathering *gathering, uint64_t version)
{
    CLEANUP_FREE char *version_text = memory_format("%" PRIu64, version);
    json_t *metadata = json_pack("{s:s}", "resourceVersion", version_text);
    if (gathering->remaining == 0)
        return metadata;
    CLEANUP_FREE char *token = cursor_make((int64_t)version, gathering->last_key);
    json_object_set_new(metadata, "continue", json_string(token));
    if (filter_is_empty(gathering->options->filter))
        json_object_set_new(metadata, "remainingItemCount", json_integer(gathering->remaining));
    return metadata;
}

static bool answer_list(const struct api_call *call, const struct list_options *options,
                        const struct rendering *rendering, struct refusal *refusal)
{
    uint64_t version = 0;
    CLEANUP_FREE char *after = NULL;
    if (!choose_version(call, options, &version, &after, refusal))
        return false;
    struct gathering gathering = {.rendering = rendering,
                                  .options = options,
                                  .namespace = call->route.namespace,
                                  .after = after,
                                  .refusal = refusal};
    gathering.list = rendering_list(rendering, json_object());
    bool known = store_visit_at(api_store(call), call->resource, version, gather, &gathering);
    if (known && refusal->code == 0) {
        json_object_set_new(gathering.list, "metadata", list_metadata(&gathering, version));
        response_json(call->response, 200, gathering.list);
    }
    json_decref(gathering.list);
    free(gathering.last_key);
    if (known)
        return refusal->code == 0;
    if (after != NULL)
        return refuse_old_cursor(call, after);
    return refusal_set(refusal, 410, "Expired", "The resourceVersion for the provided list is too old.");
}

bool read_list(const struct api_call *call, struct refusal *refusal)
{
    struct list_options options;
    struct rendering rendering;
    if (!rendering_init(&rendering, call->media, call->resource, call->route.version, call->request, true,
                        api_wall_ms(call), refusal) ||
        !list_options_parse(call, &options, refusal))
        return false;
    bool good = answer_list(call, &options, &rendering, refusal);
    list_options_release(&options);
    return good;
}
