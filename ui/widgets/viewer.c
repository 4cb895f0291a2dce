/* The reader. */
#include "ui/widgets/viewer.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "ui/widgets/filter.h"
#include "ui/widgets/scroll.h"
#include <stdlib.h>
#include <string.h>

#define CONTEXT_LINES   3
#define LEFT_STEP       8
#define POINTER_COLUMNS 2

void viewer_reset(struct viewer *viewer)
{
    struct viewer fresh = {.folds = viewer->folds, .no_pointer = viewer->no_pointer};
    viewer_release(viewer);
    *viewer = fresh;
}

void viewer_release(struct viewer *viewer)
{
    free(viewer->rows);
    free(viewer->opened);
    free(viewer->wanted);
    memset(viewer, 0, sizeof *viewer);
}

static enum line_kind kind_of(const void *context, size_t line)
{
    return document_line(context, line)->kind;
}

/* ---- rows ---- */

static void make_rows(struct viewer *viewer, const struct document *document)
{
    size_t count = document->lines.count;
    if (viewer->rows != NULL && viewer->known_lines == count && !viewer->stale)
        return;
    if (viewer->opened == NULL || viewer->known_lines != count) {
        free(viewer->opened);
        viewer->opened = memory_new_array(count + 1, sizeof *viewer->opened);
    }
    free(viewer->rows);
    if (viewer->folds && !viewer->all_open) {
        fold_make(count, kind_of, document, CONTEXT_LINES, viewer->opened, &viewer->rows, &viewer->row_count);
    } else {
        viewer->rows = memory_new_array(count + 1, sizeof *viewer->rows);
        viewer->row_count = count;
        for (size_t i = 0; i < count; i++)
            viewer->rows[i].line = i;
    }
    viewer->known_lines = count;
    viewer->stale = false;
    if (viewer->position >= viewer->row_count)
        viewer->position = viewer->row_count > 0 ? viewer->row_count - 1 : 0;
}

static size_t row_of_line(const struct viewer *viewer, size_t line)
{
    for (size_t i = 0; i < viewer->row_count; i++)
        if (viewer->rows[i].line <= line &&
            line < viewer->rows[i].line + viewer->rows[i].folded + (viewer->rows[i].folded == 0))
            return i;
    return 0;
}

static size_t line_of_pointer(const struct viewer *viewer)
{
    return viewer->row_count > 0 ? viewer->rows[viewer->position].line : 0;
}

static void remake_rows_at(struct viewer *viewer, const struct document *document, size_t line)
{
    viewer->stale = true;
    make_rows(viewer, document);
    viewer->position = row_of_line(viewer, line);
}

/* Shows a line, opening the fold that hides it. */
void viewer_go(struct viewer *viewer, const struct document *document, size_t line)
{
    make_rows(viewer, document);
    size_t row = row_of_line(viewer, line);
    if (viewer->row_count > 0 && viewer->rows[row].folded > 0) {
        viewer->opened[viewer->rows[row].line] = true;
        remake_rows_at(viewer, document, line);
    } else {
        viewer->position = row;
    }
    /* A step to another place shows what follows it, not only its first line. */
    if (viewer->shown > 4 && (viewer->position < viewer->top || viewer->position + 3 >= viewer->top + viewer->shown))
        viewer->top = viewer->position > 2 ? viewer->position - 2 : 0;
}

static void toggle_fold(struct viewer *viewer, const struct document *document)
{
    if (viewer->row_count == 0)
        return;
    size_t line = line_of_pointer(viewer);
    if (viewer->rows[viewer->position].folded > 0) {
        viewer->opened[line] = true;
    } else {
        /* Close the opened stretch that the pointer is in, if it is in one. */
        size_t begin = line + 1;
        while (begin > 0 && kind_of(document, begin - 1) == LINE_CONTEXT && !viewer->opened[begin - 1])
            begin--;
        if (begin == 0 || !viewer->opened[begin - 1])
            return;
        line = begin - 1;
        viewer->opened[line] = false;
    }
    remake_rows_at(viewer, document, line);
}

/* ---- steps ---- */

/* A run of changes begins here, or a chapter. */
static bool begins(const struct document *document, size_t line, enum line_kind kind)
{
    if (kind_of(document, line) != kind)
        return false;
    return kind == LINE_HEADING || line == 0 || kind_of(document, line - 1) != kind;
}

static bool matches(const struct viewer *viewer, const struct document *document, size_t line)
{
    return viewer->wanted != NULL && filter_find(document_line(document, line)->text, viewer->wanted) != NULL;
}

static bool is_stop(const struct viewer *viewer, const struct document *document, size_t line, enum action action)
{
    switch (action) {
    case ACTION_NEXT_CHANGE:
    case ACTION_PREVIOUS_CHANGE:
        return begins(document, line, LINE_CHANGE);
    case ACTION_NEXT_OBJECT:
    case ACTION_PREVIOUS_OBJECT:
        return begins(document, line, LINE_HEADING);
    default:
        return matches(viewer, document, line);
    }
}

/* To the next or previous stop, going round at the end. */
static void step(struct viewer *viewer, const struct document *document, enum action action)
{
    size_t count = document->lines.count;
    bool back = action == ACTION_PREVIOUS_CHANGE || action == ACTION_PREVIOUS_OBJECT || action == ACTION_PREVIOUS_MATCH;
    size_t line = line_of_pointer(viewer);
    for (size_t tried = 0; tried < count; tried++) {
        line = back ? (line == 0 ? count : line) - 1 : (line + 1) % count;
        if (is_stop(viewer, document, line, action)) {
            viewer_go(viewer, document, line);
            return;
        }
    }
}

