/* The parameters of lists and watches, checked as the real server does (apimachinery ListOptions). */
#pragma once

#include "simulator/api_call.h"
#include "simulator/filter.h"
#include <stdbool.h>
#include <stdint.h>

enum list_match { LIST_MATCH_UNSET, LIST_MATCH_EXACT, LIST_MATCH_NOT_OLDER };

/* Embedded; list_options_release() it. */
struct list_options {
    struct filter *filter;
    int64_t limit;      /* 0: none */
    const char *cursor; /* the continue token, or NULL; borrowed from the request */
    bool versioned;     /* a resourceVersion was given and is not empty */
    uint64_t version;   /* that one */
    enum list_match match;
    bool initial_events; /* watch: begin with what is there, end that with a bookmark */
    bool bookmarks;      /* watch */
    int64_t timeout_s;   /* watch; 0: not told */
};

bool list_options_parse(const struct api_call *call, struct list_options *options, struct refusal *refusal);
void list_options_release(struct list_options *options);

/* 504: the client has heard of a state that this server has not reached. */
bool list_options_refuse_future(uint64_t version, uint64_t now, struct refusal *refusal);
/* A resourceVersion that is not a number, as a GET and a watch have it. */
bool list_options_read_version(const char *text, uint64_t *ret_version);
bool list_options_refuse_version(const char *text, struct refusal *refusal);
