/* Words and their styles. */
#include "ui/words.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "ui/theme.h"
#include <string.h>

const char *words_change(enum change_kind change)
{
    switch (change) {
    case CHANGE_SAME:
        return _("same");
    case CHANGE_CHANGED:
        return _("CHANGED");
    case CHANGE_ADDED:
        return _("ADDED");
    case CHANGE_REMOVED:
        return _("REMOVED");
    case CHANGE_UNKNOWN:
        break;
    }
    return _("unknown");
}

unsigned words_change_style(enum change_kind change)
{
    return change == CHANGE_SAME ? STYLE_PLAIN : STYLE_WARN;
}

const char *words_risk(enum risk risk)
{
    switch (risk) {
    case RISK_LOW:
        return _("low");
    case RISK_MEDIUM:
        return _("medium");
    case RISK_HIGH:
        return _("HIGH");
    case RISK_UNKNOWN:
        break;
    }
    return _("unknown");
}

unsigned words_risk_style(enum risk risk)
{
    return risk == RISK_LOW ? STYLE_GOOD : risk == RISK_HIGH ? STYLE_BAD : STYLE_WARN;
}

const char *words_rollout(enum rollout_state state)
{
    switch (state) {
    case ROLLOUT_DONE:
        return _("rolled out");
    case ROLLOUT_PROGRESSING:
        return _("rolling out");
    case ROLLOUT_STUCK:
        return _("STUCK");
    case ROLLOUT_PAUSED:
        return _("paused");
    case ROLLOUT_MISSING:
        return _("MISSING");
    case ROLLOUT_UNKNOWN:
        break;
    }
    return _("unknown");
}

unsigned words_rollout_style(enum rollout_state state)
{
    switch (state) {
    case ROLLOUT_DONE:
        return STYLE_PLAIN;
    case ROLLOUT_STUCK:
    case ROLLOUT_MISSING:
        return STYLE_BAD;
    case ROLLOUT_PROGRESSING:
    case ROLLOUT_PAUSED:
    case ROLLOUT_UNKNOWN:
        break;
    }
    return STYLE_WARN;
}

const char *words_yes_no(int known)
{
    return known < 0 ? _("not told") : known > 0 ? _("yes") : _("no");
}

void words_append_hash(struct text *text, const char *hash)
{
    if (hash == NULL || hash[0] == '\0')
        text_append(text, "-");
    else
        text_append_bytes(text, hash, strnlen(hash, 8));
}

void words_append_time(struct text *text, int64_t then_ms, int64_t now_ms)
{
    if (then_ms == CLOCK_UNKNOWN) {
        text_append(text, "-");
        return;
    }
    char then[40] = "";
    char now[40] = "";
    clock_format(then_ms, then, sizeof then);
    clock_format(now_ms, now, sizeof now);
    /* "2026-11-20T14:04:…": the day is of use only when it is another one. */
    if (strlen(then) < 16) {
        text_append(text, "-");
        return;
    }
    if (strncmp(then, now, 10) != 0)
        text_append_format(text, "%.10s ", then);
    text_append_format(text, "%.5s", then + 11);
}

void words_append_age(struct text *text, int64_t age_ms)
{
    char age[32];
    clock_format_age(age_ms < 0 ? 0 : age_ms, age, sizeof age);
    text_append(text, age);
}

void words_append_ago(struct text *text, int64_t then_ms, int64_t now_ms)
{
    if (then_ms == CLOCK_UNKNOWN) {
        text_append(text, "-");
        return;
    }
    struct text age = {0};
    words_append_age(&age, now_ms - then_ms);
    text_append_format(text, _("%s ago"), text_peek(&age));
    text_release(&age);
}

void words_append_ready(struct text *text, int ready, int desired)
{
    if (desired < 0)
        text_append(text, "-");
    else if (ready < 0)
        text_append_format(text, "?/%d", desired);
    else
        text_append_format(text, "%d/%d", ready, desired);
}

void words_append_part(struct text *text, const struct part *part, int64_t boot_ms)
{
    switch (part->state) {
    case PART_WAITING:
        text_append(text, _("waiting"));
        break;
    case PART_STALE:
        if (part->heard_ms < 0) {
            text_append(text, _("STALE"));
            break;
        }
        struct text age = {0};
        words_append_age(&age, boot_ms - part->heard_ms);
        text_append_format(text, _("STALE for %s"), text_peek(&age));
        text_release(&age);
        break;
    case PART_UNKNOWN:
        text_append(text, _("UNKNOWN"));
        break;
    case PART_LIVE:
    case PART_UNUSED:
        break;
    }
}

unsigned words_part_style(enum part_state state)
{
    switch (state) {
    case PART_WAITING:
        return STYLE_INFO;
    case PART_STALE:
    case PART_UNKNOWN:
        return STYLE_WARN;
    case PART_LIVE:
    case PART_UNUSED:
        break;
    }
    return STYLE_PLAIN;
}

void words_append_part_reason(struct text *text, const struct part *part, int64_t boot_ms)
{
    if (part->state == PART_LIVE || part->state == PART_UNUSED)
        return;
    words_append_part(text, part, boot_ms);
    if (part->error.message != NULL)
        text_append_format(text, ": %s.", part->error.message);
    if (part->error.hint != NULL)
        text_append_format(text, " %s", part->error.hint);
}
