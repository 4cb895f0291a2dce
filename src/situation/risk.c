#include "situation/risk.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "situation/image.h"
#include "situation/versions.h"
#include <stdlib.h>
#include <string.h>

struct verdict {
    enum risk risk;
    char *reason; /* NULL: nothing to say */
};

const char *risk_name(enum risk risk)
{
    static const char *const names[] = {"low", "medium", "high", "unknown"};
    return names[risk];
}

enum risk risk_worse(enum risk a, enum risk b)
{
    static const int ranks[] = {[RISK_LOW] = 0, [RISK_MEDIUM] = 1, [RISK_UNKNOWN] = 2, [RISK_HIGH] = 3};
    return ranks[a] >= ranks[b] ? a : b;
}

/* ---- verdicts ---- */

/* Joins the two reasons and keeps the worse risk; takes `verdict`'s reason. */
static void join(struct verdict *total, struct verdict verdict)
{
    if (verdict.reason == NULL)
        return;
    char *joined =
        total->reason == NULL ? memory_text(verdict.reason) : memory_format("%s; %s", total->reason, verdict.reason);
    total->risk = total->reason == NULL ? verdict.risk : risk_worse(total->risk, verdict.risk);
    free(total->reason);
    free(verdict.reason);
    total->reason = joined;
}

static struct verdict unknown_tags(const char *from, const char *to)
{
    CLEANUP_FREE char *raw = memory_format("%s → %s", *from != '\0' ? from : "-", *to != '\0' ? to : "-");
    CLEANUP_FREE char *steps = text_clean(raw, false, 200);
    return (struct verdict){RISK_UNKNOWN,
                            memory_format(_("%s: these tags are no versions that can be compared"), steps)};
}

/* ---- one part of a version ---- */

/* What a step means when the playbook says nothing of it. Classes by the place that differs: same, patch, minor, major.
 */
struct scale {
    const char *part; /* as playbooks name it */
    const char *title;
    struct {
        enum risk risk;
        const char *name;
    } classes[4];
};

static const struct scale scales[] = {
    {"version",
     N_("version"),
     {{RISK_LOW, N_("same version")},
      {RISK_LOW, N_("patch version")},
      {RISK_MEDIUM, N_("minor version")},
      {RISK_HIGH, N_("major version")}}},
    {"postgres",
     N_("PostgreSQL"),
     {{RISK_LOW, N_("same version")},
      {RISK_MEDIUM, N_("minor version (rolling)")},
      {RISK_MEDIUM, N_("minor version (rolling)")},
      {RISK_HIGH, N_("major version (blue-green or restore, never a plain rollback)")}}},
    {"extension",
     N_("extension"),
     {{RISK_LOW, N_("compatible")},
      {RISK_LOW, N_("compatible")},
      {RISK_MEDIUM, N_("enhanced")},
      {RISK_HIGH, N_("breaking")}}},
};
enum { SCALE_VERSION, SCALE_POSTGRES, SCALE_EXTENSION };

static bool read_risk(const char *word, enum risk *ret_risk)
{
    for (enum risk risk = RISK_LOW; risk <= RISK_HIGH; risk++) {
        if (text_equal(word, risk_name(risk))) {
            *ret_risk = risk;
            return true;
        }
    }
    return false;
}

static struct verdict of_class(const struct playbook_component *component, const struct scale *scale,
                               enum version_step step, const char *from, const char *to)
{
    static const char *const changes[] = {"same", "patch", "minor", "major"};
    const struct playbook_upgrade *upgrade =
        component != NULL ? playbook_upgrade_find(component, scale->part, changes[step]) : NULL;
    enum risk risk = scale->classes[step].risk;
    CLEANUP_FREE char *name = NULL;
    if (upgrade != NULL && read_risk(upgrade->risk, &risk))
        name = upgrade->method != NULL ? memory_format("%s (%s)", upgrade->name, upgrade->method)
                                       : memory_text(upgrade->name);
    else
        name = memory_text(_(scale->classes[step].name));
    return (struct verdict){risk, memory_format("%s %s → %s: %s", _(scale->title), from, to, name)};
}

static struct verdict of_part(const struct component_identity *identity, int which, const char *from, const char *to)
{
    struct version before, after;
    if (from == NULL || to == NULL || !version_parse(from, &before) || !version_parse(to, &after))
        return unknown_tags(from != NULL ? from : "", to != NULL ? to : "");
    return of_class(identity->playbook, &scales[which], version_step(&before, &after), from, to);
}

/* "16.3-v1.3.0": PostgreSQL and its extension step apart. */
static struct verdict of_postgres_tag(const struct component_identity *identity, const char *from, const char *to)
{
    CLEANUP_FREE char *before = memory_text_part(from, strcspn(from, "-"));
    CLEANUP_FREE char *after = memory_text_part(to, strcspn(to, "-"));
    const char *old_extension = version_extension(from), *new_extension = version_extension(to);
    struct verdict verdict = of_part(identity, SCALE_POSTGRES, before, after);
    if (old_extension != NULL || new_extension != NULL)
        join(&verdict, of_part(identity, SCALE_EXTENSION, old_extension, new_extension));
    return verdict;
}

