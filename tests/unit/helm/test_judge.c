#include "base/memory.h"
#include "base/text.h"
#include "helm/history.h"
#include "helm/judge.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_judge(void);

#define ROWS 12

#define INSTALLED       "Install complete"
#define UPGRADED        "Upgrade complete"
#define UPGRADE_FAILED  "Upgrade \"x\" failed: cannot patch"
#define RELEASE_FAILED  "Release \"x\" failed: timed out waiting for the condition"
#define ROLLBACK_FAILED "Rollback \"x\" failed: no matches for kind"
#define DAMAGED         "!"
#define UNDECODED       "?"

/* What a history says, and what is expected of it. `same` is a revision with the same content hash; `restored` Helm 4's
 * rollback_revision. */
struct row {
    int revision;
    const char *status;
    const char *description;
    int same;
    int restored;
};

struct story {
    const char *title;
    struct row rows[ROWS]; /* ends with revision 0 */
    int live;
    int target;
    const char *proofs;   /* a letter a row: y(es), n(o), u(nproven) */
    const char *contents; /* "revision=content" of rows with another's content */
};

static const struct story stories[] = {
    {"nothing", {{0}}, 0, 0, "", ""},
    {"the first installation", {{1, "deployed", INSTALLED, 0, 0}}, 1, 0, "y", ""},
    {"an installation under way", {{1, "pending-install", "Initial install underway", 0, 0}}, 1, 0, "n", ""},
    {"a failed installation", {{1, "failed", RELEASE_FAILED, 0, 0}}, 1, 0, "n", ""},
    {"an installation that failed before it applied anything",
     {{1, "failed", "Release \"x\" failed: failed pre-install: job", 0, 0}},
     0,
     0,
     "n",
     ""},
    {"a failed revision between",
     {{1, "superseded", INSTALLED, 0, 0},
      {2, "superseded", UPGRADED, 0, 0},
      {3, "failed", UPGRADE_FAILED, 0, 0},
      {4, "deployed", UPGRADED, 0, 0}},
     4,
     2,
     "yyny",
     ""},
    {"a failed upgrade over the deployed revision",
     {{1, "superseded", INSTALLED, 0, 0}, {2, "deployed", UPGRADED, 0, 0}, {3, "failed", UPGRADE_FAILED, 0, 0}},
     3,
     2,
     "yyn",
     ""},
    {"a failed upgrade that applied nothing",
     {{1, "superseded", INSTALLED, 0, 0},
      {2, "deployed", UPGRADED, 0, 0},
      {3, "failed", "Upgrade \"x\" failed: pre-upgrade hooks failed: job", 0, 0}},
     2,
     1,
     "yyn",
     ""},
    {"an upgrade under way",
     {{1, "superseded", INSTALLED, 0, 0},
      {2, "deployed", UPGRADED, 0, 0},
      {3, "pending-upgrade", "Preparing upgrade", 0, 0}},
     3,
     2,
     "yyn",
     ""},
    {"rolled back: not to what was rolled back from",
     {{3, "superseded", UPGRADED, 0, 0},
      {4, "superseded", UPGRADED, 0, 0},
      {5, "superseded", UPGRADED, 0, 0},
      {6, "deployed", "Rollback to 4", 0, 0}},
     6,
     3,
     "yyyy",
     "6=4"},
    {"rolled back, and from there again",
     {{1, "superseded", INSTALLED, 0, 0},
      {2, "superseded", UPGRADED, 0, 0},
      {3, "failed", UPGRADE_FAILED, 0, 0},
      {4, "superseded", UPGRADED, 0, 0},
      {5, "superseded", UPGRADED, 0, 0},
      {6, "superseded", "Rollback to 4", 0, 0},
      {7, "deployed", "Rollback to 2", 0, 0}},
     7,
     1,
     "yynyyyy",
     "6=4 7=2"},
    {"rolled back, then upgraded",
     {{4, "superseded", UPGRADED, 0, 0},
      {5, "superseded", UPGRADED, 0, 0},
      {6, "superseded", "Rollback to 4", 0, 0},
      {7, "deployed", UPGRADED, 0, 0}},
     7,
     6,
     "yyyy",
     "6=4"},
    {"rolled back, upgraded badly, rolled back to the rollback",
     {{3, "superseded", UPGRADED, 0, 0},
      {4, "superseded", UPGRADED, 0, 0},
      {5, "superseded", UPGRADED, 0, 0},
      {6, "superseded", "Rollback to 4", 0, 0},
      {7, "superseded", UPGRADED, 0, 0},
      {8, "deployed", "Rollback to 6", 0, 0}},
     8,
     3,
     "yyyyyy",
     "6=4 8=4"},
    {"what was rolled back from is good again once somebody went back to it",
     {{4, "superseded", UPGRADED, 0, 0},
      {5, "superseded", UPGRADED, 0, 0},
      {6, "superseded", "Rollback to 4", 0, 0},
      {7, "superseded", "Rollback to 5", 0, 0},
      {8, "deployed", UPGRADED, 0, 0}},
     8,
     7,
     "yyyyy",
     "6=4 7=5"},
    {"a rollback that passed over a good revision",
     {{3, "superseded", UPGRADED, 0, 0},
      {4, "superseded", UPGRADED, 0, 0},
      {5, "superseded", UPGRADED, 0, 0},
      {6, "failed", UPGRADE_FAILED, 0, 0},
      {7, "deployed", "Rollback to 4", 0, 0}},
     7,
     3,
     "yyyny",
     "7=4"},
    {"a rollback under way is finished, not undone",
     {{4, "superseded", UPGRADED, 0, 0},
      {5, "deployed", UPGRADED, 0, 0},
      {6, "pending-rollback", "Rollback to 4", 0, 0}},
     6,
     4,
     "yyn",
     "6=4"},
    {"a rollback that failed while applying, told by its content",
     {{3, "superseded", UPGRADED, 0, 0},
      {4, "superseded", UPGRADED, 0, 0},
      {5, "superseded", UPGRADED, 0, 0},
      {6, "failed", ROLLBACK_FAILED, 4, 0}},
     6,
     4,
     "yyyn",
     "6=4"},
    {"a rollback that failed while waiting has applied everything",
     {{2, "superseded", UPGRADED, 0, 0},
      {3, "superseded", UPGRADED, 0, 0},
      {4, "superseded", UPGRADED, 0, 0},
      {5, "deployed", UPGRADED, 0, 0},
      {6, "failed", RELEASE_FAILED, 3, 0}},
     6,
     2,
     "yyyyn",
     "6=3"},
    {"a failed rollback to a revision that is gone",
     {{3, "superseded", UPGRADED, 0, 0},
      {4, "superseded", UPGRADED, 0, 0},
      {5, "superseded", UPGRADED, 0, 0},
      {6, "failed", ROLLBACK_FAILED, 0, 0}},
     6,
     4,
     "yyyn",
     ""},
    {"a failed rollback of Helm 4",
     {{3, "superseded", UPGRADED, 0, 0},
      {4, "superseded", UPGRADED, 0, 0},
      {5, "superseded", UPGRADED, 0, 0},
      {6, "failed", ROLLBACK_FAILED, 0, 3}},
     6,
     3,
     "yyyn",
     "6=3"},
    {"a rollback in a person's own words",
     {{3, "superseded", UPGRADED, 0, 0},
      {4, "superseded", UPGRADED, 0, 0},
      {5, "superseded", UPGRADED, 0, 0},
      {6, "deployed", "INC-7", 0, 4}},
     6,
     3,
     "yyyy",
     "6=4"},
    {"a failed rollback, then back to where it came from",
     {{4, "superseded", UPGRADED, 0, 0},
      {5, "superseded", UPGRADED, 0, 0},
      {6, "failed", ROLLBACK_FAILED, 4, 0},
      {7, "deployed", "Rollback to 5", 0, 0}},
     7,
     4,
     "yyny",
     "6=4 7=5"},
    {"an atomic upgrade that failed and was rolled back",
     {{1, "superseded", INSTALLED, 0, 0},
      {2, "superseded", UPGRADED, 0, 0},
      {3, "failed", UPGRADE_FAILED, 0, 0},
      {4, "deployed", "Rollback to 2", 0, 0}},
     4,
     1,
     "yyny",
     "4=2"},
    {"superseded after a failed installation",
     {{1, "superseded", RELEASE_FAILED, 0, 0}, {2, "deployed", UPGRADED, 0, 0}},
     2,
     0,
     "ny",
     ""},
    {"superseded after a failed upgrade, by a failed rollback",
     {{1, "superseded", INSTALLED, 0, 0},
      {2, "superseded", UPGRADE_FAILED, 0, 0},
      {3, "failed", ROLLBACK_FAILED, 1, 0}},
     3,
     1,
     "ynn",
     "3=1"},
    {"superseded while it was still pending",
     {{1, "superseded", INSTALLED, 0, 0},
      {2, "superseded", "Preparing upgrade", 0, 0},
      {3, "failed", ROLLBACK_FAILED, 1, 0}},
     3,
     1,
     "ynn",
     "3=1"},
    {"a rollback that was superseded by a failed one may never have ended",
     {{3, "superseded", UPGRADED, 0, 0},
      {4, "superseded", UPGRADED, 0, 0},
      {5, "superseded", UPGRADED, 0, 0},
      {6, "superseded", "Rollback to 4", 0, 0},
      {7, "failed", ROLLBACK_FAILED, 3, 0}},
     7,
     3,
     "yyyun",
     "6=4 7=3"},
    {"several deployed",
     {{3, "deployed", UPGRADED, 0, 0}, {4, "deployed", UPGRADED, 0, 0}, {5, "deployed", UPGRADED, 0, 0}},
     5,
     4,
     "yyy",
     ""},
    {"nothing is deployed", {{3, "superseded", UPGRADED, 0, 0}, {4, "superseded", UPGRADED, 0, 0}}, 4, 3, "yy", ""},
    {"uninstalled with its history kept",
     {{1, "superseded", INSTALLED, 0, 0}, {2, "uninstalled", "Uninstallation complete", 0, 0}},
     0,
     0,
     "yu",
     ""},
    {"an uninstallation under way",
     {{1, "superseded", INSTALLED, 0, 0}, {2, "uninstalling", "Deletion in progress (or silently failed)", 0, 0}},
     2,
     1,
     "yu",
     ""},
    {"rolled back after an uninstallation",
     {{1, "superseded", INSTALLED, 0, 0},
      {2, "uninstalled", "Uninstallation complete", 0, 0},
      {3, "deployed", "Rollback to 1", 0, 0}},
     3,
     0,
     "yuy",
     "3=1"},
    {"installed again over an uninstalled one",
     {{1, "superseded", INSTALLED, 0, 0},
      {2, "superseded", "superseded by new release", 0, 0},
      {3, "deployed", INSTALLED, 0, 0}},
     3,
     1,
     "yuy",
     ""},
    {"an unknown status may have applied objects",
     {{1, "superseded", INSTALLED, 0, 0}, {2, "unknown", "", 0, 0}, {3, "", "", 0, 0}},
     3,
     1,
     "yuu",
     ""},
    {"a damaged record between",
     {{2, "superseded", UPGRADED, 0, 0},
      {3, "failed", UPGRADE_FAILED, 0, 0},
      {4, "superseded", DAMAGED, 0, 0},
      {5, "deployed", UPGRADED, 0, 0}},
     5,
     2,
     "ynuy",
     ""},
    {"a damaged record that was deployed cannot be gone back to",
     {{2, "superseded", UPGRADED, 0, 0}, {4, "deployed", DAMAGED, 0, 0}, {5, "failed", UPGRADE_FAILED, 0, 0}},
     5,
     2,
     "yyn",
     ""},
    {"a damaged record that lives",
     {{3, "superseded", UPGRADED, 0, 0}, {4, "superseded", UPGRADED, 0, 0}, {5, "deployed", DAMAGED, 0, 0}},
     5,
     4,
     "yyy",
     ""},
    {"all damaged", {{4, "superseded", DAMAGED, 0, 0}, {5, "deployed", DAMAGED, 0, 0}}, 5, 0, "uy", ""},
    {"gaps, and a rollback to a revision that is gone",
     {{8, "superseded", UPGRADED, 0, 0},
      {11, "failed", UPGRADE_FAILED, 0, 0},
      {12, "superseded", "Rollback to 3", 0, 0},
      {15, "deployed", UPGRADED, 0, 0}},
     15,
     12,
     "ynyy",
     "12=3"},
    {"nothing good is left behind a rollback to a revision that is gone",
     {{8, "superseded", UPGRADED, 0, 0}, {9, "deployed", "Rollback to 3", 0, 0}},
     9,
     0,
     "yy",
     "9=3"},
    {"a rollback that names itself or the future is none",
     {{1, "superseded", INSTALLED, 0, 0},
      {2, "superseded", "Rollback to 2", 0, 0},
      {3, "deployed", "Rollback to 9", 0, 0}},
     3,
     2,
     "yyy",
     ""},
    {"nothing is decoded yet", {{4, "superseded", UNDECODED, 0, 0}, {5, "deployed", UNDECODED, 0, 0}}, 5, 0, "uy", ""},
};

