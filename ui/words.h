/* The words of the screen for states, times and identities: translated, and the same everywhere. */
#pragma once

#include "base/text.h"
#include "situation/situation.h"
#include <stdint.h>

const char *words_change(enum change_kind change); /* CHANGED, same, ADDED … */
unsigned words_change_style(enum change_kind change);
const char *words_risk(enum risk risk);
unsigned words_risk_style(enum risk risk);
const char *words_rollout(enum rollout_state state);
unsigned words_rollout_style(enum rollout_state state);
const char *words_yes_no(int known); /* 1 yes, 0 no, −1 not told */

/* The first eight digits of a hash; "-" for an empty one. */
void words_append_hash(struct text *text, const char *hash);

/* "14:04" today, else "2026-11-20 14:04"; "-" when not known. UTC. */
void words_append_time(struct text *text, int64_t then_ms, int64_t now_ms);
void words_append_ago(struct text *text, int64_t then_ms, int64_t now_ms); /* "3 min ago" */
void words_append_age(struct text *text, int64_t age_ms);                  /* "3 min" */
void words_append_ready(struct text *text, int ready, int desired);        /* "1/2", "-" when not known */

/* Whether a part needs a word about its age, and that word: "waiting", "stale for 2 min", "unknown". Nothing when it is
 * fresh. */
void words_append_part(struct text *text, const struct part *part, int64_t boot_ms);
unsigned words_part_style(enum part_state state);

/* The same with its reason and hint, as sentences: for an empty pane and for details. */
void words_append_part_reason(struct text *text, const struct part *part, int64_t boot_ms);
