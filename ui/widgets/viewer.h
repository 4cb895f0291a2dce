/*
 * A reader of documents: a pointer, folding of unchanged lines, search, steps from change to change and from chapter to
 * chapter. The document is handed in with every call; when it is another one, viewer_reset() comes first.
 */
#pragma once

#include "base/text.h"
#include "ui/actions.h"
#include "ui/canvas.h"
#include "ui/widgets/document.h"
#include <stdbool.h>
#include <stddef.h>

/* Embedded; owns its rows. Start with zeros, then set the options. */
struct viewer {
    bool folds;      /* option: fold unchanged lines */
    bool no_pointer; /* option: scroll only */
    struct fold_row *rows;
    size_t row_count;
    size_t known_lines; /* the document's size when rows were made */
    bool *opened;
    bool all_open;
    bool stale;
    size_t position;
    size_t top;
    size_t shown;
    int left;
    char *wanted; /* searched for; NULL: nothing */
    size_t matches;
};

void viewer_reset(struct viewer *viewer);
void viewer_release(struct viewer *viewer);

void viewer_draw(struct viewer *viewer, const struct document *document, struct canvas *canvas, bool pointed);
bool viewer_act(struct viewer *viewer, const struct document *document, enum action action);

/* Search as it is typed: from the pointer on. NULL: forget it. */
void viewer_search(struct viewer *viewer, const struct document *document, const char *text);
void viewer_go(struct viewer *viewer, const struct document *document, size_t line); /* the pointer to a line */
void viewer_note(const struct viewer *viewer, struct text *note);                    /* where it is, what was found */