/* A history made of a story's rows. */
struct made {
    struct helm_revision rows[ROWS];
    struct helm_record records[ROWS];
    size_t count;
};

static int rollback_of(const struct row *row)
{
    return row->restored > 0                               ? row->restored
           : text_starts(row->description, "Rollback to ") ? atoi(row->description + 12)
                                                           : 0;
}

static void make(const struct story *story, struct made *made)
{
    *made = (struct made){0};
    for (size_t i = 0; i < ROWS && story->rows[i].revision > 0; i++) {
        const struct row *row = &story->rows[i];
        struct helm_record *record = &made->records[i];
        bool damaged = text_equal(row->description, DAMAGED);
        made->rows[i] = (struct helm_revision){
            .revision = row->revision, .status = row->status, .error = damaged ? "damaged" : NULL};
        made->count++;
        if (damaged || text_equal(row->description, UNDECODED))
            continue;
        record->description = (char *)row->description;
        record->rollback_to = rollback_of(row);
        snprintf(record->content_hash, sizeof record->content_hash, "content of %d",
                 row->same > 0 ? row->same : row->revision);
        made->rows[i].record = record;
    }
}

static int flagged(const struct made *made, bool live)
{
    int found = 0;
    for (size_t i = 0; i < made->count; i++) {
        if (live ? !made->rows[i].live : !made->rows[i].target)
            continue;
        ck_assert_int_eq(found, 0);
        found = made->rows[i].revision;
    }
    return found;
}

