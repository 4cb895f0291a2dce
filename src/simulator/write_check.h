/* The parts of a write that write.c and write_check.c share. */
#pragma once

#include "simulator/write.h"

/* One write on its way. */
struct write {
    const struct write_kind *kind;
    const struct write_options *options;
    json_t *live;   /* in the request's version; NULL for a create */
    json_t *object; /* what it becomes */
    json_t *warnings;
    struct refusal *refusal;
};

const char *write_name(const json_t *object); /* "" without one */
json_t *write_metadata(json_t *object);       /* made when it is missing; borrowed */

/* Each refuses what does not fit and returns false. */
bool write_check_type(const struct write *write, const json_t *body); /* apiVersion and kind, where the body has them */
bool write_check_names(struct write *write);                          /* and adds those that the body leaves out */
bool write_check_version(struct write *write, bool put);
bool write_check_uid(struct write *write, bool put);
bool write_check_patched_type(struct write *write);
bool write_check_patched_types(struct write *write);
