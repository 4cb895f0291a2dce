#include "helm/judge.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "helm/description.h"
#include <stdlib.h>
#include <string.h>

#define LARGEST_LISTED 6 /* revisions that the reason names as passed over */

/* What is found out about one row beside what stands in it. */
struct finding {
    int to;             /* the revision that this one rolled back to; 0: it is no rollback */
    bool lost;          /* a rollback that failed, and where to is not known */
    bool left_behind;   /* a later rollback went past it */
    bool same_as_newer; /* a newer candidate has the same content, and was judged */
};

struct judge {
    struct helm_revision *rows;
    struct finding *findings;
    size_t count;
    size_t live, target; /* JUDGE_NONE: none */
    bool hopeful;        /* superseded records that are not decoded yet count as proven: which are worth decoding? */
};

static bool is_pending(const struct helm_revision *row)
{
    return text_starts(row->status, "pending-");
}

static enum description_kind description_of(const struct helm_revision *row)
{
    return row->record == NULL ? DESCRIPTION_OTHER : description_read(row->record->description);
}

static size_t find_row(const struct judge *judge, int revision)
{
    for (size_t i = 0; i < judge->count; i++)
        if (judge->rows[i].revision == revision)
            return i;
    return JUDGE_NONE;
}

/* A failed rollback's description does not tell its target any more (Helm 3), but it has the target's content. */
static size_t find_same_content(const struct judge *judge, size_t index)
{
    const struct helm_record *record = judge->rows[index].record;
    for (size_t i = index; i-- > 0;)
        if (judge->rows[i].record != NULL && text_equal(judge->rows[i].record->content_hash, record->content_hash))
            return i;
    return JUDGE_NONE;
}

/* A wait that fails says 'Release "x" failed' after a rollback, and after an installation, which nothing precedes. */
static bool is_failed_rollback(const struct judge *judge, size_t index)
{
    enum description_kind kind = description_of(&judge->rows[index]);
    return kind == DESCRIPTION_ROLLBACK_FAILED || (kind == DESCRIPTION_RELEASE_FAILED && index > 0);
}

static void find_rollback(struct judge *judge, size_t index)
{
    const struct helm_revision *row = &judge->rows[index];
    struct finding *finding = &judge->findings[index];
    if (row->record == NULL)
        return;
    if (row->record->rollback_to > 0 && row->record->rollback_to < row->revision) {
        finding->to = row->record->rollback_to;
        return;
    }
    if (!is_failed_rollback(judge, index))
        return;
    size_t same = find_same_content(judge, index);
    finding->lost = same == JUDGE_NONE;
    if (same != JUDGE_NONE)
        finding->to = judge->rows[same].revision;
}

/* Rows ascend, so the content of what a row goes back to is known before its own. */
static void find_contents(struct judge *judge)
{
    for (size_t i = 0; i < judge->count; i++) {
        find_rollback(judge, i);
        int to = judge->findings[i].to;
        size_t origin = to == 0 ? JUDGE_NONE : find_row(judge, to);
        judge->rows[i].content = to == 0                ? judge->rows[i].revision
                                 : origin == JUDGE_NONE ? to
                                                        : judge->rows[origin].content;
    }
}

static enum helm_proof proof_by_description(const struct judge *judge, size_t index)
{
    switch (description_of(&judge->rows[index])) {
    case DESCRIPTION_OTHER:
        break;
    case DESCRIPTION_ENDED:
        return HELM_PROOF_UNPROVEN;
    default:
        return HELM_PROOF_NO;
    }
    /* A rollback that fails while applying marks the record before it as superseded, whatever that was
     * (pkg/action/rollback.go). An upgrade's own words then tell whether it ended well; those of a rollback are the
     * same from its beginning. */
    bool next_failed =
        index + 1 < judge->count && description_of(&judge->rows[index + 1]) == DESCRIPTION_ROLLBACK_FAILED;
    return judge->findings[index].to > 0 && next_failed ? HELM_PROOF_UNPROVEN : HELM_PROOF_YES;
}