START_TEST(live_and_target)
{
    const struct story *story = &stories[_i];
    struct made made;
    make(story, &made);
    CLEANUP_FREE char *reason = NULL;
    helm_history_judge(made.rows, made.count, &reason);
    ck_assert_msg(flagged(&made, true) == story->live, "%s: %d lives", story->title, flagged(&made, true));
    ck_assert_msg(flagged(&made, false) == story->target, "%s: %d is the target; %s", story->title,
                  flagged(&made, false), reason);
    ck_assert_uint_eq(strlen(story->proofs), made.count);
    struct text contents = {0};
    for (size_t i = 0; i < made.count; i++) {
        ck_assert_msg(helm_proof_name(made.rows[i].once_deployed)[0] == story->proofs[i], "%s: revision %d is %s",
                      story->title, made.rows[i].revision, helm_proof_name(made.rows[i].once_deployed));
        if (made.rows[i].content != made.rows[i].revision)
            text_append_format(&contents, "%s%d=%d", contents.size > 0 ? " " : "", made.rows[i].revision,
                               made.rows[i].content);
    }
    ck_assert_msg(text_equal(text_peek(&contents), story->contents), "%s: %s", story->title, text_peek(&contents));
    text_release(&contents);
    ck_assert_msg(text_ends(reason, "."), "%s", reason);
}
END_TEST

