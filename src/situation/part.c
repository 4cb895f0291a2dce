#include "situation/part.h"

const char *part_state_name(enum part_state state)
{
    static const char *const names[] = {"waiting", "live", "stale", "unknown", "unused"};
    return names[state];
}

void part_copy(struct part *to, const struct part *from)
{
    to->state = from->state;
    to->heard_ms = from->heard_ms;
    error_copy(&to->error, &from->error);
}

static int badness(enum part_state state)
{
    static const int ranks[] = {
        [PART_UNUSED] = 0, [PART_LIVE] = 1, [PART_WAITING] = 2, [PART_STALE] = 3, [PART_UNKNOWN] = 4};
    return ranks[state];
}

void part_join(struct part *part, const struct part *other)
{
    if (other->state == PART_UNUSED)
        return;
    if (part->state == PART_UNUSED || other->heard_ms < part->heard_ms)
        part->heard_ms = other->heard_ms;
    if (badness(other->state) > badness(part->state)) {
        part->state = other->state;
        error_copy(&part->error, &other->error);
    }
}

void part_set_unknown(struct part *part, const struct error *error)
{
    part->state = PART_UNKNOWN;
    error_copy(&part->error, error);
}

void part_release(struct part *part)
{
    error_release(&part->error);
    *part = (struct part){.heard_ms = -1};
}

json_t *part_to_json(const struct part *part, int64_t now_ms)
{
    json_t *json = json_object();
    json_object_set_new(json, "state", json_string(part_state_name(part->state)));
    bool heard = part->heard_ms >= 0 && part->state != PART_UNUSED;
    json_object_set_new(json, "age", heard ? json_real((double)(now_ms - part->heard_ms) / 1000.0) : json_null());
    json_object_set_new(json, "reason", part->error.message != NULL ? json_string(part->error.message) : json_null());
    json_object_set_new(json, "hint", part->error.hint != NULL ? json_string(part->error.hint) : json_null());
    return json;
}
