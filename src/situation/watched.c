#include "situation/watched.h"

void watched_part_of(enum kube_freshness freshness, const struct error *reason, int64_t heard_ms, struct part *part)
{
    static const enum part_state states[] = {[KUBE_WAITING] = PART_WAITING,
                                             [KUBE_LIVE] = PART_LIVE,
                                             [KUBE_STALE] = PART_STALE,
                                             [KUBE_UNKNOWN] = PART_UNKNOWN};
    part_release(part);
    part->state = states[freshness];
    part->heard_ms = heard_ms;
    if (reason != NULL)
        error_copy(&part->error, reason);
}

void watched_part(const struct kube_reflector *reflector, struct part *part)
{
    watched_part_of(kube_reflector_freshness(reflector), kube_reflector_reason(reflector),
                    kube_reflector_heard_ms(reflector), part);
}