/* Decoding what the plan asks for, and nothing else, leads to the same answer. */
START_TEST(the_plan_finds_the_same)
{
    const struct story *story = &stories[_i];
    struct made all;
    make(story, &all);
    struct made made = all;
    for (size_t i = 0; i < made.count; i++)
        made.rows[i].record = NULL;
    bool needed[ROWS] = {false};
    struct judge_plan plan = {.needed = needed};
    for (bool missing = true; missing;) {
        missing = false;
        judge_plan_make(made.rows, made.count, &plan);
        for (size_t i = 0; i < made.count; i++) {
            if (!needed[i] || all.rows[i].record == NULL)
                continue;
            ck_assert_ptr_null(made.rows[i].record);
            made.rows[i].record = &all.records[i];
            missing = true;
        }
    }
    CLEANUP_FREE char *reason = NULL;
    helm_history_judge(made.rows, made.count, &reason);
    ck_assert_msg(flagged(&made, true) == story->live && flagged(&made, false) == story->target, "%s: %d to %d; %s",
                  story->title, flagged(&made, true), flagged(&made, false), reason);
    if (text_equal(story->title, "nothing is decoded yet"))
        return;
    ck_assert_int_eq(plan.live == JUDGE_NONE ? 0 : made.rows[plan.live].revision, story->live);
    ck_assert_int_eq(plan.target == JUDGE_NONE ? 0 : made.rows[plan.target].revision, story->target);
}
END_TEST