static enum helm_proof find_proof(const struct judge *judge, size_t index)
{
    const struct helm_revision *row = &judge->rows[index];
    if (text_equal(row->status, "deployed"))
        return HELM_PROOF_YES;
    if (text_equal(row->status, "failed") || is_pending(row))
        return HELM_PROOF_NO;
    if (!text_equal(row->status, "superseded") || row->error != NULL)
        return HELM_PROOF_UNPROVEN;
    if (row->record == NULL)
        return judge->hopeful ? HELM_PROOF_YES : HELM_PROOF_UNPROVEN;
    return proof_by_description(judge, index);
}

static size_t find_live(const struct judge *judge)
{
    for (size_t i = judge->count; i-- > 0;) {
        if (text_equal(judge->rows[i].status, "uninstalled"))
            return JUDGE_NONE;
        if (!text_equal(judge->rows[i].status, "failed") || description_of(&judge->rows[i]) != DESCRIPTION_NOT_APPLIED)
            return i;
    }
    return JUDGE_NONE;
}

/* A rollback leaves everything behind that stands between it and its target. When its target is lost, that is at least
 * the revision before it. */
static void mark_left_behind(struct judge *judge)
{
    for (size_t i = 1; i < judge->count; i++) {
        const struct finding *rollback = &judge->findings[i];
        int to = rollback->lost ? judge->rows[i - 1].revision - 1 : rollback->to;
        if (to == 0 && !rollback->lost)
            continue;
        for (size_t k = i; k-- > 0 && judge->rows[k].revision > to;)
            judge->findings[k].left_behind = true;
    }
}

/* The newest proven row of a content decides about all of its rows. */
static void mark_same_as_newer(struct judge *judge)
{
    for (size_t i = judge->live; i-- > 0;)
        for (size_t k = i + 1; k < judge->live && !judge->findings[i].same_as_newer; k++)
            judge->findings[i].same_as_newer = judge->rows[k].once_deployed == HELM_PROOF_YES &&
                                               judge->rows[k].error == NULL &&
                                               judge->rows[k].content == judge->rows[i].content;
}

/* Going back to what lives changes nothing, unless a rollback to it was left half done: then it is worth another try.
 */
static bool has_content_of_live(const struct judge *judge, size_t index)
{
    const struct helm_revision *live = &judge->rows[judge->live];
    bool half_done = is_pending(live) || description_of(live) == DESCRIPTION_ROLLBACK_FAILED;
    return !half_done && judge->rows[index].content == live->content;
}

static bool is_good(const struct judge *judge, size_t index)
{
    const struct helm_revision *row = &judge->rows[index];
    const struct finding *finding = &judge->findings[index];
    return row->once_deployed == HELM_PROOF_YES && row->error == NULL && !finding->left_behind &&
           !finding->same_as_newer && !has_content_of_live(judge, index);
}

static void decide(struct judge *judge)
{
    judge->findings = memory_new_array(judge->count + 1, sizeof *judge->findings);
    judge->live = JUDGE_NONE;
    judge->target = JUDGE_NONE;
    find_contents(judge);
    for (size_t i = 0; i < judge->count; i++)
        judge->rows[i].once_deployed = find_proof(judge, i);
    judge->live = find_live(judge);
    if (judge->live == JUDGE_NONE)
        return;
    mark_left_behind(judge);
    mark_same_as_newer(judge);
    for (size_t i = judge->live; i-- > 0 && judge->target == JUDGE_NONE;)
        if (is_good(judge, i))
            judge->target = i;
}

/* ---- the reason, in words ---- */

static const char *why_not(const struct judge *judge, size_t index)
{
    const struct helm_revision *row = &judge->rows[index];
    if (row->error != NULL)
        return _("cannot be read");
    if (row->once_deployed == HELM_PROOF_NO)
        return is_pending(row) ? _("never finished") : _("failed");
    if (judge->findings[index].left_behind)
        return _("rolled back from");
    if (row->once_deployed == HELM_PROOF_UNPROVEN)
        return _("unproven");
    return has_content_of_live(judge, index) ? _("the same content") : _("judged by its later rollback");
}

