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
struct output {
    enum media media;
    const struct resource *resource;
    const char *version;
    const char *include; /* parameter includeObject of tables: "None", "Metadata" or "Object" */
    int64_t now_ms;      /* wall time, for ages */
};

/* Checks the form against `list`: one object has no PartialObjectMetadataList (406). */
bool output_init(struct output *output, enum media media, const struct resource *resource, const char *version,
                 const struct request *request, bool list, int64_t now_ms, struct refusal *refusal);

/* All results are the caller's; `object` is as it is stored. */
json_t *output_shown(const struct output *output, json_t *object);  /* through the version */
json_t *output_object(const struct output *output, json_t *object); /* an answer of its own, or a watch event's */

/* A list with its metadata (taken over) and no items yet; then item by item. */
json_t *output_list(const struct output *output, json_t *metadata);
void output_add(const struct output *output, json_t *list, json_t *object);
