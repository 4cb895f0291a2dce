/* One API request on its way through the handlers. Only the handlers include this. */
#pragma once

#include "simulator/api.h"
#include "simulator/media.h"
#include "simulator/refusal.h"
#include "simulator/registry.h"
#include "simulator/route.h"
#include <stdbool.h>

struct api_call {
    const struct api *api;
    const struct request *request;
    struct response *response;
    struct route route;
    const char *verb;
    enum media media;
    const struct resource *resource; /* NULL outside of resources */
};

/* Each answers, or refuses: false. */
typedef bool (*api_handler)(const struct api_call *call, struct refusal *refusal);

bool discovery_answer(const struct api_call *call, struct refusal *refusal); /* /api, /apis, /version … */
bool discovery_has_builtin(const struct api_call *call);                     /* is the path's group one of the built-in ones? */
bool openapi_answer(const struct api_call *call, struct refusal *refusal); /* /openapi/v2, /openapi/v3… */
bool read_get(const struct api_call *call, struct refusal *refusal);
bool read_list(const struct api_call *call, struct refusal *refusal);
bool watch_start(const struct api_call *call, struct refusal *refusal);
bool change_create(const struct api_call *call, struct refusal *refusal);
bool change_update(const struct api_call *call, struct refusal *refusal);
bool change_patch(const struct api_call *call, struct refusal *refusal);
bool change_delete(const struct api_call *call, struct refusal *refusal);
bool change_delete_all(const struct api_call *call, struct refusal *refusal);
bool review_create(const struct api_call *call, struct refusal *refusal);
bool podlog_get(const struct api_call *call, struct refusal *refusal);
bool proxy_any(const struct api_call *call, struct refusal *refusal);
bool metrics_get(const struct api_call *call, struct refusal *refusal);

struct store *api_store(const struct api_call *call);
int64_t api_wall_ms(const struct api_call *call);
int64_t api_boot_ms(const struct api_call *call);

/* The registry's part of the call: resource, version, names, user. The rest is the handler's to fill. */
struct registry_call api_registry_call(const struct api_call *call);

/* 406 for what is asked of this kind of answer: a table of a discovery document, a list of one object … */
bool api_refuse_media(struct refusal *refusal);
bool api_refuse_missing_route(struct refusal *refusal); /* 404 of a path */
bool api_refuse_method(struct refusal *refusal);