bool viewer_act(struct viewer *viewer, const struct document *document, enum action action)
{
    make_rows(viewer, document);
    if (viewer->no_pointer) {
        size_t last_top = viewer->row_count > viewer->shown ? viewer->row_count - viewer->shown : 0;
        viewer->position = viewer->top;
        bool moved = scroll_move(action, &viewer->position, viewer->shown, last_top + 1);
        viewer->top = viewer->position;
        return moved;
    }
    if (scroll_move(action, &viewer->position, viewer->shown, viewer->row_count))
        return true;
    switch (action) {
    case ACTION_LEFT:
        viewer->left = viewer->left > LEFT_STEP ? viewer->left - LEFT_STEP : 0;
        return true;
    case ACTION_RIGHT:
        viewer->left += viewer->left < 2000 ? LEFT_STEP : 0;
        return true;
    case ACTION_OPEN:
    case ACTION_FOLD:
        toggle_fold(viewer, document);
        return true;
    case ACTION_FOLD_ALL:
        viewer->all_open = !viewer->all_open;
        remake_rows_at(viewer, document, line_of_pointer(viewer));
        return true;
    case ACTION_NEXT_CHANGE:
    case ACTION_PREVIOUS_CHANGE:
    case ACTION_NEXT_OBJECT:
    case ACTION_PREVIOUS_OBJECT:
    case ACTION_NEXT_MATCH:
    case ACTION_PREVIOUS_MATCH:
        step(viewer, document, action);
        return true;
    default:
        return false;
    }
}

void viewer_search(struct viewer *viewer, const struct document *document, const char *text)
{
    make_rows(viewer, document);
    free(viewer->wanted);
    viewer->wanted = text != NULL && text[0] != '\0' ? memory_text(text) : NULL;
    viewer->matches = 0;
    for (size_t line = 0; viewer->wanted != NULL && line < document->lines.count; line++)
        viewer->matches += matches(viewer, document, line);
    if (viewer->matches > 0 && !matches(viewer, document, line_of_pointer(viewer)))
        step(viewer, document, ACTION_NEXT_MATCH);
}

void viewer_note(const struct viewer *viewer, struct text *note)
{
    if (viewer->wanted != NULL)
        text_append_format(note, ngettext("'%s': %zu line", "'%s': %zu lines", viewer->matches), viewer->wanted,
                           viewer->matches);
    if (viewer->wanted != NULL && viewer->row_count > viewer->shown)
        text_append(note, ", ");
    scroll_note(viewer->top, viewer->shown, viewer->row_count, note);
}

/* ---- drawing ---- */

static void draw_found(const struct viewer *viewer, const char *shown, struct canvas *canvas, int row, int at,
                       unsigned style)
{
    const char *found = shown;
    while (viewer->wanted != NULL && (found = filter_find(found, viewer->wanted)) != NULL) {
        CLEANUP_FREE char *before = memory_text_part(shown, (size_t)(found - shown));
        CLEANUP_FREE char *match = memory_text_part(found, strlen(viewer->wanted));
        canvas_text(canvas, row, at + text_width(before), text_width(match), style | STYLE_FOUND, match);
        found += strlen(viewer->wanted);
    }
}

static void draw_line(const struct viewer *viewer, const struct document_line *line, struct canvas *canvas, int row,
                      int at, unsigned flags)
{
    int columns = canvas->area.columns - at;
    unsigned style = (flags != 0 ? STYLE_PLAIN : line->style) | flags;
    if (line->label != NULL)
        at +=
            canvas_text(canvas, row, at, columns, (flags != 0 ? STYLE_PLAIN : line->label_style) | flags, line->label);
    /* Cleaned before it is cut, so that the columns to the left are columns of what is seen. */
    CLEANUP_FREE char *clean = text_clean(line->text, false, 0);
    size_t skipped = viewer->left > 0 ? text_fit(clean, viewer->left, NULL) : 0;
    canvas_text(canvas, row, at, canvas->area.columns - at, style, clean + skipped);
    draw_found(viewer, clean + skipped, canvas, row, at, style);
}

void viewer_draw(struct viewer *viewer, const struct document *document, struct canvas *canvas, bool pointed)
{
    make_rows(viewer, document);
    int at = viewer->no_pointer ? 0 : POINTER_COLUMNS;
    viewer->shown = canvas->area.rows > 0 ? (size_t)canvas->area.rows : 0;
    size_t kept = viewer->no_pointer ? viewer->top : viewer->position;
    viewer->top = scroll_follow(viewer->top, kept, viewer->shown, viewer->row_count);
    for (size_t i = 0; i < viewer->shown && viewer->top + i < viewer->row_count; i++) {
        const struct fold_row *row = &viewer->rows[viewer->top + i];
        bool here = pointed && !viewer->no_pointer && viewer->top + i == viewer->position;
        if (here)
            canvas_text(canvas, (int)i, 0, 1, STYLE_STRONG, "▸");
        if (row->folded > 0)
            canvas_format(canvas, (int)i, at, canvas->area.columns - at, STYLE_DIM,
                          ngettext("··· %zu unchanged line ···", "··· %zu unchanged lines ···", row->folded),
                          row->folded);
        else
            draw_line(viewer, document_line(document, row->line), canvas, (int)i, at, 0);
    }
}
