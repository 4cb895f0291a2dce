/* The command line: global options, the command, its options and arguments (GNU style, through getopt_long). */
#pragma once

#include "base/error.h"
#include <stdbool.h>
#include <stddef.h>

struct command;
struct command_line;

struct command_option {
    const char *name;  /* without dashes */
    char letter;       /* 0: none */
    const char *value; /* its placeholder, N_("NAME"); NULL: a flag */
    bool value_optional;
    const char *help; /* N_() */
};

/* The options that every command takes; ended by a row without a name. */
extern const struct command_option command_global_options[];

/* Errors are ERROR_USAGE with the nearest names. *ret_line is owned by the caller; argv must outlive it. */
bool command_line_parse(int argc, char **argv, struct command_line **ret_line, struct error *error);
void command_line_free(struct command_line *line);

const struct command *command_line_command(const struct command_line *line); /* NULL: the dashboard */
bool command_line_has(const struct command_line *line, const char *option);
const char *command_line_value(const struct command_line *line, const char *option); /* NULL: not given, or given without a value */
size_t command_line_argument_count(const struct command_line *line);
const char *command_line_argument(const struct command_line *line, size_t index); /* NULL beyond the last */

/* A whole number from `minimum` up: `--from 3`. *ret_number keeps its value when the option was not given. */
bool command_line_number(const struct command_line *line, const char *option, int minimum, int *ret_number, struct error *error);

/* A revision as an argument. */
bool command_parse_revision(const char *text, int *ret_revision, struct error *error);

/* True when --json stands anywhere before a bare "--"; also for a line that cannot be parsed, so that its error is JSON, too. */
bool command_line_wants_json(int argc, char **argv);
