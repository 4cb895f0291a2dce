/* Lines to read: made once or for each frame, drawn by the viewer. */
#pragma once

#include "base/array.h"
#include "ui/widgets/fold.h"

struct document_line {
    char *label; /* NULL: none; drawn before the text, in its own style */
    char *text;
    unsigned label_style;
    unsigned style;
    enum line_kind kind;
};

/* Embedded; owns its lines. */
struct document {
    struct array lines;
    int columns;       /* what wrapped text is made for */
    int label_columns; /* room for labels; set after document_init() when they are long */
};

void document_init(struct document *document, int columns);
void document_release(struct document *document);
const struct document_line *document_line(const struct document *document, size_t index);

void document_add(struct document *document, enum line_kind kind, unsigned style,
                  const char *text); /* as it is, one line */
void document_blank(struct document *document);
void document_heading(struct document *document, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Wrapped between words at the document's width. */
void document_text(struct document *document, unsigned style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "label        value", the value wrapped under itself; nothing when the value is empty. */
void document_field(struct document *document, const char *label, unsigned style, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* How many bytes of `text` go on the next line of `columns` (a break after a space, else wherever it is full), and in
 * *ret_skip the spaces after them that vanish. Pure; text is clean. */
size_t document_wrap(const char *text, int columns, size_t *ret_skip);
