/* Documents and wrapping. */
#include "ui/widgets/document.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/theme.h"
#include <stdlib.h>
#include <string.h>

#define LABEL_COLUMNS    15
#define INDENT           " "
#define WRAP_COLUMNS_MIN 10

static void free_line(void *item)
{
    struct document_line *line = item;
    free(line->label);
    free(line->text);
    free(line);
}

void document_init(struct document *document, int columns)
{
    *document =
        (struct document){.lines = {.free_item = free_line}, .columns = columns, .label_columns = LABEL_COLUMNS};
}

void document_release(struct document *document)
{
    array_release(&document->lines);
}

const struct document_line *document_line(const struct document *document, size_t index)
{
    return document->lines.items[index];
}

static struct document_line *append(struct document *document, enum line_kind kind, unsigned style, char *text)
{
    struct document_line *line = memory_new(sizeof *line);
    line->kind = kind;
    line->style = style;
    line->text = text;
    array_append(&document->lines, line);
    return line;
}

void document_add(struct document *document, enum line_kind kind, unsigned style, const char *text)
{
    append(document, kind, style, memory_text(text));
}

void document_blank(struct document *document)
{
    document_add(document, LINE_PLAIN, STYLE_PLAIN, "");
}

void document_heading(struct document *document, const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_append(&text, INDENT);
    text_append_format_list(&text, format, arguments);
    va_end(arguments);
    append(document, LINE_HEADING, STYLE_STRONG, text_steal(&text));
}

size_t document_wrap(const char *text, int columns, size_t *ret_skip)
{
    size_t size = text_fit(text, columns, NULL);
    if (text[size] != '\0') {
        size_t at = size;
        while (at > 0 && text[at] != ' ')
            at--;
        while (at > 0 && text[at - 1] == ' ')
            at--;
        if (at > 0)
            size = at;
        if (size == 0) { /* a character wider than the line: better cut than never end */
            size = 1;
            while ((text[size] & 0xc0) == 0x80)
                size++;
        }
    }
    *ret_skip = strspn(text + size, " ");
    return size;
}

/* The lines of clean text, the first with `label`; all begin in the same column, spaces before the text included. */
static void add_wrapped(struct document *document, const char *label, unsigned style, const char *text)
{
    CLEANUP_FREE char *clean = text_clean(text, false, 0);
    size_t lead = strspn(clean, " ");
    int indent = (label != NULL ? document->label_columns : 0) + (int)strlen(INDENT) + (int)lead;
    int columns = document->columns - indent - 1;
    columns = columns > WRAP_COLUMNS_MIN ? columns : WRAP_COLUMNS_MIN;
    const char *rest = clean + lead;
    do {
        size_t skip = 0;
        size_t size = document_wrap(rest, columns, &skip);
        CLEANUP_FREE char *part = memory_text_part(rest, size);
        struct document_line *line = append(document, LINE_PLAIN, style,
                                            memory_format("%s%*s%s", label == NULL ? INDENT : "", (int)lead, "", part));
        if (label != NULL) {
            line->label = memory_format("%s%s%*s", INDENT, label, document->label_columns - text_width(label), "");
            line->label_style = STYLE_DIM;
            label = "";
        }
        rest += size + skip;
    } while (*rest != '\0');
}

void document_text(struct document *document, unsigned style, const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(&text, format, arguments);
    va_end(arguments);
    add_wrapped(document, NULL, style, text_peek(&text));
    text_release(&text);
}

void document_field(struct document *document, const char *label, unsigned style, const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(&text, format, arguments);
    va_end(arguments);
    if (text.size > 0)
        add_wrapped(document, label, style, text_peek(&text));
    text_release(&text);
}
