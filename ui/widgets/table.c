/* Tables of panes. */
#include "ui/widgets/table.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "ui/marks.h"
#include "ui/widgets/bar.h"
#include "ui/widgets/filter.h"
#include "ui/widgets/scroll.h"
#include <stdlib.h>
#include <string.h>

#define POINTER_COLUMNS 2 /* before the first column */
#define GAP             2 /* between columns */
#define BAR_COLUMNS     18
#define MEASURED_ROWS   200 /* beyond, columns are measured by what is shown */

void table_release(struct table *table)
{
    free(table->filter);
    free(table->selected);
    free(table->rows);
    memset(table, 0, sizeof *table);
}

/* ---- widths ---- */

static int column_width(const struct pane_column *column, int wanted)
{
    return column->most > 0 && wanted > column->most ? column->most : wanted;
}

static int width_sum(const int *widths, size_t count)
{
    int sum = 0;
    for (size_t i = 0; i < count; i++)
        if (widths[i] > 0)
            sum += widths[i] + (sum > 0 ? GAP : 0);
    return sum;
}

/* Hides columns with a `drop` of at least `from`, the highest first, until `probe` fits. */
static void hide(const struct pane_column *columns, size_t count, int from, int available, int *probe, int *widths)
{
    while (width_sum(probe, count) > available) {
        size_t victim = count;
        for (size_t i = 0; i < count; i++)
            if (probe[i] > 0 && columns[i].drop >= from && (victim == count || columns[i].drop > columns[victim].drop))
                victim = i;
        if (victim == count)
            return;
        probe[victim] = 0;
        widths[victim] = 0;
    }
}

void table_fit(const struct pane_column *columns, size_t count, const int *wanted, int available, int *ret_widths)
{
    int lowest[PANE_COLUMNS_MAX];
    for (size_t i = 0; i < count; i++)
        ret_widths[i] = wanted[i] > 0 ? column_width(&columns[i], wanted[i]) : 0;
    /* What is merely nice to have gives way before anything is cut; the rest only when it must. */
    hide(columns, count, PANE_DROP_NICE, available, ret_widths, ret_widths);
    for (size_t i = 0; i < count; i++)
        lowest[i] = ret_widths[i] < columns[i].least ? ret_widths[i] : columns[i].least;
    hide(columns, count, 1, available, lowest, ret_widths);
    /* From the right, columns are cut down to their least, so that what stands first is read whole. */
    int excess = width_sum(ret_widths, count) - available;
    for (size_t i = count; i-- > 0 && excess > 0;) {
        int cut = ret_widths[i] - lowest[i];
        cut = cut > excess ? excess : cut;
        ret_widths[i] -= cut;
        excess -= cut;
    }
    /* Spare room goes to those that were held short. */
    int spare = available - width_sum(ret_widths, count);
    for (size_t i = 0; i < count && spare > 0; i++) {
        int more = ret_widths[i] > 0 ? wanted[i] - ret_widths[i] : 0;
        more = more > spare ? spare : more;
        ret_widths[i] += more > 0 ? more : 0;
        spare -= more > 0 ? more : 0;
    }
}

static void cell_clear(struct pane_cell *cell)
{
    text_clear(&cell->text);
    cell->style = STYLE_PLAIN;
    cell->bar = -1;
    cell->unwatched = false;
}

static int cell_width(const struct pane_cell *cell)
{
    if (cell->bar >= 0)
        return BAR_COLUMNS;
    CLEANUP_FREE char *clean = text_clean(text_peek(&cell->text), false, 0);
    return text_width(clean);
}

static void measure_row(struct table *table, const struct pane *pane, const struct scene *scene, size_t row,
                        struct pane_cell *cell)
{
    for (size_t column = 0; column < pane->column_count; column++) {
        cell_clear(cell);
        pane->cell(scene, row, column, cell);
        int width = cell_width(cell);
        if (width > table->wanted[column])
            table->wanted[column] = width;
    }
}

/* ---- rows ---- */

static size_t row_at(const struct table *table, size_t position)
{
    return table->rows != NULL ? table->rows[position] : position;
}

