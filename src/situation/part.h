/* How fresh one part of the situation is, and why it is not when it is not. Unknown is never shown as fine. */
#pragma once

#include "base/error.h"
#include <jansson.h>
#include <stdint.h>

enum part_state {
    PART_WAITING, /* asked for, nothing heard yet */
    PART_LIVE,
    PART_STALE,   /* what is shown may be old */
    PART_UNKNOWN, /* forbidden, not served, unreachable: see error */
    PART_UNUSED,  /* this system has no such thing, or nobody asked for it */
};

/* Embedded; owns its error. */
struct part {
    enum part_state state;
    int64_t heard_ms;   /* boot time of the last word from the server; −1: never */
    struct error error; /* why it is stale or unknown; empty otherwise */
};

const char *part_state_name(enum part_state state); /* "waiting", "live", "stale", "unknown", "unused" */
void part_copy(struct part *to, const struct part *from);
void part_release(struct part *part);

/* What rests on both: the worse state with its reason, and the older word. Start from a part that is PART_UNUSED. */
void part_join(struct part *part, const struct part *other);
void part_set_unknown(struct part *part, const struct error *error);

/* {"state", "age": seconds or null, "reason", "hint"} as `status` prints it under "ages". `now_ms` is boot time. */
json_t *part_to_json(const struct part *part, int64_t now_ms);
