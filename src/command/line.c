#include "command/line.h"
#include "base/array.h"
#include "base/i18n.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/text.h"
#include "command/command.h"
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

const struct command_option command_global_options[] = {
    {"kubeconfig", 0, N_("FILE"), false, N_("kubeconfig to use instead of $KUBECONFIG and ~/.kube/config")},
    {"context", 0, N_("NAME"), false, N_("kubeconfig context to use")},
    {"namespace", 'n', N_("NS"), false, N_("namespace of the release")},
    {"release", 0, N_("NAME"), false, N_("Helm release to look at (default: the one a playbook matches)")},
    {"playbook", 0, N_("NAME|FILE"), false, N_("playbook to use (default: by its match)")},
    {"journal", 0, N_("FILE"), false, N_("incident journal")},
    {"demo", 0, N_("SCENARIO"), true, N_("work on the embedded cluster")},
    {"read-only", 0, "dry-run", true, N_("send nothing that changes the cluster; =dry-run allows server-side dry runs")},
    {"drill", 0, NULL, false, N_("mark everything as a drill")},
    {"json", 0, NULL, false, N_("print one JSON document")},
    {"color", 0, N_("WHEN"), false, N_("auto, always or never")},
    {"log", 0, N_("FILE"), false, N_("append what happens to this file")},
    {"help", 'h', NULL, false, N_("show help and exit")},
    {"version", 'V', NULL, false, N_("show the version and exit")},
    {0},
};

struct command_line {
    const struct command *command;
    struct map *values; /* option name → its text in argv, or "" for a flag */
    struct array arguments;
};

/* ---- the two tables of options as getopt wants them ---- */

struct option_table {
    const struct command_option **rows; /* index = getopt's value − OPTION_BASE */
    struct option *longs;
    char *letters;
    size_t count;
};

enum { OPTION_BASE = 256 };

static void table_add(struct option_table *table, struct text *letters, const struct command_option *option)
{
    for (; option != NULL && option->name != NULL; option++) {
        table->rows = memory_resize(table->rows, table->count + 1, sizeof *table->rows);
        table->longs = memory_resize(table->longs, table->count + 2, sizeof *table->longs);
        int argument = option->value == NULL ? no_argument : option->value_optional ? optional_argument : required_argument;
        table->rows[table->count] = option;
        table->longs[table->count] = (struct option){option->name, argument, NULL, OPTION_BASE + (int)table->count};
        table->count++;
        table->longs[table->count] = (struct option){0};
        if (option->letter != 0) {
            text_append_char(letters, option->letter);
            if (argument != no_argument)
                text_append(letters, argument == required_argument ? ":" : "::");
        }
    }
}

static void table_make(struct option_table *table, const struct command *command)
{
    struct text letters = {0};
    text_append(&letters, ":"); /* a missing value is told apart from an unknown option */
    table_add(table, &letters, command_global_options);
    if (command != NULL)
        table_add(table, &letters, command->options);
    table->letters = text_steal(&letters);
}

static void table_release(struct option_table *table)
{
    free(table->rows);
    free(table->longs);
    free(table->letters);
}

static const struct command_option *table_row(const struct option_table *table, int value)
{
    if (value >= OPTION_BASE)
        return table->rows[value - OPTION_BASE];
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i]->letter == value)
            return table->rows[i];
    return NULL;
}

/* ---- finding the command before its own options are known ---- */

static bool option_takes_value(const struct command_option *options, const char *name, size_t size, char letter)
{
    for (; options != NULL && options->name != NULL; options++) {
        bool same = name != NULL ? strlen(options->name) == size && strncmp(options->name, name, size) == 0
                                 : options->letter == letter;
        if (same)
            return options->value != NULL && !options->value_optional;
    }
    return false;
}

/* The first word that is neither an option nor a global option's value; commands' own options come after their name. */
static int command_position(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (strcmp(word, "--") == 0)
            return -1;
        if (word[0] != '-' || word[1] == '\0')
            return i;
        if (word[1] == '-') {
            if (strchr(word, '=') == NULL && option_takes_value(command_global_options, word + 2, strlen(word + 2), 0))
                i++;
        } else if (word[2] == '\0' && option_takes_value(command_global_options, NULL, 0, word[1])) {
            i++;
        }
    }
    return -1;
}

static bool unknown_command(const char *name, struct error *error)
{
    const char *names[64];
    size_t count = 0;
    for (; commands[count] != NULL && count < LENGTH_OF(names); count++)
        names[count] = commands[count]->name;
    CLEANUP_FREE char *shown = text_clean(name, false, 80);
    error_set(error, ERROR_USAGE, _("'%s' is not a command of rollback-console"), shown);
    CLEANUP_FREE char *nearest = text_nearest(name, names, count);
    if (nearest != NULL)
        return error_hint(error, _("did you mean %s? 'rollback-console --help' lists all commands"), nearest);
    return error_hint(error, _("'rollback-console --help' lists all commands"));
}

/* ---- reading ---- */