/* An operator of databases: a new image restarts every cluster, and it is made to go forward only. */
static struct verdict of_operator_tag(const struct component_identity *identity, const char *from, const char *to)
{
    struct version before, after;
    struct verdict verdict = of_part(identity, SCALE_VERSION, from, to);
    if (verdict.risk == RISK_UNKNOWN || !version_parse(from, &before) || !version_parse(to, &after))
        return verdict;
    enum version_step step = version_step(&before, &after);
    bool far_back = version_compare(&after, &before) < 0 && (step == VERSION_MINOR || step == VERSION_MAJOR);
    join(&verdict, (struct verdict){RISK_MEDIUM, memory_text(_("restarts every database cluster"))});
    if (far_back)
        join(&verdict, (struct verdict){RISK_HIGH, memory_text(_("this operator is not made to go back"))});
    return verdict;
}

/* ---- a component ---- */

static const char *scheme_of(const struct component_identity *identity)
{
    const char *scheme = identity->playbook != NULL ? identity->playbook->version_scheme : NULL;
    return scheme != NULL ? scheme : "plain";
}

/* One container's image; an image that moved to another place, or a tag that was pushed again, tells nothing about its
 * version. */
static struct verdict of_image(const struct component_identity *identity, const char *from, const char *to)
{
    if (text_equal(from, to))
        return (struct verdict){0};
    CLEANUP_FREE char *raw_before = image_tag(from);
    CLEANUP_FREE char *raw_after = image_tag(to);
    CLEANUP_FREE char *before = text_clean(raw_before, false, 100);
    CLEANUP_FREE char *after = text_clean(raw_after, false, 100);
    if (text_equal(before, after) && *before != '\0')
        return (struct verdict){RISK_UNKNOWN,
                                memory_format(_("the same tag %s of another repository or digest"), after)};
    if (text_equal(scheme_of(identity), "postgres-extension"))
        return of_postgres_tag(identity, before, after);
    if (text_equal(scheme_of(identity), "chart") && identity->restarts_clusters)
        return of_operator_tag(identity, before, after);
    return of_part(identity, SCALE_VERSION, before, after);
}

static const struct fingerprint_container *find_container(const struct fingerprint *fingerprint, const char *name)
{
    for (size_t i = 0; i < fingerprint->container_count; i++)
        if (text_equal(fingerprint->containers[i].name, name))
            return &fingerprint->containers[i];
    return NULL;
}

static struct verdict of_images(const struct component_change *change)
{
    struct verdict total = {0};
    for (size_t i = 0; i < change->from.container_count; i++) {
        const struct fingerprint_container *before = &change->from.containers[i];
        const struct fingerprint_container *after = find_container(&change->to, before->name);
        /* A renamed only container is the same component all the same. */
        if (after == NULL && i == 0 && change->to.container_count > 0)
            after = &change->to.containers[0];
        if (after != NULL)
            join(&total, of_image(&change->identity, before->image, after->image));
    }
    return total;
}

static struct verdict of_change(const struct component_change *change)
{
    bool stateful = change->identity.stateful;
    switch (change->change) {
    case CHANGE_SAME:
        return (struct verdict){RISK_LOW, memory_text(_("nothing of it changes"))};
    case CHANGE_UNKNOWN:
        return (struct verdict){RISK_UNKNOWN, memory_text(_("what changes is not known"))};
    case CHANGE_ADDED:
        return (struct verdict){stateful ? RISK_HIGH : RISK_MEDIUM, memory_text(_("it would be created"))};
    case CHANGE_REMOVED:
        return (struct verdict){stateful ? RISK_HIGH : RISK_MEDIUM, memory_text(_("it would be removed"))};
    case CHANGE_CHANGED:
        break;
    }
    struct verdict verdict = of_images(change);
    if (verdict.reason == NULL)
        verdict = (struct verdict){stateful ? RISK_MEDIUM : RISK_LOW,
                                   memory_text(_("configuration alone: its pods restart"))};
    else if (stateful)
        verdict.risk =
            risk_worse(verdict.risk, text_equal(scheme_of(&change->identity), "plain") ? RISK_MEDIUM : RISK_LOW);
    return verdict;
}

void risk_assess(struct component_change *change)
{
    struct verdict verdict = of_change(change);
    const struct playbook_component *playbook = change->identity.playbook;
    enum risk fixed;
    if (change->change == CHANGE_CHANGED && playbook != NULL && read_risk(playbook->risk, &fixed)) {
        char *reason = memory_format(_("%s; rated %s by the playbook"), verdict.reason, risk_name(fixed));
        free(verdict.reason);
        verdict = (struct verdict){fixed, reason};
    }
    free(change->risk_reason);
    change->risk = verdict.risk;
    change->risk_reason = verdict.reason;
}
