/* Concerns out of the picture's parts. */
#include "ui/concerns.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "session/session.h"
#include "ui/theme.h"
#include "ui/words.h"
#include <stdarg.h>
#include <stdlib.h>

static void free_concern(void *item)
{
    struct concern *concern = item;
    free(concern->text);
    free(concern);
}

static int by_urgency(const void *a, const void *b)
{
    const struct concern *one = a;
    const struct concern *other = b;
    return (int)one->urgency - (int)other->urgency;
}

__attribute__((format(printf, 6, 7))) static void add(struct array *concerns, enum urgency urgency, unsigned style,
                                                      const char *word, enum action where, const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(&text, format, arguments);
    va_end(arguments);
    struct concern *concern = memory_new(sizeof *concern);
    *concern =
        (struct concern){.urgency = urgency, .style = style, .word = word, .text = text_steal(&text), .where = where};
    array_append(concerns, concern);
}

/* Parts that are blind for the same reason share one line. */
static bool join(struct array *concerns, enum urgency urgency, const char *reason, const char *what)
{
    for (size_t i = 0; i < concerns->count; i++) {
        struct concern *concern = concerns->items[i];
        if (concern->urgency != urgency || !text_ends(concern->text, reason))
            continue;
        char *joined = memory_format("%s, %s", what, concern->text);
        free(concern->text);
        concern->text = joined;
        return true;
    }
    return false;
}

static void add_part(struct array *concerns, const struct scene *scene, const struct part *part, const char *what,
                     enum action where)
{
    if (part->state != PART_STALE && part->state != PART_UNKNOWN)
        return;
    struct text reason = {0};
    enum urgency urgency = part->state == PART_STALE ? URGENCY_BLIND : URGENCY_UNKNOWN;
    if (part->state == PART_STALE && part->heard_ms >= 0) {
        struct text age = {0};
        words_append_age(&age, scene->boot_ms - part->heard_ms);
        text_append_format(&reason, _("no word for %s"), text_peek(&age));
        text_release(&age);
    }
    if (part->error.message != NULL)
        text_append_format(&reason, "%s%s", reason.size > 0 ? ": " : "", part->error.message);
    if (!join(concerns, urgency, text_peek(&reason), what))
        add(concerns, urgency, STYLE_WARN, part->state == PART_STALE ? _("STALE") : _("UNKNOWN"), where, "%s: %s", what,
            text_peek(&reason));
    text_release(&reason);
}

static void add_parts(struct array *concerns, const struct scene *scene)
{
    const struct picture *picture = scene->picture;
    add_part(concerns, scene, &picture->events_part, _("events"), ACTION_EVENTS);
    add_part(concerns, scene, &picture->databases_part, _("database clusters"), ACTION_DATABASES);
    for (size_t i = picture->api_count; i-- > 0;)
        add_part(concerns, scene, &picture->apis[i].part, picture->apis[i].plural, ACTION_API);
    add_part(concerns, scene, &picture->components_part, _("components"), ACTION_COMPONENTS);
    add_part(concerns, scene, &picture->history_part, _("history"), ACTION_HISTORY);
}

static void add_workloads(struct array *concerns, const struct picture *picture)
{
    for (size_t i = 0; i < picture->workload_count; i++) {
        const struct picture_workload *workload = &picture->workloads[i];
        bool broken = workload->rollout == ROLLOUT_STUCK || workload->rollout == ROLLOUT_MISSING;
        bool lacking = workload->ready >= 0 && workload->ready < workload->desired;
        if (!broken && workload->rollout != ROLLOUT_PROGRESSING && workload->rollout != ROLLOUT_PAUSED && !lacking)
            continue;
        struct text ready = {0};
        words_append_ready(&ready, workload->ready, workload->desired);
        bool none = workload->desired > 0 && workload->ready == 0;
        bool settled = workload->rollout == ROLLOUT_DONE || workload->rollout == ROLLOUT_UNKNOWN;
        add(concerns, broken || none ? URGENCY_BROKEN : URGENCY_UNFINISHED, broken || none ? STYLE_BAD : STYLE_WARN,
            settled ? _("NOT READY") : words_rollout(workload->rollout), ACTION_WORKLOADS, _("%s %s: %s ready%s%s"),
            workload->kind, workload->name, text_peek(&ready), workload->reason[0] != '\0' ? "; " : "",
            workload->reason);
        text_release(&ready);
    }
}

