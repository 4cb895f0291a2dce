#include "helm/document.h"
#include <string.h>

void document_reader_init(struct document_reader *reader, const char *text, size_t size)
{
    *reader = (struct document_reader){.rest = text, .end = text + size, .line = 1};
}

/* One line of the text, without its line break. */
struct line {
    const char *text;
    size_t size;
};

static struct line read_line(struct document_reader *reader)
{
    const char *start = reader->rest;
    const char *newline = memchr(start, '\n', (size_t)(reader->end - start));
    const char *stop = newline == NULL ? reader->end : newline;
    reader->rest = newline == NULL ? reader->end : newline + 1;
    reader->line++;
    return (struct line){.text = start, .size = (size_t)(stop - start)};
}

static bool begins(struct line line, const char *mark)
{
    size_t size = strlen(mark);
    return line.size >= size && memcmp(line.text, mark, size) == 0;
}

static bool is_space(char character)
{
    return character == ' ' || character == '\t' || character == '\r';
}

/* The first character that is no white space, or NUL when the line is blank. */
static char first_of(struct line line)
{
    for (size_t i = 0; i < line.size; i++)
        if (!is_space(line.text[i]))
            return line.text[i];
    return '\0';
}

/* "..." alone ends a document; what follows up to the next '---' is not read by anybody. */
static bool is_end(struct line line)
{
    return begins(line, "...") && (line.size == 3 || is_space(line.text[3]));
}

static void note_source(struct line line, struct document *document)
{
    static const char MARK[] = "# Source: ";
    if (document->source != NULL || !begins(line, MARK))
        return;
    document->source = line.text + strlen(MARK);
    document->source_size = line.size - strlen(MARK);
    while (document->source_size > 0 && is_space(document->source[document->source_size - 1]))
        document->source_size--;
}

/* Reads on to the end of the document that has begun: the separator itself is left to the next one. */
static void read_body(struct document_reader *reader, struct document *document)
{
    const char *stop = NULL;
    while (reader->rest < reader->end) {
        struct document_reader before = *reader;
        struct line line = read_line(reader);
        if (begins(line, "---")) {
            *reader = before;
            break;
        }
        if (stop == NULL && is_end(line))
            stop = line.text;
    }
    document->size = (size_t)((stop == NULL ? reader->rest : stop) - document->text);
}

bool document_next(struct document_reader *reader, struct document *ret_document)
{
    struct document document = {0};
    while (reader->rest < reader->end) {
        int number = reader->line;
        struct line line = read_line(reader);
        if (begins(line, "---")) {
            document = (struct document){0};
            line.text += 3;
            line.size -= 3;
        } else {
            note_source(line, &document);
        }
        char first = first_of(line);
        if (first == '\0' || first == '#' || is_end(line))
            continue;
        document.text = line.text;
        document.line = number;
        read_body(reader, &document);
        *ret_document = document;
        return true;
    }
    return false;
}
