/* history: a release's revisions, which one lives and which one is proposed. */
#include "base/clock.h"
#include "base/i18n.h"
#include "command/command.h"
#include "command/gather.h"
#include "command/output.h"
#include "situation/json.h"

static void print_row(struct output_table *table, const struct picture_revision *revision)
{
    char updated[32];
    clock_format(revision->updated_ms, updated, sizeof updated);
    output_table_number(table, revision->revision);
    output_table_cell(table, revision->live ? OUTPUT_STRONG : OUTPUT_PLAIN, revision->live ? _("lives") : revision->target ? _("target") : "");
    output_table_cell(table, revision->status[0] == 'f' ? OUTPUT_ALARM : OUTPUT_PLAIN, revision->status);
    output_table_cell(table, OUTPUT_PLAIN, revision->once_deployed);
    output_table_cell(table, OUTPUT_PLAIN, updated);
    output_table_cell(table, OUTPUT_PLAIN, revision->chart);
    output_table_cell(table, OUTPUT_PLAIN, revision->app_version);
    output_table_cell(table, revision->error != NULL ? OUTPUT_ALARM : OUTPUT_PLAIN,
                      revision->error != NULL ? revision->error : revision->description);
}

static void print(struct output *output, const struct picture *picture)
{
    const char *const titles[] = {_("REVISION"), "", _("STATUS"), _("WORKED ONCE"), _("UPDATED"), _("CHART"), _("APP VERSION"), _("DESCRIPTION")};
    struct output_table *table = output_table_new(8);
    for (size_t i = 0; i < 8; i++)
        output_table_cell(table, OUTPUT_STRONG, i == 1 ? " " : titles[i]);
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
