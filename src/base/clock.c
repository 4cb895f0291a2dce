#include "base/clock.h"
#include <time.h>

static int64_t read_ms(clockid_t id)
{
    struct timespec now = {0};
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_wall(const struct clock *clock)
{
    (void)clock;
    return read_ms(CLOCK_REALTIME);
}

static int64_t system_boot(const struct clock *clock)
{
    (void)clock;
    return read_ms(CLOCK_BOOTTIME);
}

const struct clock *clock_system(void)
{
    static const struct clock clock = {.wall = system_wall, .boot = system_boot};
    return &clock;
}

int64_t clock_wall_ms(const struct clock *clock)
{
    return clock->wall(clock);
}

int64_t clock_boot_ms(const struct clock *clock)
{
    return clock->boot(clock);
}

/* `clock` is the first member, so that a pointer to it is one to the manual clock. */
static int64_t manual_wall(const struct clock *clock)
{
    return ((const struct clock_manual *)clock)->wall_ms;
}

static int64_t manual_boot(const struct clock *clock)
{
    return ((const struct clock_manual *)clock)->boot_ms;
}

void clock_manual_init(struct clock_manual *manual, int64_t wall_ms)
{
    *manual = (struct clock_manual){.clock = {.wall = manual_wall, .boot = manual_boot}, .wall_ms = wall_ms};
}

void clock_manual_advance(struct clock_manual *manual, int64_t by_ms)
{
    manual->wall_ms += by_ms;
    manual->boot_ms += by_ms;
}
