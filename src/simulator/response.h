/* What is answered: a status, headers, and a body that is there or that goes on. */
#pragma once

#include "base/text.h"
#include "simulator/refusal.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * A body that goes on (a watch, a followed log). Embedded as the first member of what needs it.
 * fill() appends what there is to say at boot time `now_ms`; false: the body ends after that.
 * due() is the boot time at which to ask again though nothing in the cluster changed; INT64_MAX: never.
 */
struct stream {
    bool (*fill)(struct stream *stream, struct text *buffer, int64_t now_ms);
    int64_t (*due)(const struct stream *stream);
    void (*free)(struct stream *stream);
};

/* Embedded; start with {0}. */
struct response {
    int status;
    const char *content_type; /* static */
    struct text body;
    struct stream *stream; /* instead of the body; owned */
    json_t *warnings;      /* array of texts, or NULL */
    int64_t retry_after_s; /* 0: not told */
};

void response_release(struct response *response);

void response_json(struct response *response, int status, const json_t *tree);
void response_text(struct response *response, int status, const char *text);
void response_refusal(struct response *response, const struct refusal *refusal);
void response_warn(struct response *response, const char *text); /* each text once */

/* Compact JSON of a tree at the end of `text`. */
void response_append(struct text *text, const json_t *tree);
