/* playbook list | show NAME | lint FILE */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "command/command.h"
#include "command/output.h"
#include "playbook/library.h"

static json_t *list_to_json(const struct playbook_library *library)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < playbook_library_count(library); i++) {
        const struct playbook_library_entry *entry = playbook_library_at(library, i);
        json_t *row = json_pack("{s:s, s:s, s:s}", "name", entry->name, "title", entry->title, "file", entry->path);
        if (entry->error != NULL)
            json_object_set_new(row, "error", json_string(entry->error));
        json_array_append_new(rows, row);
    }
    return json_pack("{s:o}", "playbooks", rows);
}

static void print_list(struct output *output, const struct playbook_library *library)
{
    struct output_table *table = output_table_new(3);
    output_table_cell(table, OUTPUT_STRONG, _("NAME"));
    output_table_cell(table, OUTPUT_STRONG, _("TITLE"));
    output_table_cell(table, OUTPUT_STRONG, _("FILE"));
    for (size_t i = 0; i < playbook_library_count(library); i++) {
        const struct playbook_library_entry *entry = playbook_library_at(library, i);
        output_table_cell(table, OUTPUT_STRONG, entry->name);
        output_table_cell(table, entry->error != NULL ? OUTPUT_ALARM : OUTPUT_PLAIN, entry->error != NULL ? entry->error : entry->title);
        output_table_cell(table, OUTPUT_FAINT, entry->path);
    }
    output_table_print(output, table);
}

static bool list(struct command_run *run, struct error *error)
{
    struct playbook_library *library = playbook_library_load();
    bool ok = true;
    if (run->output->json)
        ok = output_json(run->output, list_to_json(library), false, error);
    else
        print_list(run->output, library);
    playbook_library_free(library);
    return ok;
}

static bool show(struct command_run *run, const char *name, struct error *error)
{
    struct playbook_library *library = playbook_library_load();
    const struct playbook *playbook = NULL;
    bool ok = playbook_library_find(library, name, &playbook, error);
    if (ok)
        ok = output_json(run->output, json_incref(playbook->tree), false, error);
    playbook_library_free(library);
    return ok;
}

static json_t *mistakes_to_json(const struct playbook_mistakes *mistakes)
{
    json_t *texts = json_array();
    for (size_t i = 0; i < mistakes->count; i++)
        json_array_append_new(texts, json_string(mistakes->texts[i]));
    return texts;
}

static json_t *lint_to_json(const char *path, const struct playbook_mistakes *mistakes, const struct error *error)
{
    json_t *document = json_pack("{s:s, s:b, s:o}", "file", path, "valid", mistakes->count == 0, "mistakes", mistakes_to_json(mistakes));
    if (error != NULL)
        json_object_set_new(document, "error", output_error_tree(error));
    return document;
}

/* Every mistake is told, not only the first. */
static bool lint(struct command_run *run, const char *path, struct error *error)
{
    struct playbook *playbook = NULL;
    struct playbook_mistakes mistakes = {0};
    bool ok = playbook_load(path, &playbook, &mistakes, error);
    if (run->output->json && (ok || mistakes.count > 0)) {
        struct error unwritten = {0};
        run->reported = output_json(run->output, lint_to_json(path, &mistakes, ok ? NULL : error), false, &unwritten);
        if (!run->reported)
            ok = false, error_move(error, &unwritten);
    } else if (ok) {
        output_line(run->output, _("%s: no mistakes"), path);
    } else if (mistakes.count > 0) {
        for (size_t i = 0; i < mistakes.count; i++)
            fprintf(stderr, "%s\n", mistakes.texts[i]);
        run->reported = true;
    }
    playbook_mistakes_release(&mistakes);
    playbook_free(playbook);
    return ok;
}

static bool run(struct command_run *run, struct error *error)
{
    const char *verb = command_line_argument(run->line, 0);
    const char *name = command_line_argument(run->line, 1);
    if (text_equal(verb, "list") && name == NULL)
        return list(run, error);
    if (text_equal(verb, "show") && name != NULL)
        return show(run, name, error);
    if (text_equal(verb, "lint") && name != NULL)
        return lint(run, name, error);
    CLEANUP_FREE char *shown = text_clean(verb, false, 40);
    error_set(error, ERROR_USAGE, _("playbook %s: wrong verb or number of arguments"), shown);
    return error_hint(error, _("usage: rollback-console playbook list | show NAME | lint FILE"));
}

const struct command command_playbook = {
    .name = "playbook",
    .arguments = "list | show NAME | lint FILE",
    .argument_minimum = 1,
    .argument_maximum = 2,
    .summary = N_("list, show or check playbooks"),
    .stands_alone = true,
    .run = run,
};