static bool passes(const struct table *table, const struct pane *pane, const struct scene *scene, size_t row,
                   struct text *line, struct pane_cell *cell)
{
    if (table->accepts != NULL && !table->accepts(scene, row, table->accepts_context))
        return false;
    if (table->filter == NULL)
        return true;
    text_clear(line);
    for (size_t column = 0; column < pane->column_count; column++) {
        cell_clear(cell);
        pane->cell(scene, row, column, cell);
        text_append(line, text_peek(&cell->text));
        text_append_char(line, ' ');
    }
    return filter_accepts(table->filter, text_peek(line));
}

static bool has_key(const struct table *table, const struct pane *pane, const struct scene *scene, size_t position,
                    struct text *key)
{
    text_clear(key);
    pane->key(scene, row_at(table, position), key);
    return text_equal(text_peek(key), table->selected);
}

/* Puts the pointer back on what it was on, at the same height of the window. */
static void follow_selected(struct table *table, const struct pane *pane, const struct scene *scene)
{
    struct text key = {0};
    size_t height = table->position >= table->top ? table->position - table->top : 0;
    if (table->selected != NULL && table->count > 0) {
        bool still = table->position < table->count && has_key(table, pane, scene, table->position, &key);
        for (size_t position = 0; !still && position < table->count; position++)
            if (has_key(table, pane, scene, position, &key)) {
                table->position = position;
                table->top = position >= height ? position - height : 0;
                still = true;
            }
    }
    text_release(&key);
    if (table->position >= table->count)
        table->position = table->count > 0 ? table->count - 1 : 0;
}

void table_update(struct table *table, const struct pane *pane, const struct scene *scene)
{
    uint64_t version = scene->picture != NULL ? scene->picture->version : 0;
    if (table->known && table->known_version == version && scene->picture != NULL && !pane->of_session)
        return;
    table->known = true;
    table->known_version = version;
    struct text line = {0};
    struct pane_cell cell = {.bar = -1};
    table->total = scene->picture != NULL || pane->of_session ? pane->count(scene) : 0;
    table->count = table->total;
    free(STEAL(table->rows));
    if (table->filter != NULL || table->accepts != NULL) {
        table->rows = memory_new_array(table->total + 1, sizeof *table->rows);
        table->count = 0;
        for (size_t row = 0; row < table->total; row++)
            if (passes(table, pane, scene, row, &line, &cell))
                table->rows[table->count++] = row;
    }
    for (size_t i = 0; i < table->count && i < MEASURED_ROWS; i++)
        measure_row(table, pane, scene, row_at(table, i), &cell);
    follow_selected(table, pane, scene);
    text_release(&line);
    text_release(&cell.text);
}

bool table_row(const struct table *table, size_t *ret_row)
{
    if (table->count == 0)
        return false;
    *ret_row = row_at(table, table->position);
    return true;
}

static void remember_selected(struct table *table, const struct pane *pane, const struct scene *scene)
{
    struct text key = {0};
    size_t row = 0;
    free(STEAL(table->selected));
    if (table_row(table, &row)) {
        pane->key(scene, row, &key);
        table->selected = text_steal(&key);
    }
}

bool table_act(struct table *table, const struct pane *pane, const struct scene *scene, enum action action)
{
    if (!scroll_move(action, &table->position, table->shown, table->count))
        return false;
    remember_selected(table, pane, scene);
    return true;
}

void table_filter(struct table *table, const char *text)
{
    free(table->filter);
    table->filter = text != NULL && text[0] != '\0' ? memory_text(text) : NULL;
    table->known = false;
}

/* ---- drawing ---- */

/* The pointer's two columns are always there, so that rows do not move when a pane gets the focus. */
static void fit(const struct table *table, const struct pane *pane, int available, int *widths)
{
    int wanted[PANE_COLUMNS_MAX];
    for (size_t i = 0; i < pane->column_count; i++) {
        int title = i > 0 ? text_width(_(pane->columns[i].title)) : 0;
        bool any = table->wanted[i] > 0; /* a column of empty cells takes no room */
        wanted[i] = any && title > table->wanted[i] ? title : table->wanted[i];
    }
    table_fit(pane->columns, pane->column_count, wanted, available - POINTER_COLUMNS, widths);
}

static uint64_t place_of(const struct pane *pane, const char *key, size_t column)
{
    char number[2] = {(char)('a' + column), '\0'};
    return marks_hash(marks_hash(marks_hash(MARKS_SEED, pane->title), key), number);
}