static bool unknown_option(const struct option_table *table, const char *word, struct error *error)
{
    CLEANUP_FREE char *shown = text_clean(word, false, 80);
    error_set(error, ERROR_USAGE, _("unknown option %s"), shown);
    struct array names = {.free_item = free};
    for (size_t i = 0; i < table->count; i++)
        array_append(&names, memory_format("--%s", table->rows[i]->name));
    CLEANUP_FREE char *bare = memory_text_part(word, strcspn(word, "="));
    CLEANUP_FREE char *nearest = text_nearest(bare, (const char *const *)names.items, names.count);
    array_release(&names);
    if (nearest != NULL)
        return error_hint(error, _("did you mean %s? --help lists the options"), nearest);
    return error_hint(error, _("--help lists the options"));
}

static bool read_options(struct command_line *line, const struct option_table *table, int argc, char **argv, struct error *error)
{
    optind = 0; /* glibc: start afresh, reordering anew */
    opterr = 0;
    int value;
    while ((value = getopt_long(argc, argv, table->letters, table->longs, NULL)) != -1) {
        const char *word = argv[optind - 1];
        if (value == '?') {
            char letter[3] = {'-', (char)optopt, '\0'};
            if (optopt >= OPTION_BASE) { /* a flag that was given a value */
                error_set(error, ERROR_USAGE, _("--%s takes no value"), table_row(table, optopt)->name);
                return false;
            }
            return unknown_option(table, optopt != 0 ? letter : word, error);
        }
        if (value == ':') {
            const struct command_option *option = table_row(table, optopt);
            error_set(error, ERROR_USAGE, _("--%s needs a value"), option->name);
            return error_hint(error, "--%s %s", option->name, _(option->value));
        }
        map_put(line->values, table_row(table, value)->name, optarg != NULL ? optarg : "");
    }
    for (int i = optind; i < argc; i++)
        array_append(&line->arguments, argv[i]);
    return true;
}

static bool check_arguments(struct command_line *line, struct error *error)
{
    const struct command *command = line->command;
    size_t count = line->arguments.count;
    size_t minimum = command == NULL ? 0 : command->argument_minimum;
    size_t maximum = command == NULL ? 0 : command->argument_maximum;
    if (count >= minimum && count <= maximum)
        return true;
    if (command == NULL)
        return unknown_command(line->arguments.items[0], error);
    error_set(error, ERROR_USAGE, count < minimum ? _("%s: an argument is missing") : _("%s: too many arguments"), command->name);
    return error_hint(error, _("usage: rollback-console %s %s"), command->name, command->arguments);
}

bool command_line_parse(int argc, char **argv, struct command_line **ret_line, struct error *error)
{
    struct command_line *line = memory_new(sizeof *line);
    struct option_table table = {0};
    bool ok = true;
    line->values = map_new(NULL);
    int position = command_position(argc, argv);
    if (position >= 0) {
        line->command = command_find(argv[position]);
        if (line->command == NULL)
            ok = unknown_command(argv[position], error);
    }
    if (ok) {
        table_make(&table, line->command);
        ok = read_options(line, &table, argc, argv, error);
    }
    if (ok && line->command != NULL)
        array_remove(&line->arguments, 0); /* the command's own name, which getopt moved behind the options */
    ok = ok && (command_line_has(line, "help") || check_arguments(line, error));
    table_release(&table);
    if (!ok) {
        command_line_free(line);
        return false;
    }
    *ret_line = line;
    return true;
}

void command_line_free(struct command_line *line)
{
    if (line == NULL)
        return;
    map_free(line->values);
    array_release(&line->arguments);
    free(line);
}

const struct command *command_line_command(const struct command_line *line)
{
    return line->command;
}

bool command_line_has(const struct command_line *line, const char *option)
{
    return map_get(line->values, option) != NULL;
}

const char *command_line_value(const struct command_line *line, const char *option)
{
    const char *value = map_get(line->values, option);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

size_t command_line_argument_count(const struct command_line *line)
{
    return line->arguments.count;
}

const char *command_line_argument(const struct command_line *line, size_t index)
{
    return index < line->arguments.count ? line->arguments.items[index] : NULL;
}

static bool parse_number(const char *text, int minimum, int *ret_number)
{
    char *end = NULL;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || number < minimum || number > INT_MAX)
        return false;
    *ret_number = (int)number;
    return true;
}

bool command_line_number(const struct command_line *line, const char *option, int minimum, int *ret_number, struct error *error)
{
    if (!command_line_has(line, option))
        return true;
    const char *text = command_line_value(line, option);
    if (text != NULL && parse_number(text, minimum, ret_number))
        return true;
    CLEANUP_FREE char *shown = text_clean(text != NULL ? text : "", false, 40);
    return error_set(error, ERROR_USAGE, _("--%s: '%s' is not a whole number from %d up"), option, shown, minimum);
}

bool command_parse_revision(const char *text, int *ret_revision, struct error *error)
{
    if (parse_number(text, 1, ret_revision))
        return true;
    CLEANUP_FREE char *shown = text_clean(text, false, 40);
    error_set(error, ERROR_USAGE, _("'%s' is not a revision"), shown);
    return error_hint(error, _("revisions are whole numbers from 1 up; 'rollback-console history' lists them"));
}

bool command_line_wants_json(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--json") == 0)
            return true;
    return false;
}