static void add_databases(struct array *concerns, const struct picture *picture)
{
    for (size_t i = 0; i < picture->database_count; i++) {
        const struct picture_database *database = &picture->databases[i];
        if (!database->healthy)
            add(concerns, URGENCY_BROKEN, STYLE_BAD, _("UNHEALTHY"), ACTION_DATABASES,
                _("database %s/%s: %d of %d ready, %s"), database->namespace, database->name, database->ready,
                database->instances, database->phase[0] != '\0' ? database->phase : _("no phase told"));
    }
}

static void add_release(struct array *concerns, const struct picture *picture)
{
    for (size_t i = 0; i < picture->revision_count; i++) {
        const struct picture_revision *revision = &picture->revisions[i];
        if (revision->live && !text_equal(revision->status, "deployed"))
            add(concerns, URGENCY_BROKEN, STYLE_BAD, _("RELEASE"), ACTION_HISTORY, _("live revision r%d is %s%s%s"),
                revision->revision, revision->status, revision->description != NULL ? ": " : "",
                revision->description != NULL ? revision->description : "");
        else if (revision->error != NULL)
            add(concerns, URGENCY_ODD, STYLE_WARN, _("RECORD"), ACTION_HISTORY, _("r%d cannot be read: %s"),
                revision->revision, revision->error);
    }
}

static size_t list_length(char **list)
{
    size_t count = 0;
    while (list != NULL && list[count] != NULL)
        count++;
    return count;
}

static void add_apis(struct array *concerns, const struct picture *picture)
{
    for (size_t i = 0; i < picture->api_count; i++) {
        const struct picture_api *api = &picture->apis[i];
        size_t orphaned = list_length(api->orphaned);
        if (orphaned > 0)
            add(concerns, URGENCY_DANGER, STYLE_BAD, _("API"), ACTION_API,
                ngettext("%zu object uses a version that r%d does not serve: %s",
                         "%zu objects use versions that r%d does not serve: %s …", orphaned),
                orphaned, picture->target_revision, api->orphaned[0]);
        for (size_t v = 0; v < api->version_count; v++)
            if (api->versions[v].deprecated && api->versions[v].count > 0)
                add(concerns, URGENCY_ODD, STYLE_WARN, _("DEPRECATED"), ACTION_API,
                    ngettext("%zu object is still written with %s of %s", "%zu objects are still written with %s of %s",
                             api->versions[v].count),
                    api->versions[v].count, api->versions[v].name, api->crd);
    }
}

static void add_components(struct array *concerns, const struct picture *picture)
{
    size_t count = picture->changes != NULL ? picture->changes->component_count : 0;
    for (size_t i = 0; i < count; i++) {
        const struct picture_component *component = &picture->components[i];
        const char *name = picture->changes->components[i].identity.name;
        if (component->drift == DRIFT_YES)
            add(concerns, URGENCY_ODD, STYLE_WARN, _("DRIFT"), ACTION_COMPONENTS, "%s: %s", name,
                component->drift_reason);
        if (component->stored_hash_wrong)
            add(concerns, URGENCY_ODD, STYLE_WARN, _("HASH"), ACTION_COMPONENTS,
                _("%s: the stored hash is not that of the release's record"), name);
    }
    if (picture->skew != NULL && picture->skew[0] != '\0')
        add(concerns, URGENCY_ODD, STYLE_WARN, _("SKEW"), ACTION_COMPONENTS, "%s", picture->skew);
}

