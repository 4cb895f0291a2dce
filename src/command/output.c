#include "command/output.h"
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct cell {
    enum output_mark mark;
    char *text;
};

struct output_table {
    size_t columns;
    bool *right;
    struct array cells;
};

bool output_init(struct output *output, FILE *stream, bool json, const char *when, struct error *error)
{
    *output = (struct output){.stream = stream, .json = json};
    if (when == NULL || text_equal(when, "auto")) {
        const char *refused = getenv("NO_COLOR");
        output->color = isatty(fileno(stream)) && (refused == NULL || refused[0] == '\0');
    } else if (text_equal(when, "always")) {
        output->color = true;
    } else if (!text_equal(when, "never")) {
        CLEANUP_FREE char *shown = text_clean(when, false, 40);
        return error_set(error, ERROR_USAGE, _("--color: '%s' is none of auto, always, never"), shown);
    }
    return true;
}

bool output_json(struct output *output, json_t *tree, bool compact, struct error *error)
{
    size_t flags = compact ? JSON_COMPACT : JSON_INDENT(2);
    int failed = json_dumpf(tree, output->stream, flags);
    json_decref(tree);
    if (failed == 0)
        fputc('\n', output->stream);
    return output_finish(output, error);
}

void output_line(struct output *output, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(output->stream, format, arguments);
    va_end(arguments);
    fputc('\n', output->stream);
}

static void free_cell(void *item)
{
    struct cell *cell = item;
    free(cell->text);
    free(cell);
}

struct output_table *output_table_new(size_t columns)
{
    struct output_table *table = memory_new(sizeof *table);
    table->columns = columns;
    table->right = memory_new_array(columns, sizeof *table->right);
    table->cells.free_item = free_cell;
    return table;
}

void output_table_right(struct output_table *table, size_t column)
{
    table->right[column] = true;
}

void output_table_cell(struct output_table *table, enum output_mark mark, const char *text)
{
    struct cell *cell = memory_new(sizeof *cell);
    cell->mark = mark;
    cell->text = text == NULL || text[0] == '\0' ? memory_text("-") : text_clean(text, false, 0);
    array_append(&table->cells, cell);
}

void output_table_number(struct output_table *table, long long number)
{
    CLEANUP_FREE char *text = memory_format("%lld", number);
    output_table_cell(table, OUTPUT_PLAIN, text);
}

static const char *mark_start(const struct output *output, enum output_mark mark)
{
    static const char *const starts[] = {
        [OUTPUT_PLAIN] = "", [OUTPUT_STRONG] = "\033[1m", [OUTPUT_GOOD] = "\033[32m",
        [OUTPUT_ALARM] = "\033[1;31m", [OUTPUT_FAINT] = "\033[2m",
    };
    return output->color ? starts[mark] : "";
}

static void print_cell(struct output *output, const struct cell *cell, int width, bool right, bool last)
{
    int padding = width - text_width(cell->text);
    if (right)
        fprintf(output->stream, "%*s", padding, "");
    fprintf(output->stream, "%s%s%s", mark_start(output, cell->mark), cell->text,
            output->color && cell->mark != OUTPUT_PLAIN ? "\033[0m" : "");
    if (!last)
        fprintf(output->stream, "%*s", right ? 2 : padding + 2, "");
}

void output_table_print(struct output *output, struct output_table *table)
{
    CLEANUP_FREE int *widths = memory_new_array(table->columns, sizeof *widths);
    for (size_t i = 0; i < table->cells.count; i++) {
        const struct cell *cell = table->cells.items[i];
        int width = text_width(cell->text);
        if (width > widths[i % table->columns])
            widths[i % table->columns] = width;
    }
    for (size_t i = 0; i < table->cells.count; i++) {
        size_t column = i % table->columns;
        bool last = column + 1 == table->columns;
        print_cell(output, table->cells.items[i], widths[column], table->right[column], last);
        if (last)
            fputc('\n', output->stream);
    }
    array_release(&table->cells);
    free(table->right);
    free(table);
}

bool output_finish(struct output *output, struct error *error)
{
    if (fflush(output->stream) == 0 && !ferror(output->stream))
        return true;
    return error_set(error, ERROR_INTERNAL, _("standard output could not be written: %s"), strerror(errno));
}

static const char *message_of(const struct error *error)
{
    return error->message != NULL ? error->message : _("no reason was given");
}

json_t *output_error_tree(const struct error *error)
{
    return json_pack("{s:s, s:s, s:s?}", "code", error_code_name(error->code), "message", message_of(error), "hint", error->hint);
}

void output_error(struct output *output, const struct error *error)
{
    if (output->json) {
        struct error ignored = {0}; /* the way to tell it is the one that failed */
        output_json(output, json_pack("{s:o}", "error", output_error_tree(error)), false, &ignored);
        error_release(&ignored);
        return;
    }
    CLEANUP_FREE char *clean = text_clean(message_of(error), true, 0);
    fprintf(stderr, "rollback-console: %s\n", clean);
    if (error->hint != NULL) {
        CLEANUP_FREE char *hint = text_clean(error->hint, true, 0);
        fprintf(stderr, "  %s\n", hint);
    }
}