START_TEST(only_what_matters_is_decoded)
{
    struct story story = {.rows = {{1, "superseded", UNDECODED, 0, 0},
                                   {2, "superseded", UNDECODED, 0, 0},
                                   {3, "failed", UNDECODED, 0, 0},
                                   {4, "superseded", UNDECODED, 0, 0},
                                   {5, "deployed", UNDECODED, 0, 0}}};
    struct made made;
    make(&story, &made);
    bool needed[ROWS] = {false};
    struct judge_plan plan = {.needed = needed};
    judge_plan_make(made.rows, made.count, &plan);
    ck_assert_uint_eq(plan.live, 4);
    ck_assert_uint_eq(plan.target, 3);
    ck_assert(!needed[0] && !needed[1] && !needed[2] && needed[3] && needed[4]);
}
END_TEST

static void assert_reason(const char *title, const char *expected)
{
    for (size_t i = 0; i < LENGTH_OF(stories); i++) {
        if (!text_equal(stories[i].title, title))
            continue;
        struct made made;
        make(&stories[i], &made);
        CLEANUP_FREE char *reason = NULL;
        helm_history_judge(made.rows, made.count, &reason);
        ck_assert_str_eq(reason, expected);
        return;
    }
    ck_abort_msg("no story '%s'", title);
}

START_TEST(reasons_are_sentences)
{
    assert_reason("nothing", "The release has no revisions.");
    assert_reason("the first installation", "Revision 1 is the earliest that is kept: there is nothing to go back to.");
    assert_reason("an installation that failed before it applied anything",
                  "Nothing lives: revision 1 failed before anything was applied.");
    assert_reason("uninstalled with its history kept",
                  "Revision 2 was uninstalled: nothing of the release is left to roll back.");
    assert_reason("a failed revision between",
                  "Revision 2 is the newest before 4 with proof that it was deployed; passed over: 3 (failed).");
    assert_reason("rolled back, then upgraded",
                  "Revision 6 is the newest before 7 with proof that it was deployed, with the content of 4.");
    assert_reason("rolled back: not to what was rolled back from",
                  "Revision 3 is the newest before 6 with proof that it was deployed; passed over: 5 (rolled back "
                  "from), 4 (the same content).");
    assert_reason(
        "superseded after a failed installation",
        "No revision before 2 has proof that it was once deployed and is still good; passed over: 1 (failed).");
    assert_reason("a damaged record that lives",
                  "Revision 4 is the newest before 5 with proof that it was deployed. Revision 5, which lives, "
                  "cannot be read: make sure that it was no rollback itself.");
    assert_reason("a damaged record between", "Revision 2 is the newest before 5 with proof that it was deployed; "
                                              "passed over: 4 (cannot be read), 3 (failed).");
}
END_TEST

START_TEST(a_long_history_is_judged_at_once)
{
    enum { MANY = 3000 };
    struct helm_revision *rows = memory_new_array(MANY, sizeof *rows);
    struct helm_record record = {.description = (char *)UPGRADE_FAILED};
    for (int i = 0; i < MANY; i++)
        rows[i] = (struct helm_revision){.revision = i + 1, .status = "failed", .record = &record};
    CLEANUP_FREE char *reason = NULL;
    helm_history_judge(rows, MANY, &reason);
    ck_assert(rows[MANY - 1].live);
    ck_assert_msg(text_ends(reason, ", …."), "%s", reason);
    free(rows);
}
END_TEST

Suite *suite_judge(void)
{
    Suite *suite = suite_create("judge");
    TCase *tests = tcase_create("judge");
    tcase_add_loop_test(tests, live_and_target, 0, (int)LENGTH_OF(stories));
    tcase_add_loop_test(tests, the_plan_finds_the_same, 0, (int)LENGTH_OF(stories));
    tcase_add_test(tests, only_what_matters_is_decoded);
    tcase_add_test(tests, reasons_are_sentences);
    tcase_add_test(tests, a_long_history_is_judged_at_once);
    suite_add_tcase(suite, tests);
    return suite;
}
