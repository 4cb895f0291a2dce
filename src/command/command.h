/*
 * Subcommands: one file each, exporting one constant entry; the table in commands.c is their list. A new command is one file and one row.
 *
 * Data goes to standard output, everything else to standard error; with --json exactly one JSON document is printed, on failure too.
 */
#pragma once

#include "base/error.h"
#include "command/line.h"
#include "net/loop.h"
#include <stdbool.h>
#include <stddef.h>

struct demo;
struct output;

/* What a running command has. All borrowed. */
struct command_run {
    struct loop *loop;
    const struct command_line *line;
    struct output *output;
    const struct demo *demo; /* the embedded cluster that --demo started; NULL: a real one */
    bool reported; /* set by a command that has told its failure itself, in its own document */
};

struct command {
    const char *name;
    const char *arguments; /* as the usage line shows them: "[A [B]]", or "" */
    size_t argument_minimum, argument_maximum;
    const char *summary;   /* N_() */
    const struct command_option *options; /* its own, ended by a row without a name; NULL: none */
    bool stands_alone;     /* needs no cluster, so --demo starts none for it */
    /* Prints its data and returns true, or fills `error`, whose code is the exit status. */
    bool (*run)(struct command_run *run, struct error *error);
};

/* All commands in the order of the help, NULL at the end. */
extern const struct command *const commands[];

const struct command *command_find(const char *name); /* NULL when there is none */
