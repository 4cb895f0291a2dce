/* What commands print: one JSON document, or text with aligned columns. Everything printed is cleaned of control characters. */
#pragma once

#include "base/error.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct output {
    FILE *stream;
    bool json;
    bool color;
    int columns; /* of the terminal; 0: none, or not known */
};

/* `when` is --color's value or NULL (auto: a terminal, and NO_COLOR is not set). */
bool output_init(struct output *output, FILE *stream, bool json, const char *when, struct error *error);

/* Print `tree` (which is taken over) as one document with a newline; `compact`: on a single line. False when it could not be written. */
bool output_json(struct output *output, json_t *tree, bool compact, struct error *error);

/* printf of one line of text, or several; cleaned as a whole (line breaks and tabs stay), so that no argument can be forgotten. */
void output_line(struct output *output, const char *format, ...) __attribute__((format(printf, 2, 3)));

enum output_mark { OUTPUT_PLAIN, OUTPUT_STRONG, OUTPUT_GOOD, OUTPUT_ALARM, OUTPUT_FAINT, OUTPUT_PLACE };
void output_marked_line(struct output *output, enum output_mark mark, const char *line); /* cleaned, too */

/* A table: columns are as wide as their widest cell; the last one is not padded, and folded between words where the terminal ends. */
struct output_table;
struct output_table *output_table_new(size_t columns);
void output_table_right(struct output_table *table, size_t column); /* numbers are aligned right */
void output_table_cell(struct output_table *table, enum output_mark mark, const char *text); /* row by row; NULL is "-"; very long ones are cut */
void output_table_number(struct output_table *table, long long number);
void output_table_print(struct output *output, struct output_table *table); /* and frees it */

/* Flushes; false when something could not be written (a full disk, a closed pipe). */
bool output_finish(struct output *output, struct error *error);

/* {"code", "message", "hint"}: a new tree. */
json_t *output_error_tree(const struct error *error);

/* Report a failure where the user looks for it: as JSON on the stream with --json, else on standard error. */
void output_error(struct output *output, const struct error *error);
