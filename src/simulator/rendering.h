/* Objects and lists in the form that the client asked for: whole, as metadata, or as rows of a table. */
#pragma once

#include "simulator/media.h"
#include "simulator/refusal.h"
#include "simulator/resources.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct request;

/* Everything is borrowed. */
struct rendering {
    enum media media;
    const struct resource *resource;
    const char *version;
    const char *include; /* parameter includeObject of tables: "None", "Metadata" or "Object" */
    int64_t now_ms;      /* wall time, for ages */
};

/* Checks the form against `list`: one object has no PartialObjectMetadataList (406). */
bool rendering_init(struct rendering *rendering, enum media media, const struct resource *resource, const char *version,
                 const struct request *request, bool list, int64_t now_ms, struct refusal *refusal);

/* All results are the caller's; `object` is as it is stored. */
json_t *rendering_shown(const struct rendering *rendering, json_t *object);  /* through the version */
json_t *rendering_object(const struct rendering *rendering, json_t *object); /* an answer of its own, or a watch event's */

/* A list with its metadata (taken over) and no items yet; then item by item. */
json_t *rendering_list(const struct rendering *rendering, json_t *metadata);
void rendering_add(const struct rendering *rendering, json_t *list, json_t *object);
