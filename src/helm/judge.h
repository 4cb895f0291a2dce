/* Which records helm_history_judge()'s answer rests on. */
#pragma once

#include "helm/history.h"
#include <stdbool.h>
#include <stddef.h>

#define JUDGE_NONE SIZE_MAX

/* What to decode. Records that are not decoded yet are taken to be as good as their status lets hope; when nothing is needed any more, live and target are
 * those that helm_history_judge() finds. */
struct judge_plan {
    size_t live;   /* index of the row, or JUDGE_NONE */
    size_t target;
    bool *needed;  /* a place for each row, the caller's: neither decoded nor known to be damaged, and it may change the answer */
};

void judge_plan_make(const struct helm_revision *rows, size_t count, struct judge_plan *plan);
