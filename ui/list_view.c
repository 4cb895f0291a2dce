/* A list and its detail. */
#include "ui/list_view.h"
#include "base/i18n.h"
#include "base/memory.h"
#include <stdlib.h>

void list_view_init(struct list_view *list, const struct pane *pane)
{
    *list = (struct list_view){.pane = pane, .reader = {.no_pointer = true}};
    document_init(&list->detail, 0);
}

void list_view_release(struct list_view *list)
{
    table_release(&list->table);
    viewer_release(&list->reader);
    document_release(&list->detail);
    free(list->read);
}

/* Another row is read from its beginning. */
static void follow_row(struct list_view *list, const struct scene *scene, size_t row)
{
    struct text key = {0};
    list->pane->key(scene, row, &key);
    if (!text_equal(text_peek(&key), list->read)) {
        viewer_reset(&list->reader);
        free(list->read);
        list->read = memory_text(text_peek(&key));
    }
    list->reader.stale = true;
    text_release(&key);
}

static void draw_detail(struct list_view *list, const struct scene *scene, struct canvas *canvas)
{
    document_release(&list->detail);
    document_init(&list->detail, canvas->area.columns);
    size_t row = 0;
    if (table_row(&list->table, &row)) {
        follow_row(list, scene, row);
        list->pane->detail(scene, row, &list->detail);
    }
    struct canvas inner = canvas_part(canvas, (struct rect){1, 0, canvas->area.rows - 1, canvas->area.columns});
    viewer_draw(&list->reader, &list->detail, &inner, false);
    struct text note = {0};
    viewer_note(&list->reader, &note);
    canvas_rule(canvas, 0, list->read != NULL ? list->read : "", list->in_detail, STYLE_DIM, text_peek(&note));
    text_release(&note);
}

void list_view_draw(struct list_view *list, const struct scene *scene, struct canvas *canvas)
{
    if (list->pane->detail == NULL) {
        pane_draw(list->pane, &list->table, scene, canvas, true, true);
        return;
    }
    table_update(&list->table, list->pane, scene);
    struct rect above = {0};
    struct rect below = {0};
    layout_split(canvas_whole(canvas), (int)list->table.total, &above, &below);
    struct canvas upper = canvas_part(canvas, above);
    struct canvas lower = canvas_part(canvas, below);
    pane_draw(list->pane, &list->table, scene, &upper, !list->in_detail, true);
    draw_detail(list, scene, &lower);
}

bool list_view_act(struct list_view *list, const struct scene *scene, enum action action)
{
    if ((action == ACTION_NEXT_PANE || action == ACTION_PREVIOUS_PANE) && list->pane->detail != NULL) {
        list->in_detail = !list->in_detail;
        return true;
    }
    if (list->in_detail)
        return viewer_act(&list->reader, &list->detail, action);
    table_update(&list->table, list->pane, scene);
    return table_act(&list->table, list->pane, scene, action);
}

void list_view_filter(struct list_view *list, const char *text)
{
    table_filter(&list->table, text);
    list->in_detail = false;
}

void list_view_close(void *state)
{
    list_view_release(state);
    free(state);
}

void list_view_draw_state(void *state, const struct scene *scene, struct canvas *canvas)
{
    list_view_draw(state, scene, canvas);
}

bool list_view_act_state(void *state, const struct scene *scene, enum action action)
{
    return list_view_act(state, scene, action);
}

void list_view_filter_state(void *state, const struct scene *scene, const char *text, bool kept)
{
    (void)scene;
    (void)kept;
    list_view_filter(state, text);
}

const char *list_view_filtered_by(const void *state)
{
    const struct list_view *list = state;
    return list->table.filter != NULL ? list->table.filter : "";
}
