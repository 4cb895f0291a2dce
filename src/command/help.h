/* The help texts, made from the tables of commands and options. */
#pragma once

#include <stdio.h>

struct command;

void command_help(FILE *stream, const struct command *command); /* NULL: of the program */
