/* Drawing on a part of a curses window. */
#include "ui/canvas.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include <curses.h>
#include <stdarg.h>
#include <string.h>
#include <wchar.h>

#define CHUNK 64 /* characters handed to curses at once */

static int least(int a, int b)
{
    return a < b ? a : b;
}

struct rect canvas_whole(const struct canvas *canvas)
{
    return (struct rect){0, 0, canvas->area.rows, canvas->area.columns};
}

struct canvas canvas_part(const struct canvas *canvas, struct rect part)
{
    struct canvas inner = *canvas;
    int rows = least(part.rows, canvas->area.rows - part.row);
    int columns = least(part.columns, canvas->area.columns - part.column);
    inner.area = (struct rect){canvas->area.row + part.row, canvas->area.column + part.column, rows > 0 ? rows : 0,
                               columns > 0 ? columns : 0};
    return inner;
}

static void set_style(struct canvas *canvas, unsigned style)
{
    wattrset((WINDOW *)canvas->window, (int)theme_attributes(canvas->theme, style));
}

/* Clean text, known to fit. Combining characters at the very start have nothing to sit on and are left out. */
static void put(struct canvas *canvas, int row, int column, const char *text, size_t size)
{
    WINDOW *window = canvas->window;
    wchar_t chunk[CHUNK];
    int filled = 0;
    bool based = false;
    wmove(window, canvas->area.row + row, canvas->area.column + column);
    for (size_t offset = 0, length = 0; offset < size; offset += length) {
        uint32_t code = 0;
        length = utf8_decode(text + offset, size - offset, &code);
        if (length == 0)
            break;
        code = theme_character(canvas->theme, code);
        based = based || wcwidth((wchar_t)code) > 0;
        if (!based)
            continue;
        chunk[filled++] = wcwidth((wchar_t)code) < 0 ? L'?' : (wchar_t)code;
        if (filled == CHUNK) {
            waddnwstr(window, chunk, filled);
            filled = 0;
        }
    }
    if (filled > 0)
        waddnwstr(window, chunk, filled);
}

static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text < 0x20 || *text > 0x7e)
            return false;
    return true;
}

static int draw(struct canvas *canvas, int row, int column, int columns, unsigned style, const char *text, bool right)
{
    columns = least(columns, canvas->area.columns - column);
    if (row < 0 || row >= canvas->area.rows || column < 0 || columns <= 0 || text == NULL || text[0] == '\0')
        return 0;
    CLEANUP_FREE char *owned = is_plain(text) ? NULL : text_clean(text, false, 0);
    const char *clean = owned != NULL ? owned : text;
    int used = 0;
    size_t size = text_fit(clean, columns, &used);
    set_style(canvas, style);
    if (clean[size] == '\0') {
        int start = right ? column + columns - used : column;
        put(canvas, row, start, clean, size);
        return used;
    }
    size = text_fit(clean, columns - 1, &used);
    put(canvas, row, column, clean, size);
    put(canvas, row, column + used, "…", strlen("…"));
    return used + 1;
}

int canvas_text(struct canvas *canvas, int row, int column, int columns, unsigned style, const char *text)
{
    return draw(canvas, row, column, columns, style, text, false);
}

int canvas_tail(struct canvas *canvas, int row, int column, int columns, unsigned style, const char *text)
{
    CLEANUP_FREE char *clean = text_clean(text, false, 0);
    int room = least(columns, canvas->area.columns - column);
    if (text_width(clean) <= room || room < 1)
        return draw(canvas, row, column, columns, style, clean, false);
    const char *rest = clean;
    while (text_width(rest) > room - 1) {
        uint32_t code = 0;
        rest += utf8_decode(rest, strlen(rest), &code);
    }
    int used = draw(canvas, row, column, 1, style, "…", false);
    return used + draw(canvas, row, column + used, columns - used, style, rest, false);
}

int canvas_right(struct canvas *canvas, int row, int column, int columns, unsigned style, const char *text)
{
    return draw(canvas, row, column, columns, style, text, true);
}

int canvas_format(struct canvas *canvas, int row, int column, int columns, unsigned style, const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(&text, format, arguments);
    va_end(arguments);
    int used = canvas_text(canvas, row, column, columns, style, text_peek(&text));
    text_release(&text);
    return used;
}

void canvas_fill(struct canvas *canvas, struct rect part, unsigned style, char character)
{
    struct canvas inner = canvas_part(canvas, part);
    set_style(canvas, style);
    for (int row = 0; row < inner.area.rows; row++)
        mvwhline((WINDOW *)canvas->window, inner.area.row + row, inner.area.column, (chtype)(unsigned char)character,
                 inner.area.columns);
}

static void draw_line(struct canvas *canvas, int row, int column, int columns)
{
    static const char dashes[] = "────────────────────────────────";
    size_t dash = strlen("─");
    set_style(canvas, STYLE_RULE);
    columns = least(columns, canvas->area.columns - column);
    while (columns > 0) {
        int count = least(columns, (int)((sizeof dashes - 1) / dash));
        put(canvas, row, column, dashes, (size_t)count * dash);
        column += count;
        columns -= count;
    }
}

int canvas_rule(struct canvas *canvas, int row, const char *title, bool focused, unsigned note_style, const char *note)
{
    if (row < 0 || row >= canvas->area.rows)
        return 0;
    int columns = canvas->area.columns;
    draw_line(canvas, row, 0, columns);
    int column = 1;
    column +=
        canvas_format(canvas, row, column, columns - 2, STYLE_TITLE | (focused ? STYLE_SELECTED : 0u), " %s ", title);
    if (note != NULL && note[0] != '\0')
        column += 1 + canvas_format(canvas, row, column + 1, columns - column - 2, note_style, " %s ", note);
    return column;
}

void canvas_box(struct canvas *canvas, struct rect box, const char *title)
{
    canvas_fill(canvas, box, STYLE_PLAIN, ' ');
    struct canvas inner = canvas_part(canvas, box);
    int last_row = inner.area.rows - 1;
    int last_column = inner.area.columns - 1;
    draw_line(&inner, 0, 0, last_column);
    draw_line(&inner, last_row, 0, last_column);
    for (int row = 0; row <= last_row; row++) {
        canvas_text(&inner, row, 0, 1, STYLE_RULE, row == 0 ? "┌" : row == last_row ? "└" : "│");
        canvas_text(&inner, row, last_column, 1, STYLE_RULE, row == 0 ? "┐" : row == last_row ? "┘" : "│");
    }
    canvas_format(&inner, 0, 2, inner.area.columns - 4, STYLE_TITLE, " %s ", title);
}