static void list_passed_over(const struct judge *judge, struct text *list)
{
    size_t listed = 0;
    size_t stop = judge->target == JUDGE_NONE ? 0 : judge->target + 1;
    for (size_t i = judge->live; i-- > stop; listed++) {
        if (listed == LARGEST_LISTED) {
            text_append(list, ", …");
            return;
        }
        text_append_format(list, "%s%d (%s)", listed == 0 ? "" : ", ", judge->rows[i].revision, why_not(judge, i));
    }
}

static char *explain_nothing_lives(const struct judge *judge)
{
    if (judge->count == 0)
        return memory_text(_("The release has no revisions."));
    const struct helm_revision *newest = &judge->rows[judge->count - 1];
    if (text_equal(newest->status, "uninstalled"))
        return memory_format(_("Revision %d was uninstalled: nothing of the release is left to roll back."),
                             newest->revision);
    return memory_format(_("Nothing lives: revision %d failed before anything was applied."), newest->revision);
}

static char *explain(const struct judge *judge)
{
    if (judge->live == JUDGE_NONE)
        return explain_nothing_lives(judge);
    const struct helm_revision *live = &judge->rows[judge->live];
    if (judge->live == 0)
        return memory_format(_("Revision %d is the earliest that is kept: there is nothing to go back to."),
                             live->revision);
    struct text reason = {0};
    if (judge->target == JUDGE_NONE) {
        text_append_format(&reason, _("No revision before %d has proof that it was once deployed and is still good"),
                           live->revision);
    } else {
        const struct helm_revision *target = &judge->rows[judge->target];
        text_append_format(&reason, _("Revision %d is the newest before %d with proof that it was deployed"),
                           target->revision, live->revision);
        if (target->content != target->revision)
            text_append_format(&reason, _(", with the content of %d"), target->content);
    }
    struct text list = {0};
    list_passed_over(judge, &list);
    if (list.size > 0)
        text_append_format(&reason, _("; passed over: %s"), text_peek(&list));
    text_append_char(&reason, '.');
    text_release(&list);
    if (live->error != NULL)
        text_append_format(&reason,
                           _(" Revision %d, which lives, cannot be read: make sure that it was no rollback itself."),
                           live->revision);
    return text_steal(&reason);
}

/* ---- from outside ---- */

void helm_history_judge(struct helm_revision *rows, size_t count, char **ret_reason)
{
    struct judge judge = {.rows = rows, .count = count};
    decide(&judge);
    for (size_t i = 0; i < count; i++) {
        rows[i].live = i == judge.live;
        rows[i].target = i == judge.target;
    }
    *ret_reason = explain(&judge);
    free(judge.findings);
}

static bool is_undecoded(const struct helm_revision *row)
{
    return row->record == NULL && row->error == NULL;
}

void judge_plan_make(const struct helm_revision *rows, size_t count, struct judge_plan *plan)
{
    CLEANUP_FREE struct helm_revision *copy = memory_new_array(count + 1, sizeof *copy);
    if (count > 0)
        memcpy(copy, rows, count * sizeof *rows);
    struct judge judge = {.rows = copy, .count = count, .hopeful = true};
    decide(&judge);
    /* Everything down to the target may tell of a rollback; without a target, everything may become one. */
    size_t stop = judge.live == JUDGE_NONE ? count : judge.target == JUDGE_NONE ? 0 : judge.target;
    bool *matters = plan->needed;
    for (size_t i = 0; i < count; i++)
        matters[i] = i >= stop;
    for (size_t i = count; i-- > 0;) {
        /* Where a rollback went tells its content; where a lost one went may stand in any earlier record. */
        size_t origin = matters[i] && judge.findings[i].to > 0 ? find_row(&judge, judge.findings[i].to) : JUDGE_NONE;
        if (origin != JUDGE_NONE)
            matters[origin] = true;
        for (size_t k = 0; matters[i] && judge.findings[i].lost && k < i; k++)
            matters[k] = true;
    }
    for (size_t i = 0; i < count; i++)
        plan->needed[i] = matters[i] && is_undecoded(&rows[i]);
    plan->live = judge.live;
    plan->target = judge.target;
    free(judge.findings);
}
