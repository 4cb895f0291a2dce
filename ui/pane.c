/* What all panes have in common: the title row, the rows, and a word when there are none. */
#include "ui/pane.h"
#include "base/i18n.h"
#include "session/session.h"
#include "ui/canvas.h"
#include "ui/widgets/document.h"
#include "ui/widgets/scroll.h"
#include "ui/widgets/table.h"
#include "ui/words.h"

void pane_cell_format(struct pane_cell *cell, unsigned style, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(&cell->text, format, arguments);
    va_end(arguments);
    cell->style = style;
}

static const struct part *part_of(const struct pane *pane, const struct scene *scene)
{
    return pane->part != NULL && scene->picture != NULL ? pane->part(scene) : NULL;
}

/* Waiting, a reason for not knowing, or truly nothing. */
static void append_why_empty(const struct pane *pane, const struct scene *scene, struct text *sentence)
{
    const struct part *part = part_of(pane, scene);
    bool waiting = part != NULL ? part->state == PART_WAITING : !pane->of_session;
    if (waiting) {
        struct session_identity who = session_identity(scene->session);
        if (who.server[0] != '\0')
            text_append_format(sentence, _("Waiting for the first answer of %s."), who.server);
        else
            text_append(sentence, _("Waiting for the cluster's first answer."));
        return;
    }
    bool blind = part != NULL && (part->state == PART_UNKNOWN || part->state == PART_STALE);
    if (blind && part->error.message != NULL)
        text_append_format(sentence, "%s. %s", part->error.message, part->error.hint != NULL ? part->error.hint : "");
    if (sentence->size == 0)
        pane->empty(scene, sentence);
}

static void separate(struct text *note)
{
    if (note->size > 0)
        text_append(note, " · ");
}

/* How old the data is when it is not fresh, else what the pane says about itself; then filter and place. */
static void append_note(const struct pane *pane, const struct table *table, const struct scene *scene,
                        struct text *note, unsigned *ret_style)
{
    *ret_style = STYLE_DIM;
    const struct part *part = part_of(pane, scene);
    if (part != NULL && part->state != PART_LIVE && part->state != PART_UNUSED) {
        words_append_part(note, part, scene->boot_ms);
        *ret_style = words_part_style(part->state);
    } else if (pane->title_note != NULL && (scene->picture != NULL || pane->of_session)) {
        pane->title_note(scene, note, ret_style);
    }
    if (table->filter != NULL) {
        separate(note);
        text_append_format(note, _("filter '%s': %zu of %zu"), table->filter, table->count, table->total);
    }
    if (table->count > table->shown && table->shown > 0) {
        separate(note);
        scroll_note(table->top, table->shown, table->count, note);
    }
}

static void draw_empty(const char *sentence, struct canvas *canvas)
{
    struct document lines;
    document_init(&lines, canvas->area.columns);
    document_text(&lines, STYLE_DIM, "%s", sentence);
    for (int row = 0; row < canvas->area.rows && row < (int)lines.lines.count; row++)
        canvas_text(canvas, row, 1, canvas->area.columns - 1, STYLE_DIM, document_line(&lines, (size_t)row)->text);
    document_release(&lines);
}

void pane_draw(const struct pane *pane, struct table *table, const struct scene *scene, struct canvas *canvas,
               bool focused, bool pointed)
{
    if (canvas->area.rows < 1)
        return;
    table_update(table, pane, scene);
    struct canvas inner = canvas_part(canvas, (struct rect){1, 0, canvas->area.rows - 1, canvas->area.columns});
    struct text sentence = {0};
    if (table->count == 0) {
        if (table->total > 0)
            text_append(&sentence, _("No line here has what the filter asks for."));
        else
            append_why_empty(pane, scene, &sentence);
        draw_empty(text_peek(&sentence), &inner);
    }
    table_draw(table, pane, scene, &inner, pointed);
    struct text note = {0};
    unsigned style = STYLE_DIM;
    append_note(pane, table, scene, &note, &style);
    int from = canvas_rule(canvas, 0, _(pane->title), focused, style, text_peek(&note));
    if (table->count > 0)
        table_headings(table, pane, canvas, 0, from);
    text_release(&note);
    text_release(&sentence);
}
