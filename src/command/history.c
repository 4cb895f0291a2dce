/* history: a release's revisions, which one lives and which one is proposed. */
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "command/command.h"
#include "command/gather.h"
#include "command/output.h"
#include "situation/json.h"

/* "shop-1.2.0", with the application's version only where that is another. */
static char *chart_of(const struct picture_revision *revision)
{
    const char *chart = revision->chart != NULL ? revision->chart : "";
    if (revision->app_version == NULL || revision->app_version[0] == '\0' || text_ends(chart, revision->app_version))
        return memory_text(chart);
    return memory_format(_("%s (app %s)"), chart, revision->app_version);
}

static void print_row(struct output_table *table, const struct picture_revision *revision)
{
    CLEANUP_FREE char *chart = chart_of(revision);
    char updated[32];
    clock_format(revision->updated_ms, updated, sizeof updated);
    output_table_number(table, revision->revision);
    output_table_cell(table, revision->live ? OUTPUT_STRONG : OUTPUT_PLAIN, revision->live ? _("lives") : revision->target ? _("target") : " ");
    output_table_cell(table, text_equal(revision->status, "failed") ? OUTPUT_ALARM : OUTPUT_PLAIN, revision->status);
    output_table_cell(table, OUTPUT_PLAIN, revision->once_deployed);
    output_table_cell(table, OUTPUT_PLAIN, updated);
    output_table_cell(table, OUTPUT_PLAIN, chart);
    output_table_cell(table, revision->error != NULL ? OUTPUT_ALARM : OUTPUT_PLAIN,
                      revision->error != NULL ? revision->error : revision->description);
}

static void print(struct output *output, const struct picture *picture)
{
    const char *const titles[] = {_("REVISION"), " ", _("STATUS"), _("WORKED"), _("UPDATED"), _("CHART"), _("DESCRIPTION")};
    struct output_table *table = output_table_new(LENGTH_OF(titles));
    for (size_t i = 0; i < LENGTH_OF(titles); i++)
        output_table_cell(table, OUTPUT_STRONG, titles[i]);
    output_table_right(table, 0);
    for (size_t i = 0; i < picture->revision_count; i++)
        print_row(table, &picture->revisions[i]);
    output_table_print(output, table);
    if (picture->target_reason != NULL && picture->target_reason[0] != '\0')
        output_line(output, "\n%s", picture->target_reason);
}

static bool run(struct command_run *run, struct error *error)
{
    struct session_options options = {.wants = SITUATION_HISTORY, .decode_all = true};
    struct session *session = NULL;
    if (!gather(run, &options, &session, error))
        return false;
    const struct picture *picture = session_picture(session);
    const struct session_identity identity = session_identity(session);
    bool ok = gather_part(&picture->history_part, error);
    if (ok && run->output->json)
        ok = output_json(run->output, situation_json_history(picture, identity.release, identity.namespace), false, error);
    else if (ok)
        print(run->output, picture);
    session_close(session);
    return ok;
}

const struct command command_history = {
    .name = "history",
    .arguments = "",
    .summary = N_("list the release's revisions: which lives, which one to go back to"),
    .run = run,
};