static void draw_cell(const struct pane_column *column, const struct pane_cell *cell, unsigned flags,
                      struct canvas *canvas, int row, int at, int width)
{
    if (cell->bar >= 0) {
        struct text bar = {0};
        bar_append(&bar, cell->bar, width);
        canvas_text(canvas, row, at, width, cell->style | flags, text_peek(&bar));
        text_release(&bar);
    } else if (column->tail) {
        canvas_tail(canvas, row, at, width, cell->style | flags, text_peek(&cell->text));
    } else if (column->right) {
        canvas_right(canvas, row, at, width, cell->style | flags, text_peek(&cell->text));
    } else {
        canvas_text(canvas, row, at, width, cell->style | flags, text_peek(&cell->text));
    }
}

static void draw_row(const struct pane *pane, const struct scene *scene, size_t pane_row, const int *widths,
                     bool pointed, struct canvas *canvas, int row)
{
    struct pane_cell cell = {.bar = -1};
    struct text key = {0};
    pane->key(scene, pane_row, &key);
    unsigned selected = pointed ? STYLE_SELECTED : 0u;
    if (pointed) {
        canvas_fill(canvas, (struct rect){row, 0, 1, canvas->area.columns}, STYLE_PLAIN | selected, ' ');
        canvas_text(canvas, row, 0, 1, STYLE_PLAIN | selected, "▸");
    }
    int at = POINTER_COLUMNS;
    for (size_t column = 0; column < pane->column_count; column++) {
        if (widths[column] == 0)
            continue;
        cell_clear(&cell);
        pane->cell(scene, pane_row, column, &cell);
        bool marked =
            !cell.unwatched && cell.bar < 0 &&
            marks_changed(scene->marks, place_of(pane, text_peek(&key), column), text_peek(&cell.text), scene->boot_ms);
        /* A reversed row keeps its own colours out: they would be unreadable on it. */
        cell.style = pointed ? STYLE_PLAIN : cell.style;
        draw_cell(&pane->columns[column], &cell, selected | (marked ? STYLE_MARKED : 0u), canvas, row, at,
                  widths[column]);
        at += widths[column] + GAP;
    }
    text_release(&key);
    text_release(&cell.text);
}

void table_draw(struct table *table, const struct pane *pane, const struct scene *scene, struct canvas *canvas,
                bool pointed)
{
    struct pane_cell cell = {.bar = -1};
    if (canvas->area.columns != table->fitted_columns) {
        table->fitted_columns = canvas->area.columns;
        memset(table->wanted, 0, sizeof table->wanted);
        for (size_t i = 0; i < table->count && i < MEASURED_ROWS; i++)
            measure_row(table, pane, scene, row_at(table, i), &cell);
    }
    table->shown = canvas->area.rows > 0 ? (size_t)canvas->area.rows : 0;
    table->top = scroll_follow(table->top, table->position, table->shown, table->count);
    for (size_t i = 0; i < table->shown && table->top + i < table->count; i++)
        measure_row(table, pane, scene, row_at(table, table->top + i), &cell);
    text_release(&cell.text);
    int widths[PANE_COLUMNS_MAX] = {0};
    fit(table, pane, canvas->area.columns, widths);
    for (size_t i = 0; i < table->shown && table->top + i < table->count; i++) {
        size_t position = table->top + i;
        draw_row(pane, scene, row_at(table, position), widths, pointed && position == table->position, canvas, (int)i);
    }
}

void table_headings(const struct table *table, const struct pane *pane, struct canvas *canvas, int row, int from)
{
    int widths[PANE_COLUMNS_MAX] = {0};
    fit(table, pane, canvas->area.columns, widths);
    int at = POINTER_COLUMNS;
    for (size_t column = 0; column < pane->column_count; column++) {
        if (widths[column] == 0)
            continue;
        const char *title = _(pane->columns[column].title);
        int width = text_width(title);
        int start = pane->columns[column].right ? at + widths[column] - width : at;
        bool room = start > from && width <= widths[column] && width > 0;
        if (room) {
            canvas_text(canvas, row, start - 1, 1, STYLE_PLAIN, " ");
            canvas_text(canvas, row, start, width, STYLE_HEADING, title);
            canvas_text(canvas, row, start + width, 1, STYLE_PLAIN, " ");
        }
        at += widths[column] + GAP;
    }
}
