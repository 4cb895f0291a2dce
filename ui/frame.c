/* Header and footer. What has no room is left out, the least needed first; clock, place and marks always stay. */
#include "ui/frame.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "session/session.h"
#include "ui/keys.h"
#include "ui/views/views.h"
#include "ui/words.h"
#include <stdlib.h>
#include <string.h>

#define GAP 2

/* ---- how fresh it all is ---- */

struct freshness {
    bool waiting;
    bool stale;
    int64_t oldest_ms; /* boot time of the last word about the stalest part; −1: never */
};

static void weigh(struct freshness *freshness, const struct part *part)
{
    freshness->waiting = freshness->waiting || part->state == PART_WAITING;
    if (part->state != PART_STALE)
        return;
    if (!freshness->stale || part->heard_ms < freshness->oldest_ms)
        freshness->oldest_ms = part->heard_ms;
    freshness->stale = true;
}

static struct freshness weigh_all(const struct picture *picture)
{
    struct freshness freshness = {.oldest_ms = -1};
    weigh(&freshness, &picture->history_part);
    weigh(&freshness, &picture->components_part);
    weigh(&freshness, &picture->databases_part);
    weigh(&freshness, &picture->events_part);
    for (size_t i = 0; i < picture->api_count; i++)
        weigh(&freshness, &picture->apis[i].part);
    for (size_t i = 0; picture->changes != NULL && i < picture->changes->component_count; i++)
        weigh(&freshness, &picture->components[i].part);
    for (size_t i = 0; i < picture->workload_count; i++)
        weigh(&freshness, &picture->workloads[i].part);
    return freshness;
}

/* One word, and one only, on how much the screen can be trusted now. */
static void append_live(const struct scene *scene, struct text *text, unsigned *ret_style)
{
    enum session_phase phase = session_phase(scene->session);
    *ret_style = STYLE_WARN;
    if (phase == SESSION_FAILED) {
        text_append(text, _("FAILED"));
        *ret_style = STYLE_BAD;
        return;
    }
    if (phase == SESSION_PICKING) {
        text_append(text, _("choose"));
        *ret_style = STYLE_INFO;
        return;
    }
    struct freshness freshness = {.waiting = true};
    if (scene->picture != NULL)
        freshness = weigh_all(scene->picture);
    if (freshness.stale) {
        text_append(text, _("STALE"));
        if (freshness.oldest_ms >= 0) {
            text_append_char(text, ' ');
            words_append_age(text, scene->boot_ms - freshness.oldest_ms);
        }
    } else if (freshness.waiting) {
        text_append(text, scene->picture != NULL ? _("loading") : _("connecting"));
        *ret_style = STYLE_INFO;
    } else {
        text_append(text, _("live"));
        *ret_style = STYLE_GOOD;
    }
}

/* ---- the header ---- */

struct segment {
    char *text;
    unsigned style;
    int drop; /* 0: stays; the highest goes first */
};

static const struct picture_revision *live_revision(const struct picture *picture)
{
    for (size_t i = 0; picture != NULL && i < picture->revision_count; i++)
        if (picture->revisions[i].live)
            return &picture->revisions[i];
    return NULL;
}

/* Draws what fits; texts are freed. */
static void draw_segments(struct segment *segments, size_t count, struct canvas *canvas, int row, int columns)
{
    for (;;) {
        int width = 0;
        size_t victim = count;
        for (size_t i = 0; i < count; i++) {
            if (segments[i].text == NULL)
                continue;
            width += GAP + text_width(segments[i].text);
            if (segments[i].drop > 0 && (victim == count || segments[i].drop > segments[victim].drop))
                victim = i;
        }
        if (width - GAP + 1 <= columns || victim == count)
            break;
        free(STEAL(segments[victim].text));
    }
    int at = 1;
    for (size_t i = 0; i < count; i++) {
        if (segments[i].text == NULL)
            continue;
        if (at < columns)
            at += GAP + canvas_text(canvas, row, at, columns - at, segments[i].style, segments[i].text);
        free(segments[i].text);
    }
}

static char *cleaned(const char *text)
{
    return text != NULL && text[0] != '\0' ? text_clean(text, false, 120) : NULL;
}

static char *release_name(const struct session_identity *who)
{
    CLEANUP_FREE char *name = cleaned(who->release);
    CLEANUP_FREE char *namespace = cleaned(who->namespace);
    if (name == NULL)
        return namespace != NULL ? memory_format(_("namespace %s"), namespace) : NULL;
    return memory_format("%s%s%s", namespace != NULL ? namespace : "", namespace != NULL ? "/" : "", name);
}

static char *cluster_name(const struct session_identity *who)
{
    CLEANUP_FREE char *context = cleaned(who->context);
    CLEANUP_FREE char *cluster = cleaned(who->cluster);
    if (context == NULL || cluster == NULL || text_equal(context, cluster))
        return context != NULL ? STEAL(context) : STEAL(cluster);
    return memory_format("%s (%s)", context, cluster);
}

