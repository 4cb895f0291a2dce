/* Positions in something longer than the window. */
#include "ui/widgets/scroll.h"
#include "base/i18n.h"

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t scroll_follow(size_t top, size_t selected, size_t rows, size_t count)
{
    if (rows == 0 || count <= rows)
        return 0;
    selected = least(selected, count - 1);
    if (selected < top)
        top = selected;
    if (selected >= top + rows)
        top = selected - rows + 1;
    return least(top, count - rows);
}

bool scroll_move(enum action action, size_t *position, size_t rows, size_t count)
{
    size_t last = count > 0 ? count - 1 : 0;
    size_t page = rows > 1 ? rows - 1 : 1;
    switch (action) {
    case ACTION_UP:
        *position -= *position > 0;
        return true;
    case ACTION_DOWN:
        *position = least(*position + 1, last);
        return true;
    case ACTION_PAGE_UP:
        *position -= least(page, *position);
        return true;
    case ACTION_PAGE_DOWN:
        *position = least(*position + page, last);
        return true;
    case ACTION_FIRST:
        *position = 0;
        return true;
    case ACTION_LAST:
        *position = last;
        return true;
    default:
        return false;
    }
}

void scroll_note(size_t top, size_t rows, size_t count, struct text *note)
{
    if (count > rows)
        text_append_format(note, _("%zu–%zu of %zu"), top + 1, least(top + rows, count), count);
}