void concerns_collect(const struct scene *scene, struct array *ret)
{
    *ret = (struct array){.free_item = free_concern};
    for (size_t i = 0; i < session_warning_count(scene->session); i++)
        add(ret, URGENCY_ODD, STYLE_WARN, _("WARNING"), ACTION_API, _("the server says: %s"),
            session_warning_at(scene->session, i));
    if (scene->picture != NULL) {
        add_parts(ret, scene);
        add_workloads(ret, scene->picture);
        add_databases(ret, scene->picture);
        add_release(ret, scene->picture);
        add_apis(ret, scene->picture);
        add_components(ret, scene->picture);
    }
    array_sort(ret, by_urgency);
}

static void append_changed(const struct change_set *changes, size_t changed, struct text *text)
{
    text_append_format(text, ngettext("%zu of %zu component differs", "%zu of %zu components differ", changed), changed,
                       changes->component_count);
    const char *lead = ": ";
    for (size_t i = 0; i < changes->component_count; i++)
        if (changes->components[i].change != CHANGE_SAME) {
            text_append_format(text, "%s%s", lead, changes->components[i].identity.name);
            lead = ", ";
        }
}

void concerns_describe_change(const struct scene *scene, const char **ret_word, unsigned *ret_style, struct text *text)
{
    const struct picture *picture = scene->picture;
    *ret_word = _("CHANGE");
    *ret_style = STYLE_DIM;
    if (picture == NULL || (picture->changes == NULL && picture->components_part.state == PART_WAITING)) {
        text_append(text, _("not known yet"));
        return;
    }
    if (picture->live_revision == 0 || picture->target_revision == 0) {
        *ret_word = _("NO TARGET");
        *ret_style = STYLE_WARN;
        text_append(text, picture->target_reason != NULL ? picture->target_reason : "");
        return;
    }
    const struct change_set *changes = picture->changes;
    int from = changes != NULL ? changes->from : picture->live_revision;
    int to = changes != NULL ? changes->to : picture->target_revision;
    text_append_format(text, "r%d → r%d  ", from, to);
    if (changes == NULL) {
        words_append_part_reason(text, &picture->components_part, scene->boot_ms);
        return;
    }
    size_t changed = 0;
    for (size_t i = 0; i < changes->component_count; i++)
        changed += changes->components[i].change != CHANGE_SAME;
    if (changes->equal) {
        *ret_word = _("NO CHANGE");
        text_append(text, _("the two revisions are equal"));
        return;
    }
    *ret_style = STYLE_WARN;
    text_append_format(text, _("risk %s · "), words_risk(changes->risk));
    append_changed(changes, changed, text);
    if (changes->other_count > 0)
        text_append_format(text, ngettext(" · %zu other object", " · %zu other objects", changes->other_count),
                           changes->other_count);
}

void concerns_describe_calm(const struct scene *scene, const char **ret_word, unsigned *ret_style, struct text *text)
{
    const struct picture *picture = scene->picture;
    *ret_word = _("WAITING");
    *ret_style = STYLE_INFO;
    if (picture == NULL) {
        struct session_identity who = session_identity(scene->session);
        text_append_format(text, _("connecting to %s"), who.server[0] != '\0' ? who.server : _("the cluster"));
        return;
    }
    bool waiting = picture->history_part.state == PART_WAITING || picture->components_part.state == PART_WAITING ||
                   picture->databases_part.state == PART_WAITING || picture->events_part.state == PART_WAITING;
    for (size_t i = 0; i < picture->api_count; i++)
        waiting = waiting || picture->apis[i].part.state == PART_WAITING;
    if (waiting) {
        text_append(text, _("not everything has been heard yet"));
        return;
    }
    *ret_word = _("CALM");
    *ret_style = STYLE_GOOD;
    text_append(text, _("all that is watched is ready and as the live revision says"));
}
