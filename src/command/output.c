#include "command/output.h"
#include "base/array.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { CELL_LIMIT = 1000 }; /* bytes; a column is as wide as its widest cell, in every row */

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
    struct winsize size;
    *output = (struct output){.stream = stream, .json = json};
    if (isatty(fileno(stream)) && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0)
        output->columns = size.ws_col;
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

/* Like \u0000, as JSON has it: beyond the first 65,536 as two halves. */
static void write_escape(FILE *stream, uint32_t code)
{
    if (code > 0xffff) {
        code -= 0x10000;
        fprintf(stream, "\\u%04x", (unsigned)(0xd800 + (code >> 10)));
        code = 0xdc00 + (code & 0x3ff);
    }
    fprintf(stream, "\\u%04x", (unsigned)code);
}

/* jansson leaves DEL, C1 controls and what turns text around as they are; the reader of the JSON may be a terminal. Escaped, the document
 * means the same. Line breaks between the values are jansson's own: those within texts it has escaped. */
static int write_safely(const char *bytes, size_t size, void *context)
{
    struct output *output = context;
    size_t kept = 0;
    for (size_t at = 0; at < size;) {
        uint32_t code = 0;
        size_t length = utf8_decode(bytes + at, size - at, &code);
        if (length == 0 || code == '\n' || !text_is_deceptive(code)) {
            at += length > 0 ? length : 1;
            continue;
        }
        fwrite(bytes + kept, 1, at - kept, output->stream);
        write_escape(output->stream, code);
        at += length;
        kept = at;
    }
    fwrite(bytes + kept, 1, size - kept, output->stream);
    return ferror(output->stream) ? -1 : 0;
}

bool output_json(struct output *output, json_t *tree, bool compact, struct error *error)
{
    size_t flags = compact ? JSON_COMPACT : JSON_INDENT(2);
    int failed = json_dump_callback(tree, write_safely, output, flags);
    json_decref(tree);
    if (failed == 0)
        fputc('\n', output->stream);
    return output_finish(output, error);
}

void output_line(struct output *output, const char *format, ...)
{
    struct text line = {0};
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(&line, format, arguments);
    va_end(arguments);
    output_marked_line(output, OUTPUT_PLAIN, text_peek(&line));
    text_release(&line);
}

static const char *mark_start(const struct output *output, enum output_mark mark)
{
    static const char *const starts[] = {
        [OUTPUT_PLAIN] = "",           [OUTPUT_STRONG] = "\033[1m", [OUTPUT_GOOD] = "\033[32m",
        [OUTPUT_ALARM] = "\033[1;31m", [OUTPUT_FAINT] = "\033[2m",  [OUTPUT_PLACE] = "\033[36m",
    };
    return output->color ? starts[mark] : "";
}

static const char *mark_end(const struct output *output, enum output_mark mark)
{
    return output->color && mark != OUTPUT_PLAIN ? "\033[0m" : "";
}

void output_marked_line(struct output *output, enum output_mark mark, const char *line)
{
    CLEANUP_FREE char *clean = text_clean(line, true, 0);
    fprintf(output->stream, "%s%s%s\n", mark_start(output, mark), clean, mark_end(output, mark));
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
    cell->text = text == NULL || text[0] == '\0' ? memory_text("-") : text_clean(text, false, CELL_LIMIT);
    array_append(&table->cells, cell);
}

void output_table_number(struct output_table *table, long long number)
{
    CLEANUP_FREE char *text = memory_format("%lld", number);
    output_table_cell(table, OUTPUT_PLAIN, text);
}

static void print_text(struct output *output, enum output_mark mark, const char *text, size_t size)
{
    fprintf(output->stream, "%s%.*s%s", mark_start(output, mark), (int)size, text, mark_end(output, mark));
}

static void print_cell(struct output *output, const struct cell *cell, int width, bool right)
{
    int padding = width - text_width(cell->text);
    if (right)
        fprintf(output->stream, "%*s", padding, "");
    print_text(output, cell->mark, cell->text, strlen(cell->text));
    fprintf(output->stream, "%*s", right ? 2 : padding + 2, "");
}

/* How many bytes of `text` come on a line of `columns`: whole words, unless one word alone is longer. */
static size_t fold(const char *text, int columns)
{
    int width = 0;
    size_t size = text_fit(text, columns, &width);
    size_t end = size;
    if (text[size] == '\0' || size == 0)
        return strlen(text);
    while (end > 0 && text[end] != ' ')
        end--;
    return end > 0 ? end : size;
}

/* The last cell of a row begins in column `start`; where too little is left beside the others, it goes on lines of its own. */
static void print_last(struct output *output, const struct cell *cell, int start, int width, bool right)
{
    enum { LEAST = 24, INDENT = 4 };
    if (right)
        fprintf(output->stream, "%*s", width - text_width(cell->text), "");
    if (output->columns == 0 || right || start + text_width(cell->text) <= output->columns) {
        print_text(output, cell->mark, cell->text, strlen(cell->text));
        fputc('\n', output->stream);
        return;
    }
    bool beside = output->columns - start >= LEAST;
    int indent = beside ? start : INDENT;
    if (!beside)
        fprintf(output->stream, "\n%*s", indent, "");
    for (const char *rest = cell->text; *rest != '\0';) {
        size_t size = fold(rest, output->columns - indent);
        print_text(output, cell->mark, rest, size);
        rest += size;
        rest += strspn(rest, " ");
        fputc('\n', output->stream);
        if (*rest != '\0')
            fprintf(output->stream, "%*s", indent, "");
    }
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
    int start = 0;
    for (size_t i = 0; i + 1 < table->columns; i++)
        start += widths[i] + 2;
    for (size_t i = 0; i < table->cells.count; i++) {
        size_t column = i % table->columns;
        if (column + 1 < table->columns)
            print_cell(output, table->cells.items[i], widths[column], table->right[column]);
        else
            print_last(output, table->cells.items[i], start, widths[column], table->right[column]);
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