/* Line 1: where, and when. */
static void draw_place(const struct scene *scene, const struct session_identity *who, struct canvas *canvas)
{
    char time[16] = "";
    clock_format_time_of_day(scene->wall_ms, time, sizeof time);
    struct text live = {0};
    unsigned live_style = STYLE_PLAIN;
    append_live(scene, &live, &live_style);
    int columns = canvas->area.columns;
    int width = text_width(text_peek(&live));
    canvas_right(canvas, 0, columns - width - 1, width, live_style, text_peek(&live));
    int at = columns - width - 1 - GAP - 12;
    canvas_format(canvas, 0, at, 12, STYLE_STRONG, "%s UTC", time);
    CLEANUP_FREE char *user = cleaned(who->user);
    struct segment segments[] = {
        {cluster_name(who), STYLE_STRONG, 0},
        {release_name(who), STYLE_STRONG, 0},
        {user != NULL ? memory_format(_("as %s"), user) : NULL, STYLE_DIM, 1},
    };
    draw_segments(segments, LENGTH_OF(segments), canvas, 0, at - GAP);
    text_release(&live);
}

static char *version_text(const struct picture_revision *revision)
{
    CLEANUP_FREE char *chart = cleaned(revision->chart);
    CLEANUP_FREE char *app = cleaned(revision->app_version);
    if (chart == NULL)
        return NULL;
    return app != NULL ? memory_format(_("%s (app %s)"), chart, app) : STEAL(chart);
}

/* Line 2: in what mode, and what lives there. */
static void draw_release(const struct scene *scene, const struct session_identity *who, struct canvas *canvas)
{
    const struct picture_revision *live = live_revision(scene->picture);
    CLEANUP_FREE char *demo = cleaned(who->demo);
    CLEANUP_FREE char *playbook = cleaned(who->playbook);
    CLEANUP_FREE char *status = live != NULL ? cleaned(live->status) : NULL;
    struct text when = {0};
    if (live != NULL && live->updated_ms != CLOCK_UNKNOWN) {
        words_append_time(&when, live->updated_ms, scene->wall_ms);
        text_append(&when, ", ");
        words_append_ago(&when, live->updated_ms, scene->wall_ms);
    }
    bool well = text_equal(status, "deployed");
    struct segment segments[] = {
        {who->drill ? memory_format(" %s ", _("DRILL")) : NULL, STYLE_BADGE, 0},
        {demo != NULL ? memory_format(_(" DEMO %s "), demo) : NULL, STYLE_BADGE, 0},
        {who->read_only ? memory_format(" %s ", _("READ-ONLY")) : NULL, STYLE_BADGE, 0},
        {live != NULL ? memory_format("r%d", live->revision) : NULL, STYLE_STRONG, 0},
        {live != NULL ? version_text(live) : NULL, STYLE_PLAIN, 1},
        {STEAL(status), well ? STYLE_GOOD : STYLE_BAD, 0},
        {when.size > 0 ? text_steal(&when) : NULL, STYLE_PLAIN, 2},
        {playbook != NULL ? memory_format(_("playbook %s"), playbook) : NULL, STYLE_DIM, 3},
    };
    draw_segments(segments, LENGTH_OF(segments), canvas, 1, canvas->area.columns - 1);
    text_release(&when);
}

void frame_draw_header(const struct scene *scene, struct canvas *canvas)
{
    struct session_identity who = session_identity(scene->session);
    draw_place(scene, &who, canvas);
    draw_release(scene, &who, canvas);
}

/* ---- the footer ---- */

struct entry {
    enum action action;
    unsigned style;
    bool optional;
};

static int entry_text(const struct scene *scene, const struct entry *entry, struct text *key)
{
    text_clear(key);
    keys_append_first(scene->keys, entry->action, key);
    return key->size > 0 ? text_width(text_peek(key)) + 1 + text_width(_(action_info(entry->action)->word)) : 0;
}

static int entries_width(const struct scene *scene, const struct entry *entries, size_t count)
{
    struct text key = {0};
    int width = 0;
    for (size_t i = 0; i < count; i++) {
        int entry = entry_text(scene, &entries[i], &key);
        width += entry > 0 ? entry + GAP : 0;
    }
    text_release(&key);
    return width;
}

void frame_draw_footer(const struct scene *scene, const struct view *view, struct canvas *canvas)
{
    struct entry entries[32];
    size_t count = 0;
    for (size_t i = 0; !view->forced && i < views_count(); i++)
        if (views_at(i)->number > 0)
            entries[count++] = (struct entry){action_find(views_at(i)->name, false),
                                              views_at(i) == view ? STYLE_SELECTED : STYLE_PLAIN, false};
    if (view->filter != NULL)
        entries[count++] = (struct entry){ACTION_FILTER, STYLE_PLAIN, false};
    for (size_t i = 0; i < VIEW_FOOTER_MAX && view->footer[i] != ACTION_NONE; i++)
        entries[count++] = (struct entry){view->footer[i], STYLE_PLAIN, true};
    entries[count++] = (struct entry){ACTION_HELP, STYLE_PLAIN, false};
    /* The optional ones go from behind until it fits. */
    while (entries_width(scene, entries, count) > canvas->area.columns) {
        size_t victim = count;
        for (size_t i = 0; i < count; i++)
            if (entries[i].optional)
                victim = i;
        if (victim == count)
            break;
        memmove(entries + victim, entries + victim + 1, (count - victim - 1) * sizeof *entries);
        count--;
    }
    struct text key = {0};
    int at = 1;
    for (size_t i = 0; i < count; i++) {
        if (entry_text(scene, &entries[i], &key) == 0)
            continue;
        int columns = canvas->area.columns;
        at += canvas_text(canvas, 0, at, columns - at, STYLE_KEY | entries[i].style, text_peek(&key));
        at += canvas_text(canvas, 0, at, columns - at, entries[i].style, " ");
        at += canvas_text(canvas, 0, at, columns - at, entries[i].style, _(action_info(entries[i].action)->word));
        at += GAP;
    }
    text_release(&key);
}
