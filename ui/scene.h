/* What everything that draws may read: the session's state at the moment of one frame. Nothing of it may be kept
 * beyond. */
#pragma once

#include "situation/situation.h"
#include <stdint.h>

struct marks;
struct keys;
struct screen;
struct session;

struct scene {
    struct session *session;
    const struct picture *picture; /* NULL: there is none yet */
    struct screen *screen;         /* where views send their intents */
    const struct keys *keys;
    struct marks *marks;
    int64_t wall_ms;
    int64_t boot_ms;
};
