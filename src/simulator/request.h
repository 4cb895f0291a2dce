/*
 * One request as it came in: method, path and query taken apart, headers, body, and who it is from. Everything in it is
 * the client's word and bounded here.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REQUEST_PARTS_LIMIT 64                /* segments of the path, parameters of the query */
#define REQUEST_BODY_LIMIT  (3 * 1024 * 1024) /* what the real server takes */

struct request_pair {
    char *name;
    char *value;
};

/* Embedded; start with {0}. Owns all of it. */
struct request {
    char *method;
    char *segments[REQUEST_PARTS_LIMIT]; /* of the path, decoded; without the first '/' and one last '/' */
    size_t segment_count;
    struct request_pair query[REQUEST_PARTS_LIMIT];
    size_t query_count;
    struct request_pair headers[REQUEST_PARTS_LIMIT];
    size_t header_count;
    char *body;
    size_t body_size;
    char *user; /* set by api.c */
    json_t *groups;
};

/* Take apart "/path?query". False: it is malformed (bad percent-encoding, a NUL, not UTF-8,
 * too many parts). */
bool request_set_target(struct request *request, const char *target);
void request_add_header(struct request *request, const char *name,
                        const char *value); /* too many, or no UTF-8: dropped */
void request_release(struct request *request);

const char *request_query(const struct request *request, const char *name);  /* the first of that name, or NULL */
const char *request_header(const struct request *request, const char *name); /* whatever its case; or NULL */
bool request_flag(const struct request *request, const char *name);          /* "true", "1" and the empty value */

/* An integer parameter; *ret_value is untouched when it is absent. False: it is not an integer. */
bool request_integer(const struct request *request, const char *name, int64_t *ret_value);
