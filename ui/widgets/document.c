/* Documents and wrapping. */
#include "ui/widgets/document.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/theme.h"
#include <stdlib.h>
#include <string.h>

#define LABEL_COLUMNS 15
#define INDENT        " "

static void free_line(void *item)
{
    struct document_line *line = item;
    free(line->label);
    free(line->text);
    free(line);
}

void document_init(struct document *document, int columns)
{
    *document = (struct document){.lines = {.free_item = free_line}, .columns = columns};
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
    int width = 0;
    size_t size = text_fit(text, columns, &width);
    *ret_skip = 0;
    if (text[size] != '\0') {
        size_t at = size;
        while (at > 0 && text[at] != ' ')
            at--;
        if (at > 0)
            size = at;
        if (size == 0) { /* a character wider than the line: better cut than never end */
            size = 1;
            while ((text[size] & 0xc0) == 0x80)
                size++;
        }
    }
    while (text[size + *ret_skip] == ' ')
        (*ret_skip)++;
    return size;
}

/* The lines of clean text, the first with `label`, all indented by `indent` columns when there is a label. */
static void add_wrapped(struct document *document, const char *label, unsigned style, const char *text)
{
    CLEANUP_FREE char *clean = text_clean(text, false, 0);
    int indent = label != NULL ? LABEL_COLUMNS + 1 : (int)strlen(INDENT);
    int columns = document->columns - indent - 1 > 10 ? document->columns - indent - 1 : 10;
    const char *rest = clean;
    do {
        size_t skip = 0;
        size_t size = document_wrap(rest, columns, &skip);
        CLEANUP_FREE char *part = memory_text_part(rest, size);
        if (label == NULL) {
            append(document, LINE_PLAIN, style, memory_format("%s%s", INDENT, part));
        } else {
            struct document_line *line = append(document, LINE_PLAIN, style, STEAL(part));
            line->label = memory_format("%s%s%*s", INDENT, label, LABEL_COLUMNS - text_width(label), "");
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
