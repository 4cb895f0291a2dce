/* diff: the manifests of two revisions, or of the live one and what lives, object by object. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "command/command.h"
#include "command/gather.h"
#include "command/output.h"
#include "situation/object_diff.h"
#include <stdlib.h>
#include <string.h>

enum { CONTEXT_LINES = 3 };

struct difference {
    bool done;
    struct object_diffs *objects;
    int from, to;
    struct error error;
};

static void compared(struct object_diffs *objects, int from, int to, const struct error *error, void *context)
{
    struct difference *difference = context;
    difference->objects = objects;
    difference->from = from;
    difference->to = to;
    if (error != NULL)
        error_copy(&difference->error, error);
    difference->done = true;
}

static json_t *to_json(const struct difference *difference, bool live)
{
    json_t *objects = json_array();
    for (size_t i = 0; i < difference->objects->count; i++) {
        struct object_diffs one = {.objects = &difference->objects->objects[i], .count = 1};
        const struct object_diff *object = one.objects;
        CLEANUP_FREE char *unified = object_diffs_unified(&one, "from", "to", CONTEXT_LINES);
        json_array_append_new(objects, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "apiVersion", object->api_version, "kind", object->kind,
                                                 "namespace", object->namespace, "name", object->name, "change",
                                                 change_kind_name(object->change), "diff", unified));
    }
    return json_pack("{s:i, s:o, s:o}", "from", difference->from, "to", live ? json_string("live") : json_integer(difference->to), "objects",
                     objects);
}

static enum output_mark mark_of(const char *line)
{
    if (text_starts(line, "+++") || text_starts(line, "---"))
        return OUTPUT_STRONG;
    return line[0] == '+' ? OUTPUT_GOOD : line[0] == '-' ? OUTPUT_ALARM : line[0] == '@' ? OUTPUT_PLACE : OUTPUT_PLAIN;
}

static void print(struct output *output, const struct difference *difference, bool live)
{
    CLEANUP_FREE char *from = memory_format(_("revision %d"), difference->from);
    CLEANUP_FREE char *to = live ? memory_text(_("live")) : memory_format(_("revision %d"), difference->to);
    if (difference->objects->count == 0) {
        output_line(output, _("No object differs between %s and %s."), from, to);
        return;
    }
    CLEANUP_FREE char *unified = object_diffs_unified(difference->objects, from, to, CONTEXT_LINES);
    char *rest = unified;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
        if (rest == NULL && line[0] == '\0')
            break;
        output_marked_line(output, mark_of(line), line);
    }
}

static bool read_revisions(const struct command_run *run, struct session_options *options, struct error *error)
{
    const char *from = command_line_argument(run->line, 0);
    const char *to = command_line_argument(run->line, 1);
    if (from != NULL && !command_parse_revision(from, &options->from, error))
        return false;
    if (to != NULL && command_line_has(run->line, "live"))
        return error_set(error, ERROR_USAGE, _("--live compares one revision with what lives; two were named"));
    return to == NULL || command_parse_revision(to, &options->to, error);
}

static bool run(struct command_run *run, struct error *error)
{
    bool live = command_line_has(run->line, "live");
    struct session_options options = {.wants = SITUATION_HISTORY};
    struct session *session = NULL;
    if (!read_revisions(run, &options, error) || !gather(run, &options, &session, error))
        return false;
    struct difference difference = {0};
    bool ok = gather_part(&session_picture(session)->history_part, error);
    if (ok) {
        situation_diff_start(session_situation(session), options.from, options.to, live, compared, &difference);
        while (!difference.done)
            loop_run_until(run->loop, &difference.done, INT64_MAX / 4);
        ok = difference.error.code == ERROR_NONE;
        error_move(error, &difference.error);
    }
    if (ok && run->output->json)
        ok = output_json(run->output, to_json(&difference, live), false, error);
    else if (ok)
        print(run->output, &difference, live);
    object_diffs_free(difference.objects);
    session_close(session);
    return ok;
}

static const struct command_option options[] = {
    {"live", 0, NULL, false, N_("compare the manifest with what lives: shows drift")},
    {0},
};

const struct command command_diff = {
    .name = "diff",
    .arguments = "[A [B]]",
    .argument_maximum = 2,
    .summary = N_("show what differs between two revisions (default: the live one and the target)"),
    .options = options,
    .run = run,
};
