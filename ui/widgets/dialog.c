/* Drawing a question. */
#include "ui/widgets/dialog.h"
#include "base/text.h"
#include "ui/widgets/document.h"

#define DIALOG_COLUMNS 56

void dialog_draw(const struct dialog *dialog, const struct keys *keys, struct canvas *body)
{
    struct document lines;
    document_init(&lines, DIALOG_COLUMNS);
    document_text(&lines, STYLE_PLAIN, "%s", dialog->text);
    int count = (int)lines.lines.count;
    struct rect box = layout_dialog(canvas_whole(body), count + 2, DIALOG_COLUMNS);
    canvas_box(body, box, dialog->title);
    struct canvas inner = canvas_part(body, (struct rect){box.row + 1, box.column + 2, box.rows - 2, box.columns - 4});
    for (int i = 0; i < count; i++)
        canvas_text(&inner, i, 0, inner.area.columns, STYLE_PLAIN, document_line(&lines, (size_t)i)->text);
    struct text choice = {0};
    keys_append_first(keys, ACTION_DECLINE, &choice);
    int at = 1 + canvas_format(&inner, count + 1, 1, inner.area.columns, STYLE_KEY, "(%s)", text_peek(&choice));
    at += 1 + canvas_text(&inner, count + 1, at + 1, inner.area.columns - at, STYLE_PLAIN, dialog->no);
    text_clear(&choice);
    keys_append_first(keys, ACTION_CONFIRM, &choice);
    at += 3 + canvas_format(&inner, count + 1, at + 3, inner.area.columns - at, STYLE_KEY, "(%s)", text_peek(&choice));
    canvas_text(&inner, count + 1, at + 1, inner.area.columns - at, STYLE_PLAIN, dialog->yes);
    text_release(&choice);
    document_release(&lines);
}
