/* An open-addressed table of places. It is bounded: when it is full it starts anew, and nothing is marked then. */
#include "ui/marks.h"
#include "base/memory.h"
#include <stdlib.h>
#include <string.h>

#define SLOTS ((size_t)8192) /* a power of two */
#define FULL  (SLOTS * 3 / 4)

struct slot {
    uint64_t place; /* 0: free */
    uint64_t content;
    int64_t changed_ms; /* boot time; −1: never while it was watched */
};

struct marks {
    struct slot slots[SLOTS];
    size_t used;
};

struct marks *marks_new(void)
{
    return memory_new(sizeof(struct marks));
}

void marks_free(struct marks *marks)
{
    free(marks);
}

uint64_t marks_hash(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return (hash ^ 0xff) * UINT64_C(0x100000001b3); /* an end, so that "a","b" is not "ab" */
}

bool marks_changed(struct marks *marks, uint64_t place, const char *content, int64_t boot_ms)
{
    uint64_t hash = marks_hash(MARKS_SEED, content);
    place += place == 0;
    size_t index = (size_t)place & (SLOTS - 1);
    while (marks->slots[index].place != 0 && marks->slots[index].place != place)
        index = (index + 1) & (SLOTS - 1);
    struct slot *slot = &marks->slots[index];
    if (slot->place == 0) {
        if (marks->used >= FULL) {
            memset(marks->slots, 0, sizeof marks->slots);
            marks->used = 0;
            slot = &marks->slots[(size_t)place & (SLOTS - 1)];
        }
        *slot = (struct slot){.place = place, .content = hash, .changed_ms = -1};
        marks->used++;
        return false;
    }
    if (slot->content != hash) {
        slot->content = hash;
        slot->changed_ms = boot_ms;
    }
    return slot->changed_ms >= 0 && boot_ms - slot->changed_ms < MARKS_SHOWN_MS;
}
