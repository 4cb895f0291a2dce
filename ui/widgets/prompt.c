/* Typing a line. */
#include "ui/widgets/prompt.h"
#include "base/memory.h"
#include "base/utf8.h"
#include <string.h>

#define LINE_LIMIT 512 /* bytes */

void prompt_release(struct prompt *prompt)
{
    text_release(&prompt->line);
}

void prompt_clear(struct prompt *prompt)
{
    text_clear(&prompt->line);
}

bool prompt_type(struct prompt *prompt, uint32_t key)
{
    char bytes[UTF8_MAX];
    if (key < 0x20 || key == 0x7f || prompt->line.size > LINE_LIMIT)
        return false;
    size_t size = utf8_encode(key, bytes); /* 0 for the special keys: they are beyond Unicode */
    text_append_bytes(&prompt->line, bytes, size);
    return size > 0;
}

static void cut(struct prompt *prompt, size_t size)
{
    CLEANUP_FREE char *kept = memory_text_part(text_peek(&prompt->line), size);
    text_clear(&prompt->line);
    text_append(&prompt->line, kept);
}

bool prompt_act(struct prompt *prompt, enum action action)
{
    const char *line = text_peek(&prompt->line);
    size_t size = prompt->line.size;
    switch (action) {
    case ACTION_ERASE:
        while (size > 0 && (line[--size] & 0xc0) == 0x80)
            ;
        break;
    case ACTION_ERASE_WORD:
        while (size > 0 && line[size - 1] == ' ')
            size--;
        while (size > 0 && line[size - 1] != ' ')
            size--;
        break;
    case ACTION_ERASE_LINE:
        size = 0;
        break;
    default:
        return false;
    }
    cut(prompt, size);
    return true;
}

void prompt_draw(const struct prompt *prompt, const char *lead, struct canvas *canvas)
{
    int columns = canvas->area.columns;
    int at = canvas_text(canvas, 0, 1, columns - 2, STYLE_STRONG, lead) + 1;
    CLEANUP_FREE char *line = text_clean(text_peek(&prompt->line), false, 0);
    const char *shown = line;
    while (text_width(shown) > columns - at - 1 && *shown != '\0') {
        shown++;
        while ((*shown & 0xc0) == 0x80)
            shown++;
    }
    at += canvas_text(canvas, 0, at, columns - at - 1, STYLE_PLAIN, shown);
    canvas_text(canvas, 0, at, 1, STYLE_PLAIN | STYLE_SELECTED, " ");
}
